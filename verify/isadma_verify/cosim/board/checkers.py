"""Rules of the ISA bus that hold at the board's pins in every fabric clock."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6, figures 11 to 14; IBM PC AT Technical Reference,
# "I/O Channel" (AEN, TC).
from typing import Any

from isadma_verify.cosim.board.pins import BoardDrives
from isadma_verify.cosim.chip.bench import Sense
from isadma_verify.cosim.chip.checkers import Checker, Handshake, OneDack, OneDriver, ReadyObeyed, strobes_low
from isadma_verify.cosim.chip.timing import ADDRESS_HOLD, DATA_SETUP, StrobeOrder, StrobeWidth, half_clocks
from isadma_verify.cosim.common.stepping import Agent
from isadma_verify.cosim.common.wires import STROBES, named

#: What the board drives in a DMA cycle, all of it or none.
_DRIVEN = ("a", "sbhe_n", *STROBES)


class BusLent(Checker):
    """The board drives the bus only with AEN, HRQ and HLDA; TC comes only with AEN."""

    def check(self, before: Any, now: Any) -> None:
        """Compare each clock with the one before: what begins needs HRQ and HLDA, what is driven needs AEN."""
        chip, was = now.chip, before.chip
        framed = "aen" not in self.sense.lacks
        there = [name for name in _DRIVEN if name not in self.sense.lacks]
        driven = [name for name in there if getattr(chip, name) is not None]
        if driven:
            self.met("bus-floats", "strobes-need-the-bus")
        if chip.aen and not was.aen and framed:
            self.met("bus-after-hlda")
        if chip.tc and framed:
            self.met("tc-with-aen")
        if driven and len(driven) != len(there):
            self.fail(now, "bus-floats", f"drives {named(*driven)} and not the others")
        if driven and not chip.aen and framed:
            self.fail(now, "bus-floats", f"drives {named(*driven)} with AEN low")
        if strobes_low(now) and not (now.hlda and chip.hrq):
            said = f"holds {named(*strobes_low(now))} low with HRQ={chip.hrq} HLDA={now.hlda}"
            self.fail(now, "strobes-need-the-bus", said)
        if framed and chip.aen and not was.aen and not (before.hlda and was.hrq):
            self.fail(now, "bus-after-hlda", f"AEN rises after HRQ={was.hrq} HLDA={before.hlda}")
        begun = set(self.sense.active_dacks(chip.dack)) - set(self.sense.active_dacks(was.dack))
        if begun:
            self.met("bus-after-hlda")
        if begun and not (before.hlda and was.hrq):
            self.fail(now, "bus-after-hlda", f"DACK{min(begun)}# begins after HRQ={was.hrq} HLDA={before.hlda}")
        if chip.tc and framed and not chip.aen:
            self.fail(now, "tc-with-aen", "TC with AEN low")


class OffTheBus(Checker):
    """What is not on the bus shows nothing: channel 4's DACK#, and REFRESH# on a board that is not asked for any."""

    def check(self, before: Any, now: Any) -> None:
        """Look at DACK4# and REFRESH#."""
        self.met("off-the-bus")
        if not now.chip.dack >> 4 & 1:
            self.fail(now, "off-the-bus", "DACK4# is low")
        if not now.chip.refresh_n:
            self.fail(now, "off-the-bus", "REFRESH# is low")


class DataLent(Checker):
    """The board drives D only while the processor reads a port of its, or in a cycle of its own without a device."""

    #: I/O addresses are decoded on A0-A9.
    _DECODED = 0x3FF

    def check(self, before: Any, now: Any) -> None:
        """Ask why the board drives D."""
        if now.chip.d is None or self._read(now) or self._read(before):
            return
        self.met("data-floats")
        if not now.chip.aen:
            self.fail(now, "data-floats", "drives D with neither AEN nor a read of its ports")
        if self.sense.active_dacks(now.chip.dack):
            self.fail(now, "data-floats", "drives D while a device is acknowledged")
        if now.chip.memr_n == 0:
            self.fail(now, "data-floats", "drives D against memory")

    def _read(self, sample: Any) -> bool:
        port = sample.a & self._DECODED
        return not sample.ior_n and not sample.hlda and (port < 0x10 or 0x80 <= port < 0x90 or 0xC0 <= port < 0xE0)


class SteadyIsa(Checker):
    """Address, SBHE# and DACK# hold still around the strobes; so does what the board writes."""

    def __init__(self, sense: Sense) -> None:
        super().__init__(sense)
        self._strobe_ended: int | None = None
        self._data_since = 0

    def check(self, before: Any, now: Any) -> None:
        """Compare with the clock before."""
        was, chip = before.chip, now.chip
        low, low_before = strobes_low(now), strobes_low(before)
        if low:
            self.met("address-steady")
        moved = (chip.a, chip.sbhe_n) != (was.a, was.sbhe_n)
        if moved and low_before:
            self.fail(
                now,
                "address-steady",
                f"address or SBHE# moved from {was.a} to {chip.a} while {named(*low_before)} was low",
            )
        if chip.dack != was.dack and low_before:
            said = f"DACK moved from {was.dack:08b} to {chip.dack:08b} while {named(*low_before)} was low"
            self.fail(now, "address-steady", said)
        if low_before and not low:
            self._strobe_ended = half_clocks(now)
        if self._chips(chip) != self._chips(was) and self._strobe_ended is not None:
            held = half_clocks(now) - self._strobe_ended
            if held < ADDRESS_HOLD:
                self.fail(
                    now,
                    "address-steady",
                    f"the address held {held} half clocks after the strobe; the least is {ADDRESS_HOLD}",
                )
            self._strobe_ended = None
        if chip.d != was.d:
            self._data_since = half_clocks(now)
        if was.memw_n == 0 and chip.memw_n != 0 and was.d is not None:
            self.met("data-steady")
            steady = half_clocks(now) - self._data_since
            if chip.d != was.d or steady < DATA_SETUP:
                self.fail(now, "data-steady", f"the board's data was steady for {steady} half clocks as MEMW# rose")

    @staticmethod
    def _chips(drives: BoardDrives) -> tuple[int | None, int | None]:
        """Return the address but for A16-A23: the page follows HLDA, and may go half a clock after a strobe."""
        return (None if drives.a is None else drives.a & 0xFFFF), drives.sbhe_n


def add_all(bench: Any) -> list[Agent]:
    """Put every checker on the bench: those of the chip that hold for a board, and the board's own."""
    rules: list[Agent] = [
        rule(bench.sense).on(bench)
        for rule in (
            OneDriver,
            OneDack,
            Handshake,
            ReadyObeyed,
            StrobeOrder,
            StrobeWidth,
            BusLent,
            OffTheBus,
            DataLent,
            SteadyIsa,
        )
    ]
    bench.add(*rules)
    return rules
