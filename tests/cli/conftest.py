"""Fixtures for tests of the command: floppy images, and the command itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from isadma_cli.__main__ import run

SIZE_1440K = 1_474_560


@dataclass
class Outcome:
    """What one command line did."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error: anything else fails the test."""
        lines = self.err.splitlines()
        assert len(lines) == 1, f"expected one line on stderr, got {lines}"
        assert lines[0].startswith("isadma: ")
        return lines[0]


@pytest.fixture
def isadma(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run one command line in this process."""

    def command(*words: object) -> Outcome:
        capsys.readouterr()
        status = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return command


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Return a 1.44M image in which every sector differs from every other."""
    path = tmp_path / "disk.img"
    path.write_bytes(b"".join(bytes([lba & 0xFF, lba >> 8]) * 256 for lba in range(2880)))
    return path
