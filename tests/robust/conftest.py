"""Fixtures for hostile surroundings: the command in a process of its own, and another user's files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the programs beside the tests, which run in processes of their own

#: A user who is nobody here.
STRANGER = 4243


@pytest.fixture
def stranger():
    """Another user's number; only root can make files that are his."""
    if os.geteuid() != 0:
        pytest.skip("only root can give files to another user")
    return STRANGER


@pytest.fixture
def in_a_process(tmp_path):
    """Run ``isadma WORDS`` in a process, in its own folder, with an end to its patience: (status, out, err lines)."""

    def command(*words, timeout=120, env=None, **options):
        done = subprocess.run(
            [sys.executable, "-m", "isadma_cli", *map(str, words)],
            **{"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "cwd": tmp_path, **options},
            env={**os.environ, "PYTHONFAULTHANDLER": "1", **(env or {})},
            timeout=timeout,
            check=False,
        )
        assert "Traceback" not in (done.stderr or "")
        assert "internal error" not in (done.stderr or "")
        return done

    return command


@pytest.fixture
def disk(tmp_path):
    """Return a 1.44M image in which every sector differs from every other."""
    path = Path(tmp_path) / "disk.img"
    path.write_bytes(b"".join(bytes([lba & 0xFF, lba >> 8]) * 256 for lba in range(2880)))
    return path
