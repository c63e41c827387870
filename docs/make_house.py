"""Draw the pictures and tables of the guide's page on the tree from the imports: `.venv/bin/python docs/make_house.py`.

The arrows are those that the contract tests hold; what a package or a room is for is the first line of its docstring.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.contract.conftest import House  # noqa: E402

PAGE = ROOT / "docs" / "guide" / "2-tree.md"
FIGURES = ROOT / "docs" / "guide" / "figures"
#: Packages whose rooms have a picture of their own.
ROOMS = {"isadma_sim": "the simulator", "isadma_driver": "the driver"}
#: Rooms of the driver that are one for each device: drawn as one.
_DRIVERS = {"ethernet", "fastdisk", "floppy", "modem", "scsi", "sound"}

#: Who imports whom; every name is a key.
Graph = Mapping[str, set[str]]


def floors(house: House) -> dict[str, set[str]]:
    """Return which packages each package imports."""
    found: dict[str, set[str]] = {package: set() for package in house.floors.values()}
    for name, imported in house.graph().items():
        package = name.partition(".")[0]
        found[package] |= {other.partition(".")[0] for other in imported} - {package}
    return found


def room_of(name: str) -> str:
    """Return the room of a module's package, or the module itself where it stands in the root; empty for the root."""
    _, _, inside = name.partition(".")
    room = inside.partition(".")[0]
    return "a driver for each device" if name.startswith("isadma_driver.") and room in _DRIVERS else room


def rooms(house: House, package: str) -> dict[str, set[str]]:
    """Return which rooms of a package each of its rooms imports."""
    found: dict[str, set[str]] = {}
    for name, imported in house.rooms(package).items():
        room = room_of(f"{package}.{name}")
        others = {room_of(f"{package}.{other}") for other in imported}
        found.setdefault(room, set()).update(others - {room})
    circles = house.circles(found)
    if circles:
        raise ValueError(f"rooms of {package} in a circle, no picture shows that: {circles}")
    return found


def reduced(graph: Graph) -> dict[str, set[str]]:
    """Leave out every arrow that a way over others implies."""

    def below(name: str) -> set[str]:
        return {lower for other in graph[name] for lower in {other} | below(other)}

    return {
        name: {other for other in onto if not any(other in below(way) for way in onto)} for name, onto in graph.items()
    }


# The picture ----------------------------------------------------------------------------------------------------------

_INK, _SOFT, _PAPER, _BOX = "#1f2933", "#52606d", "#ffffff", "#dbe7f3"
_WIDTH, _BOX_HEIGHT, _GAP, _MARGIN = 760, 58, 46, 20
#: Width of a character of the title and of the small print, roughly, in pixels.
_TITLE_WIDE, _SMALL_WIDE = 8.6, 6.3


@dataclass
class _Layers:
    """Names by floor, the lowest first; an arrow that passes a floor has a place of its own there."""

    rows: list[list[str]]
    #: Places to bend at, by arrow, from the importer down.
    bends: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def _layers(graph: Graph) -> _Layers:
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in levels:
            levels[name] = max((level(other) + 1 for other in graph[name]), default=0)
        return levels[name]

    rows: list[list[str]] = [[] for _ in range(max(map(level, sorted(graph))) + 1)]
    for name in sorted(graph):
        rows[level(name)].append(name)
    layers = _Layers(rows)
    neighbours: dict[str, set[str]] = {name: set() for name in graph}
    for name in sorted(graph):
        for other in sorted(graph[name]):
            way = [f"{name}>{other}@{floor}" for floor in range(level(name) - 1, level(other), -1)]
            for place, floor in zip(way, range(level(name) - 1, level(other), -1), strict=True):
                rows[floor].append(place)
                neighbours[place] = set()
            layers.bends[name, other] = way
            for one, two in zip([name, *way], [*way, other], strict=True):
                neighbours[one].add(two)
                neighbours[two].add(one)
    # Order each floor by where the neighbours on the floor next to it stand, up and down a few times.
    for sweep in range(8):
        order = range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1)
        for floor in order:
            fixed = rows[floor - 1 if sweep % 2 == 0 else floor + 1]
            at = {name: (index + 0.5) / len(fixed) for index, name in enumerate(fixed)}
            rows[floor].sort(key=lambda name, at=at: _mean([at[n] for n in neighbours[name] if n in at]))  # type: ignore[misc]
    return layers


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.5


def draw(graph: Graph, notes: Mapping[str, str]) -> str:
    """Return a picture as SVG: a box for each name with its note, the importers above; implied arrows left out."""
    arrows = reduced(graph)
    layers = _layers(arrows)
    wide = {
        name: 24 + max([_TITLE_WIDE * len(name), *(_SMALL_WIDE * len(line) for line in _lines(notes.get(name, "")))])
        for name in graph
    }
    height = 2 * _MARGIN + len(layers.rows) * _BOX_HEIGHT + (len(layers.rows) - 1) * _GAP
    centre: dict[str, tuple[float, float]] = {}
    for floor, row in enumerate(layers.rows):
        y = height - _MARGIN - _BOX_HEIGHT / 2 - floor * (_BOX_HEIGHT + _GAP)
        spare = (_WIDTH - 2 * _MARGIN - sum(wide.get(name, 10) for name in row)) / (len(row) + 1)
        x = _MARGIN + spare
        for name in row:
            centre[name] = (x + wide.get(name, 10) / 2, y)
            x += wide.get(name, 10) + spare
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'font-family="DejaVu Sans, Verdana, sans-serif">',
        f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>',
        f'<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0 L8 4 L0 8 z" fill="{_SOFT}"/></marker>',
    ]
    for (name, other), way in layers.bends.items():
        points = [_port(name, other, arrows, centre, wide, down=True)]
        for place in way:
            x, y = centre[place]
            points += [(x, y - _BOX_HEIGHT / 2), (x, y + _BOX_HEIGHT / 2)]
        points.append(_port(other, name, _turned(arrows), centre, wide, down=False))
        path = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{_SOFT}" stroke-width="1.4" marker-end="url(#tip)"/>')
    for name in sorted(graph):
        x, y = centre[name]
        left, top = x - wide[name] / 2, y - _BOX_HEIGHT / 2
        parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide[name]:.1f}" height="{_BOX_HEIGHT}" rx="6" fill="{_BOX}" '
            f'stroke="{_INK}"/>'
        )
        lines = _lines(notes.get(name, ""))
        first = y + 5 - 7 * len(lines)
        parts.append(
            f'<text x="{x:.1f}" y="{first:.1f}" text-anchor="middle" font-size="14" fill="{_INK}">{escape(name)}</text>'
        )
        for number, line in enumerate(lines, 1):
            parts.append(
                f'<text x="{x:.1f}" y="{first + 1 + 14 * number:.1f}" text-anchor="middle" font-size="11" '
                f'fill="{_SOFT}">{escape(line)}</text>'
            )
    return "\n".join([*parts, "</svg>", ""])


def _lines(note: str) -> list[str]:
    """Break a note in two lines at most, about even."""
    words, lines = note.split(), [""]
    if len(note) <= 24:
        return [note] if note else []
    for word in words:
        if len(lines) == 1 and lines[0] and len(lines[0]) + len(word) / 2 > len(note) / 2:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _turned(graph: Graph) -> dict[str, set[str]]:
    return {name: {other for other in graph if name in graph[other]} for name in graph}


def _port(
    name: str,
    other: str,
    arrows: Graph,
    centre: Mapping[str, tuple[float, float]],
    wide: Mapping[str, float],
    *,
    down: bool,
) -> tuple[float, float]:
    """Return where an arrow leaves a box, or ends: side by side with the others, in the order of where they go."""
    x, y = centre[name]
    order = sorted(arrows[name], key=lambda each: (centre[each][0], each))
    share = (order.index(other) + 1) / (len(order) + 1) - 0.5
    return x + share * wide[name] * 0.8, y + (_BOX_HEIGHT / 2 if down else -_BOX_HEIGHT / 2)


# The page -------------------------------------------------------------------------------------------------------------


def says(house: House, module: str) -> str:
    """Return the first line of a module's docstring."""
    text = ast.get_docstring(ast.parse(house.modules()[module].read_text()))
    assert text, f"{module} has no docstring"
    return text.splitlines()[0]


def table(house: House) -> str:
    """Return the packages as a Markdown table: folder, package, what it is, what it imports."""
    graph = floors(house)
    rows = ["| folder | package | what it is | imports of ours |\n", "|---|---|---|---|\n"]
    for folder, package in house.floors.items():
        onto = ", ".join(f"`{other}`" for other in sorted(graph[package])) or "nothing"
        rows.append(f"| `{folder}/` | `{package}` | {says(house, package)} | {onto} |\n")
    return "".join(rows)


def room_table(house: House, package: str) -> str:
    """Return a package's rooms as a Markdown table: room, what it is."""
    inside = sorted(n for n in house.modules() if n.count(".") == 1 and n.partition(".")[0] == package)
    rows = [f"| in `{package}` | what it is |\n", "|---|---|\n"]
    return "".join(rows + [f"| `{name.partition('.')[2]}` | {says(house, name)} |\n" for name in inside])


def parts(house: House) -> dict[Path, str]:
    """Return everything that is drawn or written from the imports: the text of each file."""
    notes = {package: _rooms_note(house, package) for package in house.floors.values() if package != "isadma_cli"}
    found = {FIGURES / "floors.svg": draw(floors(house), notes)}
    for package in ROOMS:
        found[FIGURES / f"rooms-{package}.svg"] = draw(rooms(house, package), {})
    page = _put(PAGE.read_text(), "packages", table(house))
    for package in house.floors.values():
        if f"<!-- rooms of {package}: begin -->" in page:
            page = _put(page, f"rooms of {package}", room_table(house, package))
    return found | {PAGE: page}


def _rooms_note(house: House, package: str) -> str:
    """Return a package's rooms, one after the other; what stands in its root is none."""
    folders = {room_of(name) for name in house.modules() if name.count(".") > 1 and name.startswith(f"{package}.")}
    return ", ".join(sorted(folders))


def _put(page: str, name: str, text: str) -> str:
    """Replace what stands between a page's two marks of that name."""
    before, rest = page.split(f"<!-- {name}: begin -->\n")
    after = rest.split(f"<!-- {name}: end -->\n")[1]
    return f"{before}<!-- {name}: begin -->\n{text}<!-- {name}: end -->\n{after}"


def main() -> None:
    """Write everything anew."""
    for path, text in parts(House()).items():
        path.write_text(text)
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
