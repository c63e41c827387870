"""The equivalence proof takes the same RTL for the same, and finds the one line that is not."""

import shutil
from pathlib import Path

import pytest

from isadma_verify.equivalence.__main__ import HOUSE, main

#: Core, file under rtl/isadma, a line of it, what becomes of the line, and what the proof says of it.
BROKEN = {
    "a_rule": (
        "i8237",
        "i8237/timing.py",
        "(self.zero | external) & automatic",
        "self.zero & automatic",
        "registers.memory",
    ),
    "a_register_of_the_board": ("xt", "pc/address.py", "Mux(self.adstb, self.db, held)", "self.db", "isa__a__o"),
    "memory": ("i8237", "i8237/fetch.py", "port.write.base.eq(~ours &", "port.write.base.eq(", "registers.memory"),
    "power_up": ("socket", "i8237/socket.py", "was = Signal(init=1,", "was = Signal(init=0,", "power-up states differ"),
    "undefined_power_up": (
        *("i8237", "i8237/readport.py"),
        *(', attrs={"init": Undef(shape.width)}', "", "undefined power-up"),
    ),
    "a_port": ("i8237", "i8237/bus.py", '"adstb": Out(1)', '"adstb": Out(2)', "adstb"),
}

#: Found in the same way as `a_rule`, for as much time: part of `make test-long`.
LIKE_ANOTHER = {"memory", "a_register_of_the_board"}


def test_a_core_equals_itself(capsys):
    assert main([str(HOUSE), "i8237"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("equal    i8237")
    assert int(line.split()[2]) > 600, "bits of 32 words, 4 modes and every register and port"


@pytest.mark.parametrize(
    ("core", "file", "line", "broken", "said"),
    [
        pytest.param(*each, id=name, marks=[pytest.mark.long] if name in LIKE_ANOTHER else [])
        for name, each in BROKEN.items()
    ],
)
def test_one_broken_line_is_found(core, file, line, broken, said, tmp_path, capsys):
    shutil.copytree(HOUSE / "rtl", tmp_path / "rtl", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "rtl" / "isadma" / file
    text = path.read_text()
    assert text.count(line) == 1, f"{file} has {line!r} {text.count(line)} times: the RTL has changed"
    path.write_text(text.replace(line, broken))
    assert main([str(HOUSE), core, "--tree", str(tmp_path)]) == 1
    (report,) = capsys.readouterr().out.splitlines()
    assert report.startswith(f"differs  {core}")
    assert said in report


def test_a_core_that_the_base_has_not_is_new_and_proves_nothing(tmp_path, capsys):
    shutil.copytree(HOUSE / "rtl", tmp_path / "rtl", ignore=shutil.ignore_patterns("__pycache__", "soc"))
    assert main([str(tmp_path), "wishbone"]) == 2
    printed = capsys.readouterr()
    assert printed.out.startswith("new      wishbone  not in the base: ModuleNotFoundError")
    assert "none of these cores" in printed.err
    assert main([str(HOUSE), "wishbone", "--tree", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("differs  wishbone  not in the tree")


@pytest.mark.parametrize("base", ["no-such-revision", "--output=x", "/nowhere"])
def test_a_base_that_is_none_is_named_in_one_line(base, capsys):
    assert main(["--", base, "i8237"]) == 2
    printed = capsys.readouterr()
    assert not printed.out
    assert len(printed.err.splitlines()) == 1
    assert repr(base) in printed.err


def test_a_base_that_does_not_elaborate_is_named_in_one_line(tmp_path, capsys):
    shutil.copytree(HOUSE / "rtl", tmp_path / "rtl", ignore=shutil.ignore_patterns("__pycache__"))
    broken = tmp_path / "rtl" / "isadma" / "i8237" / "priority.py"
    broken.write_text(broken.read_text().replace("last.eq(", "last.equal("))
    assert main([str(tmp_path), "i8237"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "do not elaborate" in line
    assert "equal" in line


def test_an_unknown_core_is_refused_with_the_list(capsys):
    with pytest.raises(SystemExit, match="2"):
        main([str(HOUSE), "i8238"])
    assert "no core 'i8238'; there are i8237, " in capsys.readouterr().err


@pytest.mark.skipif(not Path(HOUSE, ".git").exists(), reason="not a git checkout")
def test_a_revision_is_taken_out_of_git(tmp_path, capsys):
    assert main(["HEAD", "i8237", "--keep", str(tmp_path)]) in (0, 1)
    assert capsys.readouterr().out.split()[:2] in (["equal", "i8237"], ["differs", "i8237"])
    assert (tmp_path / "base" / "rtl" / "isadma" / "i8237" / "timing.py").is_file()
