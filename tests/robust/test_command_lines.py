"""Random command lines out of the command's own options, with hostile values: one line, a status, an end."""

import os
import random
import signal
import stat
from contextlib import contextmanager

import pytest
import typer.main

from isadma_cli.__main__ import run
from isadma_cli.app import app

#: Seconds that one line may take: a bound on hangs, and no measure of speed.
PATIENCE = 120
NUMBERS = [
    "0",
    "-1",
    "1",
    "2880",
    "0x10",
    "1e9",
    "99999999999999999999",
    "-0",
    "",
    " ",
    "NaN",
    "٣",
    "0x",
    "1_000",
    "+5",
]
WORDS = [
    "",
    " ",
    "-",
    "--",
    "-x",
    "--no-such-option",
    "=",
    "a=b",
    "2=sound",
    "99=x",
    "4=x",
    "2=",
    "sound=1",
    "sound=word",
    "'",
    '"',
    "$(true)",
    "[red]x[/red]",
    "[/]",
    "%s%n",
    "\x1b[31m",
    "\n",
    "\t\r",
    "é" * 40,
    "x" * 5000,
    "../" * 500,
    "dreq2",
    "dreq9",
    "irq6",
    "tc",
    "10M",
    "0K",
    "9" * 30 + "G",
    "reference",
    "referense",
    "at",
    "xt",
    "AT",
    "native;rm",
]
#: What fits an option: half of the lines are right but for one thing.
FITTING = {
    "--lba": ["0", "3", "0x10"],
    "--sectors": ["1", "2"],
    "--output": ["out", "full.vcd", "loop.fst", "folder", "nowhere.vcd", "-"],
    "--waves": ["t.vcd", "t.fst", "full.vcd", "full.fst", "loop.fst", "fifo.vcd", "nowhere.vcd"],
    "--from": ["0", "100", "dreq2", "irq6"],
    "--until": ["100000000", "tc", "irq6"],
    "--waves-limit": ["100K", "1M"],
    "--board": ["at", "xt"],
    "--taken": ["3=x", "2=sound"],
    "--engine": ["reference"],
}
ARGUMENTS = {
    "read": ["disk.img"],
    "write": ["disk.img", "sector.bin", "--lba", "5"],
    "create": ["new.img", "sector.bin"],
    "proc": ["floppy", "sound=1"],
}
#: Commands that are through soon. Any other gets a word that it does not take: it would work for minutes.
SOON = {"read", "write", "create", "proc"}
FATAL = ["--no-such-option", "no-such-thing", "[/x]", "nonsense nonsense"]


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Names of what a user may have: images, folders, links, pipes, devices."""
    (tmp_path / "disk.img").write_bytes(bytes(368_640))
    (tmp_path / "short.img").write_bytes(bytes(1000))
    (tmp_path / "sector.bin").write_bytes(bytes(512))
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo.vcd")
    (tmp_path / "loop.fst").symlink_to("loop.fst")
    (tmp_path / "nowhere.vcd").symlink_to("no/where.vcd")
    # Root may replace the system's own devices: it gets some of its own to try that on.
    null, full = tmp_path / "null", tmp_path / "full"
    for path, minor in ((null, 3), (full, 7)):
        if os.geteuid() == 0:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        else:
            path.symlink_to(f"/dev/{path.name}")
    (tmp_path / "full.fst").symlink_to("full")
    (tmp_path / "full.vcd").symlink_to("full")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISADMA_PORT", str(tmp_path / "empty"))
    monkeypatch.delenv("ISADMA_TRACEBACK", raising=False)
    there = [path.name for path in tmp_path.iterdir()]
    yield [*there, "/", "no/such", "t.vcd", "t.fst", "out"]
    assert stat.S_ISCHR(null.stat().st_mode)
    assert stat.S_ISCHR(full.stat().st_mode)


def leaves(command, path=()):
    """Yield every command that is no group, with the words that name it."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
    else:
        for name, each in inner.items():
            yield from leaves(each, (*path, name))


def one_line_of(dice, path, command, places):
    """Make up a command line."""
    words = list(path)
    pool = {"file": places, "number": NUMBERS, "word": WORDS}

    def value():
        return dice.choice(pool[dice.choice(["file", "file", "number", "word"])])

    if dice.random() < 0.6 and path[-1] in ARGUMENTS:
        return nearly_right(dice, path, command, value)
    options = [param for param in command.params if param.param_type_name == "option" and param.name != "help"]
    for param in dice.sample(options, dice.randint(0, len(options))):
        words.append(dice.choice(param.opts))
        if not param.is_flag and dice.random() < 0.95:
            words.append(value())
    for _ in range(dice.choice([0, 1, 1, 2, 2, 3])):
        words.insert(dice.randint(len(path), len(words)), dice.choice(["disk.img", value()]))
    if "--engine" not in words and any("--engine" in param.opts for param in options):
        words += ["--engine", "reference"]
    if path[-1] not in SOON:
        words.insert(len(path), dice.choice(FATAL))
    return words


def nearly_right(dice, path, command, value):
    """Make up a command line that would work but for one word, or two, or none."""
    words = [*path, *ARGUMENTS[path[-1]]]
    for param in command.params:
        fitting = next((FITTING[name] for name in param.opts if name in FITTING), None)
        if param.param_type_name == "option" and dice.random() < 0.35 and (fitting or param.is_flag):
            if param.name == "help" or param.opts[0] in words:
                continue
            words += [param.opts[0]] if param.is_flag else [param.opts[0], dice.choice(fitting)]
    if "--engine" not in words and path[-1] != "create":
        words += ["--engine", "reference"]
    for _ in range(dice.choice([0, 0, 1, 1, 2])):
        place = dice.randrange(len(path), len(words))
        if words[place] != "reference":
            words[place] = value()
    return words


@contextmanager
def bounded():
    def late(number, frame):
        raise AssertionError(f"not through after {PATIENCE} s")

    old = signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)


def campaign(seed, count, places, capsys):
    dice = random.Random(seed)
    commands = list(leaves(typer.main.get_command(app)))
    soon = [(path, command) for path, command in commands if path[-1] in SOON]
    statuses = []
    for _ in range(count):
        words = one_line_of(dice, *dice.choice(dice.choice([commands, soon])), places)
        if "--all" in words:
            words += ["--lba", "3"]  # the two are refused together: a whole disk takes a minute on this engine
        capsys.readouterr()
        with bounded():
            status = run(words)
        said = capsys.readouterr()
        where = f"seed {seed}: isadma {words!r}: {said.err}"
        assert status in (0, 1, 2), where
        assert "internal error" not in said.err, where
        assert "Traceback" not in said.err + said.out, where
        if status == 2 and said.err:
            assert len(said.err.splitlines()) == 1, where
        statuses.append(status)
    return statuses


def test_random_command_lines_end_in_a_line_and_a_status(places, capsys):
    assert {0, 2} <= set(campaign(8237, 60, places, capsys))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_random_command_lines_do_too(places, capsys, seed):
    assert {0, 2} <= set(campaign(seed, 100, places, capsys)) <= {0, 1, 2}
