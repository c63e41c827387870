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

__all__ = ["PART", "SITUATIONS", "Register", "Situation", "plain_name", "situations_header"]


#: Begins what is compiled in one part of the harness: ``ISADMA_PART`` is its number. All the rest is part 0's.
PART = "#if !defined(ISADMA_PART) || ISADMA_PART"


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
_STROBES = (In.IOR_N, In.IOW_N)

#: The processor has no cycle running, and the chips are programmed as every PC programs them.
_QUIET = Situation(
    "quiet",
    dict.fromkeys(_HIGH, 1) | {In.RESET: 0},
    {
        "*.program.write_*": 0,
        "*.program.read_*": 0,
        "*.program.control__command": 0,
        "*.program.high_byte": 0,
        "*.timing.service__source": 0,
        "*.timing.service__destination": 0,
        "*.timing.service__second_half": 1,
    },
)
#: DMA 2 passes the bus on to DMA 1, and stays where it is: in SC.
_CASCADED = Situation(
    "cascaded",
    {},
    {
        "*.dma2.timing.service__state": 0b1000,
        "*.dma2.timing.service__active": 0,
        "*.dma2.timing.service__was_active": 0,
        "*.dma2.timing.service__paged": 0,
        "*.dma2.timing.pause": 0,
        "*.dma2.timing.service__channel": 0,
        "*.dma2.fetch.base": 0,
        "*.dma2.modes.served__mode": 0b110000,
        "*.dma2.requests*.requests": 0,
    },
)
#: The processor has a cycle running, and every chip waits in SI.
_ACCESSED = Situation(
    "accessed",
    {pin: 1 for pin in _HIGH if pin not in _STROBES} | {In.RESET: 0, In.HLDA: 0},
    {
        "*.timing.service__state": 0b1,
        "*.timing.service__active": 0,
        "*.timing.service__was_active": 0,
        "*.timing.service__paged": 0,
        "*.timing.service__source": 0,
        "*.timing.service__destination": 0,
        "*.timing.service__second_half": 1,
        "*.fetch.base": 0,
    },
)

#: Rows of situations: each one is looked at only when those before it in its row hold, and a row only when the first
#: one of each row before it does not.
SITUATIONS = ((_QUIET, _CASCADED), (_ACCESSED,))


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
        *_in_a_part(0, "evaluate_any", ["    evaluate_once(board);"]),
    ]
    choice = ["static inline void evaluate_board(Board &board, uint64_t in) {"]
    # Two parts of about the same size: most of the compiler's time goes into these functions.
    for part, row in zip((1, 0), SITUATIONS, strict=True):
        pins: dict[Field, int] = {}
        values: dict[str, int] = {}
        names = []
        for situation in row:
            looked_at = _values(situation, registers)
            if not situation.pins and not looked_at:
                continue  # of another board
            pins, values = pins | situation.pins, values | looked_at
            names.append(situation.name)
            lines += _test(situation.name, situation.pins, looked_at) + _copy(situation.name, part, pins, values)
        choice += [f"    if (is_{names[0]}(board, in)) {{"]
        choice += [
            f"        if (!is_{name}(board, in)) return evaluate_{wider}(board);" for wider, name in pairwise(names)
        ]
        choice += [f"        return evaluate_{names[-1]}(board);", "    }"]
    return "\n".join([*lines, *choice, "    evaluate_any(board);", "}"]) + "\n"


def _test(name: str, pins: dict[Field, int], values: dict[str, int]) -> list[str]:
    """Write the function that looks whether a situation is there."""
    mask, levels = _packed(pins)
    tests = [f"(in & {mask:#x}ull) == {levels:#x}ull"] if mask else []
    tests += [f"board.curr.{member}.data[0] == {value:#x}u" for member, value in values.items()]
    return [
        f"static inline bool is_{name}(const Board &board, [[maybe_unused]] uint64_t in) {{",
        f"    return {' && '.join(tests) or 'true'};",
        "}",
    ]


def _copy(name: str, part: int, pins: dict[Field, int], values: dict[str, int]) -> list[str]:
    """Write the copy of the evaluation in which the compiler knows a situation's values."""
    mask, levels = _packed(pins)
    lines = [f"    board.curr.{member}.data[0] = {value:#x}u;" for member, value in values.items()]
    for chunk in range(2):
        here, level = mask >> 32 * chunk & 0xFFFFFFFF, levels >> 32 * chunk & 0xFFFFFFFF
        at = f"board.p_inputs.data[{chunk}]"
        lines.append(f"    {at} = ({at} & {0xFFFFFFFF ^ here:#x}u) | {level:#x}u;")
    return _in_a_part(part, f"evaluate_{name}", [*lines, "    evaluate_once(board);"])


def _in_a_part(part: int, name: str, body: list[str]) -> list[str]:
    """Write a function that is compiled in one part of the harness, or with all of it."""
    head = f'__attribute__((noinline, visibility("hidden"))) void {name}(Board &board)'
    return [
        f"{head};",
        f"{PART} == {part}",
        f"{head} {{",
        *body,
        "}",
        "#endif",
    ]


def _packed(pins: dict[Field, int]) -> tuple[int, int]:
    """Return which bits of the packed input pins are looked at, and their levels."""
    return sum(pin.mask for pin in pins), sum(level << pin.low for pin, level in pins.items())
