"""`--quiet`: nothing on the way; and `--json` of every floppy command."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import pytest
import typer.main

from isadma_cli.app import app
from isadma_cli.progress import errors

#: Commands that show progress, or report what was not asked for.
TALKING = {
    *("demo", "tour", "bench", "prove", "check", "lab", "waves", "fuzz", "mutate", "conform", "vectors"),
    *("synth", "verilog", "embed", "build", "board test", "board simulate", "vectors run"),
    *("floppy create", "floppy read", "floppy write"),
}


def commands(found=None, path=()):
    found = found or typer.main.get_command(app)
    yield " ".join(path), found
    for name, below in getattr(found, "commands", {}).items():
        yield from commands(below, (*path, name))


def options(command):
    return {option for parameter in command.params for option in parameter.opts}


def test_every_talking_command_can_be_quiet():
    assert {name for name, command in commands() if "--quiet" in options(command)} == TALKING


def test_no_help_page_shows_a_flags_type():
    flags = [(command, each) for _, command in commands() for each in command.params if getattr(each, "is_flag", False)]
    assert len(flags) > 60
    assert [each.name for command, each in flags if each.display_type_rich(ctx=command.context_class(command))] == []


def test_quiet_commands_say_nothing(isadma, tmp_path):
    image, out = tmp_path / "a.img", tmp_path / "out.bin"
    for words in (
        ("floppy", "create", image),
        ("floppy", "read", image, "-e", "reference", "-o", out, "--waves", tmp_path / "t.vcd", "--from", "dreq7"),
        ("floppy", "write", image, out, "--lba", 3, "-e", "reference"),
        ("verilog", "--core", "i8237", "-o", tmp_path / "hold.v"),
        ("waves", "registers", "-e", "reference", "-o", tmp_path),
    ):
        done = isadma(*words, "--quiet")
        assert (done.status, done.out, done.err) == (0, "", ""), words
    assert out.stat().st_size == 512


def test_quiet_is_of_one_command_line(isadma, tmp_path):
    isadma("floppy", "create", tmp_path / "a.img", "-q")
    assert isadma("floppy", "create", tmp_path / "b.img").out
    assert not errors().quiet


def test_errors_are_told_all_the_same(isadma, tmp_path):
    assert "no such file" in isadma("floppy", "read", tmp_path / "none.img", "-q").complaint


def test_create_as_json(isadma, tmp_path):
    (tmp_path / "read.me").write_text("hello")
    done = isadma("floppy", "create", tmp_path / "a.img", tmp_path / "read.me", "--format", "dmf", "--json")
    told = json.loads(done.out)
    data = (tmp_path / "a.img").read_bytes()
    assert (told["format"], told["files"], told["fat12"]) == ("1.68M", ["READ.ME"], True)
    assert told["cylinders"] * told["heads"] * told["sectors_per_track"] * 512 == told["bytes"] == len(data)
    assert told["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("way", [(), ("--pio",)])
def test_read_and_write_as_json(isadma, disk, tmp_path, way):
    out = tmp_path / "out.bin"
    done = isadma("floppy", "read", disk, "--lba", 7, "--sectors", 2, "-o", out, "-e", "reference", "--json", *way)
    told = json.loads(done.out)
    assert (told["done"], told["lba"], told["sectors"], told["bytes"]) == ("read", 7, 2, 1024)
    assert told["channel"] == (None if way else 2)
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert told["clocks"] > told["bus_held_clocks"]
    done = isadma("floppy", "write", disk, out, "--lba", 100, "-e", "reference", "--json", *way)
    told = json.loads(done.out)
    assert (told["done"], told["lba"], told["sha256"]) == ("write", 100, hashlib.sha256(out.read_bytes()).hexdigest())


def test_with_the_bytes_on_standard_output_the_report_is_on_the_other(disk):
    words = ("floppy", "read", str(disk), "-e", "reference", "-o", "-", "--json")
    done = subprocess.run([sys.executable, "-m", "isadma_cli", *words], capture_output=True, timeout=120, check=True)
    assert len(done.stdout) == 512
    assert json.loads(done.stderr)["sha256"] == hashlib.sha256(done.stdout).hexdigest()
