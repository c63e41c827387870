"""Assembles 16-bit programs to plain bytes with what is there: GNU's assembler, or Zig's from PyPI."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from platformdirs import user_cache_path

from isadma_sim.boot.errors import BiosError
from isadma_tools.cache.folders import trouble
from isadma_tools.files.whole import write_whole

__all__ = ["SOURCES", "assemble", "assembled", "text_of"]

#: Environment variable that names the cache folder.
CACHE = "ISADMA_CACHE"
SOURCES = Path(__file__).parent / "asm"
#: Seconds: Zig's first start unpacks itself.
_PATIENCE = 120
#: ELF: sections of bytes, and of relocations.
_PROGBITS, _RELA, _REL = 1, 4, 9


def assemble(name: str, **symbols: int) -> bytes:
    """Return the bytes of one of this package's programs, from the cache where it has them.

    Parameters
    ----------
    name : str
        Its file in `SOURCES`, without ``.s``.
    **symbols : int
        Defined for the assembler.

    Raises
    ------
    BiosError
        There is no assembler, or it does not take the program.
    """
    source = SOURCES / f"{name}.s"
    key = hashlib.sha256(repr(sorted(symbols.items())).encode())
    for file in sorted(SOURCES.glob("*.s")):
        key.update(file.name.encode() + b"\0" + file.read_bytes())
    folder = _cache()
    kept = None if folder is None else folder / f"{name}-{key.hexdigest()[:32]}.bin"
    if kept is not None and kept.is_file():
        data = kept.read_bytes()
        if data:
            return data
    data = assembled(source, symbols)
    if kept is not None:
        with contextlib.suppress(OSError):  # it is made anew the next time
            write_whole(kept, data)
    return data


def _cache() -> Path | None:
    """Return a folder that nobody else can write to; None: do without."""
    chosen = os.environ.get(CACHE)
    folder = Path(chosen).absolute() if chosen else user_cache_path("isadma")
    return folder if folder.is_absolute() and trouble(folder) is None else None


@lru_cache(maxsize=1)
def _assemblers() -> tuple[tuple[str, ...], ...]:
    """Return the commands that may do it, in the order in which they are tried."""
    found: list[tuple[str, ...]] = []
    if (gnu := shutil.which("as")) is not None:
        found.append((gnu, "--32"))
    if importlib.util.find_spec("ziglang") is not None:
        found.append((sys.executable, "-m", "ziglang", "cc", "-target", "x86-linux-gnu", "-x", "assembler", "-c"))
    return tuple(found)


def assembled(source: Path, symbols: Mapping[str, int]) -> bytes:
    """Return the bytes of a program that stands in a file; BiosError as `assemble`."""
    said = "no assembler found"
    for command in _assemblers():
        with tempfile.TemporaryDirectory() as folder:
            # Zig's front end has no option that defines a symbol for the assembler.
            head = Path(folder) / source.name
            lines = [f"        .set {name}, {value}" for name, value in symbols.items()]
            head.write_text("\n".join([*lines, f'        .include "{source.name}"', ""]))
            made = Path(folder) / "made.o"
            try:
                done = subprocess.run(
                    [*command, "-I", str(source.parent), "-o", str(made), str(head)],
                    capture_output=True,
                    text=True,
                    errors="replace",
                    timeout=_PATIENCE,
                    stdin=subprocess.DEVNULL,
                )
                if done.returncode == 0:
                    return text_of(made.read_bytes())
                said = f"'{command[0]}' does not take {source.name}: {done.stderr.strip()[:200]}"
            except (OSError, subprocess.SubprocessError) as error:
                said = f"'{command[0]}' does not run: {error}"
    raise BiosError(
        f"{' '.join(said.split())}; install binutils or `pip install isadma[native]`, or name a BIOS: --bios FILE"
    )


def text_of(elf: bytes) -> bytes:
    """Return section ``.text`` of a relocatable 32-bit ELF file.

    Raises
    ------
    BiosError
        It is none, or has relocations: these programs stand where they stand.
    """
    if elf[:6] != b"\x7fELF\x01\x01" or len(elf) < 52:
        raise BiosError("the assembler made no 32-bit ELF file")

    def word(at: int, size: int = 4) -> int:
        return int.from_bytes(elf[at : at + size], "little")

    headers, size, count, names = word(32), word(46, 2), word(48, 2), word(50, 2)
    strings = word(headers + names * size + 16)
    text = b""
    for at in range(headers, headers + count * size, size):
        name = elf[strings + word(at) :].partition(b"\0")[0]
        kind, offset, length = word(at + 4), word(at + 16), word(at + 20)
        if name == b".text" and kind == _PROGBITS:
            text = elf[offset : offset + length]
        elif kind in (_RELA, _REL) and length and name.endswith(b".text"):
            raise BiosError("the assembler left relocations in .text")
    if not text:
        raise BiosError("the assembler made no .text")
    return text
