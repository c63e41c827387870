"""Write docs/guide/registers.md: ports, registers and bits, from the hardware's own tables.

Usage: .venv/bin/python docs/make_registers.py
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

from amaranth.lib import data

from isadma.i8237 import regs
from isadma.pc import ports

PAGE = Path(__file__).parent / "guide" / "registers.md"
HEAD = """# Registers and bits

Every port of the 8237A and of the boards around it, and every bit behind them. This page is made from the tables that
the hardware itself is made of, `rtl/isadma/i8237/regs.py` and `rtl/isadma/pc/ports.py`, by `docs/make_registers.py`,
and a test holds them together. [DMA in short](3-dma.md) says what they are for.
"""
#: Registers with bits, and the port of each write or read.
_BITS = (
    (regs.Command, "Command", "write 8"),
    (regs.Mode, "Mode", "write B; bits 1-0 name the channel"),
    (regs.Single, "Request, single mask", "write 9, write A"),
    (regs.Status, "Status", "read 8"),
)


def words(name: str) -> str:
    """Return a name of the code as words."""
    last = {"0_1": "0 and 1", **{digit: digit for digit in "CDE"}}
    stem, _, tail = name.partition("_") if name.startswith(("CHANNEL_", "SPARE_")) else (name, "", "")
    said = (
        stem.lower().replace("_", " ").replace("dreq", "DREQ").replace("dack", "DACK").replace("flip flop", "flip-flop")
    )
    return f"{said} {last.get(tail, tail)}".strip()


def notes(holder: Any) -> dict[str, str]:
    """Return what the source says of each name in a class: the `#:` line above it, or the string below it."""
    lines = inspect.getsource(holder).splitlines()
    found, above = {}, ""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        name = re.match(r"    (\w+)\s*[:=]", line)
        if line.strip().startswith("#:"):
            above = f"{above} {line.strip()[2:].strip()}".strip()
        elif name:
            text = re.match(r'    """(.*?)(""")?$', below)
            found[name[1]] = above or (text[1] if text else "")
            above = ""
    return found


def codes(field: Any) -> str:
    """Return the meaning of each value of a field that is an enumeration."""
    shape = getattr(field, "shape", None)
    if not isinstance(shape, type(regs.Transfer)):
        return ""
    told = notes(shape)
    said = (f" ({told[each.name].rstrip('.')})" if told.get(each.name) else "" for each in shape)
    return ", ".join(
        f"{each.value:0{field.width}b} {words(each.name)}{more}" for each, more in zip(shape, said, strict=True)
    )


def bits(register: Any, *, low: int = 0) -> list[str]:
    """Return the lines of a register's table, the highest bit first."""
    told = notes(register)
    rows = []
    for name, field in data.Layout.cast(register):
        first, last = field.offset + low, field.offset + low + field.width - 1
        where = f"{first}" if first == last else f"{last}-{first}"
        said = "; ".join(filter(None, (codes(field), told.get(name, ""))))
        rows.append((first, f"| {where} | {words(name)} | {said} |\n"))
    return [row for _, row in sorted(rows, reverse=True)]


def chip() -> list[str]:
    """Return the table of the sixteen ports of a chip, with their addresses on an AT."""
    rows = ["| A3-A0 | DMA 1 | DMA 2 | write | read | read, 82C37A |\n|---|---|---|---|---|---|\n"]
    named = {
        kind: {int(port): words(port.name) for port in kind} for kind in (regs.WritePort, regs.ReadPort, regs.CmosPort)
    }
    for offset in range(16):
        where = f"| {offset:X} | {ports.Window.DMA1 + offset:02X}h | {ports.Window.DMA2 + 2 * offset:02X}h "
        if offset < 2 * regs.CHANNELS:
            channel, count = divmod(offset, 2)
            what = "word count" if count else "address"
            rows.append(f"{where}| channel {channel}: {what}, base and current | {what}, current | |\n")
        else:
            cells = (named[kind].get(offset, "") for kind in (regs.WritePort, regs.ReadPort, regs.CmosPort))
            rows.append(f"{where}| {' | '.join(cells)} |\n")
    return rows


def board(pages: Any) -> list[str]:
    """Return the table of a board's page registers."""
    told = notes(pages)
    return [f"| {port.value:02X}h | {words(port.name)} | {told.get(port.name, '')} |\n" for port in pages]


def page() -> str:
    """Return the whole page."""
    parts = [HEAD, "\n## Ports of the chip\n", *chip()]
    parts.append(
        f"\nAddress and word count have {regs.REGISTER_BITS} bits and take two accesses, low byte first; the "
        "first/last flip-flop says which is next. A count of N moves N + 1. An empty cell reads as nothing that the "
        "data sheet defines.\n"
    )
    for register, title, where in _BITS:
        parts.append(f"\n## {title} ({where})\n| bits | | |\n|---|---|---|\n")
        parts += bits(register, low=2 if register is regs.Mode else 0)
    parts.append("\n## Page registers of the PC/AT\n| port | | |\n|---|---|---|\n")
    parts += board(ports.Page)
    parts.append("\n## High page registers (A31-A24, EISA class; an option)\n| port | | |\n|---|---|---|\n")
    parts += board(ports.HighPage)
    parts.append("\n## Page registers of the PC/XT (four bits)\n| port | | |\n|---|---|---|\n")
    parts += board(ports.XtPage)
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")
