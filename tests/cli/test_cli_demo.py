"""`isadma demo`: a known file comes back by DMA, and the report says how."""

from __future__ import annotations

import hashlib
import json

import pytest

from isadma_cli.demo import known_file

# sha256 of the 15 numbered lines: the demo must not change its own yardstick unnoticed.
KNOWN = "eb2fa7812a6eae56dfcbc0e8e5c11b8b7ca6ee7a83180da0f5f88597c941a376"


def test_known_file_is_the_one_it_always_was():
    assert hashlib.sha256(known_file()).hexdigest() == KNOWN
    assert len(known_file()) == 1065


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The demo's JSON on the reference engine, and where it left its waveforms."""
    import contextlib
    import io

    from isadma_cli.__main__ import run

    folder = tmp_path_factory.mktemp("demo")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["demo", "--engine", "reference", "--json", "--waves", str(folder / "demo.vcd")]) == 0
    return json.loads(out.getvalue()), folder


def test_file_read_by_dma_is_the_known_one(report):
    found, _ = report
    assert found["matches"] is True
    assert found["sha256"] == {"known": KNOWN, "read": KNOWN}
    assert found["bytes"] == 1065


def test_boot_sector_directory_table_and_file_move_in_that_order(report):
    found, _ = report
    assert [(step["name"], step["sectors"], step["bytes"]) for step in found["steps"]] == [
        ("boot sector", "0", 512),
        ("root directory", "19", 512),
        ("FAT", "1", 512),
        ("ISADMA.TXT", "33", 512),
        ("ISADMA.TXT", "36-37", 1024),
    ]


def test_each_byte_takes_nine_clocks_of_the_bus(report):
    # SI SI S0 S1 S2 S3 SW S4 and the cascade's flip-flop, HLDA at once: 9 clocks of HLDA for each single transfer.
    found, _ = report
    assert found["total"]["bytes"] == 3072
    assert found["total"]["held_clocks"] == 9 * 3072


def test_floppy_at_500_kbit_takes_a_seventh_of_the_bus_while_it_reads(report):
    # 16 us a byte are 64 clocks at 4 MHz: 9 of 64.
    found, _ = report
    assert found["steps"][0]["bus_share"] == pytest.approx(9 / 64, abs=0.005)


def test_proc_dma_is_shown_while_the_driver_owns_its_channel(report):
    found, _ = report
    assert found["proc_dma"] == [" 2: floppy", " 4: cascade"]


def test_count_register_reads_ffff_after_the_last_transfer(report):
    found, _ = report
    assert found["registers"]["after"]["current count"] == "FFFFh"
    assert found["registers"]["after"]["mode, as written"] == "46h"


def test_waveforms_and_save_file_are_left(report):
    found, folder = report
    assert found["waves"] == [str(folder / "demo.vcd"), str(folder / "demo.gtkw")]
    assert all((folder / name).stat().st_size > 500 for name in ("demo.vcd", "demo.gtkw"))


def test_tables_end_with_digest_matches(isadma, tmp_path):
    outcome = isadma("demo", "--engine", "reference", "--waves", tmp_path)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.endswith("digest matches\n")
    for part in (
        "/proc/dma while it runs",
        " 2: floppy",
        "ISADMA.TXT",
        "36-37",
        "current count",
        "demo.fst",
        "demo.gtkw",
    ):
        assert part in outcome.out
    assert max(len(line) for line in outcome.out.splitlines() if str(tmp_path) not in line) <= 80
    assert {path.name for path in tmp_path.iterdir()} == {"demo.fst", "demo.gtkw"}


def test_file_that_comes_back_different_fails(isadma, tmp_path, monkeypatch):
    from isadma_cli import demo

    real = demo.make_image
    monkeypatch.setattr(demo, "make_image", lambda files, **how: real(files, **how).replace(b"07 of", b"77 of"))
    outcome = isadma("demo", "--engine", "reference", "--waves", tmp_path)
    assert outcome.status == 1
    assert "digest differs" in outcome.complaint
    assert "digest matches" not in outcome.out
