"""The guide's tables and figures that a run makes are what a run shows."""

from __future__ import annotations

import importlib.util
import itertools
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


@pytest.fixture(scope="module")
def found(figures, tmp_path_factory):
    """Return the clocks of one run."""
    dump = tmp_path_factory.mktemp("read") / "t.vcd"
    figures.run("reference", dump)
    return list(figures.samples(dump))


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


def test_clock_table_of_the_guide_is_what_a_run_shows(figures, found):
    clocks = figures.first_byte(found)
    assert figures.table(clocks) in figures.PAGE.read_text(), "draw it anew: .venv/bin/python docs/make_figures.py"


def test_figures_of_the_guide_are_drawn_from_such_a_run(figures, found, tmp_path):
    figures.draw(figures.last_byte(found), "The last byte", tmp_path / "last.svg")
    drawn = (tmp_path / "last.svg").read_text()
    assert all(f">{word}<" in drawn for word in ("S1", "S2", "S3", "SW", "S4", "SC", "0081FFh", "AAh"))
    kept = (figures.GUIDE / "figures" / "last-byte.svg").read_text()
    assert all(f">{word}<" in kept for word in ("S1", "S2", "S3", "SW", "S4", "SC", "0081FFh", "AAh"))


def test_labels_of_the_chart_of_sizes_stand_apart_each_nearest_to_its_line():
    history = maker("make_history")
    assert history.apart([30, 10, 50], 10) == [30, 10, 50]
    assert history.apart([31, 29, 50], 10) == [35, 25, 50]
    assert history.apart([20, 20, 20], 10) == [10, 20, 30]
    assert history.apart([19, 0, 1, 22], 10) == [15.5, -4.5, 5.5, 25.5]
    figure = history.drawn(history.read(history.FIGURES))
    for axes in figure.axes:
        assert len(axes.texts) == len(axes.lines) > 1
        boxes = [text.get_window_extent() for text in axes.texts]
        assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
