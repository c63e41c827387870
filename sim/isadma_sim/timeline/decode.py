"""Rows of pins read as events: who had the bus, what was asked for and acknowledged, what moved."""

# Ref: Intel 8237A data sheet 231466-005, figures 10 to 13; docs/decisions/0001-the-clock-contract.md.

from __future__ import annotations

from isadma_sim.engines.pins import In, Out
from isadma_sim.timeline.events import Access, Grant, Level, Request, Service, Timeline, Transfer
from isadma_sim.timeline.files import TraceFile
from isadma_sim.timeline.recorder import INT_BIT, ISR_LOW

__all__ = ["decode"]

_IOR, _IOW, _MEMR, _MEMW = Out.IOR_N.mask, Out.IOW_N.mask, Out.MEMR_N.mask, Out.MEMW_N.mask
_STROBES = _IOR | _IOW | _MEMR | _MEMW
_TC, _AEN, _REFRESH, _A, _DACK, _D_OE, _SBHE = (
    getattr(Out, name).mask for name in ("TC", "AEN", "REFRESH_N", "A", "DACK_N", "D_OE", "SBHE_N")
)
_HLDA, _MASTER, _DRQ = In.HLDA.mask, In.MASTER_N.mask, In.DRQ.mask
_CPU, _CARD = In.IOR_N.mask | In.IOW_N.mask, In.MEMR_N.mask | In.MEMW_N.mask
_OWNER_IN, _OWNER_OUT = _HLDA | _MASTER, _AEN | _REFRESH | _DACK
_IRQ_LINES = 0xFFFF
_NONE = Out.DACK_N.mask >> Out.DACK_N.low


def decode(trace: TraceFile) -> Timeline:
    """Return what a trace says happened.

    Raises
    ------
    TraceFileError
        For a damaged block.
    """
    line = Timeline(trace.begin, trace.end, trace.clock_hz, trace.board, trace.engine, trace.cards)
    reader = _Reader(line)
    row = None
    for row in trace.rows():
        reader.row(*row)
    if row is not None:
        reader.over()
    return line


def _channel(out: int) -> int | None:
    active = ~(out >> Out.DACK_N.low) & _NONE
    return (active & -active).bit_length() - 1 if active else None


class _Reader:
    """Goes from row to row; an attribute is what is under way."""

    def __init__(self, line: Timeline) -> None:
        self.line = line
        self.inputs, self.out, self.lines = In.IDLE, Out.IDLE, 0
        self.owner: tuple[str, int | None] | None = None
        self.owned = line.begin
        self.copied = False  # there was a strobe since then
        self.asked: dict[int, int] = {}  # DREQ high since
        self.waits: dict[int, int] = {}  # ... and without its DACK#
        self.served: dict[int, tuple[int | None, int]] = {}
        self.raised: dict[tuple[str, int], int] = {}
        self.strobe: int | None = None  # the clock in which the DMA's fell
        self.pulsed = False  # there was a strobe in this DACK frame
        self.address = line.begin  # the clock from which it stands
        self.tc = False
        self.card = self.cpu = line.begin

    # ---------------------------------------------------------------- a row
    def row(self, clock: int, inputs: int, out: int, lines: int) -> None:
        """Take a row."""
        changed_in, changed_out = inputs ^ self.inputs, out ^ self.out
        if changed_out:
            if changed_out & _STROBES:
                self._strobes(clock, changed_out, out)
            if changed_out & (_A | _DACK | _AEN):
                self._frame(clock, changed_out, out)
            if out & _TC:
                self.tc = True
        if changed_in & (_CPU | _CARD):
            self._others(clock, changed_in, inputs)
        if changed_in & _DRQ or changed_out & _DACK:
            self._requests(clock, changed_in, inputs, changed_out, out)
        if changed_in & _OWNER_IN or changed_out & _OWNER_OUT:
            self._owner(clock, inputs, out)
        if lines != self.lines:
            self._levels(clock, lines)
        self.inputs, self.out, self.lines = inputs, out, lines

    # ---------------------------------------------------------------- the DMA's transfers
    def _strobes(self, clock: int, changed: int, out: int) -> None:
        last, rose = self.out, changed & out & _STROBES
        if rose:
            self._moved(clock, last, rose)
        if changed & last & _STROBES:
            if self.strobe is None:
                self.strobe = clock
            self.pulsed = True
            if out & _DACK == _DACK:
                self.copied = True

    def _moved(self, clock: int, last: int, rose: int) -> None:
        begin = clock if self.strobe is None else self.strobe
        if not rose & (_MEMR | _MEMW | _IOW):
            return
        self.strobe = None
        channel = _channel(last)
        if rose & _MEMR and not last & _REFRESH:
            kind = "refresh"
        elif rose & _MEMW:
            kind = "mem_to_mem_write" if last & _IOR else "to_memory"
        else:
            kind = "to_device" if rose & _IOW else "mem_to_mem_read"
        address = last >> Out.A.low & 0xFFFFFF
        if kind == "refresh":
            self._add(kind, channel, begin, clock, address, None, 0)
            return
        word = not (last & _SBHE or address & 1)
        data = (last >> Out.D.low if last & _D_OE else self.inputs >> In.D.low) & (0xFFFF if word else 0xFF)
        self._add(kind, channel, begin, clock, address, data, 2 if word else 1)

    def _add(
        self, kind: str, channel: int | None, begin: int, end: int, address: int, data: int | None, size: int
    ) -> None:
        self.line.transfers.append(Transfer(kind, channel, begin, end, address, data, size, self.tc))
        self.tc = False

    def _frame(self, clock: int, changed: int, out: int) -> None:
        """See where an address stood, and no strobe came: a verify."""
        last = self.out
        ended = changed & out & _DACK
        # In a frame with strobes an address is a transfer's; so each frame without one is looked at.
        if not self.pulsed and last & _AEN and (ended or (changed & _A and out & _AEN and not changed & _DACK)):
            channel = _channel(last)
            if channel is not None:
                self._add("verify", channel, self.address, clock, last >> Out.A.low & 0xFFFFFF, None, 0)
        if changed & _DACK:
            self.pulsed = False
        self.address = clock

    # ---------------------------------------------------------------- others' cycles
    def _others(self, clock: int, changed: int, inputs: int) -> None:
        last = self.inputs
        if changed & _CPU & ~inputs:
            self.cpu = clock
        elif changed & _CPU & inputs:
            data = self.out >> Out.D.low if self.out & _D_OE else last >> In.D.low
            write = bool(~last & In.IOW_N.mask)
            self.line.accesses.append(Access(write, self.cpu, clock, last >> In.A.low & 0xFFFF, data & 0xFF))
        if changed & _CARD & inputs:
            address = last >> In.A.low & 0xFFFFFF
            word = not (last & In.SBHE_N.mask or address & 1)
            data = last >> In.D.low & (0xFFFF if word else 0xFF)
            kind = "master_read" if ~last & In.MEMR_N.mask else "master_write"
            self._add(kind, _channel(self.out), self.card, clock, address, data, 2 if word else 1)
        if changed & _CARD & ~inputs:
            self.card = clock

    # ---------------------------------------------------------------- lines
    def _requests(self, clock: int, changed_in: int, inputs: int, changed_out: int, out: int) -> None:
        moved = changed_in >> In.DRQ.low & 0xFF
        dacks, high = changed_out >> Out.DACK_N.low & 0xFF, inputs >> In.DRQ.low
        for channel in range(8):
            bit = 1 << channel
            if moved & bit:
                if high & bit:
                    self.asked[channel] = clock
                    if channel not in self.served:
                        self.waits[channel] = clock
                else:
                    self.line.requests.append(Request(channel, self.asked.pop(channel), clock))
            if dacks & bit:
                if not out >> Out.DACK_N.low & bit:
                    self.served[channel] = self.waits.pop(channel, None), clock
                else:
                    self.line.services.append(Service(channel, *self.served.pop(channel), clock))
                    if high & bit:
                        self.waits[channel] = clock
            if moved & bit and not high & bit:
                self.waits.pop(channel, None)

    def _owner(self, clock: int, inputs: int, out: int) -> None:
        if not inputs & _HLDA:
            owner = None
        elif not inputs & _MASTER:
            owner = "card", _channel(out)
        elif not out & _REFRESH:
            owner = "refresh", _channel(out)
        else:
            owner = "dma" if out & _AEN else "hold", _channel(out)
        if owner != self.owner:
            self._owned_until(clock)
            self.owner, self.owned, self.copied = owner, clock, False

    def _owned_until(self, clock: int) -> None:
        if self.owner is None:
            return
        who, channel = self.owner
        # A controller that drives addresses has not given DACK# yet, unless it copies memory: that has none.
        if who == "dma" and channel is None and not self.copied:
            who = "hold"
        grants = self.line.grants
        if (
            who == "hold"
            and channel is None
            and grants
            and grants[-1][:2] == (who, None)
            and grants[-1].end == self.owned
        ):
            self.owned = grants.pop().begin
        grants.append(Grant(who, channel, self.owned, clock))

    def _levels(self, clock: int, lines: int) -> None:
        for what, old, new in (
            ("request", self.lines & _IRQ_LINES, lines & _IRQ_LINES),
            ("service", self.lines >> ISR_LOW & _IRQ_LINES, lines >> ISR_LOW & _IRQ_LINES),
        ):
            moved = old ^ new
            while moved:
                irq = (moved & -moved).bit_length() - 1
                moved &= moved - 1
                self._level(clock, what, irq, bool(new >> irq & 1))
        if (self.lines ^ lines) & INT_BIT:
            self._level(clock, "int", -1, bool(lines & INT_BIT))

    def _level(self, clock: int, what: str, irq: int, high: bool) -> None:
        if high:
            self.raised[what, irq] = clock
        else:
            self.line.levels.append(Level(what, irq, self.raised.pop((what, irq)), clock))

    # ---------------------------------------------------------------- the end
    def over(self) -> None:
        """Cut what is under way where the recording ends."""
        end = self.line.end
        self._owned_until(end)
        self.line.requests += [Request(channel, begin, end) for channel, begin in sorted(self.asked.items())]
        self.line.services += [Service(channel, *since, end) for channel, since in sorted(self.served.items())]
        self.line.levels += [Level(*which, begin, end) for which, begin in sorted(self.raised.items())]
