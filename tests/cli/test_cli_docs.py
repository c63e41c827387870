"""The README and the guide tell the truth: their commands parse, their Python runs, their files and links exist."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest
import typer.main

from isadma_cli.app import app
from isadma_cli.fat12_format import make_image
from isadma_sim import ENGINES, PC

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")
FILE = re.compile(r"`((?:rtl|tools|sim|driver|boards|verify|cli|tests|docs)/[\w/.-]*)`")


def fences(page: Path, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(page.read_text()) if found == language]


#: A page whose programs are one program, which a test of its own runs on each engine.
ONE_PROGRAM = "17-emulator.md"


def snippets() -> list[pytest.param]:
    return [
        pytest.param(body, id=f"{page.relative_to(ROOT)}-{index}")
        for page in PAGES
        if page.name != ONE_PROGRAM
        for index, body in enumerate(fences(page, "python"))
    ]


def commands_of(body: str) -> list[str]:
    """Commands of a block, each by itself, without comments."""
    return [part.strip() for line in body.splitlines() for part in line.split("#")[0].split("&&")]


def command_lines() -> list[str]:
    lines = [line for page in PAGES for body in fences(page, "") for line in commands_of(body)]
    return sorted({line.strip() for line in lines if re.match(r"\s*(\$ )?(\.venv/bin/)?(isadma|make) ", line)})


def pages() -> list[pytest.param]:
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES]


@pytest.mark.parametrize("code", snippets())
def test_python_of_the_docs_runs_as_written(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "disk.img").write_bytes(make_image({"README.TXT": b"hello\r\n"}))
    driver = fences(ROOT / "docs" / "guide" / "14-your-driver.md", "c")
    assert len(driver) == 1
    (tmp_path / "driver.c").write_text(driver[0])
    exec(compile(code, "<docs>", "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("line", command_lines())
def test_commands_of_the_docs_exist_with_these_options(line):
    words = shlex.split(line.removeprefix("$ ").removeprefix(".venv/bin/"))
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text()
        for target in words[1:]:
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"the Makefile has no target {target}"
        return
    command, words = typer.main.get_command(app), words[1:]
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    if words in (["--help"], ["--version"]):
        return
    command.make_context("isadma", words)  # raises when an option or an argument is not the command's


def test_the_floppy_commands_of_the_readme_run_one_after_the_other(isadma, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = [line for body in fences(ROOT / "README.md", "") for line in commands_of(body)]
    lines = [line for line in lines if line.startswith(".venv/bin/isadma floppy")]
    assert len(lines) == 4
    with PC():
        pass  # whoever waits for another's build of the engine is told so, on standard error
    for line in lines:
        outcome = isadma(*shlex.split(line)[1:])
        assert (outcome.status, outcome.err) == (0, ""), line
    image = (tmp_path / "t.img").read_bytes()
    assert image == b"\xf6" * 1_474_560


def test_the_docs_show_commands_at_all():
    assert len(command_lines()) >= 5


@pytest.mark.parametrize("page", pages())
def test_links_of_the_docs_lead_somewhere(page):
    for link in LINK.findall(page.read_text()):
        assert (page.parent / link).exists(), f"{page.name} links to {link}, which is not there"


@pytest.mark.parametrize("page", pages())
def test_files_named_in_the_docs_exist(page):
    for name in FILE.findall(page.read_text()):
        assert (ROOT / name).exists(), f"{page.name} names {name}, which is not there"


def test_every_engine_is_in_the_guide_and_no_other():
    table = re.findall(
        r"^\| `(\w+)` \|", (ROOT / "docs/guide/2-tree.md").read_text().split("## Engines")[1], re.MULTILINE
    )
    assert sorted(table) == sorted(ENGINES)


@pytest.fixture(scope="module")
def figures():
    """The module that draws the guide's figures: no package, so loaded by its path."""
    spec = importlib.util.spec_from_file_location("make_figures", ROOT / "docs" / "make_figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_clock_table_of_the_guide_is_what_a_run_shows(figures, tmp_path):
    figures.run("reference", tmp_path / "t.vcd")
    clocks = figures.first_byte(list(figures.samples(tmp_path / "t.vcd")))
    assert figures.table(clocks) in figures.PAGE.read_text(), "draw it anew: .venv/bin/python docs/make_figures.py"


def test_figures_of_the_guide_are_drawn_from_such_a_run(figures, tmp_path):
    figures.run("reference", tmp_path / "t.vcd")
    found = list(figures.samples(tmp_path / "t.vcd"))
    figures.draw(figures.last_byte(found), "The last byte", tmp_path / "last.svg")
    drawn = (tmp_path / "last.svg").read_text()
    assert all(f">{word}<" in drawn for word in ("S1", "S2", "S3", "SW", "S4", "SC", "0081FFh", "AAh"))
    kept = (figures.GUIDE / "figures" / "last-byte.svg").read_text()
    assert all(f">{word}<" in kept for word in ("S1", "S2", "S3", "SW", "S4", "SC", "0081FFh", "AAh"))
