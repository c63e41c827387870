"""Ports from the syntax tree that Verilator writes of a module."""

import re
from collections.abc import Mapping
from typing import Any

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.sources.ports import Group, Port, Read

#: What a map calls the directions.
DIRECTIONS = {"INPUT": "in", "OUTPUT": "out", "INOUT": "inout"}

#: A node by its address.
Nodes = Mapping[str, dict[str, Any]]


def name_of(module: dict[str, Any]) -> str:
    """Return a module's name as the source spells it."""
    return _plain(str(module.get("origName") or module["name"]))


def _plain(name: str) -> str:
    """Return a name as the source spells it: Verilator writes what C++ does not allow as ``__0`` and two digits."""
    return re.sub(r"__0([0-9A-F]{2})", lambda found: chr(int(found.group(1), 16)), name)


def every(tree: Any) -> list[dict[str, Any]]:
    """Return every node of a tree."""
    found: list[dict[str, Any]] = []
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found.append(item)
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return found


def read_module(name: str, module: dict[str, Any], nodes: Nodes) -> Read:
    """
    Return a module's ports; an interface or a packed structure gives one for each member.

    Raises
    ------
    ConformError
        An input is of a type that no map can say.
    """
    ports: dict[str, Port] = {}
    beyond: dict[str, str] = {}
    for item in module.get("stmtsp", []):
        if item.get("type") != "VAR":
            continue
        own = _plain(str(item.get("verilogName") or item["name"]))
        told = nodes.get(item["dtypep"], {})
        if own.endswith("__Viftop"):
            continue  # an interface that the module has inside: Verilator joins it so
        if item.get("varType") == "IFACEREF" and told.get("type") == "IFACEREFDTYPE":
            ports |= _of_interface(own, told, nodes)
            continue
        if item.get("direction") not in DIRECTIONS:
            continue
        direction = DIRECTIONS[item["direction"]]
        try:
            ports |= _port(own, direction, told, nodes)
        except ConformError as error:
            if direction != "out":
                raise
            beyond[own] = str(error)
    return Read(name, ports, beyond)


def _bare(told: dict[str, Any], nodes: Nodes) -> dict[str, Any]:
    """Return a type behind its names."""
    while told.get("type") in ("REFDTYPE", "ENUMDTYPE", "DEFIMPLICITDTYPE") and told.get("refDTypep") in nodes:
        told = nodes[told["refDTypep"]]
    return told


def _port(name: str, direction: str, told: dict[str, Any], nodes: Nodes) -> dict[str, Port]:
    told = _bare(told, nodes)
    if told.get("type") == "STRUCTDTYPE":
        group = Group(name, "struct", str(told.get("name", "")))
        members = {}
        for member in told.get("membersp", []):
            of = _bare(nodes.get(member["dtypep"], {}), nodes)
            left, right = _range(f"{name}.{member['name']}", of, nodes)
            full = f"{name}.{member['name']}"
            members[full] = Port(full, direction, left, right, group=group)
        return members
    if told.get("type") == "UNPACKARRAYDTYPE":
        of = _bare(nodes.get(told.get("refDTypep", ""), {}), nodes)
        if _range(name, of, nodes) != (None, None):
            raise ConformError(f"port {name!r} is an unpacked array of several bits: a map cannot say that")
        left, right = _span(told["declRange"])
        return {name: Port(name, direction, left, right, unpacked=True)}
    left, right = _range(name, told, nodes)
    return {name: Port(name, direction, left, right)}


def _of_interface(name: str, told: dict[str, Any], nodes: Nodes) -> dict[str, Port]:
    interface = nodes[told["ifacep"]] if told.get("ifacep") in nodes else _named(str(told["ifaceName"]), nodes)
    members = interface.get("stmtsp", [])
    modport = next(
        (one for one in members if one.get("type") == "MODPORT" and one["name"] == told.get("modportName")), None
    )
    ways = {} if modport is None else {one["name"]: DIRECTIONS[one["direction"]] for one in modport["varsp"]}
    variables = [one for one in members if one.get("type") == "VAR"]
    own = frozenset(one["name"] for one in variables if one.get("direction") in DIRECTIONS)
    group = Group(name, "interface", name_of(interface), own)
    ports: dict[str, Port] = {}
    for one in variables:
        full = f"{name}.{one['name']}"
        if one["name"] in own:
            direction = DIRECTIONS[one["direction"]]
        elif modport is not None and one["name"] not in ways:
            continue
        else:
            direction = ways.get(one["name"], "")
        left, right = _range(full, _bare(nodes.get(one["dtypep"], {}), nodes), nodes)
        ports[full] = Port(full, direction, left, right, group=group)
    return ports


def _named(name: str, nodes: Nodes) -> dict[str, Any]:
    return next(one for one in nodes.values() if one.get("type") == "IFACE" and name_of(one) == name)


def _span(text: Any) -> tuple[int, int]:
    left, _, right = str(text).strip("[]").partition(":")
    return int(left), int(right)


def _range(name: str, told: dict[str, Any], nodes: Nodes) -> tuple[int | None, int | None]:
    told = _bare(told, nodes)
    kind = told.get("type")
    if kind == "BASICDTYPE" and told.get("keyword") in ("real", "realtime", "shortreal", "string", "event", "chandle"):
        raise ConformError(f"port {name!r} is a {told['keyword']}: a map cannot say that")
    if kind == "BASICDTYPE":
        if "range" in told:
            return _span(told["range"])
        return (31, 0) if told.get("keyword") in ("integer", "int") else (None, None)
    if kind == "PACKARRAYDTYPE" and "declRange" in told:
        return _span(told["declRange"])
    raise ConformError(f"port {name!r} is a {str(told.get('type', 'thing')).lower()}: a map cannot say that")
