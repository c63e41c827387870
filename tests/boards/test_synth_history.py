"""The history of sizes and speeds: what is written, and that no core loses more than 3 % against its last entry."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from isadma_boards.synth import DEVICES, Report, measure, size
from isadma_boards.synth.history import TRACKED, Entry, HistoryError, append, last, losses, read, stamp

FIGURES = Path(__file__).parents[2] / "docs" / "figures.json"
REPORT = Report("i8237", "hx8k", 280, 80, 2, 318, 136.0, 5, [130.0, 136.0, 140.0])
STAMPED = ("abc1234", "2026-11-29", "0.70")


def cores_and_families():
    """One device for each core and family: what is synthesized for a family is the same on each of its parts."""
    return list({(core, DEVICES[device].family): (core, device) for core, device in TRACKED}.values())


@pytest.mark.usefixtures("by_native_yosys")
@pytest.mark.parametrize(("core", "device"), cores_and_families())
def test_no_core_has_grown_by_more_than_3_percent_since_its_last_entry(core, device):
    entry = last(read(FIGURES), core, device)
    now = size(core, device)
    assert losses(entry, lut4=now.lut4, ff=now.ff) == []


@pytest.mark.long
@pytest.mark.parametrize(("core", "device"), TRACKED)
def test_no_core_is_slower_by_more_than_3_percent_than_its_last_entry(core, device):
    entry = last(read(FIGURES), core, device)
    now = measure(core, device, seeds=entry.seeds)
    assert losses(entry, lut4=now.lut4, ff=now.ff, fmax_mhz=now.fmax_mhz) == []


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"lut4": 288, "ff": 82, "fmax_mhz": 132.0}, []),
        ({"lut4": 200, "ff": 50, "fmax_mhz": 200.0}, []),
        ({"lut4": 289, "ff": 80}, ["LUT4: 289, and 280 at abc1234"]),
        ({"lut4": 280, "ff": 83}, ["flip-flops: 83, and 80 at abc1234"]),
        ({"lut4": 280, "ff": 80, "fmax_mhz": 131.9}, ["MHz: 131.9, and 136.0 at abc1234"]),
    ],
)
def test_a_loss_is_more_than_3_percent(tmp_path, figures, said):
    (entry,) = append(tmp_path / "figures.json", [REPORT], STAMPED)
    assert losses(entry, **figures) == said


def test_entries_are_appended_and_those_of_the_same_commit_replaced(tmp_path):
    path = tmp_path / "figures.json"
    append(path, [REPORT, replace(REPORT, device="up5k")], STAMPED)
    append(path, [replace(REPORT, lut4=270)], STAMPED)
    append(path, [replace(REPORT, lut4=260)], ("def5678+", "2026-11-30", "0.70"))
    found = [(entry.commit, entry.device, entry.lut4) for entry in read(path)]
    assert found == [("abc1234", "up5k", 280), ("abc1234", "hx8k", 270), ("def5678+", "hx8k", 260)]
    assert last(read(path), "i8237", "hx8k").lut4 == 260
    assert last(read(path), "at", "hx8k") is None
    assert len(path.read_text().splitlines()) == 5  # one entry a line, between brackets


def test_the_file_has_every_tracked_core_with_the_promised_keys():
    entries = json.loads(FIGURES.read_text())
    assert {(entry["core"], entry["device"]) for entry in entries} >= set(TRACKED)
    assert all(set(entry) == set(Entry.__dataclass_fields__) and entry["seeds"] >= 5 for entry in entries)


@pytest.mark.parametrize("text", ["no json", "[1]", '[{"core": "i8237"}]'])
def test_a_file_that_is_no_history_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(HistoryError, match=r"other\.json' is no history of figures"):
        read(path)


def test_a_folder_outside_git_has_no_commit_to_name(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(HistoryError, match="is not in a Git working tree"):
        stamp(tmp_path)
