"""Ports of a Verilog module, as Verilator reads them: parameters applied, packages and macros known."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from isadma_tools.processes.workers import run_child
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.simulators.versions import verilator_command
from isadma_verify.conform.sources.interfaces import STUB, Stub
from isadma_verify.conform.sources.interfaces import stub as _stub
from isadma_verify.conform.sources.ports import Read
from isadma_verify.conform.sources.tops import Unit, only_core
from isadma_verify.conform.sources.tree import DIRECTIONS, Nodes, read_module
from isadma_verify.conform.sources.tree import every as _all
from isadma_verify.conform.sources.tree import name_of as _name
from isadma_verify.cosim.common.build import VERILOG_2005

#: What Verilator warns of where two files have a module of one name.
_TWICE = re.compile(
    r"%Warning-MODDUP: (.+?):\d+:\d+: Duplicate declaration of module: '(\w+)'[\s\S]*?(\S+):\d+:\d+: \.\.\. Location of"
)

#: Seconds within which a source file is parsed.
_PATIENCE = 120


def quoted(log: str) -> str:
    """Return the first error line of a tool's output, without what is the same for all."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    wrong = [line for line in lines if re.match(r"%Error|.*\berror\b", line, re.IGNORECASE)]
    return (wrong or lines or ["it said nothing"])[0]


def read_ports(
    files: Sequence[Path],
    top: str | None,
    *,
    includes: Sequence[Path] = (),
    defines: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Read:
    """
    Return a module's name and ports.

    Parameters
    ----------
    files, includes, defines
        As for a simulator.
    top
        Its name; None where the files leave only one.
    parameters
        Values for its parameters.

    Raises
    ------
    ConformError
        The files do not parse (Verilator's first error line is quoted), or there is no such module, or more than one.
    """
    stub = _stub(files, top)
    standard = ""
    try:
        tree = _tree(files, top, stub, includes, defines or {}, parameters or {})
    except ConformError as error:
        # A file of Verilog may call its own what is a word of SystemVerilog: bit, do, final.
        if not re.search("syntax error|keyword misused", str(error)) or any(
            file.suffix.lower() != ".v" for file in files
        ):
            raise
        standard = VERILOG_2005
        try:
            tree = _tree(files, top, stub, includes, defines or {}, parameters or {}, [f"+{standard}ext+v"])
        except ConformError:
            raise error from None
    modules = [item for item in tree["modulesp"] if item.get("type") == "MODULE"]
    nodes = {item["addr"]: item for item in _all(tree) if item.get("addr")}
    wanted = top if stub is None else stub.core
    if wanted is None:
        wanted = only_core({_name(item): _unit(item, nodes) for item in modules})
        if not any(_name(item) == wanted and _is_top(item, modules) for item in modules):
            # A testbench may give it parameters of its own.
            return read_ports(files, wanted, includes=includes, defines=defines, parameters=parameters)
    chosen = next((item for item in modules if _name(item) == wanted), None)
    if chosen is None:
        raise ConformError(f"no module is named {top!r}; there are {', '.join(sorted(map(_name, modules)))}")
    return replace(read_module(_name(chosen), chosen, nodes), standard=standard)


def _tree(
    files: Sequence[Path],
    top: str | None,
    stub: Stub | None,
    includes: Sequence[Path],
    defines: Mapping[str, str],
    parameters: Mapping[str, str],
    arguments: Sequence[str] = (),
) -> Any:
    """Return what Verilator makes of the files."""
    program, environment = verilator_command()
    with tempfile.TemporaryDirectory(prefix="isadma-ports-") as name:
        command = [program, "--json-only", "-Wno-fatal", "-Wno-lint", "-Wno-style", "-Wno-MULTITOP", "--Mdir", name]
        command += ["--prefix", "Vports", "--bbox-unsup", "--timing", *arguments]
        command += [f"-I{Path(folder).resolve()}" for folder in includes]
        command += [f"-D{key}={value}" if value else f"-D{key}" for key, value in defines.items()]
        if stub is not None:
            place = Path(name) / "isadma_stub.sv"
            place.write_text(stub.text(parameters))
            command += ["--top-module", STUB, str(place)]
        elif top is not None:
            command += ["--top-module", top]
            command += [f"-G{key}={value}" for key, value in parameters.items()]
        command += [str(file.resolve()) for file in files]
        try:
            done = run_child(
                command,
                cwd=Path(name),
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE,
            )
        except subprocess.TimeoutExpired as error:
            raise ConformError(f"Verilator did not read {files[0].name} within {_PATIENCE} s") from error
        made = sorted(Path(name).glob("*.tree.json"))
        if done.returncode or not made:
            raise ConformError(_why(done.stdout, top, files))
        twice = _TWICE.search(done.stdout)
        if twice is not None:
            # Verilator takes the first, other simulators the last or none.
            raise ConformError(f"module {twice[2]} is in {twice[3]} and {twice[1]}: give one of them")
        return json.loads(made[0].read_text())


def _unit(module: dict[str, Any], nodes: Nodes) -> Unit:
    inside = module.get("stmtsp", [])
    ports = any(item.get("direction") in DIRECTIONS or item.get("varType") == "IFACEREF" for item in inside)
    cells = [nodes[cell["modp"]] for cell in _all(inside) if cell.get("type") == "CELL" and cell.get("modp") in nodes]
    return Unit(ports, frozenset(map(_name, cells)))


def _is_top(module: dict[str, Any], modules: list[dict[str, Any]]) -> bool:
    used = {cell.get("modp") for one in modules for cell in _all(one.get("stmtsp", [])) if cell.get("type") == "CELL"}
    return module["addr"] not in used


def _why(log: str, top: str | None, files: Sequence[Path]) -> str:
    line = quoted(log)
    if top is not None and "top-module" in line and "not found" in line:
        declared = [
            name for file in files for name in re.findall(r"^\s*module\s+(\w+)", file.read_text("latin-1"), re.M)
        ]
        return f"no module is named {top!r}; the files have {', '.join(dict.fromkeys(declared)) or 'none'}"
    if "No top level module found" in line:
        return f"{', '.join(map(str, files[:3]))}{' and others' if len(files) > 3 else ''}: no module in it"
    missing = re.search(r"Cannot find (?:file containing )?(module|include file|interface|package): '?([\w.]+)", line)
    if missing is not None:
        kind, name = missing.groups()
        way = "name its folder with --include" if kind == "include file" else "give its file too"
        return f"the core needs {kind} {name!r}, which is in none of the files: {way}"
    ways = ((r"directive not defined: '`(\w+)'", "--define"), (r"never given value .*: '(\w+)'", "--param"))
    missed = ((option, re.search(pattern, line)) for pattern, option in ways)
    way = next((f"; give it with {option} {found[1]}=VALUE" for option, found in missed if found), "")
    return f"the core does not parse: {line}{way}"
