"""The map of pins: what it says, and the one line for each thing that it cannot say."""

from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.expression import Both, Level, Name, Not, parse
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.sources.ports import Core, Port, language_of
from isadma_verify.conform.wrap.bits import Bit
from isadma_verify.conform.wrap.resolve import Laid, lay
from isadma_verify.conform.wrap.verilog import wrapper

GOOD = """
[clock]
pin = "CLK"
[pins]
reset = "RST"
cs_n = "!CS"
hlda = "HLDA"
dreq = ["DRQ3", "DRQ[2:0]"]
hrq = "HRQ"
dack = "DACK"
aen = "AEN"
db = "DB"
a = ["AH", "AL"]
ior_n = { in = "RD_I", out = "RD_O", oe = "AEN" }
iow_n = { in = "WR_I", out = "WR_O", oe = "AEN & !RST" }
memr_n = "MRD"
memw_n = "MWR"
eop_n = { in = "EOP_I", out = "EOP_O" }
[drive]
TEST = 0
DECODED = "!cs_n & !hlda"
"""

PORTS = (
    ("CLK RST CS HLDA DRQ3 RD_I WR_I EOP_I TEST DECODED", "in"),
    ("HRQ AEN RD_O WR_O MRD MWR EOP_O", "out"),
)


def core(**changes: Port | None) -> Core:
    ports = {name: Port(name, way) for names, way in PORTS for name in names.split()}
    ports["DRQ"] = Port("DRQ", "in", 2, 0)
    ports["DACK"] = Port("DACK", "out", 3, 0)
    ports["DB"] = Port("DB", "inout", 7, 0)
    ports["AH"], ports["AL"] = Port("AH", "out", 7, 4), Port("AL", "inout", 3, 0)
    for name, port in changes.items():
        ports.pop(name, None)
        if port is not None:
            ports[name] = port
    return Core((Path("x.v"),), "some8237", "verilog", ports)


def laid(tmp_path: Path, text: str = GOOD, **changes: Port | None) -> Laid:
    file = tmp_path / "map.toml"
    file.write_text(text)
    return lay(core(**changes), read_map(file))


def test_a_map_gives_every_bit_its_pin_and_names_what_is_lacking(tmp_path: Path):
    found = laid(tmp_path)
    assert found.shown["a"] == [Bit("AL", i) for i in range(4)] + [Bit("AH", i) for i in range(4, 8)]
    assert found.drivers["DRQ3", 0].bit == 3
    assert found.drivers["CS", 0].inverted
    assert set(found.lacks) == {"ready", "adstb", "ah"}
    assert found.gated == ["memr_n", "memw_n"]
    assert found.enables["db"] is None


def test_the_wrapper_says_the_map_in_verilog(tmp_path: Path):
    text = wrapper(laid(tmp_path))
    assert "assign p_CS = {~cs_n};" in text
    assert "assign p_DRQ3 = {dreq[3]};" in text
    assert "assign p_DECODED = {(~(cs_n) & ~(hlda))};" in text
    assert "assign p_DB = db_world ? {db_i[7], db_i[6]" in text
    assert "assign iow_n_oe = (p_AEN & ~(p_RST));" in text
    assert "assign memr_n_oe = aen;" in text
    assert "some8237 core (" in text


def test_an_enable_may_look_at_pins_where_a_register_port_has_no_enable_of_its_own(tmp_path: Path):
    text = wrapper(laid(tmp_path, GOOD.replace('oe = "AEN & !RST"', 'oe = "AEN | (!cs_n & a[2])"')))
    assert "assign iow_n_oe = (p_AEN | (~(cs_n) & a_i[2]));" in text
    # A port's name comes first.
    text = wrapper(laid(tmp_path, GOOD.replace('oe = "AEN & !RST"', 'oe = "reset"'), reset=Port("reset", "out")))
    assert "assign iow_n_oe = p_reset;" in text
    with pytest.raises(ConformError, match=r"pins\.iow_n\.oe: some8237 has no port 'rest'"):
        laid(tmp_path, GOOD.replace('oe = "AEN & !RST"', 'oe = "AEN & !rest"'))


def test_expressions_bind_as_written():
    assert parse("!a & b | c[3:0]", "x") == Both("|", Both("&", Not(Name("a")), Name("b")), Name("c", 3, 0))
    assert parse("~(1)", "x") == Not(Level(1))


#: What to change in the good map, and words of the one line that comes of it.
WRONG = [
    ('hrq = "HRQ"', 'hqr = "HRQ"', r"pins: 'hqr' is unknown \(did you mean 'hrq'\?\); there are reset, cs_n"),
    ('hrq = "HRQ"', 'hrq = "HOLD"', r"pins.hrq: some8237 has no port 'HOLD'.* it has CLK, RST"),
    ('hrq = "HRQ"', "", "pins.hrq is missing: without it nothing can be judged"),
    ('hrq = "HRQ"', "hrq = false", "pins.hrq = false: without it nothing can be judged"),
    ('hrq = "HRQ"', 'hrq = "AEN"', r"pins.hrq and pins.aen; give each its own, or say that it is meant: \"AEN & 1\""),
    (
        'dreq = ["DRQ3", "DRQ[2:0]"]',
        'dreq = "DRQ3"',
        r'pins.dreq: the port has 1 bits, .*; a core that has no more says a level for each: \[0, 0, 0, "DRQ3"\]',
    ),
    ('dack = "DACK"', 'dack = "DACK[3]"', r'the pin 4; .* says a level for each: \[1, 1, 1, "DACK"\]'),
    ('hrq = "HRQ"', 'hrq = "DACK"', r"pins.hrq: the port has 4 bits, and the pin 1; name bits as PORT\[7:0\]"),
    ('hrq = "HRQ"', 'hrq = "CLK"', "pins.hrq: CLK is an input of some8237, and the pin goes out"),
    ('hrq = "HRQ"', 'hrq = "HRQ &"', "pins.hrq = 'HRQ &': a name is missing; write names"),
    ('hrq = "HRQ"', "hrq = 7", "pins.hrq = 7: write a port's name"),
    ("TEST = 0", "", r"input 'TEST' of some8237 is on no pin: put it in the map, or under \[drive\]"),
    ('pin = "CLK"', "", "clock: give pin = CLK's port, or fabric ="),
    ('pin = "CLK"', 'pin = "CLK"\nper_state = 1', "clock.per_state = 1: a CLK pin needs at least 2"),
    ('pin = "CLK"', 'fabric = "CLK"\nper_state = 4', "clock.per_state = 4: without enables"),
    ('pin = "CLK"', 'pin = "HRQ"', "clock.pin: HRQ is an output of some8237"),
    ("[clock]", 'kind = "isa"\n[clock]', "kind = 'isa': give one of chip, at"),
    ('["DRQ3", "DRQ[2:0]"]', '["DRQ3", "DRQ[3:1]"]', "pins.dreq: DRQ has bits 2 to 0, not 3:1"),
    ("TEST = 0", 'TEST = "hrq"', "drive.TEST: 'hrq' is no pin that goes in, and no output of some8237; take 0, 1"),
    ("TEST = 0", 'TEST = "DRQ"', "drive.TEST: 'DRQ' is no pin that goes in, and no output of some8237"),
    ('hrq = "HRQ"', 'hrq = "first(HRQ)"', r"pins.hrq = 'first\(HRQ\)': first\(...\) makes inputs, under \[drive\]"),
    ('pin = "CLK"', 'pin = "CLK"\nlate = 1', "clock.late = 1: it is of a core with both a fabric clock and a CLK pin"),
    ("TEST = 0", "HRQ = 0\nTEST = 0", "drive.HRQ: it is no input of some8237"),
    ('oe = "AEN" }', 'enable = "AEN" }', "pins.ior_n: 'enable' is unknown; there are io, in, out, oe"),
    ("[clock]", "[clock", "is no TOML"),
    ("[clock]", "kind = ['chip']\n[clock]", r"kind = \['chip'\]: give one of chip, at, xt"),
    ('hrq = "HRQ"', 'hrq = { out = "HRQ", oe = ["AEN"] }', r"pins.hrq.oe = \['AEN'\]: write 0, 1, or an expression"),
    ("TEST = 0", "TEST = [1]", r"drive.TEST = \[1\]: write 0, 1, or an expression in quotes"),
    ("TEST = 0", "TEST = 0\n[parameters]\nN = [1]", r"parameters.N = \[1\]: write a number or a text"),
    ('hrq = "HRQ"', 'hrq = "HRQ | CLK"', "pins.hrq: CLK is an input of some8237, and the pin goes out"),
    ('hrq = "HRQ"', 'hrq = "(AEN & DACK) | DRQ"', "bits do not match: DACK has 4, DRQ has 3; name bits as"),
    ('hrq = "HRQ"', f'hrq = "{"!" * 300}HRQ"', "pins.hrq has more than 200 names and signs"),
    ('db = "DB"', 'db = { out = "DB" }', "pins.db: no input of some8237 takes it, and a CPU has to write there"),
    ('["AH", "AL"]', '["AL", "AH", "AL"]', "pins.a: the port has 12 bits, and the pin 4 or 8"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_a_wrong_map_is_one_line(tmp_path: Path, old: str, new: str, said: str):
    assert old in GOOD
    with pytest.raises(ConformError, match=said) as caught:
        laid(tmp_path, GOOD.replace(old, new, 1))
    assert "\n" not in str(caught.value)


def test_a_map_that_is_not_there_is_one_line(tmp_path: Path):
    with pytest.raises(ConformError, match=r"cannot read the map .*: No such file"):
        read_map(tmp_path / "none.toml")


def test_files_of_two_languages_are_refused(tmp_path: Path):
    for name in ("a.v", "b.vhd", "c.txt"):
        (tmp_path / name).write_text("")
    with pytest.raises(ConformError, match="Verilog and VHDL in one core"):
        language_of([tmp_path / "a.v", tmp_path / "b.vhd"])
    with pytest.raises(ConformError, match=r"c.txt: its name says neither"):
        language_of([tmp_path / "c.txt"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_map_may_be_in_the_encoding_of_another_system(tmp_path, encoding):
    file = tmp_path / "map.toml"
    file.write_bytes(GOOD.replace("\n", "\r\n").encode(encoding))
    assert read_map(file).clock.pin == Name("CLK")


def test_another_encoding_is_told_with_its_line(tmp_path):
    file = tmp_path / "map.toml"
    file.write_bytes(b"# a\n# Gr\xf6\xdfe\n" + GOOD.encode())
    with pytest.raises(ConformError, match="line 2 has a byte that is not UTF-8: save it as UTF-8"):
        read_map(file)


def test_what_a_guess_left_open_is_named_in_one_line(tmp_path):
    text = GOOD.replace('hlda = "HLDA"', 'hlda = "?"').replace('hrq = "HRQ"', 'hrq = "?"')
    with pytest.raises(ConformError, match=r'pins\.hlda, pins\.hrq = "\?": write the ports there'):
        laid(tmp_path, text)
