"""The rooms of the house: no import circle, who may not know of whom inside a floor, and what stands where."""

import pytest

#: Modules that stand in a package's root, beside its rooms. A new one goes into a room; if it truly belongs to none,
#: it gets a place in this list.
IN_THE_ROOT = {
    "isadma": set(),
    "isadma_tools": {"toolchain"},
    "isadma_sim": {"pc"},
    "isadma_driver": {"driver", "errors", "interrupts", "kernel", "ports"},
    "isadma_boards": set(),
    "isadma_verify": set(),
}
#: The command's root is the command: one module for each thing that several of its commands share.
MOST_IN_A_ROOT = 8

#: Room, and the rooms of the same floor it must not know of.
IGNORANT = {
    "isadma_sim.machine": (
        "isadma_sim.bench",
        "isadma_sim.devices",
        "isadma_sim.engines",
        "isadma_sim.pc",
        "isadma_sim.reference",
        "isadma_sim.timeline",
        "isadma_sim.waves",
    ),
    "isadma_sim.engines": (
        "isadma_sim.bench",
        "isadma_sim.devices",
        "isadma_sim.pc",
        "isadma_sim.timeline",
        "isadma_sim.waves",
    ),
    "isadma_sim.timeline": ("isadma_sim.devices", "isadma_sim.pc", "isadma_sim.waves"),
    "isadma_sim.devices": ("isadma_sim.bench", "isadma_sim.engines", "isadma_sim.pc", "isadma_sim.reference"),
    "isadma_verify.cosim.common": ("isadma_verify.cosim.chip", "isadma_verify.cosim.board"),
    "isadma_verify.cosim.chip": ("isadma_verify.cosim.board",),
}

#: Folders of tests that name no room: what they hold together is in the tests alone.
OWN_ROOMS = {"contract", "docs", "robust", "verify/lockstep", "verify/mutation", "sim/devices/withdrawn"}

#: Arrows between packages, importer first.
ARROWS = 12


def inside(name, room):
    return name == room or name.startswith(f"{room}.")


def test_no_import_goes_in_a_circle(house):
    found = house.circles(house.graph())
    assert not found, "\n".join(f"circle: {', '.join(group)}" for group in found)


@pytest.mark.parametrize("package", sorted(IN_THE_ROOT))
def test_no_room_goes_in_a_circle(house, package):
    found = house.circles(house.rooms(package))
    assert not found, "\n".join(f"rooms in a circle: {', '.join(group)}" for group in found)


def test_the_house_in_numbers(house):
    graph = house.graph()
    floors = {(name.partition(".")[0], other.partition(".")[0]) for name in graph for other in graph[name]}
    arrows = {(above, below) for above, below in floors if above != below}
    circles = house.circles(graph)
    said = f"packages {len(house.floors)}, circles {len(circles)}, arrows between floors {len(arrows)}"
    print(said)
    assert (len(house.floors), len(circles)) == (7, 0), said
    assert len(arrows) <= ARROWS, f"{said}: " + ", ".join(f"{above} -> {below}" for above, below in sorted(arrows))


@pytest.mark.parametrize("room", sorted(IGNORANT))
def test_a_room_does_not_know_those_above_it(house, room):
    graph = house.graph()
    assert any(inside(name, room) for name in graph), f"there is no {room}: the test looks in the wrong place"
    for other in IGNORANT[room]:
        assert any(inside(name, other) for name in graph), f"there is no {other}: the test looks in the wrong place"
    wrong = [
        f"{name} imports {imported}"
        for name in sorted(graph)
        if inside(name, room)
        for imported in sorted(graph[name])
        if any(inside(imported, other) for other in IGNORANT[room])
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", sorted(IN_THE_ROOT))
def test_no_module_strays_into_a_packages_root(house, package):
    folder = next(folder for folder, name in house.floors.items() if name == package)
    found = {path.stem for path in (house.root / folder / package).glob("*.py")} - {"__init__"}
    assert found == IN_THE_ROOT[package], f"{package}: a module goes into a room, or gets its place in this test"
    assert len(found) <= MOST_IN_A_ROOT


def test_every_package_but_the_commands_says_what_stands_in_its_root(house):
    assert set(IN_THE_ROOT) == set(house.floors.values()) - {"isadma_cli"}


def test_the_tests_mirror_the_tree(house):
    tests = house.root / "tests"
    folders = {path.parent.relative_to(tests).as_posix() for path in tests.rglob("test_*.py")} - {"."}
    assert len(folders) > 20, f"only {sorted(folders)}: the test looks in the wrong place"
    stray = []
    for name in sorted(folders - OWN_ROOMS):
        floor, _, room = name.partition("/")
        place = house.root / floor / house.floors.get(floor, "-") / room
        if not (place.is_dir() or place.with_suffix(".py").is_file()):
            stray.append(f"tests/{name} tests {place.relative_to(house.root)}, which does not exist")
    assert not stray, "\n".join(stray)
    assert not (empty := OWN_ROOMS - folders), f"no tests in {sorted(empty)}: take it from the list"


# The tests' own eyes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "from isadma_sim.engines import busloop",
        "from isadma_sim.engines.busloop import BusLoop",
        "import isadma_sim.engines.busloop",
        "from . import busloop",
        "from .busloop import BusLoop",
        "def late():\n    from isadma_sim.engines.busloop import BusLoop",
        "if TYPE_CHECKING:\n    from isadma_sim.engines.busloop import BusLoop",
        "import_module('isadma_sim.engines.busloop')",
    ],
)
def test_an_arrow_is_seen_however_it_is_written(house, source):
    found = house.imports_of(source, "isadma_sim.engines.other")
    assert [house.owner(each.imported, house.modules()) for each in found] == ["isadma_sim.engines.busloop"]


def test_a_name_out_of_a_package_is_an_arrow_to_the_package(house):
    (found,) = house.imports_of("from isadma_sim.reference import Chip", "isadma_sim.bench.load")
    assert house.owner(found.imported, house.modules()) == "isadma_sim.reference"
    assert house.owner("amaranth.lib.wiring", house.modules()) is None


@pytest.mark.parametrize(
    ("arrows", "expected"),
    [
        ("ab bc", []),
        ("ab ba", ["ab"]),
        ("ab bc ca cd", ["abc"]),
        ("ab ba cd dc bc", ["ab", "cd"]),
        ("ab bc cd db da", ["abcd"]),
        ("ab ac bd cd de", []),
    ],
)
def test_circles_are_found(house, arrows, expected):
    graph = {name: set() for name in "abcde"}
    for start, end in arrows.split():
        graph[start].add(end)
    assert house.circles(graph) == [list(group) for group in expected]
