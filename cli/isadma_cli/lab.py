"""`isadma lab`: the page with the chip and the board in it, written to a file or served to this machine's browser."""

from __future__ import annotations

import sys
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError
from isadma_cli.files import STDOUT, check_output, write_atomically
from isadma_cli.progress import say

__all__ = ["DEFAULT_PORT", "make_lab"]

#: Where it is served unless told otherwise.
DEFAULT_PORT = 8237
_PORTS = range(0, 65536)


def make_lab(*, output: Path | None, serve: bool, port: int | None, minutes: int) -> None:
    """Write the lab's page, serve it, or both.

    Parameters
    ----------
    output
        The file; ``-`` is standard output.
    serve
        Whether to serve it, to this machine alone.
    port
        The port, 0 for any that is free.
    minutes
        For how long at most.

    Raises
    ------
    UsageError
        There is nothing to do, or a value is out of its range.
    CommandError
        The page cannot be built, written or served.
    """
    if output is None and not serve:
        raise UsageError("the lab is a page: name its file with -o lab.html, or serve it with --serve")
    if not serve and port is not None:
        raise UsageError(f"--port {port} belongs to --serve")
    if port is not None and port not in _PORTS:
        raise UsageError(f"--port {port} is no port: there are 0 to {_PORTS[-1]}")
    if minutes < 1:
        raise UsageError(f"--minutes {minutes}: serve it for one minute or more")
    if output is not None and output != STDOUT:
        check_output(output, option="-o")
    page = _page()
    if output == STDOUT:
        sys.stdout.buffer.write(page)
    elif output is not None:
        write_atomically(output, page)
        say(f"{output}: {len(page):,} bytes; open it in a browser, it needs nothing else")
    if serve:
        from isadma_cli.serve import serve_page

        serve_page(page, DEFAULT_PORT if port is None else port, 60.0 * minutes)


def _page() -> bytes:
    from isadma_sim.engines.base import EngineError
    from isadma_sim.lab.build import machine_wasm
    from isadma_sim.lab.page import lab_page
    from isadma_sim.lab.pins import MACHINES

    try:
        return lab_page({name: machine_wasm(name) for name in MACHINES}).encode()
    except EngineError as error:
        raise CommandError(str(error)) from error
