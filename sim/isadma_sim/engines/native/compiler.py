"""The C++ compiler that builds the native engine: the user's own, or Zig's from PyPI."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache

from isadma_tools import toolchain
from isadma_tools.processes.workers import run_child

__all__ = ["Compiler", "find_compiler", "missing"]

#: Tried in this order after the environment variable CXX.
_NAMES = ("g++", "clang++", "c++")
#: The library runs where it was built: some eight per cent faster with all that the processor has.
_TUNING = ("-march=native",)


@dataclass(frozen=True)
class Compiler:
    """A command that compiles C++.

    Attributes
    ----------
    command : tuple of str
        Program and leading arguments.
    version : str
        First line of what ``--version`` prints; part of the cache key.
    tuning : tuple of str
        Options that make it use all this processor has; empty where it knows none.
    target : str
        What it says of this processor, as macros: part of the cache key, so that no library meets another processor.
    """

    command: tuple[str, ...]
    version: str
    tuning: tuple[str, ...] = ()
    target: str = ""


#: Seconds to wait for a compiler that only has to say its name.
_PATIENCE = 20


def _asked(command: tuple[str, ...]) -> Compiler | None:
    version = _said([*command, "--version"])
    if version is None:
        return None
    target = _said([*command, *_TUNING, "-dM", "-E", "-x", "c++", os.devnull])
    tuning = () if target is None else _TUNING
    return Compiler(command, version.partition("\n")[0], tuning, target or "")


def _said(command: list[str]) -> str | None:
    try:
        done = run_child(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_PATIENCE)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return None if done.returncode else done.stdout


def missing() -> str | None:
    """Say what keeps the native engine from being built here, and the way out; None when nothing does."""
    if find_compiler() is None:
        chosen = os.environ.get("CXX", "").strip()
        if chosen:
            return f"CXX='{' '.join(chosen.split())}' is no compiler that answers --version: set it to one, or unset it"
        return "no C++ compiler found: install g++ or `pip install isadma[native]`"
    try:
        toolchain.find("yosys")
    except toolchain.ToolMissingError as error:
        return str(error)
    return None


@lru_cache(maxsize=1)
def find_compiler() -> Compiler | None:
    """Find a C++17 compiler: CXX from the environment; without it PATH, then the ``ziglang`` package.

    Returns
    -------
    Compiler or None
        None where there is none that answers; a CXX that does not is not passed over.
    """
    chosen = os.environ.get("CXX", "")
    if chosen.strip():
        try:
            return _asked(tuple(shlex.split(chosen)))
        except ValueError:  # a quote that nobody closed
            return None
    candidates: list[tuple[str, ...]] = [(path,) for name in _NAMES if (path := shutil.which(name))]
    if importlib.util.find_spec("ziglang") is not None:
        candidates.append((sys.executable, "-m", "ziglang", "c++"))
    return next((compiler for command in candidates if (compiler := _asked(command)) is not None), None)
