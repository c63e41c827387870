"""The first look at a core: files that it reads, and maps that turn a pin around, are noticed first."""

import re
from pathlib import Path

import pytest
from tests.verify.conform.conftest import BROKEN, PINS, laid_on

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.run import looking, simulate
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.data import data_files, lay_beside
from isadma_verify.conform.run.looking import Seen, with_z
from isadma_verify.cosim.common.build import Build
from isadma_verify.cosim.common.simulators import available

#: The worked example, and what is put into it.
BESIDE = "reg [7:0]  low, data;"
ROM = 'reg [7:0] rom [0:1]; initial begin $readmemh("rom.hex", rom); if (rom[1] !== 8\'h5A) $fatal(1, "no rom"); end'


def judged(tmp_path: Path, icarus: str, text: str, *turns: str, holds: bool = True) -> list[str]:
    """Judge the worked example with a text in it and a map changed; return what was remarked on the way."""
    core, pins = tmp_path / "core.v", tmp_path / "pins.toml"
    core.write_text(BROKEN.read_text().replace(BESIDE, f"{BESIDE} {text}"))
    told = PINS.read_text()
    for pin in turns:
        told, found = re.subn(rf'(\n{pin} = (?:{{ out = )?")', r"\1!", told)
        assert found
    pins.write_text(told)
    said: list[str] = []
    laid = laid_on([core], pins, FAULTS="0")
    verdict = judge(Request(laid, simulator=icarus, rules=("clear-mask",), folder=tmp_path / "b"), say=said.append)
    assert verdict.remarks == said
    assert verdict.holds is holds
    return said


def test_a_file_beside_the_core_is_found_and_a_dack_that_is_turned_is_remarked_at_once(tmp_path, icarus):
    (tmp_path / "rom.hex").write_text("11 5A\n")
    said = judged(tmp_path, icarus, ROM, "dack")
    assert [line for line in said if line.startswith("every DACK is low after RESET")] == said
    assert len(said) == 1


def test_a_file_that_is_not_there_is_named(tmp_path, icarus):
    with pytest.raises(ConformError, match=r"reads 'rom\.hex', which is neither in the current folder nor beside"):
        judged(tmp_path, icarus, ROM)


def test_an_hrq_that_is_turned_ends_in_one_line(tmp_path, icarus):
    with pytest.raises(ConformError, match=r"never gets the bus after RESET: hrq is high .*: look at the polarity"):
        judged(tmp_path, icarus, "", "hrq")


def test_a_core_that_prints_without_end_is_judged_and_leaves_short_logs(tmp_path, icarus, monkeypatch):
    monkeypatch.setattr(simulate, "LARGEST", 1 << 16)
    text = 'always @(posedge CLK2) repeat (100) $display("what nobody asked for");'
    assert judged(tmp_path, icarus, text) == []
    logs = [log.stat().st_size for log in (tmp_path / "b" / "runs").rglob("simulator.log")]
    assert max(logs) == 1 << 16


def test_a_long_log_keeps_its_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(simulate, "_KEPT", 10)
    log = tmp_path / "simulator.log"
    log.write_text("begins here" + "x" * 100 + "%Error: the end")
    simulate._shorten(log)
    assert log.read_text() == "begins her" + ": the end"[-10:].rjust(10, "r")


def test_files_are_found_by_every_text_that_names_one_and_laid_where_the_core_looks(tmp_path):
    source, folder = tmp_path / "rtl" / "x.vhd", tmp_path / "runs" / "first"
    (tmp_path / "rtl" / "data").mkdir(parents=True)
    source.write_text('file f : text open read_mode is "data/a.txt"; -- "nothing.txt" "/etc/passwd" "x.vhd" "." "a*"')
    (tmp_path / "rtl" / "data" / "a.txt").write_text("a")
    (tmp_path / "rtl" / "b.hex").write_text("b")
    found = data_files([source], ['"b.hex"', "16"])
    assert set(found) == {"data/a.txt", "b.hex"}
    folder.mkdir(parents=True)
    lay_beside(folder, {**found, "../up.txt": found["b.hex"], "../../out.txt": found["b.hex"]}, tmp_path / "runs")
    laid = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert laid == {
        "rtl/x.vhd", "rtl/data/a.txt", "rtl/b.hex", "runs/first/data/a.txt", "runs/first/b.hex", "runs/up.txt",
    }  # fmt: skip
    (folder / "b.hex").write_text("written by the core")
    assert (tmp_path / "rtl" / "b.hex").read_text() == "b"


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("ready", "the first service, of one byte, does not end: look at the polarity of ready"),
        ("memr_n", "memr_n: low before any transfer, which is active"),
    ],
)
def test_what_the_first_service_shows_of_a_turned_pin_is_remarked(tmp_path, icarus, pin, said):
    remarked = judged(tmp_path, icarus, "", pin, holds=pin != "ready")
    assert [line.startswith(said) for line in remarked] == [True]


def test_z_in_a_register_is_judged_where_it_is_seen(monkeypatch):
    """Verilator has 0 where a register holds Z, and would say that the core drives the bus."""
    monkeypatch.setattr(looking, "available", lambda name: True)
    fast, slow = (Build(Path("x"), "top", name, False) for name in ("verilator", "icarus"))
    blind, sees = Seen(["a remark"], frozenset({"a", "db"})), Seen([], frozenset({"db"}))
    build, seen = with_z(blind, None, fast, lambda: (slow, sees))
    assert build is slow
    assert seen.remarks == ["a: a register has Z, which Verilator keeps none of: judged on Icarus"]
    # Where Icarus sees none either, or was not to be taken, or is not there, nothing changes.
    assert with_z(blind, None, fast, lambda: (slow, blind)) == (fast, blind)
    build, seen = with_z(blind, "verilator", fast, lambda: (slow, sees))
    assert build is fast
    assert seen.remarks[-1].startswith("a, db: no Z at rest; where a register has it, Verilator does not show it")
    assert with_z(Seen([], frozenset()), None, fast, lambda: (slow, sees))[0] is fast


@pytest.mark.long
@pytest.mark.skipif(not available("verilator"), reason="Verilator is not installed")
def test_a_core_with_z_in_its_registers_floats(tmp_path, icarus):
    core, pins = tmp_path / "core.v", tmp_path / "pins.toml"
    held = (
        "parameter NOBODY = 4'bzzzz; reg [3:0] own; assign A_LOW = own; "
        "always @(posedge CLK2 or negedge CLK2) begin own <= NOBODY; if (drives) own <= low[3:0]; end"
    )
    text, found = re.subn(r"assign A_LOW  = (.*?);", held, BROKEN.read_text())
    assert found
    core.write_text(text)
    pins.write_text(PINS.read_text())
    verdict = judge(Request(laid_on([core], pins, FAULTS="0"), rules=("clear-mask",), folder=tmp_path / "b"))
    assert verdict.holds
    assert verdict.simulator.startswith("icarus")
    assert verdict.remarks == ["a: a register has Z, which Verilator keeps none of: judged on Icarus"]


def test_a_strobe_that_is_low_at_rest_is_why_a_core_never_asks(tmp_path, icarus):
    core = tmp_path / "core.v"
    core.write_text(
        BROKEN.read_text().replace("assign MEMR_N = drives ? ~memr : 1'bz;", "assign MEMR_N = drives & memr;")
    )
    # Memory answers it, and what the CPU writes is lost.
    said = r"never rose .*: memr_n: no Z .*; memr_n: low before any transfer, .*; look at \[clock"
    with pytest.raises(ConformError, match=said):
        judge(Request(laid_on([core], PINS, FAULTS="0"), simulator=icarus, folder=tmp_path / "b"))
