"""Packs and unpacks a kernel's messages with functions that no cell can replace."""

import json
from functools import partial
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session, json_packer, json_unpacker

from nightbook.execution.kernel.bounded_messages import bounded


class _Encoder(json.JSONEncoder):
    encode = json.JSONEncoder.encode
    iterencode = json.JSONEncoder.iterencode


class _Decoder(json.JSONDecoder):
    decode = json.JSONDecoder.decode
    raw_decode = json.JSONDecoder.raw_decode


_encode = _Encoder(default=json_default, ensure_ascii=False, allow_nan=False).encode
_decode = _Decoder().decode


def pack_safely(session: Session, max_output_bytes: int) -> None:
    """Have the session pack as before, also when a notebook has put its own function into ``json``.

    Without that, the kernel's answers would fail, and its client would wait for them. An output that is
    larger than its client stores is not packed.
    """
    if session.pack is json_packer and session.unpack is json_unpacker:
        session.pack, session.unpack = partial(_pack, max_output_bytes), _unpack


def _pack(max_output_bytes: int, content: Any) -> bytes:
    content = bounded(content, max_output_bytes)
    try:
        return _encode(content).encode("utf-8", errors="surrogateescape")
    except (TypeError, ValueError):
        packed: bytes = json_packer(content)  # cleans it first, and warns of it
        return packed


def _unpack(data: bytes | str) -> Any:
    return _decode(data.decode("utf-8", "replace") if isinstance(data, bytes) else data)
