"""The assembler where there is no GNU's: Zig's, from PyPI, makes programs that do the same."""

import importlib.util

import pytest

from isadma_sim.boot import Computer, assembler
from isadma_sim.boot.bios import Bios
from isadma_sim.boot.computer import End
from isadma_sim.boot.demo import FINE, demo_floppy
from isadma_sim.boot.errors import BiosError


@pytest.fixture
def path(monkeypatch, tmp_path):
    """An empty PATH, and no cache."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(assembler, "_cache", lambda: None)
    assembler._assemblers.cache_clear()
    yield tmp_path
    assembler._assemblers.cache_clear()


@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="no Zig: pip install isadma[native]")
@pytest.mark.parametrize("board", [pytest.param("at", marks=pytest.mark.long), "xt"])
def test_without_gnus_assembler_zigs_makes_the_bios_and_the_demo(path, monkeypatch, tmp_path, board):
    bios, floppy = Bios.own(board), demo_floppy(board)
    assert len(bios.data) == 0x10000
    monkeypatch.undo()  # the native engine has a compiler to find
    image = tmp_path / "demo.img"
    image.write_bytes(floppy)
    with Computer(image, bios, board=board) as computer:
        assert computer.run(30) is End.HALTED
        assert FINE in computer.text


def test_an_assembler_that_does_not_do_its_work_is_named(path, monkeypatch):
    program = path / "as"
    program.write_text("#!/bin/sh\necho 'bad instruction' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BiosError, match=r"as' does not take bios\.s: bad instruction; install binutils"):
        Bios.own("at")
