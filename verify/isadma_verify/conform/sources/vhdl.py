"""Ports of a VHDL entity, from its declaration."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.sources.ports import Group, Port, Read
from isadma_verify.conform.sources.tops import Unit, only_core
from isadma_verify.conform.sources.units import check_parameters, check_units

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_ENTITY = re.compile(r"\bentity\s+(\w+)\s+is\b(.*?)\bend\b\s*(?:entity\b\s*)?(?:\w+\s*)?;", re.IGNORECASE | re.DOTALL)
_INSTANCE = re.compile(
    r":\s*(?:component\s+|entity\s+(?:\w+\.)?)?(\w+)\s*(?:\(\s*\w+\s*\)\s*)?(?:generic|port)\s+map\b", re.IGNORECASE
)
_DIRECTIONS = {"in": "in", "out": "out", "inout": "inout", "buffer": "out"}
_PORT = re.compile(
    r"(?:signal\s+)?(?P<names>\w+(?:\s*,\s*\w+)*)\s*:\s*(?:(?P<way>in|out|inout|buffer)\s+)?(?P<type>[\w.]+)\s*"
    r"(?:\((?P<range>.*?)\)\s*)?(?:range\b.*?)?(?P<default>:=.*)?$",
    re.IGNORECASE | re.DOTALL,
)
#: How often a generic may be given by another one.
_DEEP = 8
#: Types that a wrapper can convert.
TYPES = ("std_logic", "std_ulogic", "std_logic_vector", "std_ulogic_vector", "unsigned", "signed", "bit", "bit_vector")

#: The way out where a port's type is none of them.
_BEHIND = f"put the core behind an entity of your own with ports of {', '.join(TYPES[:-1])} or {TYPES[-1]}"


def _clause(body: str, word: str) -> str:
    """Return what stands between the parentheses of a clause, or nothing."""
    found = re.search(rf"\b{word}\s*\(", body, re.IGNORECASE)
    if found is None:
        return ""
    depth, at = 1, found.end()
    while at < len(body) and depth:
        depth += {"(": 1, ")": -1}.get(body[at], 0)
        at += 1
    return body[found.end() : at - 1]


def _generics(body: str) -> list[tuple[str, str]]:
    """Return the names of an entity's generics, each with its declaration."""
    found = []
    for item in _clause(body, "generic").split(";"):
        declared = re.match(r"\s*(?:constant\s+)?(\w+(?:\s*,\s*\w+)*)\s*:", item)
        if declared is not None:
            found += [(name, item) for name in re.split(r"\s*,\s*", declared.group(1))]
    return found


def _number(text: str, generics: Mapping[str, str], port: str) -> int:
    """Work out a bound: numbers, generics and constants, with + - * / and parentheses."""
    known, said = {name.lower(): value for name, value in generics.items()}, " ".join(text.split())
    # A generic's value may be made of others.
    for _ in range(_DEEP):
        # A constant may be called with its library and package.
        name = r"(?:[a-z_]\w*\.)*([a-z_]\w*)"
        text = re.sub(name, lambda found: f"({known.get(found[1], found[1])})", text.lower())
        if not re.search(r"[a-z_]", text):
            break
    if not re.fullmatch(r"[\d\s()+*/-]+", text):
        way = "give the generic with --param, or in a copy write the number"
        raise ConformError(f"port {port!r}: its bound {said!r} is no number; {way}")
    try:
        return int(eval(text.replace("/", "//"), {"__builtins__": {}}))  # digits, signs and parentheses alone
    except (SyntaxError, ZeroDivisionError, TypeError) as error:
        raise ConformError(f"port {port!r}: its bound {said!r} is no number") from error


def read_ports(files: Sequence[Path], top: str | None, *, parameters: Mapping[str, str] | None = None) -> Read:
    """
    Return an entity's name and ports.

    Parameters
    ----------
    files
        VHDL sources.
    top
        Its name; None where the files have only one.
    parameters
        Values for its generics.

    Raises
    ------
    ConformError
        There is no such entity, or more than one, or a port's type is beyond a map.
    """
    texts = {file: _COMMENT.sub("", file.read_text("latin-1")) for file in files}
    text = "\n".join(texts.values())
    check_units(texts)
    entities = {found.group(1): found.group(2) for found in _ENTITY.finditer(text)}
    if not entities:
        raise ConformError(f"{files[0]} has no entity")
    wanted = only_core(_units(entities, text)) if top is None else top
    chosen = next((name for name in entities if name.lower() == wanted.lower()), None)
    if chosen is None:
        raise ConformError(f"no entity is named {top!r}; the files have {', '.join(sorted(entities))}")
    rivals = re.findall(rf"\barchitecture\s+(\w+)\s+of\s+{chosen}\b", text, re.IGNORECASE)
    if len(rivals) > 1 and not configurations(files, chosen):
        which = f"{', '.join(rivals[:-1])} and {rivals[-1]}"
        way = "give a file, or a copy, with one of them"
        raise ConformError(f"{chosen} has {len(rivals)} architectures, {which}: {way}")
    body = entities[chosen]
    generics = dict(re.findall(r"\bconstant\s+(\w+)\s*:[^:;]*:=\s*([\w\s()+*/-]+);", text, re.IGNORECASE))
    for name, item in _generics(body):
        found = re.search(r":=\s*([\w\s()+*/-]+)$", item)
        if found is not None:
            generics[name] = found.group(1).strip()
    check_parameters(chosen, [name for name, _ in _generics(body)], parameters or {})
    given = {name.lower() for name in parameters or {}}
    bare = [name for name, item in _generics(body) if ":=" not in item and name.lower() not in given]
    if bare:
        raise ConformError(f"{chosen} has a generic without a value: give it with --param {bare[0]}=VALUE")
    generics |= dict(parameters or {})
    ports: dict[str, Port] = {}
    beyond: dict[str, str] = {}
    for item in _clause(body, "port").split(";"):
        if not item.strip():
            continue
        found = _PORT.match(item.strip())
        if found is None:
            way = "; a map has no names between backslashes: in a copy, give it a plain one" if "\\" in item else ""
            raise ConformError(f"entity {chosen}: cannot read the port {' '.join(item.split())!r}{way}")
        kind = found["type"].lower().rpartition(".")[2]
        for name in re.split(r"\s*,\s*", found["names"]):
            try:
                ports |= _members(name, found, kind, generics, text)
            except ConformError as error:
                if (found["way"] or "in").lower() not in ("out", "buffer") and not found["default"]:
                    raise
                beyond[name] = str(error)
    return Read(chosen, ports, beyond)


def _units(entities: Mapping[str, str], text: str) -> dict[str, Unit]:
    """Return what each entity's architectures instantiate, by component or directly."""
    uses: dict[str, set[str]] = {}
    for body in re.split(r"\barchitecture\s+(?=\w+\s+of\b)", text, flags=re.IGNORECASE)[1:]:
        of = re.match(r"\w+\s+of\s+(\w+)", body, re.IGNORECASE)
        parts = {name.lower() for name in _INSTANCE.findall(body)}
        if of is not None:
            uses.setdefault(of[1].lower(), set()).update(parts)
    return {
        name: Unit(
            bool(_clause(body, "port").strip()),
            frozenset(one for one in entities if one.lower() in uses.get(name.lower(), set())),
        )
        for name, body in entities.items()
    }


def _bare(kind: str, found: re.Match[str], text: str) -> tuple[str, re.Match[str]]:
    """Return a port's type and declaration without the subtypes that it is said by."""
    for _ in range(_DEEP):
        subtype = re.search(rf"\bsubtype\s+{kind}\s+is\s+([^;]+);", text, re.IGNORECASE)
        if subtype is None or kind in TYPES:
            break
        way = found["way"] or "in"
        said = _PORT.match(f"{found['names']} : {way} {subtype[1].strip()} {found['default'] or ''}".strip())
        if said is None:
            break
        found, kind = said, said["type"].lower().rpartition(".")[2]
    return kind, found


def _members(name: str, found: re.Match[str], kind: str, generics: Mapping[str, str], text: str) -> dict[str, Port]:
    """Return a port; a record gives one for each of its elements."""
    kind, found = _bare(kind, found, text)
    if kind in TYPES:
        return {name: _port(name, found, kind, generics)}
    record = re.search(rf"\btype\s+{kind}\s+is\s+record\b(.*?)\bend\s+record\b", text, re.IGNORECASE | re.DOTALL)
    if record is None:
        raise ConformError(f"port {name!r} is of type {kind}: a map cannot say that; {_BEHIND}")
    group, ports = Group(name, "record", found["type"]), {}
    for item in record.group(1).split(";"):
        element = _PORT.match(item.strip())
        if element is None:
            continue
        of = element["type"].lower().rpartition(".")[2]
        for one in re.split(r"\s*,\s*", element["names"]):
            if of not in TYPES:
                raise ConformError(f"port {name!r} has {one}, of type {of}: a map cannot say that; {_BEHIND}")
            made = _port(f"{name}.{one}", element, of, generics)
            way = _DIRECTIONS[(found["way"] or "in").lower()]
            ports[made.name] = replace(made, direction=way, group=group)
    return ports


def configurations(files: Sequence[Path], entity: str) -> list[str]:
    """Return the names of the configurations of an entity that files declare."""
    text = "\n".join(_COMMENT.sub("", file.read_text("latin-1")) for file in files)
    return re.findall(rf"\bconfiguration\s+(\w+)\s+of\s+{entity}\s+is\b", text, re.IGNORECASE)


def packages(files: Sequence[Path]) -> list[str]:
    """Return the names of the packages that files declare."""
    text = "\n".join(_COMMENT.sub("", file.read_text("latin-1")) for file in files)
    return re.findall(r"\bpackage\s+(?!body\b)(\w+)\s+is\b", text, re.IGNORECASE)


def _port(name: str, found: re.Match[str], kind: str, generics: Mapping[str, str]) -> Port:
    direction = _DIRECTIONS[(found["way"] or "in").lower()]
    if direction == "inout" and kind.startswith("std_ulogic"):
        raise ConformError(f"port {name!r} goes both ways and is of type {kind}, of one driver: std_logic has several")
    if found["range"] is None:
        if "vector" in kind or kind in ("unsigned", "signed"):
            raise ConformError(f"port {name!r} has no range: a map cannot say that")
        return Port(name, direction, type=kind)
    left, _, right = re.sub(r"\b(downto|to)\b", ":", found["range"], flags=re.IGNORECASE).partition(":")
    return Port(name, direction, _number(left, generics, name), _number(right, generics, name), kind)
