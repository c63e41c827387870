"""The environment in which a simulator's compiler runs: cocotb's runner takes none, so it is this process's own."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from isadma_tools.files.temporary import temporary_files
from isadma_verify.cosim.common.objects import OBJCACHE, prefix

__all__ = ["environment_of_compilers"]

#: The environment belongs to all threads.
_ENVIRONMENT = threading.Lock()


@contextlib.contextmanager
def environment_of_compilers(runtime: Path) -> Iterator[None]:
    """Have what is started put its temporary files where they go with it, and Verilator's runtime in a folder."""
    with _ENVIRONMENT, temporary_files() as environment:
        told = {name: environment[name] for name in ("TMPDIR",) if name in environment}
        if not os.environ.get(OBJCACHE):
            told[OBJCACHE] = prefix(runtime)
        before = {name: os.environ.get(name) for name in told}
        os.environ.update(told)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
