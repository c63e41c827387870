"""Ports of a VHDL entity, from its declaration."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.sources.ports import Group, Port, Read
from isadma_verify.conform.sources.tops import Unit, only_core
from isadma_verify.conform.sources.units import check_parameters, check_units

_COMMENT = re.compile(r"--[^\n]*")
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
        text = re.sub(r"[a-z_]\w*", lambda found: f"({known.get(found.group(), found.group())})", text.lower())
        if not re.search(r"[a-z_]", text):
            break
    if not re.fullmatch(r"[\d\s()+*/-]+", text):
        raise ConformError(f"port {port!r}: its bound {said!r} is no number; give the generic with --param")
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
    body = entities[chosen]
    generics = dict(re.findall(r"\bconstant\s+(\w+)\s*:[^:;]*:=\s*([\w\s()+*/-]+);", text, re.IGNORECASE))
    for name, item in _generics(body):
        found = re.search(r":=\s*([\w\s()+*/-]+)$", item)
        if found is not None:
            generics[name] = found.group(1).strip()
    check_parameters(chosen, [name for name, _ in _generics(body)], parameters or {})
    generics |= dict(parameters or {})
    ports: dict[str, Port] = {}
    beyond: dict[str, str] = {}
    for item in _clause(body, "port").split(";"):
        if not item.strip():
            continue
        found = _PORT.match(item.strip())
        if found is None:
            raise ConformError(f"entity {chosen}: cannot read the port {' '.join(item.split())!r}")
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


def _members(name: str, found: re.Match[str], kind: str, generics: Mapping[str, str], text: str) -> dict[str, Port]:
    """Return a port; a record gives one for each of its elements."""
    if kind in TYPES:
        return {name: _port(name, found, kind, generics)}
    record = re.search(rf"\btype\s+{kind}\s+is\s+record\b(.*?)\bend\s+record\b", text, re.IGNORECASE | re.DOTALL)
    if record is None:
        raise ConformError(f"port {name!r} is a {kind}: a map cannot say that; give {', '.join(TYPES)}")
    group, ports = Group(name, "record", found["type"]), {}
    for item in record.group(1).split(";"):
        element = _PORT.match(item.strip())
        if element is None:
            continue
        of = element["type"].lower().rpartition(".")[2]
        for one in re.split(r"\s*,\s*", element["names"]):
            if of not in TYPES:
                raise ConformError(f"port {name!r} has {one}, a {of}: a map cannot say that")
            made = _port(f"{name}.{one}", element, of, generics)
            way = _DIRECTIONS[(found["way"] or "in").lower()]
            ports[made.name] = replace(made, direction=way, group=group)
    return ports


def packages(files: Sequence[Path]) -> list[str]:
    """Return the names of the packages that files declare."""
    text = "\n".join(_COMMENT.sub("", file.read_text("latin-1")) for file in files)
    return re.findall(r"\bpackage\s+(?!body\b)(\w+)\s+is\b", text, re.IGNORECASE)


def _port(name: str, found: re.Match[str], kind: str, generics: Mapping[str, str]) -> Port:
    direction = _DIRECTIONS[(found["way"] or "in").lower()]
    if found["range"] is None:
        if "vector" in kind or kind in ("unsigned", "signed"):
            raise ConformError(f"port {name!r} has no range: a map cannot say that")
        return Port(name, direction, type=kind)
    left, _, right = re.sub(r"\b(downto|to)\b", ":", found["range"], flags=re.IGNORECASE).partition(":")
    return Port(name, direction, _number(left, generics, name), _number(right, generics, name), kind)
