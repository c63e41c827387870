"""What VHDL files declare and use: a unit that is there twice, or in no file, is said before a compiler does."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from isadma_verify.conform.errors import ConformError

#: Libraries that every simulator brings.
_BROUGHT = frozenset({"ieee", "std", "work", "synopsys", "vital2000"})

_DECLARED = re.compile(r"^\s*(entity|package)\s+(?!body\b)(\w+)\s+is\b", re.IGNORECASE | re.MULTILINE)
_USED = re.compile(r"\buse\s+(\w+)\s*\.\s*(\w+)", re.IGNORECASE)
_UNBOUND = re.compile(r'instance "(\w+)" of component "(\w+)" is not bound')


def check_units(texts: Mapping[Path, str]) -> None:
    """
    Look whether each unit is declared once, and each package that is used is there.

    Parameters
    ----------
    texts
        Each file's text, without comments.

    Raises
    ------
    ConformError
        One is not.
    """
    places: dict[tuple[str, str], Path] = {}
    for file, text in texts.items():
        for found in _DECLARED.finditer(text):
            unit = (found[1].lower(), found[2].lower())
            if unit in places:
                where = f"{places[unit]} and {file}" if places[unit] != file else f"{file}, twice"
                raise ConformError(f"{unit[0]} {found[2]} is in {where}: give one of them")
            places[unit] = file
    packages = {name for kind, name in places if kind == "package"}
    for file, text in texts.items():
        for library, name in _USED.findall(text):
            if library.lower() == "work" and name.lower() not in packages:
                if ("entity", name.lower()) in places or name.lower() == "all":
                    continue
                raise ConformError(f"{file} uses package {name!r}, which is in none of the files: give its file too")
            if library.lower() not in _BROUGHT and re.search(rf"\blibrary\b[^;]*\b{library}\b", text, re.IGNORECASE):
                way = f"all files are in one here; in a copy, write work.{name}"
                if name.lower() not in packages:
                    way = f"no file has its package {name!r}: leave that use out in a copy, or give the file; {way}"
                raise ConformError(f"{file} uses library {library!r}: {way}")


def check_parameters(entity: str, generics: Sequence[str], parameters: Mapping[str, str]) -> None:
    """
    Look whether an entity has the generics that are given values.

    Raises
    ------
    ConformError
        It has not.
    """
    known = {name.lower() for name in generics}
    for name in parameters:
        if name.lower() not in known:
            near = get_close_matches(name, generics, n=1, cutoff=0.5)
            meant = f" (did you mean {near[0]!r}?)" if near else ""
            has = f"it has {', '.join(generics)}" if generics else "it has none"
            raise ConformError(f"{entity} has no generic {name!r}{meant}; {has}")


def check_bound(log: Path) -> None:
    """
    Look in a compiler's log for a component without an entity: its outputs would be unknown for ever.

    Raises
    ------
    ConformError
        There is one.
    """
    found = _UNBOUND.search(log.read_text(errors="replace")) if log.exists() else None
    if found is not None:
        raise ConformError(
            f"component {found[2]!r}, used as {found[1]}, has its entity in none of the files: give its file too"
        )
