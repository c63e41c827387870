"""Coverage merged over runs: it adds up, whoever adds at once, and what is of something else is refused untouched."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from isadma_verify.fuzz.merged import MergeError, add, read, total

BINS = {"corner | a": 1, "corner | b": 0}


def test_runs_add_up_and_each_kind_is_kept_apart(tmp_path):
    path = tmp_path / "c.json"
    add(path, "xt", "fuzz", 3000, BINS)
    add(path, "xt", "fuzz", 1000, {"corner | a": 2, "corner | b": 0})
    sources = add(path, "xt", "benches", 7, {"corner | a": 0, "corner | b": 5})
    assert sources == read(path, "xt", list(BINS))
    assert (sources["fuzz"].clocks, sources["fuzz"].bins) == (4000, {"corner | a": 3, "corner | b": 0})
    assert total("xt", sources).bins == {"corner | a": 3, "corner | b": 5}
    assert (total("xt", sources).reached, total("xt", sources).reachable) == (2, 2)


def test_nobody_who_adds_at_the_same_time_is_lost(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: add(tmp_path / "c.json", "xt", "fuzz", 1, BINS), range(40)))
    source = read(tmp_path / "c.json", "xt", list(BINS))["fuzz"]
    assert (source.clocks, source.bins["corner | a"]) == (40, 40)
    assert [path.name for path in tmp_path.iterdir()] == ["c.json"]


def _file(**more):
    return json.dumps({"format": 1, "target": "xt", "sources": {"fuzz": {"clocks": 1, "bins": BINS}}, **more})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "is no coverage of format 1"),
        (_file(format=2), "is no coverage of format 1"),
        (_file(target="at"), "is the coverage of 'at', not of xt"),
        (_file(sources={"fuzz": {"clocks": 1, "bins": {"corner | a": 1}}}), r"other bins .*'corner | b'"),
        (_file(sources={"fuzz": {"clocks": -1, "bins": BINS}}), "is no coverage of format 1"),
        (_file(sources={"fuzz": {"clocks": 1, "bins": {**BINS, "corner | a": "1"}}}), "is no coverage of format 1"),
        (_file(sources=["fuzz"]), "is no coverage of format 1"),
    ],
)
def test_what_is_of_something_else_is_refused_and_stays(tmp_path, text, said):
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(MergeError, match=said) as raised:
        add(path, "xt", "fuzz", 1, BINS)
    assert "\n" not in str(raised.value)
    assert path.read_text() == text


def fuzz(*arguments):
    command = [sys.executable, "-m", "isadma_cli", "fuzz", "--json", "-j", "1", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_the_command_adds_its_bins_and_shows_all_that_the_file_has(library, tmp_path):
    bins, path = library("i8237").bins, tmp_path / "c.json"
    runs = [json.loads(fuzz("--clocks", 30_000, "--seed", seed, "--coverage", path).stdout) for seed in (1, 11)]
    source = read(path, "i8237", bins)["fuzz"]
    assert source.clocks == 60_000
    assert runs[1]["coverage"]["bins"] == source.bins
    assert runs[1]["coverage"]["merged_clocks"] == {"fuzz": 60_000}
    assert runs[0]["coverage"]["reached"] < runs[1]["coverage"]["reached"]
    alone = json.loads(fuzz("--clocks", 60_000).stdout)
    assert alone["coverage"]["bins"] == source.bins


def test_a_file_of_another_target_is_refused_before_the_run(library, tmp_path):
    library("i8237")
    path = tmp_path / "c.json"
    path.write_text(_file())
    done = fuzz("--clocks", "1G", "--coverage", path)
    assert done.returncode == 2
    assert "is the coverage of 'xt', not of i8237" in " ".join(done.stderr.replace("│", " ").split())
