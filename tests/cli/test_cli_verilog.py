"""`isadma verilog`: the file, and what is said of a wrong name."""

import pytest


def test_a_core_is_written_to_a_file_and_to_standard_output(isadma, tmp_path):
    path = tmp_path / "chip.v"
    outcome = isadma("verilog", "--core", "i8237", "-o", path)
    assert (outcome.status, outcome.err) == (0, "")
    text = path.read_text()
    assert outcome.out == f"{path}: module isadma_i8237, {len(text.splitlines())} lines\n"
    assert isadma("verilog", "-o", "-").out == text


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--core", "i8273"], ["no core is named 'i8273'", "did you mean 'i8237'", "wishbone, socket"]),
        (["--variant", "cmoss"], ["no variant is named 'cmoss'", "did you mean 'cmos'"]),
    ],
)
def test_a_wrong_name_is_one_line_with_the_nearest(isadma, tmp_path, words, parts):
    outcome = isadma("verilog", *words, "-o", tmp_path / "x.v")
    assert outcome.status == 2
    assert all(part in outcome.complaint for part in parts)


def test_a_folder_that_is_not_there_is_told_before_the_work(isadma, tmp_path):
    outcome = isadma("verilog", "-o", tmp_path / "none" / "x.v")
    assert outcome.status == 1
    assert "there is no folder" in outcome.complaint
