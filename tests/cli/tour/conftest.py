"""Fixtures for tests of the tour: the command, and the engine that runs the experiments here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from isadma_cli.__main__ import run
from isadma_sim.engines.native.compiler import missing


@dataclass
class Outcome:
    """What one command line did."""

    status: int
    out: str
    err: str


@pytest.fixture
def isadma(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run one command line in this process."""

    def command(*words: object) -> Outcome:
        capsys.readouterr()
        status = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return command


@pytest.fixture(scope="session")
def engine() -> str:
    """Return the fastest engine there is: the hardware, compiled, or its model."""
    return "native" if missing() is None else "reference"
