"""Cores as Verilog: one file, the same every time, clean under lint, and right in somebody else's testbench."""

import ast
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest

from isadma_boards.verilog import VERILOG_CORES

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def ports(text, direction):
    return set(re.findall(rf"^  {direction} (?:\[\d+:0\] )?(\w+);$", text, re.MULTILINE))


def table(text):
    return dict(re.findall(r"^//   (\w+) +(in|out) ", text, re.MULTILINE))


def test_the_cores_are_the_chip_the_boards_the_wishbone_and_the_socket():
    assert list(VERILOG_CORES) == ["i8237", "at", "xt", "wishbone", "socket"]


@pytest.mark.parametrize("core", VERILOG_CORES)
def test_the_header_lists_every_port_and_its_direction(exported, core):
    text = exported(core).verilog
    listed = table(text)
    assert {name for name, direction in listed.items() if direction == "in"} == ports(text, "input")
    assert {name for name, direction in listed.items() if direction == "out"} == ports(text, "output")
    assert len(re.findall(r"^module ", text, re.MULTILINE)) == 1


def test_the_header_has_version_parameters_and_meanings(exported):
    lines = exported("at").verilog.splitlines()
    assert lines[0] == "// isadma_at: the PC/AT's DMA: two 8237As, page registers, wait states, the ISA bus."
    assert version("isadma") in lines[1]
    assert any(
        line.startswith("// Parameters: wait_states = 1, variant = nmos, undefined_read = 255") for line in lines
    )
    assert any(re.fullmatch(r"//   hlda +in +1 +Hold acknowledge, high: .*", line) for line in lines)
    assert any(re.fullmatch(r"//   isa_a_o +out +24 +Out\. Address, high is 1\.", line) for line in lines)


def test_another_process_writes_the_same_text_without_a_place_or_a_date(exported, tmp_path):
    program = "import sys; from isadma_boards.verilog import export; sys.stdout.write(export('i8237').verilog)"
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": os.pathsep.join(sys.path), "TZ": "Asia/Tokyo"}
    again = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=True
    ).stdout
    text = exported("i8237").verilog
    assert again == text
    assert not re.search(r"src =|/site-packages|\.py|\.il\b|20\d\d-\d\d|Yosys 0", text)


def test_the_variant_makes_another_file(exported):
    nmos, cmos = exported("i8237").verilog, exported("i8237", variant="cmos").verilog
    assert "variant = cmos" in cmos
    assert cmos.partition("endmodule")[0].partition(");")[2] != nmos.partition("endmodule")[0].partition(");")[2]


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_the_example_testbench_passes_in_icarus_and_notices_a_broken_core(exported, tmp_path):
    bench = EXAMPLES / "verilog" / "transfer_tb.v"

    def simulate(text):
        (tmp_path / "isadma_at.v").write_text(text)
        build = ["iverilog", "-g2005", "-Wall", "-o", "transfer", str(bench), "isadma_at.v"]
        subprocess.run(build, cwd=tmp_path, check=True, timeout=120)
        done = subprocess.run(["vvp", "-n", "transfer"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        return done.stdout.splitlines()

    text = exported("at").verilog
    assert [line for line in simulate(text) if line[:4] in ("PASS", "FAIL")] == ["PASS: 8 bytes, one terminal count"]
    assert text.count("assign isa_tc = ") == 1
    assert any(line.startswith("FAIL") for line in simulate(text.replace("assign isa_tc = ", "assign isa_tc = 0 & ")))


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
@pytest.mark.parametrize(
    ("core_mhz", "fabric_ns", "said"),
    [
        (75, 13.333, "PASS: channel 1 reloads 1234h"),
        (100, 10.1, "PASS: channel 1 reloads 1234h"),
        (75, 40, "TSTT: ADSTB low within 90 ns"),
        (16, 13.333, "TAHS: DB 30 ns after ADSTB low"),
    ],
)
def test_the_sockets_testbench_passes_in_icarus_and_notices_what_breaks_the_ac_table(
    exported, tmp_path, core_mhz, fabric_ns, said
):
    bench = EXAMPLES / "verilog" / "socket_tb.v"
    text = exported("socket", fabric_mhz=core_mhz).verilog
    (tmp_path / "isadma_socket.v").write_text(re.sub(r"\bisadma_socket_\w+", "isadma_socket", text))
    fabric = f"-Psocket_tb.FABRIC_NS={fabric_ns}"
    build = ["iverilog", "-g2005", "-Wall", fabric, "-o", "socket", str(bench), "isadma_socket.v"]
    subprocess.run(build, cwd=tmp_path, check=True, timeout=120)
    done = subprocess.run(["vvp", "-n", "socket"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    lines = [line for line in done.stdout.splitlines() if line[:4] in ("PASS", "FAIL")]
    assert any(said in line for line in lines), lines
    assert said.startswith("PASS") == all(line.startswith("PASS") for line in lines)


def test_the_litex_example_is_python_and_names_the_cores_ports(exported):
    tree = ast.parse((EXAMPLES / "litex" / "dma8237.py").read_text())
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = {text[2:] for text in strings if re.fullmatch(r"[io]_\w+", text)}
    buses = {"adr", "dat_w", "sel", "cyc", "stb", "we", "dat_r", "ack"}
    assert buses <= strings
    named |= {f"{bus}_{signal}" for bus in ("registers", "memory") for signal in buses}
    assert named == set(table(exported("wishbone").verilog))


def test_the_fusesoc_generator_writes_what_the_core_file_asks_for(tmp_path, monkeypatch):
    """FuseSoC brings YAML; JSON is a part of it, and enough to ask with."""
    monkeypatch.setitem(sys.modules, "yaml", SimpleNamespace(safe_load=json.loads, safe_dump=json.dumps))
    monkeypatch.setenv("PATH", os.pathsep.join([sysconfig.get_paths()["scripts"], os.environ["PATH"]]))
    monkeypatch.chdir(tmp_path)
    parameters = {"core": "xt", "variant": "cmos", "set": {"wait_states": 0}, "name": "my_xt", "vhdl": True}
    (tmp_path / "request").write_text(json.dumps({"vlnv": "isadma:dma:xt:0.2.0", "parameters": parameters}))
    runpy.run_path(str(EXAMPLES / "verilog" / "generate.py"))["main"](str(tmp_path / "request"))
    described = json.loads((tmp_path / "isadma_xt.core").read_text().removeprefix("CAPI=2:\n"))
    files = [name for entry in described["filesets"]["rtl"]["files"] for name in entry]
    assert files == ["isadma_xt.v", "isadma_xt_pkg.vhd"]
    text = (tmp_path / "isadma_xt.v").read_text()
    assert "\nmodule my_xt(" in text
    assert "// Parameters: wait_states = 0, variant = cmos," in text
    assert "component my_xt is" in (tmp_path / "isadma_xt_pkg.vhd").read_text()
