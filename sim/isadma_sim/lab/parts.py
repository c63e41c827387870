"""Writes `parts.h`: where CXXRTL's C++ keeps the registers that no pin and no probe shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.situations import plain_name, registers_of

__all__ = ["parts_header"]

_MEMORY = re.compile(r"^\tmemory<\d+> (\w+)(?: \{|;)", re.MULTILINE)


def parts_header(code: str, chips: Sequence[str]) -> str:
    """Return C++ that reads a machine's register files, modes, flip-flops and page registers.

    Parameters
    ----------
    code
        The machine in CXXRTL's C++.
    chips
        Instances of its chips.

    Raises
    ------
    EngineError
        One of them is not there.
    """
    memories = {plain_name(member): member for member in _MEMORY.findall(code)}
    registers = {register.name: register.member for register in registers_of(code)}

    def member(of: dict[str, str], ending: str) -> str:
        found = [member for name, member in of.items() if name.endswith(ending)]
        if len(found) != 1:
            raise EngineError(f"this Yosys writes C++ of another kind: {len(found)} places end in '{ending}'")
        return found[0]

    lines = [
        "// Where the registers are (parts.py).",
        "#pragma once",
        "using Board = cxxrtl_design::p_board;",
        f"constexpr int CHIPS = {len(chips)};",
    ]
    for call, of, ending, index in (
        ("register_of", memories, "registers.memory", "word"),
        ("mode_of", memories, "modes.memory", "word"),
        ("flip_flop_of", registers, "program.high_byte", None),
    ):
        lines.append(f"static inline uint32_t {call}(const Board &board, int chip{', int word' if index else ''}) {{")
        for number, chip in enumerate(chips):
            place = member(of, f"{chip}.{ending}")
            value = f"{place}[{index}].get<uint32_t>()" if index else f"{place}.curr.get<uint32_t>()"
            lines.append(f"    if (chip == {number}) return board.{value};")
        lines += ["    return 0;", "}"]
    pages = next((m for name, m in memories.items() if name.endswith("pages.registers")), None)
    shown = f"board.{pages}[number & 15].get<uint32_t>()" if pages else "0"
    lines += [f"static inline uint32_t page_of(const Board &board, int number) {{ return {shown}; }}", ""]
    return "\n".join(lines)
