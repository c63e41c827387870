"""Cores in other people's styles: what a map says of them needs no wrapper, and a guess is often the whole map."""

from pathlib import Path

import pytest

from isadma_boards.verilog.export import export
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.remarks import of_map
from isadma_verify.conform.run.verdicts import BROKEN, Verdict
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import lay
from isadma_verify.conform.wrap.verilog import wrapper
from isadma_verify.cosim.common.simulators import available

from .conftest import BROKEN as EXAMPLE
from .conftest import FOLDER

CORES = Path(__file__).parent / "cores"

#: What each style is judged by in the quick suite: a figure at every half clock, and what a CPU reads after TC. The
#: rules that a checker holds at the pins would run every bench: they are for the long one.
QUICK = ("figure-11", "after-tc")


@pytest.fixture(scope="session")
def ours(tmp_path_factory) -> Path:
    """Return this project's chip as a Verilog file, to be inside of other styles."""
    file = tmp_path_factory.mktemp("ours") / "isadma_i8237.v"
    file.write_text(export("i8237").verilog)
    return file


def judged(files: list[Path], pins: Path, simulator: str, rules: tuple[str, ...], **options) -> Verdict:
    told = read_map(pins)
    core = read_core(files, told.top, parameters=told.parameters, **options)
    return judge(Request(lay(core, told), simulator=simulator, rules=rules, folder=FOLDER / "styles"))


def broken(verdict: Verdict) -> list[str]:
    return [f"{one.rule.name}: {one.first}" for one in verdict.rules if one.state == BROKEN]


def needs(simulator: str) -> None:
    if not available(simulator):
        pytest.skip(f"{simulator} is not installed")


def style(name: str, ours: Path, tmp_path: Path, rules: tuple[str, ...]) -> Verdict:
    if name == "fabric_style":
        options = {"includes": [CORES / "include"], "defines": {"EOP_LEVEL": "1'b1"}}
        return judged([CORES / "fabric_style.sv", ours], CORES / "fabric_style.toml", "icarus", rules, **options)
    if name == "one_clock":
        return judged([CORES / "one_clock.v", ours], CORES / "one_clock.toml", "icarus", rules)
    if name in ("handshake", "pulsed"):
        return judged([CORES / f"{name}.v", ours], CORES / f"{name}.toml", "icarus", rules)
    if name == "members":
        return judged([CORES / "members.sv", ours], CORES / "members.toml", "verilator", rules)
    if name == "records":
        files = [CORES / "records.vhd", CORES / "plain8237.vhd"]
        return judged(files, CORES / "records.toml", "ghdl", rules)
    files = [CORES / "dip.v", EXAMPLE]
    pins = tmp_path / "dip.toml"
    pins.write_text(guess(read_core(files, "dip")))
    return judged(files, pins, "icarus", rules)


#: Each style, and what simulates it: interfaces as ports are Verilator's alone.
STYLES = {
    "fabric_style": "icarus", "one_clock": "icarus", "dip": "icarus", "handshake": "icarus", "records": "ghdl",
    "members": "verilator", "pulsed": "icarus",
}  # fmt: skip
#: Maps of other tests say the same: part of `make test-long`.
LIKE_ANOTHER = {"one_clock", "dip", "handshake"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.long] if name in LIKE_ANOTHER else [])
        for name in STYLES
        if name != "members"
    ],
)
def test_a_style_is_judged_through_its_map(ours, tmp_path: Path, name: str):
    needs(STYLES[name])
    verdict = style(name, ours, tmp_path, QUICK)
    assert not broken(verdict)
    assert verdict.lacks == (["aen"] if name in ("one_clock", "handshake") else [])
    assert ("a" in verdict.gated) == (name == "fabric_style")


@pytest.mark.long
def test_a_core_that_looks_for_clks_edges_is_told_how_to_say_so(icarus, ours, tmp_path: Path):
    pins, remarks = tmp_path / "pulsed.toml", {}
    for late in (0, 1):
        text = (CORES / "pulsed.toml").read_text().replace("per_state = 2\nlate = 1", f"per_state = 6\nlate = {late}")
        pins.write_text(text)
        remarks[late] = judged([CORES / "pulsed.v", ours], pins, icarus, ("after-tc",)).remarks
    said = "HRQ comes 1 fabric clock after an edge of CLK: if that is its way, late = 1 in [clock] says so"
    assert remarks == {0: [said], 1: []}


def test_members_of_interfaces_and_structures_are_ports(ours):
    core = read_core([CORES / "members.sv", ours], None, parameters={"LOW": "1"})
    assert core.top == "members"
    ports = core.ports
    assert (ports["bus.clk"].direction, ports["bus.low"].direction) == ("in", "out")
    assert (ports["cpu.adr"].width, ports["cpu.sel"].width) == (4, 1)
    assert (ports["want"].unpacked, ports["want"].indices) == (True, [3, 2, 1, 0])
    assert core.beyond == {"spare": "port 'spare' is an unpacked array of several bits: a map cannot say that"}
    text = wrapper(lay(core, read_map(CORES / "members.toml")))
    assert "isa_side i_bus (.clk(p_bus_clk), .rst(p_bus_rst));" in text
    assert ".cpu({p_cpu_hlda, p_cpu_adr, p_cpu_sel})" in text
    assert "assign i_bus.rd_i = {~ior_n_i};" in text
    assert "assign p_want[0] = dreq[0];" in text


#: A map of the one-clock core on which nearly everything is missing, or cannot float.
LESS = {
    'cs_n = "!sel"': "cs_n = false",
    'ready = "wait_n"': "ready = false",
    ', oe = "!dout_oe_n"': "",
    ', oe = "bus_oe"': "",
    'in = "!tc_in", ': "",
    'ior_n = { in = "!rd", ': "ior_n = { ",
    'iow_n = { in = "!wr", ': "iow_n = { ",
    "[drive]": '[drive]\nsel = 1\nrd = "!ior_n & !cs_n"\nwr = "!iow_n & !cs_n"\nwait_n = 1\ntc_in = 0',
}


@pytest.mark.parametrize("rules", [("count", "figure-13", "external-eop"), pytest.param((), marks=pytest.mark.long)])
def test_what_goes_with_a_pin_that_is_not_there_is_left_out(icarus, ours, tmp_path: Path, rules: tuple[str, ...]):
    text, pins = (CORES / "one_clock.toml").read_text(), tmp_path / "less.toml"
    for old, new in LESS.items():
        assert old in text
        text = text.replace(old, new)
    pins.write_text(text)
    verdict = judged([CORES / "one_clock.v", ours], pins, icarus, rules)
    assert not broken(verdict)
    assert verdict.holds
    states = {one.rule.name: one.state for one in verdict.rules}
    assert (states["count"], states["figure-13"], states["external-eop"]) == ("held", "left out", "left out")


def test_a_net_of_an_interface_that_both_sides_drive_is_one_line(tmp_path: Path):
    core, pins = read_core([CORES / "netted.sv", EXAMPLE], None), tmp_path / "netted.toml"
    assert core.top == "netted"
    assert (core.ports["pins.CLK"].direction, core.ports["pins.DB"].direction) == ("in", "")
    pins.write_text(guess(core))
    assert read_map(pins).clock.per_state == 2
    with pytest.raises(ConformError, match=r"no open simulator carries Z through an interface, as pins.IOR_N would"):
        lay(core, read_map(pins))


def test_elements_of_records_are_ports():
    ports = read_core([CORES / "records.vhd", CORES / "plain8237.vhd"], "records", parameters={"CHANNELS": "4"}).ports
    assert (ports["cpu.hlda"].direction, ports["says.ack"].direction) == ("in", "out")
    assert ports["cpu.wanted"].indices == [0, 1, 2, 3]
    assert ports["a_up"].indices == [7, 6, 5, 4]
    assert "serving" not in ports
    assert "scan" not in ports


@pytest.mark.long
def test_a_board_with_pages_of_its_own_and_one_enable_is_judged_through_its_map(icarus, tmp_path: Path):
    board = tmp_path / "isadma_at.v"
    board.write_text(export("at").verilog)
    rules = ("byte-channels", "word-channels", "known-levels", "one-driver", "bus-floats")
    verdict = judged([CORES / "slot_board.v", board], CORES / "slot_board.toml", icarus, rules)
    assert not broken(verdict)
    assert [one.state for one in verdict.rules] == ["held"] * len(rules)


@pytest.mark.parametrize("rules", [("pages", "ports"), pytest.param((), marks=pytest.mark.long)])
def test_a_board_of_bytes_is_judged_as_an_xt(icarus, tmp_path: Path, rules: tuple[str, ...]):
    board = tmp_path / "isadma_xt.v"
    board.write_text(export("xt").verilog)
    verdict = judged([CORES / "xt_slot.v", board], CORES / "xt_slot.toml", icarus, rules)
    assert not broken(verdict)
    assert {one.state for one in verdict.rules} == {"held"}


@pytest.mark.parametrize(("line", "said"), [('gets = "hlda"', 0), ('gets = "hlda & wants"', 1)])
def test_hlda_that_a_line_of_the_map_can_hold_up_is_remarked(ours, tmp_path: Path, line: str, said: int):
    text = (CORES / "pulsed.toml").read_text()
    assert 'gets = "hlda"' in text
    pins = tmp_path / "pulsed.toml"
    pins.write_text(text.replace('gets = "hlda"', line))
    told = read_map(pins)
    remarked = of_map(lay(read_core([CORES / "pulsed.v", ours], told.top), told))
    assert len(remarked) == said
    assert all(one.startswith("HLDA goes to gets through a line under [drive]") for one in remarked)


@pytest.mark.long
@pytest.mark.parametrize("name", STYLES)
def test_a_style_holds_every_rule(ours, tmp_path: Path, name: str):
    needs(STYLES[name])
    assert not broken(style(name, ours, tmp_path, ()))


@pytest.mark.long
def test_vhdl_is_judged_by_ghdl_through_a_guessed_map(tmp_path: Path):
    needs("ghdl")
    file, pins = CORES / "plain8237.vhd", tmp_path / "plain8237.toml"
    pins.write_text(guess(read_core([file], None)))
    rules = (*QUICK, "clear-mask")
    assert not broken(judged([file], pins, "ghdl", rules))
    told = read_map(pins)
    faulty = lay(read_core([file], told.top, parameters={"FAULT": "1"}), told)
    verdict = judge(Request(faulty, rules=rules, folder=FOLDER / "styles"))
    assert [said.partition(":")[0] for said in broken(verdict)] == ["clear-mask"]


@pytest.mark.long
def test_vhdl_holds_every_rule(tmp_path: Path):
    needs("ghdl")
    file, pins = CORES / "plain8237.vhd", tmp_path / "plain8237.toml"
    pins.write_text(guess(read_core([file], None)))
    assert not broken(judged([file], pins, "ghdl", ()))
