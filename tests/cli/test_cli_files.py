"""Output files: whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from isadma_cli.errors import CommandError
from isadma_cli.files import write_atomically


def test_file_is_written_and_nothing_is_left_beside_it(tmp_path: Path):
    write_atomically(tmp_path / "out.bin", b"abc")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"out.bin": b"abc"}


def test_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    old = tmp_path / "out.bin"
    old.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match=r"cannot write .*out\.bin.*No space left on device"):
        write_atomically(old, b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"out.bin": b"old"}


def test_permissions_of_the_old_file_stay(tmp_path: Path):
    old = tmp_path / "out.bin"
    old.touch()
    old.chmod(0o640)
    write_atomically(old, b"new")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_link_keeps_pointing_where_it_did(tmp_path: Path):
    (tmp_path / "real.bin").write_bytes(b"old")
    link = tmp_path / "link.bin"
    link.symlink_to("real.bin")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "real.bin").read_bytes() == b"new"


def test_device_is_written_and_not_replaced():
    write_atomically(Path(os.devnull), b"abc")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
