"""What a public project says of itself is true: version, types, extras, the workflow's packages."""

import json
import re
import tomllib
from importlib.metadata import version

import isadma


def project(house):
    return tomllib.loads((house.root / "pyproject.toml").read_text())["project"]


def test_one_version(house):
    said = project(house)["version"]
    assert isadma.__version__ == version("isadma") == said
    assert re.search(rf"^## \[?{re.escape(said)}\b", (house.root / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert f":{said}\n" in (house.root / "docs/examples/verilog/isadma.core").read_text()


def test_every_package_is_typed(house):
    packages = {path.parent for path in house.root.glob("*/isadma*/__init__.py")}
    assert len(packages) == 7
    assert [package.name for package in packages if not (package / "py.typed").exists()] == []


def test_every_extra_is_in_dev_or_told_apart(house):
    extras = project(house)["optional-dependencies"]
    brought = set(re.search(r"isadma\[(.*)\]", " ".join(extras["dev"]))[1].split(","))
    assert set(extras) - brought - {"dev"} <= {"native"}, "native is for systems without a compiler"


def test_the_workflow_installs_what_ci_does_and_runs_the_two_commands(house):
    workflow = (house.root / ".github/workflows/test.yml").read_text()
    packages = re.search(r"packages=\(([^)]*)\)", (house.root / ".ci/run").read_text())[1].split()
    for package in packages:
        assert f" {package}" in workflow, package
    assert "make demo" in workflow
    assert "make test" in workflow
    floor = project(house)["requires-python"].removeprefix(">=")
    pythons = re.findall(r'"(3\.\d+)"', workflow)
    assert pythons[0] == floor
    assert [f"Programming Language :: Python :: {p}" in project(house)["classifiers"] for p in pythons] == [True] * len(
        pythons
    )


def test_the_readmes_size_is_the_newest_measured(house):
    entries = json.loads((house.root / "docs/figures.json").read_text())
    newest = [entry for entry in entries if (entry["core"], entry["device"]) == ("i8237", "hx8k")][-1]
    assert f"{newest['lut4']} LUT4, {newest['ff']} FF (`isadma synth`)" in (house.root / "README.md").read_text()
