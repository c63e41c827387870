"""The league's table of models: a line for ports.c and one for a faulty one, and what was not fetched."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def league():
    spec = importlib.util.spec_from_file_location("make_league", DOCS / "make_league.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells(line):
    return [cell.strip() for cell in line.strip("| \n").split(" | ")]


def test_a_model_has_a_line(league, pack, tmp_path):
    told = next(m for m in tomllib.loads((DOCS / "league.toml").read_text())["model"] if "sources" in m)
    assert len(league.MODELS.splitlines()[-1].split("|")) - 2 == 8
    _, about, rules, held, _, _, _, fails = cells(league.model_row(league.Entry(told, DOCS), pack.folder))
    assert (about, fails) == ("C, BSD-2-Clause", "none")
    assert rules.split(" of ")[0] == rules.split(" of ")[1] != "0"
    assert held.split(" of ")[0] == held.split(" of ")[1]
    text = (DOCS / told["sources"][0]).read_text()
    (tmp_path / "ports.c").write_text(text.replace("case 11: r->mode[value & 3] = value & 0xFC;", "case 11: ;"))
    wrong = cells(league.model_row(league.Entry(told | {"sources": ["ports.c"]}, tmp_path), pack.folder))
    assert int(wrong[2].split()[0]) < int(rules.split()[0])
    assert wrong[-1].startswith("mode after the last clock (")


def test_what_is_not_fetched_is_said(league, tmp_path, capsys):
    names = [told["name"] for told in tomllib.loads((DOCS / "league-fetched.toml").read_text())["core"]]
    first = tmp_path / "KF8237/HDL"
    first.mkdir(parents=True)
    for file in ("", "_Address_And_Count_Registers", "_Bus_Control_Logic", "_Priority_Encoder", "_Timing_And_Control"):
        (first / f"KF8237{file}.sv").write_text("")
    assert [entry.told["name"] for entry in league.fetched(tmp_path)] == ["KF8237"]
    said = capsys.readouterr().out
    assert all(f"{name} is not in" in said for name in names[1:])
    assert said.count("git clone https://") == len(names) - 1
