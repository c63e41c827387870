"""The simulator's own waveforms as captures: the golden model's pins, replayed into the RTL, agree in every clock."""

import pytest

from isadma_sim import PC
from isadma_verify.captures.check.run import check


def transfer(pc, channel=1):
    """Program a channel for four bytes out of memory, by software request, and wait."""
    for port, value in ((0x0B, 0x88 | channel), (0x0C, 0), (2 * channel, 0x34), (2 * channel, 0x12)):
        pc.outb(port, value)
    for port, value in ((2 * channel + 1, 3), (2 * channel + 1, 0), (0x83, 0x5), (0x09, 4 | channel)):
        pc.outb(port, value)
    pc.run(clocks=200)


@pytest.mark.parametrize("board", ["xt", "at"])
@pytest.mark.parametrize("ending", [".sr", ".vcd"])
def test_the_golden_models_waveforms_agree_with_the_rtl(tmp_path, board, ending):
    path = tmp_path / f"t{ending}"
    with PC(engine="reference", board=board) as pc:
        pc.waves(path)
        if board == "at":
            pc.outb(0xD6, 0xC0)
            pc.outb(0xD4, 0x00)
        transfer(pc)
    result = check(path, board=board, engine="amaranth")
    assert result.agrees, result.difference
    assert result.services.served[1] == 1
    assert result.services.terminal_counts == 1
    assert (result.services.granted, result.services.requests) == (1, 1)
    compared = {line.line for line in result.lines}
    assert {"hrq", "aen", "tc", "dack1_n", "memr_n", "iow_n", "a0", "a16"} <= compared


def test_a_slot_capture_without_hlda_takes_the_bus_from_aen(tmp_path):
    path, pins = tmp_path / "t.sr", tmp_path / "pins.toml"
    with PC(engine="reference", board="xt") as pc:
        pc.waves(path)
        transfer(pc)
    names = {"a": [f"A{bit}" for bit in range(20)], "d": [f"D{bit}" for bit in range(8)]}
    lines = {"clk": "CLK", "aen": "AEN", "dack1_n": "DACK1#", "ior_n": "IOR#", "iow_n": "IOW#", "memr_n": "MEMR#"}
    pins.write_text("[pins]\n" + "".join(f"{line} = {probe!r}\n" for line, probe in {**lines, **names}.items()))
    result = check(path, pins=pins, board="xt", engine="amaranth")
    assert result.agrees, result.difference
    assert result.services.served[1] == 1


@pytest.mark.parametrize("board", ["xt", "at"])
def test_a_capture_that_begins_after_the_self_test_finds_the_controllers_as_it_leaves_them(tmp_path, board):
    path = tmp_path / "t.sr"
    with PC(engine="reference", board=board) as pc:
        if board == "at":
            pc.outb(0xD6, 0xC0)
            pc.outb(0xD4, 0x00)
        pc.waves(path)
        transfer(pc)
    result = check(path, board=board, engine="amaranth")
    assert result.agrees, result.difference
    assert result.services.served[1] == 1
