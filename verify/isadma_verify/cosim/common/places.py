"""Folders of builds: held against others, made whole or not at all, named by what is in them, and without blanks."""

import contextlib
import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

#: Files beside a source that a simulator may read though nobody names them: it looks for modules and headers there.
_LANGUAGE = {".v", ".sv", ".vh", ".svh", ".vhd", ".vhdl", ".verilog", ".h", ".inc"}

#: Bytes of the largest of those; what is larger is nobody's header.
_LARGEST = 1 << 22

_INCLUDE = re.compile(rb'`include\s+"([^"\n]+)"')


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes that would build the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def made(place: Path) -> Iterator[None]:
    """Make a folder anew; what fails in it takes it away again, but for its log, which stays beside it."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


@contextlib.contextmanager
def without_blanks(place: Path) -> Iterator[Path]:
    """Give a folder in which make can work: the place, or, where its path has blanks, another that then goes there."""
    if not re.search(r"\s", str(place)):
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="isadma-build-") as name:
        yield Path(name)
        shutil.copytree(name, place, dirs_exist_ok=True)


def readable(sources: Sequence[Path], includes: Sequence[Path]) -> list[Path]:
    """
    Return what a build may read: the sources, and of the include folders what is of the language or is included.

    A core may lie in a folder with anything else in it, of any size.

    Parameters
    ----------
    sources
        Files of the core.
    includes
        Folders that includes are looked for in.
    """
    new = [
        *sources,
        *(
            file
            for folder in includes
            for file in sorted(folder.glob("*"))
            if file.suffix.lower() in _LANGUAGE and file.is_file() and file.stat().st_size <= _LARGEST
        ),
    ]
    found: dict[Path, None] = {}
    while new:
        found |= dict.fromkeys(new)
        names = {name for file in new for name in _INCLUDE.findall(file.read_bytes())}
        places = (folder / name.decode("utf-8", "replace") for folder in includes for name in sorted(names))
        new = [file for file in places if file not in found and file.is_file()]
    return list(found)
