"""What goes wrong with a capture, its pin map or its engine, as the command's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isadma_cli.errors import CommandError
from isadma_cli.files import size_of
from isadma_sim.engines.base import EngineError
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.captures.errors import CaptureError

__all__ = ["opened"]


@contextmanager
def opened(*paths: Path | None) -> Iterator[None]:
    """Look whether files are there, and turn what goes wrong with them into one line."""
    for path in paths:
        if path is not None:
            size_of(path)
    try:
        yield
    except (CaptureError, EngineError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    except MemoryError:
        raise CommandError("there is not enough memory for this capture: look at a part of it with --until") from None
