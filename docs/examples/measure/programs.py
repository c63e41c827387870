"""Six programs for a PC or PC/XT under DOS, and what its 8237A should show: `.venv/bin/python programs.py FOLDER`.

Each program stops refresh for a moment, does one thing with the DMA controller, and gives refresh back. It writes to
port 80h first, which does nothing on these machines: a trigger for the analyzer. The tables in the guide come from the
same writes, done to the golden model of the PC/XT's board.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from isadma_sim.reference import BoardInputs, BoardOutputs, XtBoard

GUIDE = Path(__file__).parents[2] / "guide" / "measure-a-real-pc.md"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"

#: A step of a program: a byte to a port, a read of a port, or a part of the block's address to a port.
Write, Read, Part = tuple[int, int], int, tuple[int, str]
Step = Write | Read | Part

#: Stop counter 1, so that no refresh comes between; disable the controller, and clear it.
_OPEN: tuple[Step, ...] = ((0x80, 0x01), (0x08, 0x04), (0x43, 0x54), (0x0D, 0x00))
#: As the self test leaves it: channel 0 refreshes, every 72 clocks.
_CLOSE: tuple[Step, ...] = (
    *((0x0D, 0), (0x08, 0x00), (0x0B, 0x58), (0x0C, 0), (0x00, 0), (0x00, 0), (0x01, 0xFF), (0x01, 0xFF)),
    *((0x0B, 0x41), (0x0B, 0x42), (0x0B, 0x43), (0x0A, 0x00), (0x43, 0x54), (0x41, 0x12)),
)
#: Where the block begins in the program's segment, but for up to 255 bytes: to a multiple of 256 in memory.
BLOCK = 0x0400


def _channel(number: int, mode: int, count: int) -> tuple[Step, ...]:
    """Program a channel for the block: its page, address and word count."""
    ports = (2 * number, 2 * number + 1)
    address: tuple[Step, ...] = ((0x83, "page"), (ports[0], "low"), (ports[0], "high"))
    return ((0x0B, mode | number), (0x0C, 0), *address, (ports[1], count & 0xFF), (ports[1], count >> 8))


@dataclass(frozen=True)
class Program:
    """One of the six: its file, what it does in a sentence, its steps, and where its block begins in a page of 256."""

    name: str
    sentence: str
    steps: tuple[Step, ...]
    start: int = 0x00


PROGRAMS = (
    Program(
        "MEMTOMEM",
        "Two bytes from memory onto themselves by channels 0 and 1: S11 to S24. How many SW has the half that writes?",
        (*_channel(0, 0x88, 1), *_channel(1, 0x84, 1), (0x08, 0x01), (0x09, 0x04)),
    ),
    Program(
        "VERIFY",
        "Four verify transfers of channel 1: addresses and TC, and no strobe at all.",
        (*_channel(1, 0x80, 3), (0x08, 0x00), (0x09, 0x05)),
    ),
    Program(
        "COMPRESS",
        "Four bytes from memory to a device that is not there, compressed: no S3, and how many SW does the board make?",
        (*_channel(1, 0x88, 3), (0x08, 0x08), (0x09, 0x05)),
    ),
    Program(
        "CARRY",
        "Four bytes across a multiple of 256: S1 comes again where A8 changes, and only there.",
        (*_channel(1, 0x88, 3), (0x08, 0x00), (0x09, 0x05)),
        start=0xFE,
    ),
    Program(
        "TCWAIT",
        "One byte, the last of its block: does T/C last through the wait state, or only the last clock of it?",
        (*_channel(1, 0x88, 0), (0x08, 0x00), (0x09, 0x05)),
    ),
    Program(
        "ILLEGAL",
        "Reads of ports 09h to 0Ch, 0Eh and 0Fh, illegal by the data sheet: what does an NMOS part put on the bus?",
        (0x09, 0x0A, 0x0B, 0x0C, 0x0E, 0x0F),
    ),
)


# The .com files -------------------------------------------------------------------------------------------------------


def machine_code(program: Program) -> bytes:
    """Return the program as a .com file, for any 8088."""
    offset = BLOCK + program.start
    # AX: address of the block; BL: its page. The segment is rotated so that its upper four bits become the page.
    code = bytes([0xFA, 0x8C, 0xC8, 0xB1, 0x04, 0xD3, 0xC0])  # cli; mov ax,cs; mov cl,4; rol ax,cl
    code += bytes([0x88, 0xC3, 0x80, 0xE3, 0x0F, 0x24, 0xF0])  # mov bl,al; and bl,0Fh; and al,0F0h
    code += bytes([0x05, 0xFF, 0x00, 0x80, 0xD3, 0x00])  # add ax,255; adc bl,0: up to a multiple of 256
    code += bytes([0x30, 0xC0, 0x05, offset & 0xFF, offset >> 8])  # xor al,al; add ax,offset
    code += bytes([0x80, 0xD3, 0x00, 0x89, 0xC2])  # adc bl,0; mov dx,ax
    for step in (*_OPEN, *program.steps, *_CLOSE):
        code += _instruction(step)
    return code + bytes([0xFB, 0xB8, 0x00, 0x4C, 0xCD, 0x21])  # sti; mov ax,4C00h; int 21h


def _instruction(step: Step) -> bytes:
    if isinstance(step, int):
        return bytes([0xE4, step])  # in al,port
    port, value = step
    if isinstance(value, int):
        return bytes([0xB0, value, 0xE6, port])  # mov al,value; out port,al
    register = {"page": 0xD8, "low": 0xD0, "high": 0xF0}[value]  # mov al,bl / dl / dh
    return bytes([0x88, register, 0xE6, port])


# The tables -----------------------------------------------------------------------------------------------------------

_STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")


def clocks(program: Program, page: int = 0x2, high: int = 0x34) -> list[tuple[BoardInputs, BoardOutputs]]:
    """Do a program's steps to the golden model; return what it shows in each clock of the service, or of the reads."""
    board, pins = XtBoard(), BoardInputs()
    rows: list[tuple[BoardInputs, BoardOutputs]] = []

    asked = 0

    def clock() -> None:
        nonlocal asked
        out = board.outputs(pins)
        rows.append((copy.copy(pins), copy.copy(out)))
        # The arbiter: HOLDA comes with the processor's next edges, and goes with HRQ.
        pins.hlda = int(out.hrq and asked)
        rows[-1] = copy.copy(pins), rows[-1][1]
        asked = out.hrq
        board.clock(pins)

    parts = {"page": page, "low": program.start, "high": high}
    for step in (*_OPEN, *program.steps):
        read = isinstance(step, int)
        port, value = (step, 0) if isinstance(step, int) else (step[0], step[1])
        pins.a, pins.d = port, parts[value] if isinstance(value, str) else value
        clock()
        if read:
            pins.ior_n = 0
            for _ in range(3):
                clock()
            pins.ior_n = 1
        else:
            pins.iow_n = 0
            clock()
            pins.iow_n = 1
        for _ in range(3):
            clock()
    for _ in range(60):
        clock()
    if not any(out.aen for _, out in rows):
        return [(given, out) for given, out in rows if not given.ior_n and out.d_oe]  # the illegal reads
    first = next(n for n, (_, out) in enumerate(rows) if out.hrq)
    last = max(n for n, (_, out) in enumerate(rows) if out.aen)
    return rows[first : last + 1]


def table(program: Program) -> str:
    """Return what the golden model shows as a Markdown table."""
    shown = clocks(program)
    if program.name == "ILLEGAL":
        lines = ["| port | data |", "|---|---|"]
        ports = {given.a: out.d for given, out in shown}
        return "\n".join([*lines, *(f"| {port:02X}h | {data:02X}h |" for port, data in ports.items())]) + "\n"
    lines = [
        "| clock | state | HRQ | AEN | DACK1# | address | low strobes | T/C |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for number, (_, out) in enumerate(shown):
        address = f"{out.a:05X}h" if out.a_oe else "-"
        low = " ".join(name.removesuffix("_n").upper() + "#" for name in _STROBES if not getattr(out, name)) or "-"
        cells = (number, out.state1, out.hrq, out.aen, out.dack_n >> 1 & 1, address, low, out.tc)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def tables() -> str:
    """Return the guide's part that the programs make."""
    return "".join(f"### `{program.name}.COM`\n\n{program.sentence}\n\n{table(program)}\n" for program in PROGRAMS)


def main(arguments: Sequence[str]) -> int:
    """Write the programs into a folder; without one, draw the guide's tables anew."""
    if not arguments:
        before, rest = GUIDE.read_text(encoding="utf-8").split(BEGIN)
        GUIDE.write_text(before + BEGIN + tables() + END + rest.split(END)[1], encoding="utf-8")
        print(f"wrote the tables of {GUIDE}")
        return 0
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for program in PROGRAMS:
        (folder / f"{program.name}.COM").write_bytes(machine_code(program))
    print(f"wrote {', '.join(program.name for program in PROGRAMS)} to {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
