"""The sign-off page: what its results give, commands that exist, and nothing passed that did not."""

import importlib.util
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer.main

from isadma_cli.app import app
from isadma_verify.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sign_off():
    spec = importlib.util.spec_from_file_location("make_sign_off", ROOT / "docs" / "make_sign_off.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks its module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def line(sign_off):
    return sign_off.LINES[0]


def test_the_page_is_what_the_results_give(sign_off):
    assert sign_off.PAGE.read_text() == sign_off.page(sign_off.read_results()), "make sign-off OPTIONS=--page"


def test_no_result_is_left_of_a_line_that_is_gone(sign_off):
    assert set(json.loads(sign_off.RESULTS.read_text())) == set(sign_off.read_results())


def test_every_command_exists_with_its_options(sign_off):
    commands = typer.main.get_command(app).commands
    for line in sign_off.LINES:
        program, *words = line.words()
        if program == "isadma":
            commands[words[0]].make_context(words[0], words[1:])
        else:
            assert program == "pytest"
            paths = [word for word in words if word.startswith("tests/")]
            assert paths
            assert all((ROOT / path).exists() for path in paths), line.command


def test_lines_have_a_name_each_and_every_command_stands_once(sign_off):
    names, commands = ({getattr(line, key) for line in sign_off.LINES} for key in ("name", "command"))
    assert len(names) == len(commands) == len(sign_off.LINES)


def test_every_fuzz_target_and_clocking_has_a_line(sign_off):
    assert set(sign_off._TARGETS) == {(name, n) for name, target in TARGETS.items() for n in target.clockings}


def test_a_line_that_did_not_run_says_so(sign_off, line):
    row = next(row for row in sign_off.page({}).splitlines() if f"`{line.command}`" in row)
    assert "**not run**" in row
    assert f"0 of {len(sign_off.LINES)} lines passed, 0 failed, {len(sign_off.LINES)} not run" in sign_off.page({})


def test_a_failed_line_says_so(sign_off, line):
    page = sign_off.page({line.name: sign_off.Result(line.command, "0123abc", 1.0, False, "1 failed | 2 passed")})
    assert re.search(r"\*\*failed\*\* \| 1 failed / 2 passed \| 0123abc \| 1 \|", page)


def test_a_result_of_another_command_is_no_result(sign_off, line, tmp_path):
    stored = {"command": "pytest", "commit": "0", "seconds": 1.0, "passed": True, "said": "1 passed"}
    (tmp_path / "results.json").write_text(json.dumps({line.name: stored, "gone": stored}))
    assert sign_off.read_results(tmp_path / "results.json") == {}


@pytest.mark.parametrize(
    ("out", "status", "passed", "said"),
    [
        ("...\n12 passed, 3 deselected in 4.20s\n", 0, True, "12 passed"),
        ("1 failed, 11 passed, 2 skipped in 4.20s", 1, False, "1 failed, 11 passed, 2 skipped"),
        ("5 skipped in 0.1s", 0, False, "5 skipped"),
        ("", 4, False, "exit status 4, no summary"),
    ],
)
def test_pytest_is_read_by_its_summary(sign_off, out, status, passed, said):
    assert sign_off.pytest_said(out, status) == (passed, said)


def test_a_proof_without_its_cover_is_not_passed(sign_off):
    rules = [{"property": "p", "proved": True, "covered": False, "covers": 2, "reached": 1}]
    passed, said = sign_off.proofs_said(json.dumps({"properties": rules}), 0)
    assert not passed
    assert said == "0 of 1 properties, 1 of 2 covers; not p"


def test_a_program_that_is_silent_or_hangs_has_failed(sign_off, line, monkeypatch):
    monkeypatch.setattr(sign_off, "commit", lambda: "0123abc")
    broken = replace(line, command="python -c 'raise SystemExit(\"no tool\")'", read=sign_off.fuzz_said)
    assert not sign_off.run(broken).passed
    assert "exit status 1: no tool" in sign_off.run(broken).said
    monkeypatch.setattr(sign_off, "_PATIENCE", {False: 1, True: 1})
    hangs = replace(line, command="python -c 'import time; time.sleep(60)'")
    assert sign_off.run(hangs).said == "not done after 1 s"


def test_without_the_capture_its_line_is_not_run(sign_off, monkeypatch, tmp_path):
    monkeypatch.setenv("ISADMA_CAPTURES", str(tmp_path))
    assert sign_off.run(next(line for line in sign_off.LINES if line.name == "silicon")) is None
