"""Verilator's runtime, compiled once for all the builds of a folder: a program that Verilator's makefiles call.

A build's make puts what ``OBJCACHE`` names before each call of the compiler. Four fifths of the time of a small core's
build go to the runtime, whose files are the same for all cores.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["OBJCACHE", "compiled", "prefix"]

#: Environment variable of Verilator's makefiles; whoever has set it (``ccache``) keeps his own.
OBJCACHE = "OBJCACHE"


def prefix(folder: Path) -> str:
    """Return the words before the compiler's that keep the runtime in a folder."""
    return shlex.join([sys.executable, "-P", __file__, str(folder.resolve())])


def compiled(folder: Path, command: Sequence[str]) -> int:
    """
    Run a compiler, unless it would make an object of the runtime that is there already.

    Parameters
    ----------
    folder
        Where the objects are kept, by the hash of what decides them: source, headers, options, and the compiler.
    command
        The compiler and its arguments.

    Returns
    -------
    int
        The compiler's status.
    """
    source = Path(command[-1])
    if "-c" not in command or "-o" not in command or not _is_runtime(source):
        return subprocess.run(command, check=False).returncode
    at = command.index("-o") + 1
    made = Path(command[at])
    digest = hashlib.sha256("\0".join([*command[:at], *command[at + 1 :]]).encode())
    digest.update(subprocess.run([command[0], "--version"], capture_output=True, check=False).stdout)
    for file in sorted([source, *source.parent.rglob("*.h")]):
        digest.update(file.name.encode() + file.read_bytes())
    kept = folder / f"{source.stem}-{digest.hexdigest()[:24]}.o"
    if kept.exists():
        shutil.copyfile(kept, made)
        return 0
    status = subprocess.run(command, check=False).returncode
    if status == 0:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        os.close(descriptor)
        shutil.copyfile(made, name)
        os.replace(name, kept)
    return status


def _is_runtime(source: Path) -> bool:
    """Tell whether a source is Verilator's own, and takes in nothing of the model."""
    return source.is_absolute() and source.stem.startswith("verilated") and (source.parent / "verilated.mk").exists()


if __name__ == "__main__":
    sys.exit(compiled(Path(sys.argv[1]), sys.argv[2:]))
