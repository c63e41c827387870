"""Scenes: each file read back; every signal named in a save file is in the dump, and the event lies in the picture."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from vcd.reader import TokenKind, tokenize

from isadma_cli.scenes.files import write_all
from isadma_cli.scenes.library import SCENES
from isadma_cli.scenes.played import play
from isadma_cli.scenes.scene import LINES

#: One of each kind; the others are long.
QUICK = ("memory-to-memory", "bus-master", "xt-arbiter")


@pytest.fixture(scope="module", params=[pytest.param(n, marks=() if n in QUICK else pytest.mark.long) for n in SCENES])
def played(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "scratch").mkdir()
    scene = play(SCENES[request.param], folder / f"{request.param}.vcd", folder / "scratch", "reference")
    return scene, {path.suffix: path for path in write_all(scene)}


def paths_of(dump):
    scopes, found = [], set()
    with dump.open("rb") as stream:
        for token in tokenize(stream):
            if token.kind is TokenKind.SCOPE:
                scopes.append(token.scope.ident)
            elif token.kind is TokenKind.UPSCOPE:
                scopes.pop()
            elif token.kind is TokenKind.VAR:
                width = token.var.size if token.var.type_.value != "string" else 1
                bits = f"[{width - 1}:0]" if width > 1 else ""
                found.add(".".join([*scopes, token.var.reference]) + bits)
            elif token.kind is TokenKind.ENDDEFINITIONS:
                return found
    raise AssertionError("no definitions")


def test_gtkwave_is_given_signals_that_are_there(played):
    scene, files = played
    text = files[".gtkw"].read_text()
    assert f'[dumpfile] "{scene.dump.name}"' in text, "a path that only holds here"
    assert f'[savefile] "{scene.dump.stem}.gtkw"' in text, "GTKWave would look for the dump in its working folder"
    named = [line.rpartition(" ")[2] for line in text.splitlines() if re.match(r"(\+\{.*\} )?pc\.", line)]
    assert len(named) > 20
    assert set(named) == paths_of(scene.dump)
    labels = re.findall(r"\+\{(.*?)\}", text)
    assert labels == list(scene.scene.lines)


def test_the_event_lies_in_the_zoom(played):
    scene, files = played
    text = files[".gtkw"].read_text()
    begin = int(re.search(r"\[timestart\] (\d+)", text)[1])
    zoom, marker = re.search(r"\*(-?[\d.]+) (\d+) ", text).groups()
    assert begin <= int(marker) < begin + 4 * 2 ** -float(zoom) * 1.001
    assert scene.begin <= scene.marked < scene.end
    signal, level = scene.scene.event
    assert scene.clocks[scene.event][signal] == level
    assert all(now[signal] != level for now in scene.clocks[: scene.event])


def test_surfer_is_given_signals_that_are_there(played):
    scene, files = played
    commands = files[".sucl"].read_text().splitlines()
    assert commands[0] == f"load_file {scene.dump.name}"
    bare = {path.partition("[")[0] for path in paths_of(scene.dump)}
    assert {line.split()[1] for line in commands if line.startswith("variable_add")} <= bare
    assert f"cursor_set {scene.marked}" in commands


def test_wavedrom_says_what_the_dump_does(played):
    scene, files = played
    told = json.loads(files[".json"].read_text())
    assert [lane["name"] for lane in told["signal"]] == list(scene.scene.lines)
    for lane, label in zip(told["signal"], scene.scene.lines, strict=True):
        line, wave = LINES[label], lane["wave"]
        assert len(wave) == len(scene.clocks)
        if line.kind == "bit":
            level = None
            for code, now in zip(wave, scene.clocks, strict=True):
                level = level if code == "." else int(code)
                assert level == now[line.signal]
        elif line.kind != "clock":
            assert wave.count("=") == len(lane.get("data", []))


def test_the_pictures_are_pictures(played):
    _, files = played
    texts = "".join(ElementTree.parse(files[".svg"]).getroot().itertext())
    assert "isadma" not in texts
    assert files[".png"].read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert files[".png"].stat().st_size > 10_000


def test_a_scene_whose_event_does_not_come_says_so(tmp_path):
    from dataclasses import replace

    quiet = replace(SCENES["refresh"], options={})
    with pytest.raises(ValueError, match=r"never had isa\.refresh_n at 0"):
        play(quiet, tmp_path / "quiet.vcd", tmp_path, "reference")


def test_fst_and_vcd_and_the_mistakes(isadma, tmp_path):
    done = isadma("waves", "software-request", "-o", tmp_path / "w", "-e", "reference", "--json")
    assert (done.status, done.err) == (0, "")
    files = [Path(name) for name in json.loads(done.out)["software-request"]["files"]]
    assert [path.suffix for path in files] == [".fst", ".gtkw", ".sucl", ".json", ".svg", ".png"]
    assert all(path.stat().st_size for path in files)
    assert isadma("waves", "--list").out.count("\n") >= len(SCENES)
    for words, said in (
        (["sektor"], "no scene is named 'sektor' (did you mean 'sector'?); --list has all"),
        (["sector", "--format", "ghw"], "--format 'ghw': there are fst and vcd"),
        (["sector", "-e", "fast"], "no engine 'fast'"),
    ):
        refused = isadma("waves", *words)
        assert refused.status == 2
        assert said in refused.complaint
    (tmp_path / "file").write_text("")
    refused = isadma("waves", "sector", "-e", "reference", "-o", tmp_path / "file")
    assert (refused.status, "-o names another folder" in refused.complaint) == (1, True)


def test_every_timing_figure_of_the_data_sheet_is_a_scene():
    """Slave mode write and read, transfer, memory to memory, READY, compressed, RESET."""
    told = " ".join(scene.about for scene in SCENES.values())
    assert [number for number in range(9, 16) if f"(figure {number})" not in told] == []


def test_reset_and_ready_show_what_they_say(tmp_path):
    for name, signal, levels in (
        ("ready", "dma1.state", ["S3", "SW", "SW", "SW", "S4"]),
        ("reset", "cpu.reset", [1, 1]),
    ):
        played = play(SCENES[name], tmp_path / f"{name}.vcd", tmp_path, "reference")
        shown = [now[signal] for now in played.clocks]
        assert any(shown[at : at + len(levels)] == levels for at in range(len(shown))), name
    after = [now for now in played.clocks if now["time"] > played.marked + 1000]
    assert {now["dma1.state"] for now in after} == {"SI"}
    assert all(now["dma.drq1"] and now["dma.dack1_n"] for now in after)
