"""Situations in which much of the board stands still, and the board's C++ compiled once more for each of them.

Before an evaluation the harness looks whether the registers and pins named here have the values named here. If so it
evaluates a copy of the board in which the compiler knows those values, and has folded away what hangs on them. Nothing
is assumed that was not looked at, so the copies do what the board does; a register that is not there any more, or a
value that no longer comes, costs speed and never truth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise

from isadma_sim.engines.pins import Field, In

__all__ = ["SITUATIONS", "Register", "Situation", "plain_name", "situations_header"]


@dataclass(frozen=True)
class Situation:
    """What is looked at.

    Attributes
    ----------
    name : str
        An identifier.
    pins : dict of Field to int
        Levels of input pins.
    registers : dict of str to int
        Values by pattern of the register's name in the RTL; ``*`` stands for any text. Later patterns win.
    """

    name: str
    pins: dict[Field, int]
    registers: dict[str, int]


#: Pins that are high unless somebody uses them.
_HIGH = (In.IOR_N, In.IOW_N, In.MEMR_N, In.MEMW_N, In.SBHE_N, In.IOCHRDY, In.MASTER_N)

#: Each one is looked at only when those before it hold.
SITUATIONS = (
    # The processor has no cycle running, and the chips are programmed as every PC programs them.
    Situation(
        "quiet",
        dict.fromkeys(_HIGH, 1) | {In.RESET: 0},
        {
            "*.program.write_*": 0,
            "*.program.read_*": 0,
            "*.program.command": 0,
            "*.program.high_byte": 0,
            "*.timing.source": 0,
            "*.timing.destination": 0,
            "*.timing.second_half": 1,
        },
    ),
    # DMA 2 passes the bus on to DMA 1, and stays where it is: in SC.
    Situation(
        "cascaded",
        {},
        {
            "*.dma2.timing.state": 0b1000,
            "*.dma2.timing.active": 0,
            "*.dma2.timing.was_active": 0,
            "*.dma2.timing.paged": 0,
            "*.dma2.timing.pause": 0,
            "*.dma2.timing.channel": 0,
            "*.dma2.fetch.base": 0,
            "*.dma2.mode": 0b110000,
            "*.dma2.requests*.requests": 0,
        },
    ),
)


@dataclass(frozen=True)
class Register:
    """A register of the board in CXXRTL's C++.

    Attributes
    ----------
    member : str
        The member of the board's class.
    name : str
        Its name in the RTL, with dots.
    low, width : int
        Which bits of it these are, where it was split.
    """

    member: str
    name: str
    low: int
    width: int


_SLICE = re.compile(r"\[(\d+)(?::(\d+))?\]$")


def plain_name(member: str) -> str:
    """Undo CXXRTL's spelling of a name: ``p_a_2e_b__c`` is ``a.b_c``."""
    return re.sub(r"_([0-9a-f]*)_", lambda code: chr(int(code[1], 16)) if code[1] else "_", member.removeprefix("p_"))


def registers_of(code: str) -> list[Register]:
    """Find the registers in CXXRTL's C++."""
    found = []
    for width, member in re.findall(r"^\twire<(\d+)> (\w+);", code, re.MULTILINE):
        name, low = plain_name(member), 0
        if part := _SLICE.search(name):
            low = int(part[2] or part[1])
        found.append(Register(member, _SLICE.sub("", name), low, int(width)))
    return found


def _values(situation: Situation, registers: Iterable[Register]) -> dict[str, int]:
    """Values of members in a situation."""
    values = {}
    for register in registers:
        for pattern, value in situation.registers.items():
            if register.width <= 32 and fnmatchcase(register.name, pattern):
                values[register.member] = value >> register.low & (1 << register.width) - 1
    return values


def situations_header(code: str) -> str:
    """Return C++ that picks the copy of the board to evaluate: ``evaluate_board(board, in)``.

    Parameters
    ----------
    code : str
        The board in CXXRTL's C++.
    """
    registers = registers_of(code)
    lines = [
        "// Copies of the board for situations in which much of it stands still (situations.py).",
        "using Board = cxxrtl_design::p_board;",
        "static inline __attribute__((always_inline)) void evaluate_once(Board &board) {",
        "    board.prev_p_clk.set<bool>(false);",
        "    board.p_clk.set<bool>(true);",
        "    board.Board::eval(nullptr);",
        "}",
        "static __attribute__((noinline)) void evaluate_any(Board &board) { evaluate_once(board); }",
    ]
    pins, known = 0, 0
    values: dict[str, int] = {}
    names = ["any"]
    for situation in SITUATIONS:
        looked_at = _values(situation, registers)
        if not situation.pins and not looked_at:
            continue  # of another board
        values |= looked_at
        here = sum(pin.mask for pin in situation.pins)
        levels = sum(level << pin.low for pin, level in situation.pins.items())
        pins, known = pins | here, known & ~here | levels
        name = situation.name
        names.append(name)
        tests = [f"(in & {here:#x}ull) == {levels:#x}ull"] if here else []
        tests += [f"board.curr.{member}.data[0] == {value:#x}u" for member, value in looked_at.items()]
        lines += [
            f"static inline bool is_{name}(const Board &board, uint64_t in) {{",
            f"    return {' && '.join(tests) or 'true'};",
            "}",
            f"static __attribute__((noinline)) void evaluate_{name}(Board &board) {{",
            *(f"    board.curr.{member}.data[0] = {value:#x}u;" for member, value in values.items()),
        ]
        for chunk in range(2):
            mask, level = pins >> 32 * chunk & 0xFFFFFFFF, known >> 32 * chunk & 0xFFFFFFFF
            at = f"board.p_inputs.data[{chunk}]"
            lines.append(f"    {at} = ({at} & {0xFFFFFFFF ^ mask:#x}u) | {level:#x}u;")
        lines += ["    evaluate_once(board);", "}"]
    lines += [
        "static inline void evaluate_board(Board &board, uint64_t in) {",
        *(f"    if (!is_{name}(board, in)) return evaluate_{wider}(board);" for wider, name in pairwise(names)),
        f"    evaluate_{names[-1]}(board);",
        "}",
    ]
    return "\n".join(lines) + "\n"
