"""The hardware names no vendor: no primitive, no platform, no simulator; any synthesis tool takes all of it."""

import ast
import re

import pytest
from amaranth.back import rtlil

from isadma.i8237 import I8237
from isadma.i8237.socket import Socket
from isadma.pc import PcAt, PcXt
from isadma.soc import WishboneDma

#: The parts of Amaranth that hold for every tool. The one value of a back end is "undefined", which has no other name.
ALLOWED = re.compile(r"amaranth(\.(hdl|lib)(\..*)?|\.[A-Za-z]+)?|amaranth\.back\.rtlil\.Undef")

#: Modules of Amaranth for one vendor, tool or board, however they are imported; and its way to name a primitive.
FORBIDDEN = {"sim", "back", "build", "vendor", "tracer", "Instance", "IOBufferInstance"}


TOPS = [
    *(pytest.param(lambda v=v: I8237(variant=v), id=f"i8237-{v}") for v in ("nmos", "cmos")),
    pytest.param(lambda: I8237(memory={"ram_style": "distributed"}), id="i8237-distributed"),
    *(pytest.param(top, id=top.__name__) for top in (Socket, PcAt, PcXt, WishboneDma)),
]


def allowed(imported):
    return bool(ALLOWED.fullmatch(imported)) and imported.rpartition(".")[2] not in FORBIDDEN


def test_the_hardware_imports_of_amaranth_only_what_holds_for_every_tool(house):
    imported = [i for i in house.imports("isadma") if i.imported.partition(".")[0] == "amaranth"]
    assert imported, "isadma imports nothing of amaranth: the test looks in the wrong place"
    wrong = [i for i in imported if not allowed(i.imported)]
    assert not wrong, "\n".join(f"{i.place}: {i.importer} imports {i.imported}" for i in wrong)


def test_the_hardware_asks_for_no_platform_and_names_no_primitive(house):
    wrong = []
    for path in house.files("rtl"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name in {"platform", "Instance", "IOBufferInstance"}:
                wrong.append(f"{path.relative_to(house.root)}:{node.lineno}: {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("top", TOPS)
def test_the_netlist_has_only_yosys_own_cells_and_modules_of_its_own(top):
    text = rtlil.convert(top(), name="top")
    modules = set(re.findall(r"^module (\S+)", text, re.MULTILINE))
    cells = re.findall(r"^ *cell (\S+) ", text, re.MULTILINE)
    assert cells, "no cell at all: the test reads the netlist wrongly"
    foreign = {cell for cell in cells if cell not in modules and not cell.startswith("$")}
    assert not foreign


@pytest.mark.parametrize(
    ("source", "passes"),
    [
        ("from amaranth.sim import Simulator", False),
        ("from amaranth import Instance", False),
        ("from amaranth.hdl import Instance", False),
        ("import amaranth.vendor", False),
        ("from amaranth.back import verilog", False),
        ("from amaranth.lib.memory import Memory", True),
        ("from amaranth import Module", True),
    ],
)
def test_no_import_of_a_vendor_or_a_simulator_escapes(house, source, passes):
    (found,) = house.imports_of(source, "isadma.i8237.timing")
    assert allowed(found.imported) is passes
