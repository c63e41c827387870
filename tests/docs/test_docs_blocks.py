"""Every fenced block of the documents is run, or in the accounts: less of it, later, elsewhere, or with its reason."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import dropwhile
from pathlib import Path

import pytest
import typer.core
import typer.main

from isadma_cli.__main__ import run
from isadma_cli.app import app
from isadma_cli.fat12_format import make_image
from isadma_sim import PC
from isadma_verify.conform.pins.mapfile import read_map

ACCOUNTS = tomllib.loads(Path(__file__).with_name("accounts.toml").read_text())
SLOW, SITE = tuple(ACCOUNTS["slow"]), tuple(ACCOUNTS["site"])
LESS, STATUS, ELSEWHERE, NOT_RUN = (ACCOUNTS[name] for name in ("less", "status", "elsewhere", "not_run"))
#: By language and page.
PROGRAMS = ACCOUNTS["programs"]
#: Prints `A:\>` by INT 10h, waits for 220 ticks of the timer, halts.
PROMPT = bytes.fromhex("31c0 8ed8 be207c ac 84c0 7409 b40e bb0700 cd10 ebf2 b9dc00 fb f4 e2fc fa f4 ebfd 413a5c3e00")
#: Figures that two machines do not share.
MEASURED = re.compile(r"verilator [\d.]+|\d+ s\b")


def sandbox(folder: Path, page: str, documents) -> None:
    """Put into a folder what the pages take for granted: images, a capture with its map, a model, the documents."""
    (folder / "docs").symlink_to(documents.root / "docs")
    (folder / "tests").symlink_to(documents.root / "tests")
    (folder / "build").mkdir()
    shutil.copy(documents.root / "README.md", folder)
    commands = [command for block in documents.blocks(page) for command in block.commands]
    if "isadma floppy create disk.img" not in commands:
        (folder / "disk.img").write_bytes((PROMPT.ljust(510, b"\0") + b"\x55\xaa").ljust(1_474_560, b"\xf6"))
    for name in [command.split()[1] for command in commands if re.fullmatch(r"python \w+\.py", command)]:
        # "Save this as": the page's program.
        (program,) = [block.text for block in documents.blocks(page) if block.language == "python"]
        (folder / name).write_text(program)
    if any("--bios bios.bin" in command for command in commands):
        from isadma_sim.boot.bios import Bios

        (folder / "bios.bin").write_bytes(Bios.own("at").data)
    if any(" slot.sr" in command for command in commands):
        for block in documents.blocks(page):
            if block.language == "toml":
                (folder / "slot.toml").write_text(block.text)
        capture(
            folder / "slot.sr",
            {
                "CLK": "D0",
                "AEN": "D1",
                "DACK1#": "D2",
                "IOR#": "D3",
                "IOW#": "D4",
                **{f"A{bit}": f"D{5 + bit}" for bit in range(3)},
            },
        )
    if any(" capture.sr" in command for command in commands):
        capture(folder / "capture.sr", {})


def capture(path: Path, names: dict[str, str]) -> None:
    """Make the capture of a PC/XT whose channel 1 moves four bytes; with other names for its probes, it does not."""
    made = path.with_name("made.sr")
    with PC(engine="reference", board="xt") as pc, pc.waves(made):
        for port, value in ((0x0B, 0x89), (0x0C, 0), (2, 0x34), (2, 0x12), (3, 3), (3, 0), (0x83, 5)):
            pc.outb(port, value)
        if not names:
            pc.outb(0x09, 5)
        pc.run(clocks=200)
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(path, "w") as written:
        lines = given.read("metadata").decode().splitlines()
        probes = {line.partition("=")[2]: int(line[5:].partition("=")[0]) for line in lines if line.startswith("probe")}
        (unit,) = [int(line.partition("=")[2]) for line in lines if line.startswith("unitsize=")]
        # The map of the page has IOW# upside down.
        over = (1 << probes["IOW#"] - 1 if names else 0).to_bytes(unit, "little")
        for name in given.namelist():
            data = given.read(name)
            if name == "metadata" and names:
                data = "\n".join(renamed(line, names) for line in lines).encode()
            elif name.startswith("logic"):
                data = bytes(a ^ b for a, b in zip(data, over * (len(data) // unit), strict=True))
            written.writestr(name, data)
    made.unlink()


def renamed(line: str, names: dict[str, str]) -> str:
    """Give a probe of a session's metadata its other name; who has none is shown under one that says nothing."""
    probe, equals, name = line.partition("=")
    if not re.fullmatch(r"probe\d+", probe):
        return line
    return probe + equals + names.get(name, f"X{probe}")


def outcome_of(command: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run a command line; return its status and what it printed."""
    words = shlex.split(os.path.expandvars(command.replace("$PWD", os.getcwd())))
    target = words.index(">") if ">" in words else len(words)
    words, into = words[:target], words[target + 1 :]
    while re.match(r"[A-Z_]+=", words[0]):
        name, _, value = words.pop(0).partition("=")
        monkeypatch.setenv(name, value)
    capfd.readouterr()
    if words[0] == "isadma":
        status = run(words[1:])
        printed = capfd.readouterr()
    else:
        program = {"python": [sys.executable], "pytest": [sys.executable, "-m", "pytest", "-q"]}.get(
            words[0], words[:1]
        )
        done = subprocess.run([*program, *words[1:]], capture_output=True, text=True, timeout=600, check=False)
        return done.returncode, done.stdout + done.stderr
    for name in into:
        Path(name).write_text(printed.out)
    return status, printed.out + printed.err


def missing(shown: str, printed: str) -> list[str]:
    """Return the lines of a document that a run did not print, in this order; `...` stands for any."""
    rest = iter(MEASURED.sub("*", printed).splitlines())
    wanted = [MEASURED.sub("*", line).strip() for line in shown.splitlines()]
    return [line for line in wanted if line not in ("", "...") and not any(line in found for found in rest)]


def play(page: str, documents, capfd, monkeypatch, *, slow: bool) -> int:
    """Run the commands of a page one after the other and return how many; slow ones only if asked for."""
    played, printed = 0, ""
    for block in documents.blocks(page):
        if block.output and printed:
            assert missing(block.output, printed) == [], f"{block.place}: a run does not print this"
        if block.commands:
            printed = ""
        for command in block.commands:
            if command in ELSEWHERE or command in NOT_RUN or (command.startswith(SLOW) and not slow):
                continue
            status, said = outcome_of(LESS.get(command, command), capfd, monkeypatch)
            assert (status, "Traceback" in said) == (STATUS.get(command, 0), False), f"{block.place}: {command}\n{said}"
            played, printed = played + 1, printed + said
        if block.language == "console" and block.output and printed:
            assert missing(block.output, printed) == [], f"{block.place}: a run does not print this"
    return played


def test_commands_of_a_page_run(page_with_commands, documents, tmp_path, capfd, monkeypatch):
    sandbox(tmp_path, page_with_commands, documents)
    monkeypatch.chdir(tmp_path)
    play(page_with_commands, documents, capfd, monkeypatch, slow=False)


@pytest.mark.long
def test_all_commands_of_a_page_run(page_with_commands, documents, tmp_path, capfd, monkeypatch):
    sandbox(tmp_path, page_with_commands, documents)
    monkeypatch.chdir(tmp_path)
    play(page_with_commands, documents, capfd, monkeypatch, slow=True)


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")  # one shows a module that goes on elsewhere
def test_a_program_in_python_runs(program, documents, tmp_path, monkeypatch):
    if f"python {program.page}" in PROGRAMS:
        return
    monkeypatch.chdir(tmp_path)
    (tmp_path / "disk.img").write_bytes(make_image({"README.TXT": b"hello\r\n"}))
    (driver,) = [block for block in documents.blocks("docs/guide/14-your-driver.md") if block.language == "c"]
    (tmp_path / "driver.c").write_text(driver.text)
    exec(compile(program.text, program.place, "exec"), {"__name__": "__main__"})


def test_the_pin_map_of_the_page_is_read(documents, tmp_path):
    (shown,) = [block for block in documents.blocks("docs/guide/12-benches.md") if block.language == "toml"]
    (tmp_path / "map.toml").write_text(shown.text)
    assert read_map(tmp_path / "map.toml").top == "some8237"


def accounts(documents) -> Iterator[tuple[str, str]]:
    """Return each block that nothing runs and no account explains, and what of it."""
    for block in documents.blocks():
        if block.commands or block.output or block.language in (*SITE, "python"):
            continue
        if f"{block.language} {block.page}" not in PROGRAMS:
            yield block.place, f"a block in {block.language!r} that no test runs"


def test_every_block_is_run_or_accounted_for(documents):
    assert list(accounts(documents)) == []


def test_no_account_is_of_something_that_is_gone(documents):
    blocks = documents.blocks()
    commands = {command for block in blocks for command in block.commands}
    told = {*LESS, *ELSEWHERE, *NOT_RUN, *STATUS}
    assert told - commands == set()
    assert set(PROGRAMS) - {f"{block.language} {block.page}" for block in blocks} == set()
    assert [start for start in SLOW if not any(command.startswith(start) for command in commands)] == []


@pytest.mark.parametrize("where", sorted({*ELSEWHERE.values(), *PROGRAMS.values()}))
def test_a_test_that_an_account_names_is_there(documents, where):
    file, name = where.split(": ")
    assert f"\ndef {name}" in (documents.root / "tests" / file).read_text()


@cache
def command_tree() -> typer.core.TyperGroup:
    return typer.main.get_command(app)


def check_words(command: str, makefile: str) -> str | None:
    """Return what is wrong with a command line: a command, an option or a make target that there is not."""
    words = list(dropwhile(lambda word: re.match(r"[A-Z_]+=", word), shlex.split(command)))
    words = words[: words.index(">")] if ">" in words else words
    if words[0] == "make":
        targets = [word for word in words[1:] if "=" not in word]
        return next((f"no target {t}" for t in targets if not re.search(rf"^{t}:", makefile, re.MULTILINE)), None)
    found, words = command_tree(), words[1:]
    while words and words[0] in getattr(found, "commands", {}):
        found, words = found.commands[words[0]], words[1:]
    if words and not words[0].startswith("-") and hasattr(found, "commands"):
        return f"no command {words[0]}"
    if not words and hasattr(found, "commands"):
        return None
    try:
        if words not in (["--help"], ["--version"]):
            found.make_context("isadma", words)
    except Exception as error:
        return str(getattr(error, "message", error))
    return None


def test_commands_exist_with_these_options(documents):
    """In blocks, and `in running text` where an option has its value."""
    makefile = (documents.root / "Makefile").read_text()
    lines = {(block.place, command) for block in documents.blocks() for command in block.commands}
    lines |= {
        (page, span)
        for page, span in documents.spans()
        if page != "CHANGELOG.md" and re.match(r"isadma [a-z].* --?[a-z]+ \w|make [a-z]", span)
    }
    lines = {
        (place, line) for place, line in lines if re.match(r"(\w+=\S* )*(isadma|make) ", line) and "..." not in line
    }
    assert len(lines) > 80
    wrong = [(place, line, check_words(line, makefile)) for place, line in sorted(lines)]
    assert [each for each in wrong if each[2]] == []
