"""The native engine's copies of the board: what is looked at before one is taken, and that it names what there is."""

import ctypes
from fnmatch import fnmatchcase

import pytest

from isadma_sim import PC
from isadma_sim.bench.load import start
from isadma_sim.engines.native import engine
from isadma_sim.engines.native.build import board_in_cpp, write_sources
from isadma_sim.engines.native.compiler import find_compiler, missing
from isadma_sim.engines.native.cpplibrary import compile_library
from isadma_sim.engines.native.engine import board_in_rtlil
from isadma_sim.engines.native.librarycache import Library
from isadma_sim.engines.native.situations import SITUATIONS, plain_name, registers_of, situations_header
from isadma_sim.engines.packed import CHIPS, packed_board

#: Two registers as CXXRTL writes them, one of them split.
CODE = """
\twire<1> p_board_2e_dma2_2e_program_2e_write__mode;
\twire<4> p_board_2e_dma2_2e_timing_2e_service____state_5b_6_3a_3_5d_;
"""


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("p_board_2e_dma1_2e_program_2e_write__mode", "board.dma1.program.write_mode"),
        ("p_board_2e_isa____a____oe", "board.isa__a__oe"),
        ("p_board_2e_fetch_2e__24_signal_24_33", "board.fetch.$signal$33"),
    ],
)
def test_names_are_read_back_as_the_rtl_has_them(member, name):
    assert plain_name(member) == name


def test_a_register_that_was_split_keeps_its_place_in_the_whole():
    state = registers_of(CODE)[1]
    assert (state.name, state.low, state.width) == ("board.dma2.timing.service__state", 3, 4)


def test_what_a_copy_takes_for_granted_is_looked_at_first():
    header = situations_header(CODE)
    assert "board.curr.p_board_2e_dma2_2e_program_2e_write__mode.data[0] == 0x0u" in header
    # SC is bit 3 of the one-hot state, bit 0 of this part.
    assert "board.curr.p_board_2e_dma2_2e_timing_2e_service____state_5b_6_3a_3_5d_.data[0] == 0x1u" in header


def test_without_any_register_of_those_names_there_are_still_copies_by_the_pins_alone():
    header = situations_header("")
    assert "curr" not in header
    assert "evaluate_quiet" in header


def test_every_pattern_names_a_register_of_the_at_board(tmp_path):
    names = [
        register.name
        for register in registers_of(board_in_cpp(board_in_rtlil(packed_board("at", 1, refresh=False)), tmp_path))
    ]
    missing = [
        pattern
        for row in SITUATIONS
        for situation in row
        for pattern in situation.registers
        if not any(fnmatchcase(name, pattern) for name in names)
    ]
    assert not missing


@pytest.fixture
def taken(tmp_path, monkeypatch):
    """Build the AT so that it counts; return a function that tells how often each copy was taken since it told last."""
    if missing() is not None:
        pytest.skip(missing())
    write_sources(board_in_rtlil(packed_board("at", 1, refresh=False)), tmp_path, [name for name, _ in CHIPS["at"]])
    names = ["any", *(situation.name for row in SITUATIONS for situation in row)]
    code = (tmp_path / "parts.h").read_text()
    for name in names:
        head = f"void evaluate_{name}(Board &board) {{"
        assert code.count(head) == 1
        code = code.replace(head, f"{head} taken_{name}++;")
    counters = "".join(f'extern "C" {{ unsigned taken_{name} = 0; }}\n' for name in names)
    (tmp_path / "parts.h").write_text(counters + code)
    path = compile_library(find_compiler(), tmp_path / "harness.cc", "the board that counts")
    monkeypatch.setattr(engine, "engine_library", lambda *args, **options: Library(path, str(path)))
    library = ctypes.CDLL(str(path))

    def told():
        counts = {}
        for name in names:
            count = ctypes.c_uint.in_dll(library, f"taken_{name}")
            counts[name], count.value = count.value, 0
        return counts

    return told


def test_each_copy_is_taken_where_a_pc_spends_its_time(taken):
    with PC(engine="native") as pc:
        start(pc)
        taken()
        pc.run(clocks=10_000)
        assert taken()["cascaded"] > 9_900
        pc.reset()
        taken()
        for _ in range(100):
            pc.outb(0x80, 0x55)
            pc.inb(0x08)
        # Seven clocks each: a page's strobe is low for three of them, and a chip's register has one more to itself.
        assert taken() == {"any": 0, "quiet": 100 * (4 + 3), "cascaded": 0, "accessed": 100 * (3 + 4)}
