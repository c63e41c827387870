"""What the command refuses: one line that names the bad value and the way out, and the right exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from isadma_cli.commands.help import FPGA, JUDGE, LOOK, MACHINE

FAILURE, USAGE = 1, 2


def test_version_is_the_distributions(isadma):
    from importlib.metadata import version

    for word in ("--version", "-V"):
        outcome = isadma(word)
        assert (outcome.status, outcome.out, outcome.err) == (0, f"isadma {version('isadma')}\n", "")


@pytest.mark.parametrize(("words", "panel"), [([], "The machine"), (["floppy"], "Commands")])
def test_a_group_alone_shows_its_help_and_is_no_success(isadma, words, panel):
    outcome = isadma(*words)
    assert outcome.status == USAGE
    assert f"─ {panel} ─" in outcome.out


def test_every_command_stands_in_a_panel_and_no_flag_has_a_type(isadma):
    help_page = isadma("--help").out
    assert "─ Commands ─" not in help_page
    assert [help_page.count(f"─ {panel} ─") for panel in (MACHINE, LOOK, JUDGE, FPGA)] == [1, 1, 1, 1]
    assert "<bool>" not in help_page + isadma("floppy", "read", "--help").out


def test_the_shell_completes_commands():
    environment = dict(os.environ, _ISADMA_COMPLETE="complete_bash", COMP_WORDS="isadma fl", COMP_CWORD="1")
    program = "from isadma_cli.app import app; app(prog_name='isadma')"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["floppy"]


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["floppy", "-h"], ["demo", "-h"]])
def test_help_succeeds(isadma, words):
    outcome = isadma(*words)
    assert (outcome.status, outcome.err) == (0, "")


@pytest.mark.parametrize(
    ("words", "default"),
    [
        (["program"], "what `isadma build` made"),
        (["floppy", "read"], "native, amaranth without a compiler"),
        (["tour"], "all"),
    ],
)
def test_help_shows_a_default_told_in_words(isadma, words, default):
    page = " ".join(isadma(*words, "--help").out.replace("│", " ").split())
    assert f"[default: {default}]" in page


@pytest.mark.parametrize("words", [["floppy", "read"], ["floppy", "write"], ["demo"], ["proc"], ["synth"], ["verilog"]])
def test_every_commands_help_has_examples_that_start_with_the_command(isadma, words):
    assert f"isadma {' '.join(words)}" in isadma(*words, "--help").out.split("Examples:")[1]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["flopy"], ["'flopy'", "isadma --help"]),
        (["floppy", "read"], ["IMAGE", "isadma floppy read --help"]),
        (["floppy", "read", "{disk}", "--lbaa", "3"], ["--lbaa", "--lba"]),
        (["floppy", "read", "{disk}", "--lba", "ten"], ["--lba", "'ten'", "36 or 0x24"]),
        (["floppy", "read", "{disk}", "extra"], ["extra"]),
        (["floppy", "read", "missing.img"], ["no such file", "'missing.img'"]),
        (["floppy", "read", "{folder}"], ["is a folder"]),
        (["floppy", "read", "{short}"], ["1000 bytes", "1474560 (1.44M)", "368640 (360K)"]),
        (["floppy", "read", "{disk}", "--lba", "2880"], ["--lba 2880", "0 to 2879"]),
        (["floppy", "read", "{disk}", "--lba", "-1"], ["--lba -1", "0 to 2879"]),
        (["floppy", "read", "{disk}", "--lba", "2879", "--sectors", "2"], ["sector 2880", "0 to 2879", "at most 1"]),
        (["floppy", "read", "{disk}", "--sectors", "0"], ["--sectors 0", "--all"]),
        (["floppy", "read", "{disk}", "--all", "--lba", "0x10"], ["--all", "--lba 16"]),
        (["floppy", "read", "{disk}", "--all", "--sectors", "3"], ["--all", "--sectors 3"]),
        (["floppy", "read", "{disk}", "--engine", "amarant"], ["'amarant'", "did you mean 'amaranth'", "reference"]),
        (["floppy", "read", "{disk}", "--engine", "verilator"], ["'verilator'", "amaranth", "reference"]),
        (["floppy", "read", "{disk}", "--taken", "2"], ["--taken '2'", "--taken 2=sound"]),
        (["floppy", "read", "{disk}", "--taken", "two=sound"], ["--taken 'two=sound'", "--taken 2=sound"]),
        (["floppy", "read", "{disk}", "-o", "{disk}"], ["-o", "itself"]),
        (["floppy", "read", "{disk}", "-o", "{folder}"], ["-o", "is a folder"]),
        (["floppy", "read", "{disk}", "--waves", "t.txt"], ["'t.txt'", "'.txt'", ".vcd, .fst or .sr"]),
        (["floppy", "read", "{disk}", "--waves", "t"], ["'t'", ".vcd, .fst or .sr"]),
        (["floppy", "write", "{disk}", "{short}", "--lba", "0"], ["1000 bytes", "multiple of 512"]),
        (["floppy", "write", "{disk}", "{empty}", "--lba", "0"], ["0 bytes", "multiple of 512"]),
        (["floppy", "write", "{disk}", "missing.bin", "--lba", "0"], ["no such file", "'missing.bin'"]),
        (["floppy", "write", "{disk}", "{sector}"], ["--lba"]),
        (["floppy", "write", "{disk}", "{sector}", "--lba", "2880"], ["--lba 2880", "0 to 2879"]),
        (["synth", "--core", "i8273"], ["'i8273'", "did you mean 'i8237'", "at"]),
        (["synth", "--core", "at", "--device", "hx8"], ["'hx8'", "did you mean 'hx8k'"]),
        (["synth", "--core", "at", "--seeds", "0"], ["--seeds 0"]),
        (["synth", "--history", "--history-file", "{folder}/no/f.json"], ["no such folder", "--history-file"]),
        (["synth", "--history", "--device", "asic"], ["asic", "not placed"]),
        (["synth", "--device", "hx8k", "--liberty", "{short}"], ["--liberty", "asic", "hx8k"]),
        (["synth", "--device", "asic", "--liberty", "{short}"], ["no liberty file"]),
        (["synth", "--device", "asic", "--liberty", "missing.lib"], ["cannot read 'missing.lib'"]),
        (["build", "icestick", "--mhz", "24"], ["iCEstick", "24 MHz", "PLL"]),
        (["build", "ulx3s", "--mhz", "0"], ["0 MHz"]),
        (["build", "ulx3s", "--mhz", "1001"], ["1001 MHz", "25 MHz"]),
        (["build", "ulx3s", "--wait-states", "2"], ["wait_states is 2", "0 or 1"]),
        (["synth", "--history", "--history-file", "{short}"], ["is no history"]),
        (["demo", "--engine", "referense"], ["'referense'", "did you mean 'reference'"]),
        (["demo", "--waves", "demo.png"], ["'demo.png'", ".vcd, .fst or .sr"]),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_one_line_with_the_bad_value_and_the_way_out(isadma, disk, tmp_path, words, parts):
    places = {"disk": disk, "folder": tmp_path, "short": tmp_path / "short.img", "empty": tmp_path / "empty"}
    places["sector"] = tmp_path / "sector.bin"
    places["short"].write_bytes(bytes(1000))
    places["empty"].touch()
    places["sector"].write_bytes(bytes(512))
    before = disk.read_bytes()
    outcome = isadma(*[word.format(**places) for word in words])
    assert outcome.status == USAGE
    assert outcome.out == ""
    for part in parts:
        assert part in outcome.complaint
    assert disk.read_bytes() == before


def test_output_under_another_name_of_the_image_is_refused(isadma, disk, tmp_path):
    link = tmp_path / "link.img"
    link.symlink_to(disk)
    outcome = isadma("floppy", "read", disk, "-o", link)
    assert outcome.status == USAGE
    assert "itself" in outcome.complaint


@pytest.mark.parametrize("option", ["-o", "--waves"])
def test_output_in_a_folder_that_is_not_there_fails_before_the_work(isadma, disk, tmp_path, option):
    outcome = isadma("floppy", "read", disk, option, tmp_path / "no" / "out.vcd")
    assert outcome.status == FAILURE
    assert "there is no folder" in outcome.complaint
    assert "create it" in outcome.complaint


@pytest.mark.usefixtures("bound_by_modes")
def test_output_in_a_folder_that_takes_no_files_fails_before_the_work(isadma, disk, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    outcome = isadma("floppy", "read", disk, "-o", folder / "out.bin")
    assert outcome.status == FAILURE
    assert "not writable" in outcome.complaint


def test_internal_error_is_one_line_and_says_how_to_see_where(isadma, disk, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.delenv("ISADMA_TRACEBACK", raising=False)
    monkeypatch.setattr("isadma_cli.floppy.read_sectors", broken)
    outcome = isadma("floppy", "read", disk)
    assert outcome.status == FAILURE
    assert "ZeroDivisionError: division by zero" in outcome.complaint
    assert "ISADMA_TRACEBACK=1" in outcome.complaint


def test_traceback_of_an_internal_error_is_there_for_who_asks(isadma, disk, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("ISADMA_TRACEBACK", "1")
    monkeypatch.setattr("isadma_cli.floppy.read_sectors", broken)
    assert "in broken" in isadma("floppy", "read", disk).err


def test_ctrl_c_is_one_line_and_status_130(isadma, disk, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("isadma_cli.floppy.read_sectors", interrupted)
    outcome = isadma("floppy", "read", disk)
    assert (outcome.status, outcome.complaint) == (130, "isadma: interrupted")


def test_messages_of_several_lines_are_folded_into_one():
    from isadma_cli.errors import CommandError

    assert str(CommandError("one\n  two\tthree")) == "one two three"


def test_image_larger_than_any_floppy_is_refused_by_its_size(isadma, tmp_path):
    path = tmp_path / "hard.img"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    outcome = isadma("floppy", "read", path)
    assert outcome.status == USAGE
    assert "1099511627776 bytes" in outcome.complaint


def test_repeated_path_objects_reach_the_command_as_written(isadma):
    assert "'sub/dir/missing.img'" in isadma("floppy", "read", Path("sub/dir/missing.img")).complaint
