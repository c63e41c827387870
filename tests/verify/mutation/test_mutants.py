"""Breaks one rule of the chip after the other, in a copy of the RTL, and insists that a test of the chip notices."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from isadma_verify.equivalence.cores import CORES
from isadma_verify.equivalence.trees import BaseError, write_cores

HOUSE = Path(__file__).resolve().parents[3]
CHIP = Path("isadma", "i8237")

#: Seconds for the tests of one mutant: a chip that hangs must not hang the campaign.
TIMEOUT = 600


#: How a message begins where a test says that something is not as it has to be.
_ASSERTS = re.compile(r"assert |(\w+\.)*(AssertionError|BenchFailedError|Failed)\b")


class MutantCrashError(Exception):
    """A mutant died of a crash: an error of the table, as one that does not elaborate."""


@dataclass(frozen=True)
class Mutant:
    """
    One rule, broken.

    Parameters
    ----------
    name
        The rule, as a test's name would say it.
    file
        Where the line is, under ``rtl/isadma/i8237``.
    line
        Part of one line of that file, found there exactly once.
    broken
        What stands there instead.
    killer
        The test that should fail.
    """

    name: str
    file: str
    line: str
    broken: str
    killer: str


_TABLE = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text())
MUTANTS = [pytest.param(Mutant(name, **fields), id=name) for name, fields in _TABLE.items()]

#: What is tried, in turn, where the killer passes.
OTHERS = ("tests/rtl/i8237", "tests/verify/lockstep/test_lockstep.py::test_the_chip_equals_the_golden_model")


def _broken_rtl(mutant: Mutant, folder: Path) -> Path:
    """Copy the RTL with one rule broken; return the folder to import it from."""
    rtl = folder / "rtl"
    shutil.copytree(HOUSE / "rtl", rtl, ignore=shutil.ignore_patterns("__pycache__"))
    file = rtl / CHIP / mutant.file
    text = file.read_text()
    found = text.count(mutant.line)
    assert found == 1, (
        f"{mutant.file} has {mutant.line!r} {found} times: the RTL has changed, and {mutant.name} must follow"
    )
    file.write_text(text.replace(mutant.line, mutant.broken))
    return rtl


def _elaborates(rtl: Path, folder: Path) -> None:
    """Insist that a mutant is a chip at all: a test that dies of its construction has noticed no broken rule."""
    missing = write_cores(rtl, {name: CORES[name] for name in ("i8237", "i8237-cmos")}, folder)
    if missing:
        raise BaseError("; ".join(missing.values()))


def _first_failure(tests: str, rtl: Path, folder: Path) -> str:
    """Run tests on an RTL until one notices that a rule is broken; return its id, or nothing.

    Raises
    ------
    MutantCrashError
        It died of something else than what it asserts: the mutant is no chip, and nothing was noticed.
    """
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not long"]
    command.append(f"--junitxml={report}")
    path = os.pathsep.join(filter(None, [str(rtl), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [*command, tests],
        cwd=HOUSE,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )
    if done.returncode == pytest.ExitCode.OK:
        return ""
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        for kind in ("failure", "error"):
            bad = case.find(kind)
            if bad is not None:
                name, message = f"{case.get('classname')}::{case.get('name')}", bad.get("message", "")
                if kind == "error" or not _ASSERTS.match(message):
                    raise MutantCrashError(f"{name}: {message}")
                return name
    raise AssertionError(f"pytest says that tests failed, and its report names none: {done.stdout}")


def test_the_copy_is_what_the_tests_import(tmp_path):
    rtl = tmp_path / "rtl"
    shutil.copytree(HOUSE / "rtl", rtl)
    said = subprocess.run(
        [sys.executable, "-c", "import isadma.i8237 as chip; print(chip.__file__)"],
        env={**os.environ, "PYTHONPATH": str(rtl)},
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT,
    )
    assert Path(said.stdout.strip()) == rtl / CHIP / "__init__.py"


@pytest.mark.parametrize("mutant", MUTANTS)
def test_each_mutant_patches_one_line_that_is_there(mutant, tmp_path):
    _broken_rtl(mutant, tmp_path)


@pytest.mark.parametrize("broken", ["no_such_name", "self.pending.no_such_member", "("])
def test_a_mutant_that_is_no_chip_is_an_error_of_the_table(broken, tmp_path):
    mutant = Mutant("crash", "timing.py", "mode.kind == ModeKind.DEMAND", f"mode.kind == {broken}", "none")
    with pytest.raises(BaseError):
        _elaborates(_broken_rtl(mutant, tmp_path), tmp_path / "cores")


@pytest.mark.parametrize(
    ("body", "noticed"),
    [
        ("assert 1 == 2", True),
        ("assert 1 == 2, 'with a word'", True),
        ("pytest.fail('said')", True),
        ("raise ValueError('assert 1 == 2')", False),
        ("[][0]", False),
        ("int('x')", False),
    ],
)
def test_a_crash_inside_a_test_is_no_kill(tmp_path, body, noticed):
    file = tmp_path / "test_it.py"
    file.write_text(f"import pytest\n\ndef test_it():\n    {body}\n")
    if noticed:
        assert _first_failure(str(file), HOUSE / "rtl", tmp_path).endswith("::test_it")
    else:
        with pytest.raises(MutantCrashError, match="test_it"):
            _first_failure(str(file), HOUSE / "rtl", tmp_path)


def test_a_crash_in_a_fixture_is_no_kill(tmp_path):
    file = tmp_path / "test_it.py"
    file.write_text(
        "import pytest\n\n@pytest.fixture\ndef chip():\n    assert 0\n\ndef test_it(chip):\n    assert chip\n"
    )
    with pytest.raises(MutantCrashError, match="test_it"):
        _first_failure(str(file), HOUSE / "rtl", tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_broken_rule_is_noticed(mutant, tmp_path, record_property):
    rtl = _broken_rtl(mutant, tmp_path)
    _elaborates(rtl, tmp_path / "cores")
    killer = next(filter(None, (_first_failure(tests, rtl, tmp_path) for tests in (mutant.killer, *OTHERS))), "")
    record_property("killer", killer)
    print(f"{mutant.name}: {killer}")
    assert killer, f"nothing fails where {mutant.file} says {mutant.broken!r} for {mutant.line!r}"
