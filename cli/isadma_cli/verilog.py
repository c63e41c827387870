"""`isadma verilog`: a core as one Verilog file, and as a component for VHDL."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.files import STDOUT, check_output, same_file, write_atomically
from isadma_cli.progress import say

__all__ = ["write_verilog"]


def write_verilog(
    *,
    core: str,
    output: Path,
    variant: str | None = None,
    settings: Sequence[str] = (),
    name: str | None = None,
    vhdl: Path | None = None,
) -> None:
    """Write one core to a file, or to standard output.

    Parameters
    ----------
    core
        A key of `isadma_boards.verilog.VERILOG_CORES`.
    output
        The file; ``-`` is standard output.
    variant
        ``"nmos"`` or ``"cmos"``: short for one of the settings.
    settings
        The core's parameters, each ``key=value``.
    name
        The module's name.
    vhdl
        A file for the VHDL package.

    Raises
    ------
    UsageError
        An unknown name or value, or a file that cannot be one.
    CommandError
        Yosys is missing or failed, or a file cannot be written.
    """
    from isadma_boards.verilog import VARIANTS, VERILOG_CORES, export, read_settings
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    for kind, word, known in (("core", core, tuple(VERILOG_CORES)), ("variant", variant or VARIANTS[0], VARIANTS)):
        if word not in known:
            raise UsageError(f"no {kind} is named '{word}'{nearest(word, known)}; there are {', '.join(known)}")
    if output != STDOUT:
        check_output(output, option="-o")
    if vhdl is not None:
        if STDOUT in (vhdl, output) or same_file(vhdl, output):
            raise UsageError("-o and --vhdl each need a file of their own")
        check_output(vhdl, option="--vhdl")
    try:
        parameters = read_settings(core, [*settings, *([] if variant is None else [f"variant={variant}"])])
        exported = export(core, name=name, **parameters)
    except ValueError as error:
        raise UsageError(str(error)) from error
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if output == STDOUT:
        sys.stdout.write(exported.verilog)
        return
    write_atomically(output, exported.verilog.encode())
    say(f"{output}: module {exported.name}, {len(exported.verilog.splitlines())} lines")
    if vhdl:
        write_atomically(vhdl, exported.vhdl.encode())
        say(f"{vhdl}: package {exported.name}_pkg with the component {exported.name}")
