"""`--trace` of the commands that run a machine, and `isadma timeline`."""

from __future__ import annotations

import json

import pytest

from isadma_sim.timeline.decode import decode
from isadma_sim.timeline.files import read_trace

READ = ("floppy", "read", "disk.img", "--engine", "native", "--lba", "5", "--sectors", "3")


@pytest.fixture
def here(tmp_path, disk, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_read_of_sectors_is_in_the_trace_byte_by_byte(isadma, here, disk):
    done = isadma(*READ, "--trace", "run.trace")
    assert done.status == 0
    assert "trace 'run.trace': isadma timeline 'run.trace'" in done.err
    moved = [t for t in decode(read_trace(here / "run.trace")).transfers if t.channel == 2]
    assert bytes(t.data for t in moved) == disk.read_bytes()[5 * 512 : 8 * 512]
    figures = json.loads(isadma("timeline", "run.trace", "--json").out)
    assert figures["channels"] == {"2": {"transfers": 1536, "bytes": 1536, "terminal_counts": 1}}
    assert figures["dreq_to_dack"]["2"]["waits"] == 1536
    assert sum(figures["bus"].values()) == figures["end"] - figures["begin"]
    page = isadma("timeline", "run.trace", "-o", "page.html")
    assert "page.html: " in page.err
    assert 'id="layout"' in (here / "page.html").read_text()
    perfetto = isadma("timeline", "run.trace", "--perfetto", "run.pftrace")
    assert "open it at ui.perfetto.dev" in perfetto.err
    assert b"to memory" in (here / "run.pftrace").read_bytes()
    said = isadma("timeline", "run.trace")
    assert "channel 2" in said.out
    assert "1,536" in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("demo", "--trace", "t.trace", "--waves", "d.fst"), {"t.trace"}),
        (("proc", "--trace", "t.trace"), {"t.trace"}),
        (("waves", "sector", "--format", "vcd", "-o", "w", "--trace"), {"sector.trace"}),
        (("tour", "verify", "--trace", "t"), None),
        (("floppy", "write", "disk.img", "s.bin", "--lba", "1", "--trace", "t.trace"), {"t.trace"}),
    ],
    ids=lambda words: words[0] if isinstance(words, tuple) else "",
)
def test_commands_that_run_a_machine_record_it(isadma, here, words, files, monkeypatch):
    (here / "s.bin").write_bytes(bytes(512))
    if words[0] == "tour":
        from isadma_cli.tour.claims import CLAIMS

        words = ("tour", CLAIMS[0].name, *words[2:])
    done = isadma(*words, "--engine", "native")
    assert done.status == 0
    found = sorted(here.rglob("*.trace"))
    assert found
    if files is not None:
        assert {path.name for path in found} == files
    for path in found:
        assert decode(read_trace(path)).accesses


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("timeline", "disk.img"), "'disk.img' is no trace of a machine: record one with --trace"),
        (("timeline", "none.trace"), "no such file: 'none.trace'"),
        (("timeline", "."), "'.' is a folder"),
        (("timeline", "cut.trace"), "'cut.trace' is cut short: copy or record it again"),
        (("timeline", "cut.trace", "-o", "nowhere/p.html"), "there is no folder 'nowhere'"),
        (("timeline", "cut.trace", "-o", "cut.trace"), "-o 'cut.trace' is 'cut.trace' itself"),
        (("timeline", "cut.trace", "-o", "."), "-o '.' is a folder"),
        (("timeline", "cut.trace", "--perfetto", "nowhere/p"), "there is no folder 'nowhere'"),
        (("timeline", "cut.trace", "-o", "x", "--perfetto", "x"), "-o 'x' and --perfetto 'x' are one file"),
        ((*READ, "--trace", "nowhere/t.trace"), "there is no folder 'nowhere'"),
        ((*READ, "--trace", "."), "--trace '.' is a folder"),
        ((*READ, "--trace", "disk.img"), "--trace 'disk.img' is 'disk.img' itself"),
        ((*READ, "--trace", "t.fst", "--waves", "t.fst"), "--trace 't.fst' is 't.fst' itself"),
        (("tour", "--trace", "disk.img"), "--trace 'disk.img' is a file: name a folder"),
    ],
    ids=[
        "no trace",
        "none",
        "folder",
        "cut",
        "page nowhere",
        "page itself",
        "page folder",
        "perfetto nowhere",
        "both",
        "nowhere",
        "to a folder",
        "the image",
        "the waves",
        "tour",
    ],
)
def test_what_cannot_be_is_one_line(isadma, here, words, said):
    (here / "cut.trace").write_bytes(b'isadma-trace\r\n\x1a\n\x10\x00\x00\x00{"format"')
    before = sorted(here.iterdir())
    done = isadma(*words)
    assert done.status in (1, 2)
    assert said in done.complaint
    assert sorted(here.iterdir()) == before
