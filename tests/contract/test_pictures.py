"""The pictures and tables of the guide's page on the tree: what the imports give now, and drawn so that it is true."""

import importlib.util
import re
import sys

import pytest


@pytest.fixture(scope="module")
def pictures(house):
    """The module that draws them: no package, so loaded by its path."""
    spec = importlib.util.spec_from_file_location("make_house", house.root / "docs" / "make_house.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def test_the_page_on_the_tree_shows_the_imports_as_they_are(house, pictures):
    stale = [path.name for path, text in pictures.parts(house).items() if path.read_text() != text]
    assert not stale, f"draw {', '.join(stale)} anew: .venv/bin/python docs/make_house.py"


def test_the_page_shows_every_picture_that_is_drawn(house, pictures):
    shown = set(re.findall(r"\]\(figures/([^)]+)\)", pictures.PAGE.read_text()))
    assert shown == {path.name for path in pictures.parts(house) if path.suffix == ".svg"}


def test_the_picture_of_the_floors_has_each_package_and_each_arrow_that_no_other_way_implies(house, pictures):
    drawn = (pictures.FIGURES / "floors.svg").read_text()
    arrows = pictures.reduced(pictures.floors(house))
    assert set(re.findall(r">(isadma\w*)<", drawn)) == set(house.floors.values())
    assert drawn.count("marker-end") == sum(map(len, arrows.values()))


def test_an_arrow_that_a_way_implies_is_left_out_and_no_other(pictures):
    graph = {"top": {"middle", "low", "side"}, "middle": {"low"}, "low": set(), "side": set()}
    assert pictures.reduced(graph) == {"top": {"middle", "side"}, "middle": {"low"}, "low": set(), "side": set()}


def test_boxes_stand_above_what_they_import_and_never_on_each_other(house, pictures):
    drawn = pictures.draw(pictures.floors(house), {})
    boxes = {}
    box = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*rx[^>]*>\s*<text[^>]*>(\w+)<')
    for left, top, width, name in box.findall(drawn):
        boxes[name] = (float(left), float(top), float(left) + float(width))
    assert set(boxes) == set(house.floors.values())
    for name, onto in pictures.floors(house).items():
        assert all(boxes[name][1] < boxes[other][1] for other in onto)
        level = [box for other, box in boxes.items() if other != name and box[1] == boxes[name][1]]
        assert all(box[2] < boxes[name][0] or box[0] > boxes[name][2] for box in level)
