"""A core from its files, whatever their language."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.sources import verilog, vhdl
from isadma_verify.conform.sources.ports import Core, language_of
from isadma_verify.conform.sources.texts import check_texts


def read_core(
    files: Sequence[Path],
    top: str | None,
    *,
    includes: Sequence[Path] = (),
    defines: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Core:
    """
    Read a core's ports.

    Parameters
    ----------
    files
        Verilog, SystemVerilog or VHDL, in any order that their language allows.
    top
        The core's name; None where the files leave only one.
    includes, defines
        Verilog's include folders and macros.
    parameters
        Values for its parameters or generics.

    Raises
    ------
    ConformError
        A file is missing or does not parse, or there is no such core.
    """
    language = language_of(files)
    # A pattern may name a file that was named before.
    files = list({file.resolve(): file for file in files}.values())
    check_texts(files, "module" if language == "verilog" else "entity")
    for folder in includes:
        if not folder.is_dir():
            raise ConformError(f"--include {folder} is no folder")
    if language == "verilog":
        # A file includes what lies beside it, as most cores are laid out.
        includes = [*includes, *dict.fromkeys(file.parent for file in files)]
        found = verilog.read_ports(files, top, includes=includes, defines=defines, parameters=parameters)
    else:
        if defines or includes:
            raise ConformError("--define and --include are Verilog's; VHDL takes --param for its generics")
        found = vhdl.read_ports(files, top, parameters=parameters)
    if not found.ports:
        raise ConformError(f"{found.top} has no ports: is it a test bench? say the core's name with --top")
    return Core(
        tuple(files),
        found.top,
        language,
        found.ports,
        tuple(includes),
        dict(defines or {}),
        dict(parameters or {}),
        found.beyond,
        found.standard,
    )
