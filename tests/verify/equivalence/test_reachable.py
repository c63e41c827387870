"""Equivalence where induction is not enough: what cannot be reached from power-up on does not count."""

import pytest

from isadma_tools import toolchain
from isadma_verify.equivalence.prover import compare

#: Counts 0 to 9 and again, by more than one from `{beyond}` on; shows it, but what only an odd input brings is changed.
COUNTER = """
module core(input clk, input step, input odd, output [3:0] shown, output lawful);
    reg [3:0] count = 0;
    reg [5:0] far = 0;
    always @(posedge clk) if (step) count <= (count == 9) ? 0 : count + ((count >= {beyond}) ? 3 : 1);
    always @(posedge clk) far <= {{far[4:0], odd}};
    assign shown = count ^ {{3'b0, far[5] & {changed}}};
    assign lawful = ~odd;
endmodule
"""


def written(folder, name, **values):
    (folder / f"{name}.v").write_text(COUNTER.format(**values))
    toolchain.run_script(f"read_verilog {name}.v; proc; write_rtlil {name}.il", cwd=folder)
    return folder / f"{name}.il"


@pytest.fixture
def original(tmp_path):
    return written(tmp_path, "original", beyond=15, changed="1'b0")


def test_what_never_comes_makes_no_difference(original, tmp_path):
    other = written(tmp_path, "other", beyond=10, changed="1'b0")
    assert "points differ" in compare(original, other, tmp_path / "proof").detail
    assert compare(original, other, tmp_path / "proof", thorough=True).holds


def test_what_comes_late_makes_one(original, tmp_path):
    other = written(tmp_path, "other", beyond=8, changed="1'b0")
    assert "the pins differ in clock 9" in compare(original, other, tmp_path / "proof", thorough=True).detail


def test_what_only_forbidden_inputs_show_makes_none(original, tmp_path):
    other = written(tmp_path, "other", beyond=10, changed="1'b1")
    assert not compare(original, other, tmp_path / "proof", thorough=True).holds
    assert compare(original, other, tmp_path / "proof", "lawful", ("lawful",), thorough=True).holds
