"""What every test starts from."""

import signal

import pytest

# A shell starts what it puts in the background with SIGINT ignored, `nohup` with SIGHUP, and Python leaves it so; tests
# send both.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the proofs, which take minutes: no worker shall end alone with one of them."""
    items.sort(key=lambda item: "formal" not in item.path.parts)
