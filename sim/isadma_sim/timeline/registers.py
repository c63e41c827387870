"""The DMA's registers as a recorded run wrote them: what each port is called, and what each channel was told."""

# Ref: Intel 8237A data sheet 231466-005, figures 5 to 7; IBM PC AT and PC/XT Technical References, I/O address maps.

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from isadma_sim.machine.ports import PORT_B, Pic, Pit
from isadma_sim.reference.regs import (
    CHANNELS,
    DMA1_BASE,
    DMA1_END,
    DMA2_BASE,
    DMA2_END,
    IO_DECODE,
    PAGE_OF_CHANNEL,
    PAGES_BASE,
    PAGES_END,
    REFRESH_PAGE,
    SELECT_CHANNEL,
    SET_BIT,
    XT_DMA_END,
    XT_PAGES_BASE,
    XT_PAGES_END,
    Port,
)
from isadma_sim.timeline.events import Timeline

__all__ = ["Told", "name_of", "told"]

_READ = {Port.COMMAND_STATUS: "status", Port.MASTER_CLEAR_TEMPORARY: "temporary register"}
_WRITTEN = {
    Port.COMMAND_STATUS: "command",
    Port.REQUEST: "request",
    Port.SINGLE_MASK: "single mask",
    Port.MODE: "mode",
    Port.CLEAR_FLIP_FLOP: "clear flip-flop",
    Port.MASTER_CLEAR_TEMPORARY: "master clear",
    Port.CLEAR_MASK: "clear mask",
    Port.ALL_MASK: "all masks",
}
_OTHERS = {
    Pic.MASTER_COMMAND: "8259A 1, command",
    Pic.MASTER_DATA: "8259A 1, mask",
    Pic.SLAVE_COMMAND: "8259A 2, command",
    Pic.SLAVE_DATA: "8259A 2, mask",
    Pit.COUNTER_0: "timer, counter 0",
    Pit.COUNTER_1: "timer, counter 1",
    Pit.COUNTER_2: "timer, counter 2",
    Pit.CONTROL: "timer, control",
    PORT_B: "system control",
}
#: The PC/XT's page registers by A1-A0.
_XT_PAGES = {1: 2, 2: 3, 3: 1}


class Told(NamedTuple):
    """What a channel has been told, from a clock on; None for what this run did not write.

    Attributes
    ----------
    clock : int
        When that became so.
    channel : int
        Which.
    mode, page, address, words : int or None
        As written: base address and base word count.
    masked : bool or None
        Its mask bit.
    """

    clock: int
    channel: int
    mode: int | None
    page: int | None
    address: int | None
    words: int | None
    masked: bool | None


def _place(board: str, port: int) -> tuple[int, int] | None:
    """Return chip and A3-A0 of a port of an 8237A."""
    port &= IO_DECODE
    if DMA1_BASE <= port < (XT_DMA_END if board == "xt" else DMA1_END):
        return 0, port & 0xF
    if board == "at" and DMA2_BASE <= port < DMA2_END:
        return 1, port - DMA2_BASE >> 1
    return None


def _page(board: str, port: int) -> int | None:
    """Return the channel whose page register a port is."""
    port &= IO_DECODE
    if board == "xt":
        return _XT_PAGES.get(port & 3) if XT_PAGES_BASE <= port < XT_PAGES_END else None
    return PAGE_OF_CHANNEL.index(port) if PAGES_BASE <= port < PAGES_END and port in PAGE_OF_CHANNEL else None


def name_of(board: str, port: int, *, write: bool) -> str:
    """Return what a port is called: ``"DMA 1, mode"``; empty for one that is no chip's of the board."""
    if (place := _place(board, port)) is not None:
        chip, register = place
        title = f"DMA {chip + 1}, " if board == "at" else "DMA, "
        if register < 2 * CHANNELS:
            return f"{title}{'count' if register & 1 else 'address'} of channel {4 * chip + register // 2}"
        return title + (_WRITTEN if write else _READ).get(Port(register), "no register")
    if (channel := _page(board, port)) is not None:
        return f"page of channel {channel}"
    if board == "at" and port & IO_DECODE == REFRESH_PAGE:
        return "page of refresh"
    return _OTHERS.get(port & IO_DECODE, "")


class _Chip:
    def __init__(self) -> None:
        self.high = False  # the flip-flop, as far as this run knows it
        self.words: dict[int, int | None] = {}
        self.modes: dict[int, int] = {}
        self.masks: dict[int, bool] = {}

    def read(self, register: int) -> None:
        if register < 2 * CHANNELS:
            self.high = not self.high

    def write(self, register: int, data: int) -> list[int]:
        """Take a write; return the channels that were told something."""
        if register < 2 * CHANNELS:
            old = self.words.get(register) or 0
            self.words[register] = old & 0xFF | data << 8 if self.high else old & 0xFF00 | data
            self.high = not self.high
            return [register // 2]
        channel = data & SELECT_CHANNEL
        match register:
            case Port.MODE:
                self.modes[channel] = data
                return [channel]
            case Port.SINGLE_MASK:
                self.masks[channel] = bool(data & SET_BIT)
                return [channel]
            case Port.CLEAR_FLIP_FLOP:
                self.high = False
            case Port.MASTER_CLEAR_TEMPORARY | Port.CLEAR_MASK | Port.ALL_MASK:
                if register == Port.MASTER_CLEAR_TEMPORARY:
                    self.high, data = False, 0xF
                bits = 0 if register == Port.CLEAR_MASK else data
                self.masks = {channel: bool(bits >> channel & 1) for channel in range(CHANNELS)}
                return list(range(CHANNELS))
        return []


def told(line: Timeline) -> Iterator[Told]:
    """Yield what each channel was told, whenever a write changed it, oldest first."""
    chips = [_Chip(), _Chip()]
    pages: dict[int, int] = {}
    last: dict[int, tuple[object, ...]] = {}
    for access in line.accesses:
        place = _place(line.board, access.port)
        changed: list[int] = []
        if place is not None:
            chip, register = place
            if access.write:
                changed = [4 * chip + channel for channel in chips[chip].write(register, access.data)]
            else:
                chips[chip].read(register)
        elif access.write and (channel := _page(line.board, access.port)) is not None:
            pages[channel] = access.data
            changed = [channel]
        for channel in changed:
            state, number = chips[channel >> 2], channel & 3
            address, count = state.words.get(2 * number), state.words.get(2 * number + 1)
            now = (state.modes.get(number), pages.get(channel), address, count, state.masks.get(number))
            if last.get(channel) != now:
                last[channel] = now
                yield Told(access.end, channel, *now)
