"""Writes a board as a C library in a folder: header, compiled RTL, harness, CXXRTL's runtime, and files to build it."""

from __future__ import annotations

import re
import textwrap
from importlib import resources
from pathlib import Path

from isadma_sim.engines.clocks import BUS_TIMEOUT
from isadma_sim.engines.native.build import write_sources
from isadma_sim.engines.native.cpplibrary import runtime
from isadma_sim.engines.native.engine import board_in_rtlil
from isadma_sim.engines.packed import CHIPS, packed_board
from isadma_sim.engines.pins import In, Out
from isadma_sim.machine.boards import wiring_of

__all__ = ["check_library", "write_library"]

#: What the folder has of this package, and where.
_OWN = {
    "CMakeLists.txt": "CMakeLists.txt",
    "meson.build": "meson.build",
    "sector.c": "example/sector.c",
    "sector.rs": "example/sector.rs",
    "isadma_ctypes.py.in": "example/isadma_ctypes.py",
    "isadma.cc": "src/isadma.cc",
    "abi.h": "src/abi.h",
    "transfers.h": "src/transfers.h",
    "embedded.h": "src/embedded.h",
    "state.h": "src/state.h",
}
#: Left by the build, and of no use to a C compiler.
_LEFT = ("board.il", "calls.h")
_RUNTIME = ("cxxrtl.h", "capi/cxxrtl_capi.h")
_REGISTER = re.compile(r"^\t\tvalue<(\d+)> (\w+);$", re.MULTILINE)
_MEMORY = re.compile(r"^\tstore<(\d+), (\d+), \d+> (\w+);$", re.MULTILINE)
_REGISTERS = re.compile(r"^\tstruct registers \{\n(.*?)^\t\} curr, next;", re.MULTILINE | re.DOTALL)
#: Bytes of a saved state beside the board's registers; state.h holds the C side to it.
_STATE_BYTES = 8 + 16 + 17 * 8 + 4 * 8 * 8 + 4 + 8 * 22 + 30 + 8
#: Clocks that RESET lasts, and again before the first access: those of `isadma_sim.PC`.
_RESET_CLOCKS = 4
_CASCADE = "#define ISADMA_HAS_CASCADE 1 /* channels 5-7, and channel 4 between the two controllers */\n"
_FIRMWARE = {
    "at": "a host without a BIOS\n * writes C0h to port D6h and 0 to D4h, so that DMA 1 is heard on channel 4.",
    "xt": "a host\n * without a BIOS programs channel 0 for refresh itself, or leaves it masked.",
}


def check_library(board: str, refresh: bool, wait_states: int) -> None:
    """Raise ValueError for a board that there is none of."""
    wiring_of(board)
    if board == "xt" and refresh:
        raise ValueError("a PC/XT has its refresh in any case, on channel 0: leave --refresh out")
    if not 0 <= wait_states <= 7:
        raise ValueError(f"{wait_states} wait states: a transfer has 0 to 7")


def write_library(folder: Path, *, board: str = "at", refresh: bool = False, wait_states: int = 1) -> list[Path]:
    """Write the library of a board, without compiling it.

    Parameters
    ----------
    folder : Path
        Where it goes; made when it is not there.
    board : str
        ``"at"`` or ``"xt"``.
    refresh : bool
        Build the AT with its refresh.
    wait_states : int
        Wait states of every DMA transfer, 0 to 7.

    Returns
    -------
    list of Path
        The files, those to read first at the beginning.

    Raises
    ------
    ValueError
        For a board that there is none of.
    isadma_sim.engines.base.EngineError, isadma_tools.toolchain.ToolMissingError
        Yosys is missing, or did not do its work.
    """
    check_library(board, refresh, wait_states)
    sources = folder / "src"
    for place in ("example", "src", "runtime/cxxrtl/capi"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    chips = [name for name, _ in CHIPS[board]]
    write_sources(board_in_rtlil(packed_board(board, wait_states, refresh)), sources, chips)
    for name in _LEFT:
        (sources / name).unlink(missing_ok=True)
    _write_runtime(folder / "runtime")
    _write_facts(sources, board)
    own = resources.files("isadma_sim.embed") / "c"
    for name, place in _OWN.items():
        (folder / place).write_text((own / name).read_text())
    options = f"{board} wait_states={wait_states} refresh={int(refresh)}"
    (folder / "isadma.h").write_text(_header((own / "isadma.h.in").read_text(), sources, board, refresh, options))
    (folder / "README.md").write_text((own / "README.md.in").read_text().replace("@OPTIONS@", options))
    first = [folder / "README.md", folder / "isadma.h"]
    return [*first, *sorted(path for path in folder.rglob("*") if path.is_file() and path not in first)]


def _header(text: str, sources: Path, board: str, refresh: bool, options: str) -> str:
    wiring = wiring_of(board)
    drives = refresh or board == "xt"
    words = {
        "TITLE": wiring.title,
        "S": "s" if len(CHIPS[board]) > 1 else "",
        "FIRMWARE": _FIRMWARE[board],
        "BOARD": options,
        "CASCADE": _CASCADE if len(CHIPS[board]) > 1 else "",
        "STATE_SIZE": str(_STATE_BYTES + _board_bytes((sources / "board.cc").read_text())),
        "MEMORY": str(wiring.most_memory if board == "xt" else 1 << In.A.width),
        "REFRESH": "" if drives else "; this board is built without it",
    }
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    return text


def _parts(code: str) -> tuple[list[tuple[int, str]], list[tuple[int, int, str]]]:
    """Return width and name of the registers, and width, depth and name of the memories."""
    inside = _REGISTERS.search(code)
    assert inside is not None, "engines/native/parts.py lays the registers out so"
    registers = [(int(width), name) for width, name in _REGISTER.findall(inside[1])]
    return registers, [(int(width), int(depth), name) for width, depth, name in _MEMORY.findall(code)]


def _board_bytes(code: str) -> int:
    registers, memories = _parts(code)
    words = sum(-(-width // 32) for width, _ in registers)
    return 4 * (words + sum(-(-width // 32) * depth for width, depth, _ in memories))


def _write_facts(sources: Path, board: str) -> None:
    """Write ``facts.h``: what this board is, and how its registers are kept within their widths."""
    wiring = wiring_of(board)
    registers, memories = _parts((sources / "board.cc").read_text())
    channels = sum(1 << channel for channel in wiring.channels)
    lines = [
        "// This board, as far as the calls need to know it.",
        "#pragma once",
        f"constexpr int IN_WIDTH = {In.WIDTH}, OUT_WIDTH = {Out.WIDTH};",
        f"constexpr uint32_t BOARD_CHANNELS = {channels:#x};  // that a device can be on",
        f"constexpr bool BOARD_HAS_MASTERS = {str(wiring.master).lower()};",
        f"constexpr uint64_t RESET_CLOCKS = {_RESET_CLOCKS}, BUS_TIMEOUT = {BUS_TIMEOUT};",
        "// No register holds more bits than it has, whatever a state says.",
        "template<size_t Bits>",
        "static inline void clip(cxxrtl::value<Bits> &value) {",
        "    value.data[cxxrtl::value<Bits>::chunks - 1] &= cxxrtl::value<Bits>::msb_mask;",
        "}",
        "static inline void clip_board(Board &board) {",
        *(f"    clip(board.curr.{name});" for _, name in registers),
        *(f"    for (auto &word : board.{name}.data) clip(word);" for _, _, name in memories),
        "}",
    ]
    (sources / "facts.h").write_text("\n".join(lines) + "\n")


def _write_runtime(folder: Path) -> None:
    """Copy the headers of CXXRTL that the board needs, and what their authors say of copying them."""
    theirs = runtime() / "cxxrtl"
    for name in _RUNTIME:
        (folder / "cxxrtl" / name).write_text((theirs / name).read_text())
    head = (theirs / _RUNTIME[0]).read_text().partition("*/")[0].partition("/*")[2]
    said = textwrap.dedent("\n".join(line.strip().removeprefix("*").rstrip() for line in head.splitlines())).strip()
    (folder / "LICENSE").write_text(f"The headers in cxxrtl/ are Yosys's runtime of write_cxxrtl:\n\n{said}\n")
