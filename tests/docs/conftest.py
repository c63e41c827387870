"""The documents as a reader of Markdown sees them: fenced blocks, command lines in them, links and headings."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
#: Folders that are made, not kept.
MADE = {".venv", ".git", "build", "dist", "node_modules"}
#: Fences that may hold command lines.
SHELLS = ("", "sh", "console")
#: What a command line of these documents begins with, after assignments of variables.
PROGRAMS = ("isadma", "make", "python", "pytest", "cc", "gtkwave", "dask", "sigrok-cli", "pip", "surfer")


@dataclass(frozen=True)
class Block:
    """One fenced block: its page from the root on, the line of its fence, its language, its text."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """Each command by itself, without prompt, comment and folder; none if the block is what one printed."""
        if self.language not in SHELLS:
            return []
        lines = self.text.replace("\\\n", " ").splitlines()
        if self.language == "console":
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        # shlex for the comment alone: a `#` inside a word is none.
        bare = [line[: _comment(line)].strip() for line in lines]
        found = [part.strip().replace(".venv/bin/", "") for line in bare for part in line.split(" && ") if part.strip()]
        return found if found and program_of(found[0]) in PROGRAMS else []

    @property
    def output(self) -> str | None:
        """What a run prints, if the block shows some."""
        if self.language == "console":
            shown = self.text.replace("\\\n", " ").splitlines(keepends=True)
            return "".join(line for line in shown if not line.startswith("$ ")) or None
        printed = self.language == "text" or (self.language == "" and not self.commands)
        return self.text if printed else None


def _comment(line: str) -> int:
    found = re.search(r"(^|\s)#", line)
    return found.start() if found else len(line)


def program_of(command: str) -> str:
    """Return the program that a command line runs: its first word that assigns no variable."""
    words = [word for word in shlex.split(command) if not re.match(r"[A-Z_]+=", word)]
    return words[0] if words else ""


@cache
def markdown(page: Path) -> tuple:
    return tuple(MarkdownIt("commonmark").enable("table").parse(page.read_text()))


class Documents:
    """Every Markdown file of the tree."""

    root = ROOT

    def __init__(self) -> None:
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
        self.pages = sorted(str(path) for path in found if not MADE & set(path.parts))
        assert "README.md" in self.pages
        assert len(self.pages) > 30

    def blocks(self, *pages: str) -> list[Block]:
        return [
            Block(page, token.map[0] + 1, token.info.strip(), token.content)
            for page in pages or self.pages
            for token in markdown(ROOT / page)
            if token.type == "fence"
        ]

    def spans(self) -> list[tuple[str, str]]:
        """Return what stands `like this` in running text and tables, with its page."""
        return [
            (page, child.content)
            for page in self.pages
            for token in markdown(ROOT / page)
            for child in token.children or ()
            if child.type == "code_inline"
        ]

    def links(self, page: str) -> list[str]:
        return [
            str(child.attrs[kind])
            for token in markdown(ROOT / page)
            for child in token.children or ()
            for kind in ("href", "src")
            if kind in child.attrs
        ]

    def anchors(self, page: str) -> set[str]:
        """Return what a `#` link may name in a page: its headings, as GitHub and MyST write them."""
        tokens = markdown(ROOT / page)
        titles = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
        return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


DOCUMENTS = Documents()


@pytest.fixture(scope="session")
def documents() -> Documents:
    return DOCUMENTS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each `page`, or for each `program` in Python."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", DOCUMENTS.pages)
    if "page_with_commands" in metafunc.fixturenames:
        pages = [page for page in DOCUMENTS.pages if any(block.commands for block in DOCUMENTS.blocks(page))]
        metafunc.parametrize("page_with_commands", pages)
    if "program" in metafunc.fixturenames:
        programs = [block for block in DOCUMENTS.blocks() if block.language == "python"]
        # One that builds a simulation takes half a minute.
        marks = [[pytest.mark.long] if "isadma_verify.cosim" in block.text else [] for block in programs]
        given = [pytest.param(block, id=block.place, marks=m) for block, m in zip(programs, marks, strict=True)]
        metafunc.parametrize("program", given)
