"""The warm process forks kernels for its own user alone."""

import os
from pathlib import Path

import pytest

from tasks.warm_kernels.process import warm_process
from tasks.warm_kernels.protocol import connect, warm_address

STRANGER = 54321


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_another_user_gets_no_kernel(tmp_path: Path) -> None:
    """An abstract socket has a name that all users of the machine see, and no permissions."""
    with warm_process() as warm:
        assert warm is not None
        warm.preload([], cwd=tmp_path, environment={})
        address = warm_address()
        assert address is not None
        connect(address).close()
        try:
            os.seteuid(STRANGER)
        except PermissionError:
            pytest.skip("root here has no privileges, such as in a container without them")
        try:
            with pytest.raises(ConnectionResetError):
                connect(address)
        finally:
            os.seteuid(0)
        connect(address).close()
