"""The pin map: names guessed, names given, and what is wrong with one in one line."""

import pytest

from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.lines import line_of
from isadma_verify.captures.pins import Probe, guessed, read_pins

PROBES = ["P0", "P1", "P2", "P3", "CLK88"]


@pytest.mark.parametrize(
    ("probe", "line"),
    [
        ("CLK", "clk"),
        ("DR0", "dreq0"),
        ("DRQ3", "dreq3"),
        ("-DACK0", "dack0_n"),
        ("DACK2#", "dack2_n"),
        ("nDACK1", "dack1_n"),
        ("dack3_n", "dack3_n"),
        ("/IOR", "ior_n"),
        ("I/O CH RDY", "iochrdy"),
        ("RDY", "ready"),
        ("HOLDA", "hlda"),
        ("T/C", "tc"),
        ("isa.a[12]", "a12"),
        ("AD7", "ad7"),
        ("SA19", "a19"),
        ("QS0", None),
        ("VS", None),
        ("probe17", None),
    ],
)
def test_names_as_people_write_them(probe, line):
    assert line_of(probe) == line


def test_what_two_probes_could_mean_is_left_out():
    assert guessed(["CLK", "RDY", "READY"]).lines == {"clk": Probe(0)}


def written(tmp_path, text):
    path = tmp_path / "pins.toml"
    path.write_text(text)
    return path


def test_a_whole_map(tmp_path):
    text = """
    board = "at"
    clock = 3000000
    edge = "rise"
    sample = "at"
    refresh = 72
    program = [[0x0B, 0x58], [0x0A, 0]]
    waits = [[0xA0000, 0xAFFFF]]
    [pins]
    clk = "CLK88"
    aen = "!P0"
    dack_n = ["P1", "", "P2"]
    """
    found = read_pins(written(tmp_path, text), PROBES)
    assert found.lines == {"clk": Probe(4), "aen": Probe(0, inverted=True), "dack0_n": Probe(1), "dack2_n": Probe(2)}
    assert (found.board, found.clock, found.edge, found.sample, found.refresh) == ("at", 3e6, "rise", "at", 72)
    assert found.program == ((0x0B, 0x58), (0x0A, 0))
    assert found.waits == ((0xA0000, 0xAFFFF),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[pins]\naen = 'P0'\nhrq = 'P0'", "names probe 'P0' twice: for aen and for hrq"),
        ("[pins]\naen = 'P9'", "aen is on probe 'P9', which the capture has not; did you mean 'P"),
        ("[pins]\naem = 'P0'", "maps 'aem', which is no line; did you mean 'aen'?"),
        ("[pins]\naen = 3", "aen = 3 is no probe's name"),
        ("[pins]\naen = ['P0']", "aen has a list, and is one line"),
        ("[pins]", "maps nothing"),
        ("x = 1", "has no setting 'x'"),
        ("board = 'pcjr'\n[pins]\naen = 'P0'", "board = 'pcjr' can be one of xt, at, chip"),
        ("clock = 'fast'\n[pins]\naen = 'P0'", "clock = 'fast' is no frequency"),
        ("program = [[11]]\n[pins]\naen = 'P0'", "program must be a list of [port, byte]"),
        ("waits = [[2, 1]]\n[pins]\naen = 'P0'", "waits must be a list of [first, last]"),
        ("refresh = 2\n[pins]\naen = 'P0'", "refresh = 2 is no number of clocks"),
        ("[pins", "is no pin map"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, text, said):
    with pytest.raises(CaptureError) as found:
        read_pins(written(tmp_path, text), PROBES)
    assert said in str(found.value)
    assert "\n" not in str(found.value)
