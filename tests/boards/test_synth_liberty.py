"""Gate equivalents by a library of standard cells: what is read of it, and what it counts."""

import re
from importlib import resources

import pytest

from isadma_boards.synth.liberty import LibraryError, read_library
from isadma_boards.synth.mapped import mapped

USUAL = (resources.files("isadma_boards.synth") / "gates.lib").read_text()


@pytest.fixture
def library(tmp_path):
    def write(text):
        path = tmp_path / "cells.lib"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("name", ["NAND2", "NAND2X1", "NAND2_X1", "nand2_1", "sky130_fd_sc_hd__nand2_1"])
def test_the_smallest_two_input_nand_is_the_unit(library, name):
    text = f"""library(x) {{ cell ("{name}") {{ area : 96; }} cell(NAND2X4) {{ area : 200.5; }}
      cell(NAND2B) {{ area : 50; }} cell (NAND2X0) {{ area : 0; }} cell(FLOP) {{ area : 1; ff (IQ, IQN) {{ }} }} }}"""
    found = read_library(library(text))
    assert (found.nand2, found.flip_flops) == (96.0, {"FLOP"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not a library", "is no liberty file"),
        ("library(x) { cell(INV) { area : 1; } }", "has no two-input NAND with an area"),
        ("library(x) { cell(NAND2) { } }", "has no two-input NAND with an area"),
    ],
)
def test_what_cannot_be_counted_with_is_refused(library, text, message):
    with pytest.raises(LibraryError, match=message):
        read_library(library(text))


@pytest.mark.usefixtures("by_native_yosys")
def test_a_library_in_another_unit_of_area_gives_the_same_gate_equivalents(library):
    doubled = re.sub(r"area: ([0-9.]+)", lambda found: f"area: {96 * float(found[1])}", USUAL)
    ours, given = mapped("hold-xt", "asic"), mapped("hold-xt", "asic", library(doubled))
    assert (given.gate_equivalents, given.ff) == (ours.gate_equivalents, ours.ff)


def test_an_fpga_takes_no_library(library):
    with pytest.raises(ValueError, match=r"^gowin has cells of its own: a liberty file is for an ASIC$"):
        mapped("hold-xt", "gowin", library(USUAL))
