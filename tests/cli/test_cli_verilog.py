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


def test_parameters_and_a_name_are_told_and_a_vhdl_package_goes_beside(isadma, tmp_path):
    path, package = tmp_path / "eisa_dma.v", tmp_path / "eisa_dma_pkg.vhd"
    words = ["--core", "at", "--set", "high_pages=1", "--set", "wait_states=0", "--name", "eisa_dma"]
    outcome = isadma("verilog", *words, "-o", path, "--vhdl", package)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        f"{path}: module eisa_dma, {len(path.read_text().splitlines())} lines",
        f"{package}: package eisa_dma_pkg with the component eisa_dma",
    ]
    assert "// Parameters: wait_states = 0, variant = nmos" in path.read_text()
    assert "output [31:0] isa_a_o;" in path.read_text()
    assert "      isa_a_o : out std_logic_vector(31 downto 0);\n" in package.read_text()


def test_variants_have_modules_of_different_names(isadma, tmp_path):
    said = [
        isadma("verilog", "--core", "xt", *words, "-o", tmp_path / "x.v").out
        for words in ([], ["--variant", "cmos"], ["--set", "variant=cmos", "--set", "wait_states=2"])
    ]
    assert [line.split()[2].rstrip(",") for line in said] == [
        "isadma_xt",
        "isadma_xt_cmos",
        "isadma_xt_wait_states_2_cmos",
    ]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (
            ["--set", "hi_pages=1"],
            "at has no parameter named 'hi_pages' (did you mean 'high_pages'?); there are wait_st",
        ),
        (["--set", "wait_states=9"], "wait_states is 9: give 0 to 7; the AT has 1"),
        (["--set", "high_pages=2"], "high_pages='2' is neither on nor off: give 0 or 1"),
        (["--set", "undefined_read=0x100"], "undefined_read=256 is no byte: give a value from 0 to 0xFF"),
        (["--set", "refresh"], "'refresh' sets nothing: give a parameter and its value"),
        (["--variant", "cmos", "--set", "variant=nmos"], "variant is set twice"),
        (["--name", "two__underscores"], "the module cannot be named 'two__underscores'"),
        (["--name", "architecture"], "the module cannot be named 'architecture': it is a reserved word"),
    ],
)
def test_a_parameter_or_name_that_cannot_be_is_one_line_with_the_way_out(isadma, tmp_path, words, part):
    outcome = isadma("verilog", "--core", "at", *words, "-o", tmp_path / "x.v")
    assert outcome.status == 2
    assert part in outcome.complaint
    assert list(tmp_path.iterdir()) == []


def test_verilog_and_vhdl_need_a_file_each(isadma, tmp_path):
    for output, vhdl in ((tmp_path / "x", tmp_path / "x"), ("-", tmp_path / "x"), (tmp_path / "x", "-")):
        outcome = isadma("verilog", "-o", output, "--vhdl", vhdl)
        assert (outcome.status, outcome.complaint) == (2, "isadma: -o and --vhdl each need a file of their own")
