"""Ports of a VHDL entity, from its declaration."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.sources.ports import Port

_COMMENT = re.compile(r"--[^\n]*")
_ENTITY = re.compile(r"\bentity\s+(\w+)\s+is\b(.*?)\bend\b\s*(?:entity\b\s*)?(?:\w+\s*)?;", re.IGNORECASE | re.DOTALL)
_DIRECTIONS = {"in": "in", "out": "out", "inout": "inout", "buffer": "out"}
_PORT = re.compile(
    r"(?:signal\s+)?(?P<names>\w+(?:\s*,\s*\w+)*)\s*:\s*(?:(?P<way>in|out|inout|buffer)\s+)?(?P<type>[\w.]+)\s*"
    r"(?:\((?P<range>.*?)\)\s*)?(?::=.*)?$",
    re.IGNORECASE | re.DOTALL,
)
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


def _number(text: str, generics: Mapping[str, str], port: str) -> int:
    """Work out a bound: numbers, generics, + and -."""
    words = re.findall(r"\w+|[-+*]", text.lower())
    known = {name.lower(): value for name, value in generics.items()}
    total, sign = 0, 1
    for word in words:
        if word in "+-":
            sign = 1 if word == "+" else -1
            continue
        value = known.get(word, word)
        if not value.isdigit():
            raise ConformError(f"port {port!r}: its bound {text.strip()!r} is no number; give the generic with --param")
        total += sign * int(value)
    return total


def read_ports(
    files: Sequence[Path], top: str | None, *, parameters: Mapping[str, str] | None = None
) -> tuple[str, dict[str, Port]]:
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
    text = "\n".join(_COMMENT.sub("", file.read_text("latin-1")) for file in files)
    entities = {found.group(1): found.group(2) for found in _ENTITY.finditer(text)}
    if not entities:
        raise ConformError(f"{files[0]} has no entity")
    if top is None and len(entities) != 1:
        raise ConformError(f"which of {', '.join(sorted(entities))} is the core? say it with --top")
    chosen = next((name for name in entities if top is None or name.lower() == top.lower()), None)
    if chosen is None:
        raise ConformError(f"no entity is named {top!r}; the files have {', '.join(sorted(entities))}")
    body = entities[chosen]
    generics = {}
    for item in _clause(body, "generic").split(";"):
        found = re.match(r"\s*(?:constant\s+)?(\w+)\s*:[^:]*:=\s*(\w+)\s*$", item)
        if found is not None:
            generics[found.group(1)] = found.group(2)
    generics |= dict(parameters or {})
    ports = {}
    for item in _clause(body, "port").split(";"):
        if not item.strip():
            continue
        found = _PORT.match(item.strip())
        if found is None:
            raise ConformError(f"entity {chosen}: cannot read the port {' '.join(item.split())!r}")
        kind = found["type"].lower().rpartition(".")[2]
        for name in re.split(r"\s*,\s*", found["names"]):
            if kind not in TYPES:
                raise ConformError(f"port {name!r} is a {kind}: a map cannot say that; give {', '.join(TYPES)}")
            ports[name] = _port(name, found, kind, generics)
    return chosen, ports


def _port(name: str, found: re.Match[str], kind: str, generics: Mapping[str, str]) -> Port:
    direction = _DIRECTIONS[(found["way"] or "in").lower()]
    if found["range"] is None:
        if "vector" in kind or kind in ("unsigned", "signed"):
            raise ConformError(f"port {name!r} has no range: a map cannot say that")
        return Port(name, direction, type=kind)
    left, _, right = re.sub(r"\b(downto|to)\b", ":", found["range"], flags=re.IGNORECASE).partition(":")
    return Port(name, direction, _number(left, generics, name), _number(right, generics, name), kind)
