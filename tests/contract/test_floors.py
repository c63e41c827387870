"""The floors of the house: which package may import which."""

import sys

import pytest

OURS = {"isadma", "isadma_tools", "isadma_sim", "isadma_driver", "isadma_boards", "isadma_verify", "isadma_cli"}

#: Package, and those of ours it may import beside itself.
MAY_IMPORT = {
    "isadma": set(),
    "isadma_tools": set(),
    "isadma_sim": {"isadma", "isadma_tools"},
    "isadma_driver": set(),
    "isadma_boards": {"isadma", "isadma_tools"},
    "isadma_verify": {"isadma", "isadma_tools", "isadma_sim", "isadma_boards"},
    "isadma_cli": {"isadma", "isadma_tools", "isadma_sim", "isadma_driver", "isadma_boards", "isadma_verify"},
}

#: Packages that may import nothing but the standard library, and these.
ONLY = {"isadma": {"amaranth"}, "isadma_tools": {"platformdirs"}, "isadma_driver": set()}


def top(name):
    return name.partition(".")[0]


def listed(imports):
    return "\n".join(f"{i.place}: {i.importer} imports {i.imported}" for i in imports)


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_the_floors_below_it(house, package):
    wrong = [i for i in house.imports(package) if top(i.imported) in OURS - MAY_IMPORT[package] - {package}]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("package", sorted(ONLY))
def test_a_ground_package_needs_nothing_from_elsewhere(house, package):
    allowed = ONLY[package] | sys.stdlib_module_names | {package}
    wrong = [i for i in house.imports(package) if top(i.imported) not in allowed]
    assert not wrong, listed(wrong)


def test_every_package_is_held_by_a_floor(house):
    assert set(house.floors.values()) == OURS == set(MAY_IMPORT)


def test_the_golden_model_is_written_without_the_hardware(house):
    reference = [i for i in house.imports("isadma_sim") if i.importer.startswith("isadma_sim.reference")]
    assert reference, "isadma_sim.reference has no import at all: the test looks in the wrong place"
    wrong = [i for i in reference if top(i.imported) in {"isadma", "amaranth"}]
    wrong += [
        i for i in reference if top(i.imported) == "isadma_sim" and not i.imported.startswith("isadma_sim.reference")
    ]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize(
    ("source", "imported"),
    [
        ("import isadma.pc.ports as p", "isadma.pc.ports"),
        ("from isadma import pc", "isadma.pc"),
        ("from ..engines import base", "isadma_sim.engines.base"),
        ("from . import chip", "isadma_sim.reference.chip"),
        ("def f():\n    from isadma.i8237 import regs", "isadma.i8237.regs"),
        ("importlib.import_module('isadma.pc')", "isadma.pc"),
    ],
)
def test_no_way_of_importing_escapes_these_tests(house, source, imported):
    assert [i.imported for i in house.imports_of(source, "isadma_sim.reference.board")] == [imported]
