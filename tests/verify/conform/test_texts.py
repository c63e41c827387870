"""Files as newcomers have them: what no simulator reads as its owner sees it is one line, and what may pass does."""

import gzip
from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.sources.edges import rising_only
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.sources.texts import check_path, check_texts
from isadma_verify.conform.sources.units import check_units

CORE = "module some(input CLK,\n  output reg Q);\n  always @(posedge CLK) Q <= 1;\nendmodule\n"

#: What a file may hold that is no text of a core, and what is said of it.
ODD = {
    "packed": (gzip.compress(CORE.encode()), "is packed with gzip: unpack it"),
    "wide": (CORE.encode("utf-16"), "is in UTF-16: save it as UTF-8"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x01", "is no text: its byte 8 is 0"),
    "old": (CORE.replace("\n", "\r").encode(), "ends its lines with CR alone"),
    "empty": (b" \n", "has no module in it: it is empty"),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_text_is_one_line_with_the_way_out(tmp_path, kind):
    content, said = ODD[kind]
    file = tmp_path / "x.v"
    file.write_bytes(content)
    with pytest.raises(ConformError, match=said):
        check_texts([file], "module")


def test_lines_and_letters_of_other_systems_and_an_empty_file_beside_pass(tmp_path):
    texts = {
        "dos.v": CORE.replace("\n", "\r\n").encode(),
        "mark.v": b"\xef\xbb\xbf" + CORE.encode(),
        "latin.v": "// Zähler\n".encode("latin-1") + CORE.encode(),
        "none.v": b"",
    }
    for name, content in texts.items():
        (tmp_path / name).write_bytes(content)
    check_texts([tmp_path / name for name in texts], "module")


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    with pytest.raises(ConformError, match=r"cannot read .*: Is a directory"):
        check_texts([tmp_path], "module")


@pytest.mark.parametrize("name", ["a $(b)", 'a "b"', "a\nb", "a`b`"])
def test_a_path_that_simulators_take_for_something_else_is_named(name):
    with pytest.raises(ConformError, match="which no simulator takes in a path: rename it"):
        check_path(Path("/") / name, "rename it")
    check_path(Path("/it's a (core) #1, 50% ñ"), "rename it")


def test_a_file_that_is_given_twice_is_read_once_and_one_without_a_module_is_said(tmp_path):
    file, bare = tmp_path / "x.v", tmp_path / "y.v"
    file.write_text(CORE)
    bare.write_text("// nothing yet\n")
    assert read_core([file, tmp_path / "." / "x.v"], None).files == (tmp_path / "x.v",)
    with pytest.raises(ConformError, match=r"y\.v: no module in it"):
        read_core([bare], None)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        (CORE, True),
        ("always @(posedge CLK or negedge rst_n) q <= d;", True),
        ("// negedge CLK\nalways @(posedge CLK) q <= d;", True),
        ("process (clk) begin if rising_edge(clk) then q <= d; end if; end process; -- falling_edge", True),
        ("if clk'event and clk = '1' then q <= d; end if;", True),
        ("elsif(clk' event and clk='1')then q <= d; end if;", True),
        ("if(clk' event and clk='1')then q <= d; end if;", True),
        ("always @(posedge CLK) q <= d; always @(negedge CLK) r <= q;", False),
        ("if rising_edge(clk) then q <= d; end if; if falling_edge(clk) then r <= q; end if;", False),
        ("if clk'event and clk = '1' then end if; if clk'event and clk = '0' then end if;", False),
        ("if(clk' event and clk='1')then end if; elsif(clk' event and clk='0')then r <= q; end if;", False),
        ("if(CLK' event and CLK='1')then end if; if(CLK ='1')then r <= q; end if;", False),
        ("always @(CLK, reset) if (CLK == 1) q <= d;", False),
        ("always @(posedge CLK) q <= d; assign late = ~CLK & q;", False),
        ("assign q = d;", False),
    ],
)
def test_cores_that_move_with_one_edge_are_told_from_others(tmp_path, text, only):
    file = tmp_path / "x.v"
    file.write_text(text)
    assert rising_only([file], "CLK") is only
    assert not rising_only([tmp_path / "nothing.v"], "CLK")


def test_a_mark_of_utf_8_is_no_part_of_vhdl(tmp_path):
    file = tmp_path / "x.vhd"
    file.write_bytes(b"\xef\xbb\xbfentity x is end;")
    with pytest.raises(ConformError, match="begins with a mark of UTF-8, and VHDL is read as Latin-1: save it without"):
        check_texts([file], "entity")


def test_a_library_of_a_vendor_is_told_from_one_whose_package_is_there():
    use = "library parts; use parts.gates.all; entity x is end;"
    with pytest.raises(ConformError, match="uses library 'parts': no file has its package 'gates': leave that use out"):
        check_units({Path("x.vhd"): use})
    with pytest.raises(ConformError, match=r"all files are in one here; in a copy, write work\.gates"):
        check_units({Path("x.vhd"): use, Path("y.vhd"): "package gates is end;"})
