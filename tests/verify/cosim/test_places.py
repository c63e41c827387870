"""Folders of builds: what decides one, and paths with blanks."""

from pathlib import Path

import pytest

from isadma_verify.cosim.common.build import build_verilog
from isadma_verify.cosim.common.places import readable, without_blanks

CORE = """
`include "words.txt"
module core (input a, output b);
  assign b = `NOT a;
endmodule
"""


def test_a_build_is_decided_by_what_a_core_may_read_and_not_by_what_else_lies_beside_it(tmp_path: Path):
    core, words, deeper = (tmp_path / name for name in ("core.v", "words.txt", "deeper.txt"))
    core.write_text(CORE)
    words.write_text('`include "deeper.txt"\n')
    deeper.write_text("`define NOT ~\n")
    assert readable([core], [tmp_path]) == [core, words, deeper]
    with (tmp_path / "film.iso").open("wb") as film, (tmp_path / "dump.v").open("wb") as dump:
        film.truncate(1 << 40)  # a hole: read, it would not fit
        dump.truncate(1 << 40)
    (tmp_path / "folder.v").mkdir()
    assert readable([core], [tmp_path]) == [core, words, deeper]
    words.write_text('`include "nowhere.txt"\n')
    assert readable([core], [tmp_path]) == [core, words]
    other = tmp_path / "other.vh"
    other.write_text('`include "core.v"\n')
    assert readable([core], [tmp_path]) == [core, other, words]


@pytest.mark.parametrize("name", ["plain", "with a blank"])
def test_a_build_goes_where_it_shall_whatever_its_path(tmp_path: Path, name: str):
    place = tmp_path / name
    place.mkdir()
    with without_blanks(place) as folder:
        assert (folder == place) == (name == "plain")
        assert " " not in str(folder)
        (folder / "deep").mkdir()
        (folder / "deep/made").write_text("made\n")
    assert (place / "deep/made").read_text() == "made\n"
    assert folder == place or not folder.exists()


@pytest.mark.long
def test_verilator_builds_a_core_from_and_to_folders_with_blanks(tmp_path: Path):
    core = tmp_path / "a core" / "core.v"
    core.parent.mkdir()
    core.write_text(CORE.replace('`include "words.txt"\n', "`define NOT ~\n"))
    build = build_verilog([core], top="core", folder=tmp_path / "all my builds")
    assert (build.folder / "core").stat().st_mode & 0o100
