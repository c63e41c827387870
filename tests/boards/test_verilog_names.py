"""Names in exported cores: ports that every language can write, no name lost, the same text from every Python."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

import pytest
from amaranth import Elaboratable, Module, Signal
from amaranth.back import rtlil
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

import isadma
import isadma_boards
import isadma_tools
from isadma.naming import RESERVED, port_name, verilog_ports
from isadma.pc import PcAt, PcXt
from isadma.pc.checker import IsaChecker
from isadma.soc.uart_pc import UartPc
from isadma_boards.verilog import VERILOG_CORES

#: The releases that isadma is for, but the one that runs this.
OTHER_PYTHONS = [release for release in ("3.11", "3.12", "3.13") if not sys.version.startswith(f"{release}.")]
#: A name that Amaranth made up for a signal, a memory port or a part whose own it could not find.
LOST = re.compile(r"(?:^|[\\.\s])(\$[A-Za-z_]+)")


class Ports(wiring.Component):
    """A component with the ports of a test."""

    def elaborate(self, platform):
        return Module()


@pytest.mark.parametrize(
    ("path", "name"),
    [(("clk",), "clk"), (("isa", "a", "o"), "isa_a_o"), (("ior_n", "i"), "ior_n_i"), (("lane", 0, "x2"), "lane_0_x2")],
)
def test_a_port_is_named_by_its_path(path, name):
    assert port_name(path) == name


@pytest.mark.parametrize("path", [("a__b",), ("a_",), ("_a",), ("a", ""), (0, "a"), ("a[0]",), ("a$b",), ("ä",)])
def test_a_name_that_some_language_cannot_write_is_refused(path):
    with pytest.raises(ValueError, match=r"^port .* cannot be named .*single underscores, none at the end"):
        port_name(path)


@pytest.mark.parametrize("word", ["out", "Register", "always_ff", "reg", "entity", "cover"])
def test_a_reserved_word_of_any_language_is_refused(word):
    with pytest.raises(ValueError, match=rf"^port {word} cannot be named '{word}': it is a reserved word"):
        port_name([word])


def test_icarus_refuses_the_words_it_reserves_so_the_list_is_no_invention(tmp_path):
    if shutil.which("iverilog") is None:
        pytest.skip("Icarus Verilog is not installed (iverilog)")
    refused = set()
    for word in ("module", "realtime", "pulldown", "always_ff", "unique", "shortint", "isa_a_o", "db_oe"):
        (tmp_path / "word.v").write_text(f"module m(input {word}); endmodule\n")
        command = ["iverilog", "-g2012", "-t", "null", "word.v"]
        if subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False).returncode:
            refused.add(word)
    assert refused == {"module", "realtime", "pulldown", "always_ff", "unique", "shortint"}
    assert refused <= RESERVED


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"a": Out(wiring.Signature({"b": Out(1)})), "a_b": In(1)}, r"^ports a_b and a\.b would both be named 'a_b'"),
        ({"Ready": In(1), "ready": In(1)}, r"^ports ready and Ready would both be named 'ready'"),
        ({"rst": In(1)}, r"^ports rst and the reset would both be named 'rst'"),
        ({"clk": In(1), "fabric_clk": In(1)}, r"^ports fabric_clk and the clock would both be named 'fabric_clk'"),
    ],
)
def test_two_ports_of_one_name_are_refused(members, message):
    with pytest.raises(ValueError, match=message):
        verilog_ports(wiring.Signature(members).create())


def test_arrays_and_structures_become_plain_ports():
    pair = data.StructLayout({"low": 4, "high": 4})
    core = Ports({"lanes": Out(pair).array(2), "bus": In(wiring.Signature({"give": Out(1)}))})
    text = rtlil.convert(core, ports=verilog_ports(core))
    named = re.findall(r"^ *wire width (\d+) (input|output) \d+ +\\(\S+)$", text, re.MULTILINE)
    assert named == [("1", "input", "bus_give"), ("8", "output", "lanes_0"), ("8", "output", "lanes_1")]


def test_no_name_is_lost_in_an_exported_core(core_as_text):
    assert set(LOST.findall(core_as_text.verilog)) == set()


@pytest.mark.parametrize(
    "make",
    [
        lambda: UartPc(divisor=8, memory_bits=10),
        lambda: UartPc(divisor=8, memory_bits=10, board="xt"),
        lambda: _watched(PcAt(refresh=True, high_pages=True)),
        lambda: _watched(PcXt()),
    ],
    ids=["at over a line", "xt over a line", "at and its checker", "xt and its checker"],
)
def test_no_name_is_lost_in_what_is_built_from_the_cores(make):
    made = make()
    text = rtlil.convert(made, name="top", emit_src=False, ports=None if isinstance(made, UartPc) else [])
    named = re.findall(r"^ *(?:wire|memory|cell) .*?\\(\S+)$", text, re.MULTILINE)
    assert len(named) > 500
    assert [name for name in named if LOST.search(name)] == []


def _watched(board):
    m = Module()
    m.submodules.board = board
    m.submodules.checker = IsaChecker(board, master_limit=60, ready_limit=10)
    return m


def test_a_lost_name_is_seen():
    class Careless(Elaboratable):
        def elaborate(self, platform):
            m = Module()
            first, second = Signal(), Signal()
            m.d.sync += [first.eq(~second), second.eq(first)]
            return m

    assert LOST.findall(rtlil.convert(Careless(), ports=[])) != []


@cache
def interpreter(release):
    """Return an interpreter of a release that runs: on PATH, or among pyenv's; None where there is none."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [shutil.which(f"python{release}"), *sorted(root.glob(f"versions/{release}*/bin/python{release}"))]
    for candidate in filter(None, candidates):
        asked = [str(candidate), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
        if (said.returncode, said.stdout.strip()) == (0, release):
            return str(candidate)
    return None


@pytest.mark.long
@pytest.mark.parametrize("release", OTHER_PYTHONS)
def test_every_other_python_writes_every_core_byte_for_byte_the_same(exported, release, tmp_path):
    python = interpreter(release)
    if python is None:
        pytest.skip(f"Python {release} is not installed: neither on PATH nor among pyenv's versions")
    program = (
        "import json, sys\nfrom isadma_boards.verilog import VERILOG_CORES, export\nfound = {}\n"
        "for core in VERILOG_CORES:\n    made = export(core)\n    found[core] = [made.verilog, made.vhdl]\n"
        "json.dump(found, sys.stdout)\n"
    )
    # Amaranth and what it needs are Python alone, so another release can use what this one has installed.
    packages = [sysconfig.get_paths()["purelib"]]
    packages += [str(Path(package.__file__).parents[1]) for package in (isadma, isadma_boards, isadma_tools)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(packages),
        "PATH": os.pathsep.join([os.environ.get("PATH", ""), sysconfig.get_paths()["scripts"]]),
    }
    command = [python, "-c", program]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    ours = {core: [exported(core).verilog, exported(core).vhdl] for core in VERILOG_CORES}
    assert json.loads(done.stdout) == ours
