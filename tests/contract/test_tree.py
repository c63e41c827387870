"""The shape of the tree: packages only in the root folders, all of them in the wheel, files of a readable size."""

import tomllib

import pytest

#: Lines of a file at most, in the packages and in the tests.
MAX_LINES, MAX_TEST_LINES = 300, 400


@pytest.mark.parametrize("folder", ["rtl", "tools", "sim", "driver", "boards", "verify", "cli"])
def test_a_root_folder_contains_its_package_and_nothing_else(house, folder):
    found = {p.name for p in (house.root / folder).iterdir() if p.name != "__pycache__" and not p.name.startswith(".")}
    assert found == {house.floors[folder]}


@pytest.mark.parametrize("folder", ["rtl", "tools", "sim", "driver", "boards", "verify", "cli"])
def test_every_folder_with_a_module_is_a_package(house, folder):
    bare = {p.parent for p in house.files(folder) if not (p.parent / "__init__.py").is_file()}
    assert not bare, f"no __init__.py in {sorted(str(p.relative_to(house.root)) for p in bare)}"


def test_the_wheel_has_every_package(house):
    project = tomllib.loads((house.root / "pyproject.toml").read_text())
    built = project["tool"]["hatch"]["build"]
    assert set(built["targets"]["wheel"]["packages"]) == {f"{f}/{p}" for f, p in house.floors.items()}
    assert set(built["dev-mode-dirs"]) == set(house.floors)


@pytest.mark.parametrize("folder", ["rtl", "tools", "sim", "driver", "boards", "verify", "cli", "tests"])
def test_no_file_is_longer_than_a_reader_can_hold(house, folder):
    lengths = {p: len(p.read_text().splitlines()) for p in house.files(folder)}
    most = MAX_TEST_LINES if folder == "tests" else MAX_LINES
    long = {str(p.relative_to(house.root)): n for p, n in lengths.items() if n > most}
    assert not long, f"over {most} lines: {long}"


@pytest.mark.parametrize("folder", ["rtl", "tools", "sim", "driver", "boards", "verify", "cli"])
def test_a_module_says_on_its_first_line_what_it_is(house, folder):
    dumb = [str(p.relative_to(house.root)) for p in house.files(folder) if not p.read_text().startswith('"""')]
    assert not dumb, f"no docstring on the first line: {dumb}"
