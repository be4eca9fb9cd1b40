"""JupyterLab as its page uses it: contents and sessions by HTTP, cells over the kernel's websocket."""

import asyncio
import json
import urllib.request
import uuid
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect


class Jupyter:
    """A Jupyter server of this machine."""

    def __init__(self, port: int, token: str) -> None:
        self._address, self._token = f"127.0.0.1:{port}", token

    def call(self, method: str, path: str, body: object = None) -> Any:
        """What the server's REST API answers."""
        request = urllib.request.Request(
            f"http://{self._address}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self._token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def run_cells(self, path: str, notebook: dict[str, Any]) -> None:
        """Run each code cell of an open notebook in a kernel of its own, and keep what it displays."""
        session = self.call(
            "POST",
            "sessions",
            {"path": path, "type": "notebook", "name": "", "kernel": {"name": "python3"}},
        )
        asyncio.run(self._run_cells(session["kernel"]["id"], notebook))
        self.call("DELETE", f"sessions/{session['id']}")

    async def _run_cells(self, kernel: str, notebook: dict[str, Any]) -> None:
        url = f"ws://{self._address}/api/kernels/{kernel}/channels"
        channel = await websocket_connect(HTTPRequest(url, headers={"Authorization": f"token {self._token}"}))
        for count, cell in enumerate((c for c in notebook["cells"] if c["cell_type"] == "code"), 1):
            cell["outputs"] = await _execute(channel, cell["source"])
            cell["execution_count"] = count
            cell["metadata"] |= {"trusted": True, "execution": {"iopub.status.idle": "2026-11-23T03:17:00Z"}}
        channel.close()


async def _execute(channel: WebSocketClientConnection, source: str) -> list[dict[str, Any]]:
    """The outputs of a cell, as nbformat has them."""
    message_id = uuid.uuid4().hex
    header = {"msg_id": message_id, "msg_type": "execute_request", "version": "5.3", "session": "test"}
    message = {
        "channel": "shell",
        "header": header | {"username": "", "date": "2026-11-23T03:17:00Z"},
        "parent_header": {},
        "metadata": {},
        "content": {"code": source, "silent": False, "store_history": True, "stop_on_error": True},
        "buffers": [],
    }
    await channel.write_message(json.dumps(message))
    outputs = []
    while True:
        answer = json.loads(await asyncio.wait_for(channel.read_message(), 60) or "null")
        if answer["parent_header"].get("msg_id") != message_id:
            continue
        kind, content = answer["msg_type"], answer["content"]
        if kind == "status" and content["execution_state"] == "idle":
            return outputs
        if kind in ("stream", "display_data", "execute_result", "error"):
            outputs.append({"output_type": kind} | {k: v for k, v in content.items() if k != "transient"})
