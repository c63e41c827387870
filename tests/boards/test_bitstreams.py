"""A bitstream's report: the fastest of several placements, and the file that belongs to it."""

import json
from dataclasses import replace

import pytest

from isadma_boards.bitstreams import build, make
from isadma_boards.tops import BOARDS

#: What each seed reaches, MHz.
FMAX = {1: 50.0, 2: 60.0, 3: 55.0}


@pytest.fixture
def tools(monkeypatch):
    """Stand in for the tools: each seed makes another clock, and the packer notes which seed it packed."""
    placed = []

    def place(spec, folder, seed):
        placed.append(seed)
        return {
            "fmax": {"clk": {"achieved": FMAX[seed]}, "other": {"achieved": 200.0}},
            "utilization": {
                spec.family.cell: {"used": 1000 + seed, "available": 1280},
                spec.family.bram: {"used": 3, "available": 16},
            },
        }

    def run(tool, arguments, *, cwd):
        if "pack" in tool:
            (cwd / BOARDS["icestick"].family.bitstream).write_text(f"seed {placed[-1]}")
        return ""

    monkeypatch.setattr(make, "_prepare", lambda spec, socket, folder: None)
    monkeypatch.setattr(make, "_place", place)
    monkeypatch.setattr(make.toolchain, "find", lambda tool: tool)
    monkeypatch.setattr(make.toolchain, "run", run)
    return placed


def test_the_fastest_of_the_seeds_is_kept_with_its_figures_and_its_file(tools, tmp_path):
    steps = []
    report = build("icestick", tmp_path, seeds=3, progress=steps.append)
    assert tools == [1, 2, 3]
    assert (report.seed, report.fmax_mhz, report.cells, report.fmax_by_seed) == (2, 60.0, 1002, FMAX)
    assert (tmp_path / "icestick.bin").read_text() == "seed 2"
    assert report.bitstream == str(tmp_path / "icestick.bin")
    assert steps[-1] == "placing and routing it, seed 3 of 3"


def test_the_report_is_one_line_of_json_with_the_promised_keys(tools, tmp_path):
    text = build("icestick", tmp_path).json()
    assert "\n" not in text
    figures = json.loads(text)
    assert {"board", "bitstream", "cells", "bram", "fmax_mhz", "clock_mhz", "throughput"} <= set(figures)
    assert (figures["board"], figures["clock_mhz"], figures["bram"]) == ("icestick", 12.0, 3)


def test_a_bitstream_meets_the_clock_it_reaches_exactly(tools, tmp_path):
    report = build("icestick", tmp_path)
    assert report.meets_clock
    assert replace(report, fmax_mhz=12.0).meets_clock
    assert not replace(report, fmax_mhz=11.99).meets_clock


@pytest.mark.parametrize(
    ("board", "seeds", "message"),
    [
        ("nosuch", 1, r"^no board is named 'nosuch'; there are icestick, icebreaker, "),
        ("icestick", 0, r"^seeds must be 1 or more, not 0$"),
    ],
)
def test_what_cannot_be_built_is_refused(tmp_path, board, seeds, message):
    with pytest.raises(ValueError, match=message):
        build(board, tmp_path, seeds=seeds)


@pytest.mark.long
def test_the_smallest_board_is_built_and_its_clock_met(tmp_path):
    report = build("icestick", tmp_path)
    assert report.cells <= report.cells_there == 1280
    assert report.meets_clock
    assert (tmp_path / "icestick.bin").stat().st_size > 10_000
