"""The C library, written as the command writes it, compiled once, and kept in the cache of built engines."""

import hashlib
import importlib.util
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from isadma_sim.embed.folder import write_library
from isadma_sim.engines.native.compiler import find_compiler
from isadma_sim.engines.native.librarycache import cached_library

FLAGS = ("-std=c++17", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror")


@cache
def compiled(folder):
    """Compile the library in a folder."""
    compiler = find_compiler()
    digest = hashlib.sha256(" ".join((*compiler.command, compiler.version, *FLAGS)).encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())

    def build(place):
        shutil.copytree(folder, place, dirs_exist_ok=True)
        made = place / "libisadma.so"
        command = [*compiler.command, *FLAGS, "-isystem", str(place / "runtime"), str(place / "src" / "isadma.cc")]
        done = subprocess.run([*command, "-o", str(made)], capture_output=True, text=True, timeout=900, check=False)
        assert done.returncode == 0, done.stderr
        return made

    return cached_library(f"embed-{digest.hexdigest()[:24]}", build)


@cache
def bound(folder):
    """The ctypes binding that the folder brings, and its library."""
    spec = importlib.util.spec_from_file_location("isadma_ctypes", folder / "example" / "isadma_ctypes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, module.Library(compiled(folder).loads)


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """The folder of a board, by its name."""
    made: dict[str, Path] = {}

    def folder(board):
        if board not in made:
            made[board] = tmp_path_factory.mktemp("embed") / board
            write_library(made[board], board=board)
        return made[board]

    return folder


@pytest.fixture(scope="session")
def at(folders):
    """The binding, and the AT's library."""
    return bound(folders("at"))


@pytest.fixture(scope="session")
def library_file(folders):
    """The AT's library as a file."""
    return compiled(folders("at")).path


@pytest.fixture(scope="session")
def xt(folders):
    """The binding, and the PC/XT's library."""
    return bound(folders("xt"))
