"""`isadma verilog`: a core as one Verilog file."""

from __future__ import annotations

import sys
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.files import STDOUT, check_output, write_atomically

__all__ = ["write_verilog"]


def write_verilog(*, core: str, variant: str, output: Path) -> None:
    """Write one core to a file, or to standard output.

    Parameters
    ----------
    core
        A key of `isadma_boards.verilog.VERILOG_CORES`.
    variant
        ``"nmos"`` or ``"cmos"``.
    output
        The file; ``-`` is standard output.

    Raises
    ------
    UsageError
        An unknown name, or a file that cannot be one.
    CommandError
        Yosys is missing or failed, or the file cannot be written.
    """
    from isadma_boards.verilog import VARIANTS, VERILOG_CORES, export
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    for kind, name, known in (("core", core, tuple(VERILOG_CORES)), ("variant", variant, VARIANTS)):
        if name not in known:
            raise UsageError(f"no {kind} is named '{name}'{nearest(name, known)}; there are {', '.join(known)}")
    if output != STDOUT:
        check_output(output, option="-o")
    try:
        text = export(core, variant=variant)
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if output == STDOUT:
        sys.stdout.write(text)
    else:
        write_atomically(output, text.encode())
        print(f"{output}: module isadma_{core}, {len(text.splitlines())} lines")
