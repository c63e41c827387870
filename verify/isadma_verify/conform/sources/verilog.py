"""Ports of a Verilog module, as Verilator reads them: parameters applied, packages and macros known."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from isadma_tools.processes.workers import run_child
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.simulators.versions import verilator_command
from isadma_verify.conform.sources.ports import Port

_DIRECTIONS = {"INPUT": "in", "OUTPUT": "out", "INOUT": "inout"}

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
) -> tuple[str, dict[str, Port]]:
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
    program, environment = verilator_command()
    with tempfile.TemporaryDirectory(prefix="isadma-ports-") as name:
        command = [program, "--json-only", "-Wno-fatal", "-Wno-lint", "-Wno-style", "-Wno-MULTITOP", "--Mdir", name]
        command += ["--prefix", "Vports", "--bbox-unsup", "--timing"]
        command += [f"-I{Path(folder).resolve()}" for folder in includes]
        command += [f"-D{key}={value}" if value else f"-D{key}" for key, value in (defines or {}).items()]
        if top is not None:
            command += ["--top-module", top]
            command += [f"-G{key}={value}" for key, value in (parameters or {}).items()]
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
        tree = json.loads(made[0].read_text())
    modules = [item for item in tree["modulesp"] if item.get("type") == "MODULE"]
    types = {item["addr"]: item for item in _all(tree.get("miscsp", [])) if item.get("addr")}
    tops = [item for item in modules if _is_top(item, modules)]
    if top is None and len(tops) != 1:
        raise ConformError(f"which of {', '.join(sorted(_name(item) for item in tops))} is the core? say it with --top")
    chosen = next((item for item in modules if top is None or _name(item) == top), None)
    if chosen is None:
        raise ConformError(f"no module is named {top!r}; there are {', '.join(sorted(map(_name, modules)))}")
    return _name(chosen), _ports(chosen, types)


def _name(module: dict[str, Any]) -> str:
    return _plain(str(module.get("origName") or module["name"]))


def _plain(name: str) -> str:
    """Return a name as the source spells it: Verilator writes what C++ does not allow as ``__0`` and two digits."""
    return re.sub(r"__0([0-9A-F]{2})", lambda found: chr(int(found.group(1), 16)), name)


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
    return f"the core does not parse: {line}"


def _all(tree: Any) -> list[dict[str, Any]]:
    """Return every node of a tree."""
    found: list[dict[str, Any]] = []
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found.append(item)
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return found


def _ports(module: dict[str, Any], types: dict[str, dict[str, Any]]) -> dict[str, Port]:
    ports = {}
    for item in module.get("stmtsp", []):
        if item.get("type") != "VAR":
            continue
        name = _plain(str(item.get("verilogName") or item["name"]))
        if item.get("varType") == "IFACEREF":
            raise ConformError(f"port {name!r} is an interface: a map cannot say that; a module around it can")
        if item.get("direction") not in _DIRECTIONS:
            continue
        left, right = _range(name, types.get(item["dtypep"], {}), types)
        ports[name] = Port(name, _DIRECTIONS[item["direction"]], left, right)
    return ports


def _range(name: str, told: dict[str, Any], types: dict[str, dict[str, Any]]) -> tuple[int | None, int | None]:
    kind = told.get("type")
    if kind == "BASICDTYPE":
        if "range" in told:
            left, _, right = str(told["range"]).partition(":")
            return int(left), int(right)
        return (31, 0) if told.get("keyword") in ("integer", "int") else (None, None)
    if kind in ("REFDTYPE", "ENUMDTYPE") and told.get("refDTypep") in types:
        return _range(name, types[told["refDTypep"]], types)
    if kind == "PACKARRAYDTYPE" and "declRange" in told:
        left, _, right = str(told["declRange"]).strip("[]").partition(":")
        return int(left), int(right)
    raise ConformError(f"port {name!r} is a {str(told.get('type', 'thing')).lower()}: a map cannot say that")
