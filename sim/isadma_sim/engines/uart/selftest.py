"""The self-test of a board: its registers, its memory, every channel, and how fast it is."""

# Ref: Intel 8237A data sheet 231466-005, "Register Description"; IBM PC AT Technical Reference, page registers.

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from isadma_sim.engines.pins import Out
from isadma_sim.engines.uart.client import Client, set_register
from isadma_sim.engines.uart.codes import Device, Set, Status
from isadma_sim.engines.uart.serial_port import BAUD
from isadma_sim.machine.ports import Dma

__all__ = ["Check", "Report", "Trial", "self_test"]

#: Page register of each channel.
_XT_PAGES = {1: 0x83, 2: 0x81, 3: 0x82}
_PAGES = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}
#: Mode bits: single transfers, towards memory and away from it.
_SINGLE_WRITE, _SINGLE_READ = 0x44, 0x48
_CASCADE = 0xC0
#: Bytes that each channel moves; words on channels 5 to 7 are half as many.
_LENGTH = 64
#: Clocks that a transfer may take before it is given up.
_PATIENCE = 40


@dataclass(frozen=True)
class Check:
    """One check: its name, and what was wrong (empty if nothing was)."""

    name: str
    failure: str


@dataclass
class Report:
    """
    What a board did.

    ``line_bytes_per_second`` is memory written and read over the serial line. ``clocks_per_byte`` is what single
    transfers on channel 1 took of the board's clock, bus handover and all, and ``dma_bytes_per_second`` what that is at
    ``clock_hz``; these two are 0 for a board that does not tell its clock.
    """

    memory_size: int
    checks: list[Check] = field(default_factory=list)
    line_bytes_per_second: float = 0.0
    clocks_per_byte: float = 0.0
    clock_hz: float = 0.0
    dma_bytes_per_second: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(not check.failure for check in self.checks)


class Trial:
    """Runs the checks, one after the other."""

    def __init__(self, client: Client, progress: Callable[[str], None]) -> None:
        self.client = client
        self.report = Report(client.memory_size)
        self._progress = progress
        self._room = client.memory_size
        self._at = client.board == "at"
        #: Page register of each channel that can be tried; the XT's channel 0 is for refresh.
        self.pages = _PAGES if self._at else _XT_PAGES

    def check(self, name: str, work: Callable[[], str]) -> None:
        """Add a check: `work` returns what was wrong."""
        self._progress(name)
        self.report.checks.append(Check(name, work()))

    def program(self, channel: int, address: int, length: int, mode: int) -> None:
        """Program and unmask a channel."""
        outb = self.client.outb
        words = channel >= 4
        base, step, number = (0xC0, 2, channel - 4) if words else (0x00, 1, channel)
        count = (length // 2 if words else length) - 1
        start = address >> 1 if words else address
        outb(base + 0xB * step, mode | number)
        outb(base + 0xC * step, 0)
        for value in (start & 0xFF, start >> 8 & 0xFF):
            outb(base + 2 * number * step, value)
        outb(self.pages[channel], address >> 16)
        for value in (count & 0xFF, count >> 8):
            outb(base + (2 * number + 1) * step, value)
        outb(base + 0xA * step, number)

    def registers(self) -> str:
        """Write and read page, address and count registers."""
        client = self.client
        client.command(set_register(Set.HOST, 0), set_register(Set.DRQ, 0), set_register(Set.CONTROL, 1))
        client.run(8)
        client.set(Set.CONTROL, 0)
        client.run(8)
        readable = self.pages if self._at else {}  # the XT's are written only
        for channel, page in readable.items():
            client.outb(page, 0xA0 + channel)
        for channel, page in readable.items():
            if (got := client.inb(page)) != 0xA0 + channel:
                return f"page register {page:02X}h reads {got:02X}h after {0xA0 + channel:02X}h was written"
        for base, step in ((0x00, 1), (0xC0, 2)) if self._at else ((0x00, 1),):
            client.outb(base + 0xC * step, 0)
            for register in range(8):
                port = base + register * step
                for value in (0x35 + register, 0xCA - register):
                    client.outb(port, value)
            for register in range(8):
                port = base + register * step
                wanted = (0x35 + register, 0xCA - register)
                got_pair = client.inb(port), client.inb(port)
                if got_pair != wanted:
                    return f"register {port:02X}h reads {got_pair[1]:02X}{got_pair[0]:02X}h"
            client.outb(base + 0xD * step, 0)
        if self._at:
            client.outb(Dma.DMA2_MODE, _CASCADE)
            client.outb(Dma.DMA2_MASK, 0)
        return ""

    def memory(self) -> str:
        """Write all of the memory, read it back; every byte tells its address."""
        data = bytes((n * 0x9D ^ n >> 8) & 0xFF for n in range(self._room))
        began = time.monotonic()
        self.client.write(0, data)
        got = self.client.read(0, self._room)
        self.report.line_bytes_per_second = 2 * self._room / max(time.monotonic() - began, 1e-9)
        wrong = next((n for n, pair in enumerate(zip(data, got, strict=True)) if pair[0] != pair[1]), None)
        return "" if wrong is None else f"address {wrong:04X}h reads {got[wrong]:02X}h, not {data[wrong]:02X}h"

    def by_host(self, channel: int) -> str:
        """Let the host be a device: it gives bytes to memory over this channel, and takes them back."""
        client = self.client
        wide = channel >= 4
        given = bytes((channel * 31 + n * 7) & 0xFF for n in range(16))
        client.write(0x40, bytes(16))
        client.set(Set.HOST, 1 << channel)
        self.program(channel, 0x40, len(given), _SINGLE_WRITE)
        failure = self._serve(channel, given, bytearray(), wide)
        if not failure and (got := client.read(0x40, len(given))) != given:
            failure = f"memory has {got.hex()}, not {given.hex()}"
        taken = bytearray()
        if not failure:
            self.program(channel, 0x40, len(given), _SINGLE_READ)
            failure = self._serve(channel, b"", taken, wide)
        if not failure and taken != given:
            failure = f"the device got {taken.hex()}, not {given.hex()}"
        client.command(set_register(Set.DRQ, 0), set_register(Set.HOST, 0))
        return failure

    def _serve(self, channel: int, given: bytes, taken: bytearray, wide: bool) -> str:
        client = self.client
        size = 2 if wide else 1
        position, counts, clock = 0, 0, 0
        begun: list[int] = []  # clocks at which the host's device was asked for its data
        client.set(Set.DRQ, 1 << channel)
        seen = Out.IDLE
        shown = client.run(_PATIENCE)
        for _ in range(400):
            if not shown.status & Status.ATTENTION:
                break
            clock += _PATIENCE - shown.left
            pins, first = shown.pins, b""
            rose, fell = ~seen & pins, seen & ~pins
            if fell & Out.IOR_N.mask:
                begun.append(clock)
                value = int.from_bytes(given[position : position + size], "little")
                position += size
                value = value if wide else value * 0x101
                first = set_register(Set.D0, value & 0xFF) + set_register(Set.D1, value >> 8)
            if rose & Out.IOW_N.mask:
                taken += Out.D.of(seen).to_bytes(2, "little")[:size]
            if fell & Out.TC.mask:
                counts += 1
                first += set_register(Set.DRQ, 0)
            seen = pins
            shown = client.run(_PATIENCE, first)
        if channel == 1 and len(begun) > 1:
            self.report.clocks_per_byte = (begun[-1] - begun[0]) / (len(begun) - 1)
        return "" if counts == 1 else f"{counts} terminal counts, not 1"

    def has_device(self) -> bool:
        """Tell whether the board has its own device: its pattern port then reads what was written."""
        self.client.outb(Device.PATTERN, 0x5A)
        return self.client.inb(Device.PATTERN) == 0x5A

    def by_board(self, channel: int) -> str:
        """Let the board's source fill memory over this channel, and its sink add it up."""
        client = self.client
        client.outb(Device.CONTROL, 0)
        client.outb(Device.PATTERN, channel * 16)
        client.outb(Device.SUM_LOW, 0)
        steps = _LENGTH // 2 if channel >= 4 else _LENGTH
        bytes_ = [(channel * 16 + n) & 0xFF for n in range(steps)]
        wanted = bytes(bytes_) if channel < 4 else b"".join(bytes([b, b ^ 0xFF]) for b in bytes_)
        self.program(channel, 0x80, _LENGTH, _SINGLE_WRITE)
        self._wait(channel)
        if (got := client.read(0x80, _LENGTH)) != wanted:
            return f"the source wrote {got.hex()}, not {wanted.hex()}"
        self.program(channel, 0x80, _LENGTH, _SINGLE_READ)
        self._wait(channel)
        total = client.inb(Device.SUM_LOW) | client.inb(Device.SUM_HIGH) << 8
        units = wanted if channel < 4 else [b | (b ^ 0xFF) << 8 for b in bytes_]
        return (
            "" if total == sum(units) & 0xFFFF else f"the sink adds up to {total:04X}h, not {sum(units) & 0xFFFF:04X}h"
        )

    def loop(self) -> str:
        """Send memory out over channel 3, and the same bytes back over channel 1."""
        client = self.client
        data = bytes((n * 29 + 3) & 0xFF for n in range(_LENGTH))
        client.write(0, data + bytes(_LENGTH))
        client.outb(Device.CONTROL, 1)
        self.program(3, 0, _LENGTH, _SINGLE_READ)
        self.program(1, _LENGTH, _LENGTH, _SINGLE_WRITE)
        self._ask(1 << 3 | 1 << 1)
        for _ in range(2):  # the interrupt at the first TC stops the clock, a byte before the end
            client.run(_LENGTH * _PATIENCE)
        got = client.read(_LENGTH, _LENGTH)
        client.outb(Device.CONTROL, 0)
        return "" if got == data else f"{got.hex()} came back, not {data.hex()}"

    def _ask(self, channels: int) -> None:
        self.client.outb(Device.REQUEST, channels)

    def _wait(self, channel: int) -> None:
        """Let the board's device move what it has to."""
        self._ask(1 << channel)
        self.client.run(_LENGTH * _PATIENCE)  # the interrupt at TC stops the clock
        self.client.run(8)
        self.client.outb(Device.CONTROL, 0)
        self.client.run(8)


def self_test(client: Client, *, baud: int = BAUD, progress: Callable[[str], None] = lambda step: None) -> Report:
    """
    Try a board out. What was in its memory and registers is lost.

    Parameters
    ----------
    client
        The board.
    baud
        The line's speed in bits per second: it tells the board's clock.
    progress
        Called with the name of each check before it is made.

    Returns
    -------
    Report

    Raises
    ------
    isadma_sim.engines.base.EngineError
        The board stopped answering.
    """
    trial = Trial(client, progress)
    trial.check("registers", trial.registers)
    trial.check("memory", trial.memory)
    for channel in trial.pages:
        trial.check(f"channel {channel}, a device on the host", partial(trial.by_host, channel))
    if trial.has_device():
        for channel in trial.pages:
            trial.check(f"channel {channel}, the board's device", partial(trial.by_board, channel))
        trial.check("loop over channels 3 and 1", trial.loop)
    report = trial.report
    report.clock_hz = float(client.clocks_per_bit * baud)
    if report.clocks_per_byte:
        report.dma_bytes_per_second = report.clock_hz / report.clocks_per_byte
    return report
