"""Yosys as `isadma_tools.toolchain` starts it: what it says, what it leaves and how it ends, as the native program."""

import subprocess

import pytest

from isadma_tools import toolchain
from isadma_tools.toolchain import ToolFailedError, run_script, soonest_yosys


def yosys(folder, *arguments):
    command = [*soonest_yosys(), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def test_as_sby_runs_it_it_keeps_its_log_and_prints_nothing(tmp_path):
    (tmp_path / "two.ys").write_text("read_verilog <<END\nmodule m(output x); assign x = 1; endmodule\nEND\nstat\n")
    assert yosys(tmp_path, "-ql", "design.log", "two.ys") == (0, "", "")
    assert "Printing statistics" in (tmp_path / "design.log").read_text()


@pytest.mark.parametrize("quiet", [True, False])
def test_an_error_in_a_script_is_said_with_its_own_words_and_what_follows_is_not_done(tmp_path, quiet):
    (tmp_path / "make.ys").write_text("hierarchy -top nosuch\nwrite_rtlil after.il\n")
    for script in ("script make.ys", "hierarchy -top nosuch; write_rtlil after.il"):
        with pytest.raises(ToolFailedError, match=r"^yosys failed with status 1: ERROR: Module `nosuch' not found!$"):
            run_script(script, cwd=tmp_path, quiet=quiet)
    status, out, err = yosys(tmp_path, "-ql", "design.log", "make.ys")
    assert (status, out + err) == (1, "ERROR: Module `nosuch' not found!\n")
    assert "nosuch" in (tmp_path / "design.log").read_text()
    assert not (tmp_path / "after.il").exists()


def test_without_pyosys_the_one_of_webassembly_does_the_same(monkeypatch):
    monkeypatch.setattr(toolchain, "find_spec", lambda name: None)
    assert soonest_yosys() == [toolchain.find("yosys")]
