"""Source files as text: what is no text, and what no simulator would read as its owner sees it, is said in one line."""

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path

from isadma_verify.conform.errors import ConformError

__all__ = ["check_path", "check_texts"]

#: How files begin that are no text at all.
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"7z\xbc\xaf": "7z"}

#: How texts begin of which every second byte may be 0.
_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


#: Characters of a path that simulators and their makefiles take for something else.
_TAKEN = re.compile(r"[\x00-\x1f\"$`]")


def check_path(path: Path, way: str) -> None:
    """
    Look whether simulators can be given a path.

    Parameters
    ----------
    path
        As they get it: from the root on.
    way
        The way out.

    Raises
    ------
    ConformError
        They would read it as something else.
    """
    found = _TAKEN.search(str(path))
    if found is not None:
        raise ConformError(f"{str(path)!r} has {found[0]!r} in it, which no simulator takes in a path: {way}")


def check_texts(files: Sequence[Path], unit: str) -> None:
    """
    Look whether files are texts, at paths that a simulator can be given.

    Parameters
    ----------
    files
        Sources of one language.
    unit
        What they declare: ``module`` or ``entity``.

    Raises
    ------
    ConformError
        One cannot be read, is packed, is in an encoding of two bytes, has bytes that no text has, ends its lines as no
        simulator does; or there is nothing in any of them.
    """
    written = False
    for file in files:
        check_path(file.resolve(), "copy the core to another folder")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise ConformError(f"cannot read {file}: {error.strerror}") from error
        for start, kind in _PACKED.items():
            if content.startswith(start):
                raise ConformError(f"{file} is packed with {kind}: unpack it")
        if content[:2] in _WIDE:
            raise ConformError(f"{file} is in {_WIDE[content[:2]]}: save it as UTF-8")
        if unit == "entity" and content.startswith(BOM_UTF8):
            raise ConformError(f"{file} begins with a mark of UTF-8, and VHDL is read as Latin-1: save it without")
        if 0 in content:
            raise ConformError(f"{file} is no text: its byte {content.index(0)} is 0")
        if b"\r" in content and b"\n" not in content:
            raise ConformError(f"{file} ends its lines with CR alone, which is one long line: save it with LF or CR LF")
        written = written or bool(content.strip())
    if files and not written:
        raise ConformError(f"{files[0]} has no {unit} in it: it is empty")
