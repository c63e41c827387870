"""The whole pack: coverage in full, and every broken rule of the chip fails some of its vectors."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from isadma_verify.vectors.pack import write_pack

pytestmark = pytest.mark.long

HOUSE = Path(__file__).resolve().parents[3]
MUTANTS = tomllib.loads((HOUSE / "tests/verify/mutation/mutants.toml").read_text())
WHOLE, SOME = 100_000, 12_000
LARGEST = 200_000_000


def run(folder, environment=None):
    command = [sys.executable, "-m", "isadma_cli", "vectors", "run", str(folder), "--json", "--model"]
    done = {
        model: subprocess.run(
            [*command, model], env=environment, capture_output=True, text=True, timeout=1800, check=False
        )
        for model in ("rtl", "golden")[: 1 if environment else 2]
    }
    return {model: json.loads(d.stdout) if d.stdout else {"failed": -1, "said": d.stderr} for model, d in done.items()}


def test_a_hundred_thousand(tmp_path):
    pack = write_pack(tmp_path, WHOLE)
    assert pack.count == WHOLE
    assert pack.size < LARGEST
    assert [coverage.reached - coverage.reachable for coverage in pack.coverage.values()] == [0, 0]
    # DACK alone moves with the state, whatever it does.
    assert [pin for pin, count in pack.halves.items() if not count] == ["DACK"]
    for told in run(tmp_path).values():
        assert (told["run"], told["failed"]) == (WHOLE, 0), told


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    return write_pack(tmp_path_factory.mktemp("some"), SOME).folder


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_fails_some(name, some, tmp_path):
    mutant = MUTANTS[name]
    shutil.copytree(HOUSE / "rtl", tmp_path / "rtl", ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / "rtl/isadma/i8237" / mutant["file"]
    assert file.read_text().count(mutant["line"]) == 1, f"the RTL has changed, and {name} must follow"
    file.write_text(file.read_text().replace(mutant["line"], mutant["broken"]))
    environment = dict(os.environ, PYTHONPATH=str(tmp_path / "rtl"), ISADMA_CACHE=str(tmp_path / "cache"))
    told = run(some, environment)["rtl"]
    assert told["failed"] > 0, told
