"""A `#:` line over every port of the chip's parts: what it means, and when it is valid; and no part wired by a name."""

import ast
import importlib
import inspect
import pkgutil

import pytest
from amaranth.lib import wiring

import isadma.i8237

MODULES = [
    importlib.import_module(f"isadma.i8237.{found.name}") for found in pkgutil.iter_modules(isadma.i8237.__path__)
]


def classes(base):
    found = [
        thing
        for module in MODULES
        for thing in vars(module).values()
        if inspect.isclass(thing) and issubclass(thing, base) and thing.__module__ == module.__name__
    ]
    assert len(found) > 5
    return found


def bare_ports(source):
    """Return a class's ports without a `#:` line above, and all: annotations, and keys of a signature's dict."""
    lines = source.splitlines()
    ports = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign):
            pairs = [(node.target, node.annotation)]
        elif isinstance(node, ast.Dict):
            pairs = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]
        else:
            continue
        for name, value in pairs:
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") in ("In", "Out"):
                ports[getattr(name, "id", None) or name.value] = name.lineno
    return {name for name, line in ports.items() if not lines[line - 2].lstrip().startswith("#: ")}, set(ports)


@pytest.mark.parametrize(
    "part", [*classes(wiring.Component), *classes(wiring.Signature)], ids=lambda part: part.__name__
)
def test_every_port_has_its_line(part):
    bare, ports = bare_ports(inspect.getsource(part))
    assert not bare, f"{part.__name__}: no #: line over {', '.join(sorted(bare))}"
    assert ports, f"{part.__name__} has no port in its own source: the test looks in the wrong place"


def test_a_port_without_a_line_is_found():
    source = """class C:
    #: One.
    a: In(1)
    b: Out(2)
    x = f({
        "c": In(1),
        #: D.
        "d": Out(1),
    })"""
    assert bare_ports(source) == ({"b", "c"}, {"a", "b", "c", "d"})


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_part_is_wired_by_a_list_of_names(module):
    calls = [node.func for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    assert not {"getattr", "setattr"} & {call.id for call in calls if isinstance(call, ast.Name)}
