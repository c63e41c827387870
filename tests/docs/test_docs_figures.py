"""The guide's tables and figures that a run makes are what a run shows."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from isadma_sim import ENGINES

ROOT = Path(__file__).parents[2]


def test_every_engine_is_in_the_guide_and_no_other():
    table = re.findall(
        r"^\| `(\w+)` \|", (ROOT / "docs/guide/2-tree.md").read_text().split("## Engines")[1], re.MULTILINE
    )
    assert sorted(table) == sorted(ENGINES)


def maker(name):
    """Return a module of docs/: no package, so loaded by its path."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures():
    return maker("make_figures")


def test_the_page_of_registers_is_what_the_hardware_is_made_of():
    registers = maker("make_registers")
    page = registers.page()
    assert registers.PAGE.read_text() == page, "write it anew: .venv/bin/python docs/make_registers.py"
    # Facts of the data sheet (pages 8 and 9) that stand in it.
    for row in (
        "| 5 | decrement |",
        "| 7-6 | kind | 00 demand, 01 single, 10 block, 11 cascade |",
        "| 1-0 | channel |",
    ):
        assert row in page
    assert "| B | 0Bh | D6h | mode |" in page


def test_clock_table_of_the_guide_is_what_a_run_shows(figures, tmp_path):
    figures.run("reference", tmp_path / "t.vcd")
    clocks = figures.first_byte(list(figures.samples(tmp_path / "t.vcd")))
    assert figures.table(clocks) in figures.PAGE.read_text(), "draw it anew: .venv/bin/python docs/make_figures.py"


def test_figures_of_the_guide_are_drawn_from_such_a_run(figures, tmp_path):
    figures.run("reference", tmp_path / "t.vcd")
    found = list(figures.samples(tmp_path / "t.vcd"))
    figures.draw(figures.last_byte(found), "The last byte", tmp_path / "last.svg")
    drawn = (tmp_path / "last.svg").read_text()
    assert all(f">{word}<" in drawn for word in ("S1", "S2", "S3", "SW", "S4", "SC", "0081FFh", "AAh"))
    kept = (figures.GUIDE / "figures" / "last-byte.svg").read_text()
    assert all(f">{word}<" in kept for word in ("S1", "S2", "S3", "SW", "S4", "SC", "0081FFh", "AAh"))
