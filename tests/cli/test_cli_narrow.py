"""Narrow terminals: a table that does not fit becomes a list and loses nothing, whichever command prints it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.table import Table

from isadma_cli.report import Screen

ROOT = Path(__file__).parents[2]
NARROW = 46
#: Where a console of Rich's own is meant: progress on standard error, a page that is recorded, a whole screen.
OWN_CONSOLES = {"progress.py", "report.py", "fuzz.py", "boot/run.py"}

words = st.text("abcdefgh0123456789", min_size=1, max_size=60)
cells = st.lists(words, max_size=6).map(" ".join)


@st.composite
def tables(draw):
    columns, rows = draw(st.integers(1, 9)), draw(st.integers(0, 4))
    table = Table(title=draw(st.sampled_from([None, "what was measured"])), show_footer=draw(st.booleans()))
    for _ in range(columns):
        table.add_column(
            draw(words), draw(cells), no_wrap=draw(st.booleans()), justify=draw(st.sampled_from(["left", "right"]))
        )
    for _ in range(rows):
        table.add_row(*draw(st.lists(cells, min_size=columns, max_size=columns)))
    return table


def letters(text: str) -> str:
    return "".join(sorted(re.sub(r"[^a-z0-9]", "", text)))


@settings(deadline=None, derandomize=True)
@given(table=tables(), width=st.sampled_from([NARROW, 80]))
def test_no_table_is_wider_than_the_console_and_none_loses_a_letter(table, width):
    out = io.StringIO()
    Screen(file=out, width=width, highlight=False).print(table)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines), default=0) <= width
    rows = [cell for column in table.columns for cell in column.cells]
    if table.show_footer:
        rows += [column.footer for column in table.columns]
    shown = letters(out.getvalue())
    for letter in set(shown):
        assert shown.count(letter) >= letters("".join(rows)).count(letter)


def printed(isadma, monkeypatch, *words):
    """Return what a command prints at 46 columns, without lines of text: digests and names of files are not broken."""
    monkeypatch.setenv("COLUMNS", str(NARROW))
    done = isadma(*words)
    assert done.status == 0, done.err
    return done.out.splitlines()


def test_the_demos_tables_fit(isadma, monkeypatch, tmp_path):
    lines = printed(isadma, monkeypatch, "demo", "--engine", "reference", "--waves", tmp_path / "t.vcd")
    long = [line for line in lines if len(line) > NARROW]
    assert all(re.match(r"A PC/AT|  clocks:|  moving:|  [\d,]+ clocks|waveforms|sha256", line) for line in long), long
    assert "  bus held 27,648   " in lines
    assert "root directory" in lines


def test_the_list_of_scenes_fits(isadma, monkeypatch):
    assert max(map(len, printed(isadma, monkeypatch, "waves", "--list"))) <= NARROW


@pytest.mark.parametrize("command", ["demo", "floppy read", "waves", "fuzz", "conform", "check", "build"])
def test_a_help_page_fits(isadma, monkeypatch, command):
    assert max(map(len, printed(isadma, monkeypatch, *command.split(), "--help"))) <= NARROW


def test_tables_are_printed_by_this_console_alone():
    package = ROOT / "cli/isadma_cli"
    using = [path for path in package.rglob("*.py") if re.search(r"\bConsole\(", path.read_text())]
    assert {str(path.relative_to(package)) for path in using} <= OWN_CONSOLES
