"""The inputs that a capture has, as rows of a bench; what it has not is idle, or follows from what it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from isadma_verify.captures.check.bench import Bench, Kind
from isadma_verify.captures.check.processor import IO_WRITE
from isadma_verify.captures.clocks import Clocks
from isadma_verify.captures.errors import CaptureError

__all__ = ["PROGRAMS", "STATUS", "Stimulus", "bench_name", "bus"]

STATUS = ("s0", "s1", "s2")
#: What the PC's and the XT's self test leaves in the 8237: channel 0 refreshes, the others wait for their programs.
XT_PROGRAM = (
    *((0x0D, 0x00), (0x08, 0x00), (0x0B, 0x58), (0x01, 0xFF), (0x01, 0xFF)),
    *((0x0B, 0x41), (0x0B, 0x42), (0x0B, 0x43), (0x0A, 0x00)),
)
#: What the AT's leaves in its two: modes, and channel 4 open for the cascade.
AT_PROGRAM = (
    *((0x0D, 0x00), (0xDA, 0x00), (0x08, 0x00), (0xD0, 0x00), (0x0B, 0x40), (0x0B, 0x41), (0x0B, 0x42), (0x0B, 0x43)),
    *((0xD6, 0xC0), (0xD6, 0x41), (0xD6, 0x42), (0xD6, 0x43), (0xD4, 0x00)),
)
#: By board: what was written before a capture begins, unless its pin map says otherwise.
PROGRAMS = {"xt": XT_PROGRAM, "at": AT_PROGRAM, "chip": ()}
_RESET_CLOCKS = 4
#: Clocks after a write in which nothing happens.
_PAUSE = 4

Values = np.ndarray[Any, np.dtype[np.uint64]]


def bench_name(board: str, lines: Sequence[str]) -> str:
    """
    Choose how a capture is replayed.

    Raises
    ------
    CaptureError
        Nothing in it says when the processor gives the bus away.
    """
    if board == "xt" and all(line in lines for line in STATUS):
        return "xt-processor"
    if "hlda" not in lines and "aen" not in lines:
        ways = "S0, S1 and S2 of the processor, HLDA or AEN" if board == "xt" else "HLDA or AEN"
        raise CaptureError(f"nothing says when the processor gives the bus away: the capture needs {ways}")
    return board


def bus(lines: Mapping[str, Any], stem: str, width: int, tail: str = "") -> Values | None:
    """Put the bits of a bus together; None where the capture has none of them."""
    bits = [(bit, lines[f"{stem}{bit}{tail}"]) for bit in range(width) if f"{stem}{bit}{tail}" in lines]
    if not bits:
        return None
    value = np.zeros(len(bits[0][1]), np.uint64)
    for bit, levels in bits:
        value |= levels.astype(np.uint64) << np.uint64(bit)
    return value


class Stimulus:
    """
    Makes rows for a bench out of clocks.

    Parameters
    ----------
    bench
        The design.
    kind
        How it is clocked.
    refresh
        Clocks between refresh requests that the bench makes by itself from the first captured one on; None takes each
        request from the capture.
    """

    def __init__(self, bench: Bench, kind: Kind, refresh: int | None = None) -> None:
        self._bench, self._halves, self._refresh = bench, kind.halves, refresh
        self._held: dict[str, Values] | None = None  # the last clock: its second half shows the next one's levels
        self._before: dict[str, Values] = {}  # the last clock's levels
        self._dreq0 = 0
        self._origin: int | None = None
        self._clock = 0

    def program(self, writes: Sequence[tuple[int, int]]) -> Values:
        """Return rows that reset the bench and write to its ports, as a processor does."""
        clocks: list[dict[str, int]] = [{"reset": 1}] * _RESET_CLOCKS + [{}] * _PAUSE
        status = "s" in self._bench.fields_in
        for port, value in writes:
            cycle: dict[str, int] = {"a": port, "d": value}
            low = {**cycle, "s": IO_WRITE} if status else {**cycle, "iow_n": 0, "cs_n": 0}
            clocks += [cycle, low, low, low, cycle, cycle] + [{}] * _PAUSE
        fields = self._bench.fields_in
        rows = []
        for levels in clocks:
            row = self._bench.idle
            for name, value in levels.items():
                if name in fields:
                    low_bit, width = fields[name]
                    mask = (1 << width) - 1
                    row = row & ~(mask << low_bit) | (value & mask) << low_bit
            rows += self._phases(row)
        return np.array(rows, np.uint64)

    def _phases(self, row: int) -> list[int]:
        if self._halves == 1:
            return [row]
        rise, fall = (1 << self._bench.fields_in[name][0] for name in ("rise", "fall"))
        return [row | rise, row | fall]

    def rows(self, clocks: Clocks) -> Values:
        """Return the rows that can be made now: with two to a clock, one clock less than there are."""
        return self._rows(self._inputs(clocks))

    def rest(self) -> Values:
        """Return the rows of the last clock."""
        if self._held is None:
            return np.zeros(0, np.uint64)
        last, self._held = self._held, None
        return self._interleaved(last, last)

    def _rows(self, values: dict[str, Values]) -> Values:
        if self._halves == 1:
            return self._packed(values)
        if self._held is not None:
            values = {name: np.concatenate([self._held[name], new]) for name, new in values.items()}
        self._held = {name: new[-1:] for name, new in values.items()}
        now = {name: new[:-1] for name, new in values.items()}
        after = {name: new[1:] for name, new in values.items()}
        return self._interleaved(now, after)

    def _interleaved(self, now: dict[str, Values], after: dict[str, Values]) -> Values:
        rise, fall = (np.uint64(1 << self._bench.fields_in[name][0]) for name in ("rise", "fall"))
        first, second = (
            self._packed({**now, "out1": now["out1"] & 2 == 2}),
            self._packed({**after, "out1": after["out1"] & 1}),
        )
        rows = np.empty(2 * len(first), np.uint64)
        rows[0::2], rows[1::2] = first | rise, second | fall
        return rows

    def _packed(self, values: Mapping[str, Any]) -> Values:
        count = len(next(iter(values.values())))
        rows = np.full(count, self._bench.idle, np.uint64)
        for name, value in values.items():
            if name in self._bench.fields_in:
                low, width = self._bench.fields_in[name]
                mask = np.uint64((1 << width) - 1)
                rows = rows & ~(mask << np.uint64(low)) | (value.astype(np.uint64) & mask) << np.uint64(low)
        return rows

    def _inputs(self, clocks: Clocks) -> dict[str, Values]:
        lines = clocks.lines
        values: dict[str, Values] = {}
        for name in self._bench.fields_in:
            if name in lines and name not in ("out1",):
                values[name] = lines[name].astype(np.uint64)
        status = bus(lines, "s", 3)
        if status is not None:
            values["s"] = status
        address, both, data = bus(lines, "a", 24), bus(lines, "ad", 8), bus(lines, "d", 16)
        if address is not None or both is not None:
            none = np.zeros(clocks.count, np.uint64)
            values["a"] = (address if address is not None else none) | (both if both is not None else none)
        if data is not None or both is not None:
            values["d"] = data if data is not None else both  # type: ignore[assignment]
        drq = bus(lines, "dreq", 8)
        if drq is not None:
            values["drq"] = drq
        self._hold(values)
        values["out1"] = self._requests(clocks)
        if "hlda" in self._bench.fields_in and "hlda" not in lines and "aen" in lines:
            # AEN is a clock behind HLDA, on both boards and on the chip.
            values["hlda"] = np.append(lines["aen"][1:], lines["aen"][-1:]).astype(np.uint64)
        self._clock += clocks.count
        return values

    def _hold(self, values: dict[str, Values]) -> None:
        """Let a port's address and data stand for the clock after IOW# too, as they do on a bus that nobody drives."""
        if "iow_n" not in values:
            return
        level = values["iow_n"]
        before = {name: np.append(self._before.get(name, new[:1]), new[:-1]) for name, new in values.items()}
        ended = (level == 1) & (before["iow_n"] == 0)
        self._before = {name: new[-1:].copy() for name, new in values.items()}
        for name in ("a", "d", "cs_n"):
            if name in values:
                values[name] = np.where(ended, before[name], values[name])

    def _requests(self, clocks: Clocks) -> Values:
        """
        Return OUT1 of the timer, bit 0, and in bit 1 its level in the clock's first half.

        It is captured, or rises where DREQ0 does: a request that stands in a clock was made in the half before it.
        """
        lines = clocks.lines
        if "out1" in lines:
            return lines["out1"].astype(np.uint64) * np.uint64(3)
        if "dreq0" not in lines:
            return np.zeros(clocks.count, np.uint64)
        dreq = lines["dreq0"]
        before = np.append(np.uint8(self._dreq0), dreq[:-1])
        self._dreq0 = int(dreq[-1])
        rises = (dreq == 1) & (before == 0)
        if self._refresh is not None:
            found = np.flatnonzero(rises)
            if self._origin is None and len(found):
                self._origin = self._clock + int(found[0])
            if self._origin is not None:
                rises = (self._clock + np.arange(clocks.count) - self._origin) % self._refresh == 0
                rises &= self._clock + np.arange(clocks.count) >= self._origin
        return rises.astype(np.uint64)
