"""The bare chip's size on an FPGA, and what is said of a wrong name."""

import json

import pytest

from isadma_boards.synth import CORES, DEVICES, Report, measure
from isadma_boards.synth.mapped import FLOWS, mapped


@pytest.fixture(scope="module")
def report(native_yosys):
    with native_yosys():
        return measure("i8237", "hx8k", seeds=1)


def test_the_chip_fits_in_255_lookup_tables_and_80_flip_flops(report):
    assert 0 < report.lut4 <= 255
    assert 0 < report.ff <= 80
    assert report.bram == 2


@pytest.mark.long
def test_the_at_leaves_room_for_a_uart_on_the_smallest_part():
    report = measure("at", "hx1k", seeds=1)
    assert 0 < report.cells <= 720  # of 1280
    assert report.bram == 5


@pytest.mark.usefixtures("by_native_yosys")
def test_the_arbiter_of_the_xt_is_a_handful_of_lookup_tables():
    report = measure("hold-xt", "hx8k", seeds=1)
    assert 0 < report.lut4 <= 25
    assert report.ff == 8


def test_the_fastest_clock_is_that_of_the_only_seed(report):
    assert report.seeds == 1
    assert [report.fmax_mhz] == report.fmax_by_seed
    assert report.fmax_mhz > 0


def test_the_json_has_the_figures_by_name():
    report = Report("i8237", "hx8k", 1, 2, 3, 4, 5.0, 1, [5.0])
    assert json.loads(report.json()) == {
        "core": "i8237",
        "device": "hx8k",
        "lut4": 1,
        "ff": 2,
        "bram": 3,
        "cells": 4,
        "fmax_mhz": 5.0,
        "seeds": 1,
        "fmax_by_seed": [5.0],
    }


def test_the_cores_and_devices_are_those_of_the_command():
    assert sorted(CORES) == ["at", "hold-xt", "i8237", "xt"]
    assert sorted(DEVICES) == ["ecp5-25k", "hx1k", "hx8k", "up5k"]


@pytest.mark.parametrize(
    ("core", "device", "seeds", "message"),
    [
        ("z80", "hx8k", 1, r"^no core is named 'z80'; there are i8237, at, xt, hold-xt$"),
        ("i8237", "hx9k", 1, r"^no device is named 'hx9k'; there are hx1k, hx8k, up5k, ecp5-25k$"),
        ("i8237", "hx8k", 0, r"^seeds must be 1 or more, not 0$"),
    ],
)
def test_a_wrong_name_is_refused_with_the_right_ones(core, device, seeds, message):
    with pytest.raises(ValueError, match=message):
        measure(core, device, seeds=seeds)


@pytest.mark.usefixtures("by_native_yosys")
@pytest.mark.parametrize(
    "device",
    [pytest.param(name, marks=[] if name == "asic" else [pytest.mark.long]) for name in sorted(FLOWS)],
)
def test_the_chip_is_counted_where_it_is_not_placed(device):
    report = mapped("i8237", device)
    assert sum(report.cells.values()) > 250
    if device == "asic":  # the core of a vendor who tells its size has 5,500 gates
        assert 3000 < report.gate_equivalents < 5500
        assert report.ff > 16 * 16 + 4 * 6  # the words and the modes are flip-flops
    else:
        assert report.gate_equivalents is None
        assert 150 < report.luts < 300
        assert report.memories > 0


@pytest.mark.usefixtures("by_native_yosys")
def test_gate_equivalents_are_the_cells_sizes_added_up():
    sizes = {"INV": 0.67, "NAND2": 1, "NOR2": 1, "AND2": 1.33, "OR2": 1.33, "NAND3": 1.33, "NOR3": 1.33}
    sizes |= {"NAND4": 1.67, "NOR4": 1.67, "AOI21": 1.33, "OAI21": 1.33, "AOI22": 1.67, "OAI22": 1.67}
    sizes |= {"XOR2": 2.67, "XNOR2": 2.67, "MUX2": 2.33, "DFF": 5.33, "BUF": 1}
    report = mapped("hold-xt", "asic")
    assert report.gate_equivalents == round(sum(sizes[kind] * number for kind, number in report.cells.items()))
