"""The data sheet's setup, hold and width figures at the pins, in half clocks."""

# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11 to 14,
# page 13 (8237A-5 at 5 MHz: half a clock is 100 ns).
from typing import Any

from isadma_verify.cosim.chip.bench import Sample, Sense
from isadma_verify.cosim.chip.checkers import Checker, strobes_low
from isadma_verify.cosim.common.wires import STROBES, named

#: TDCL to TDCTW: the late and the compressed write strobe last one whole clock.
STROBE_MIN = 2
#: ADSTB lasts from S1 to S2: one whole clock, with A8-A15 on DB all that time (TASS 100 ns before it falls).
ADSTB_MIN = 2
#: TAHR = TCY - 100, TAHW = TCY - 50: 150 ns, so the next edge but one.
ADDRESS_HOLD = 2
#: TODV 125 ns before MEMW# rises: more than one half, so two.
DATA_SETUP = 2


def half_clocks(sample: Any) -> int:
    """Return the half clock a sample lies in; at one state per fabric clock always the state's second."""
    return 2 * sample.state + int(sample.high)


def _hex(level: int | None) -> str:
    return "floating" if level is None else f"{level:02X}h"


class StrobeOrder(Checker):
    """Only a transfer's pair is low together, I/O strobes need their DACK, a write ends no later than its read."""

    #: IOR# with MEMW#, MEMR# with IOW#; each alone in memory-to-memory.
    PAIRS = ({"ior_n", "memw_n"}, {"memr_n", "iow_n"})

    def check(self, before: Any, now: Any) -> None:
        """Look at the strobes of this clock."""
        low = set(strobes_low(now))
        if low:
            self.met("strobe-pairs", "write-ends-first")
        if low and not any(low <= pair for pair in self.PAIRS):
            self.fail(now, "strobe-pairs", f"{named(*sorted(low))} low together")
        acknowledged = self.sense.active_dacks(now.chip.dack)
        if low & {"ior_n", "iow_n"} and len(acknowledged) != 1:
            self.fail(now, "strobe-pairs", f"{named(*sorted(low))} low with DACK of channels {acknowledged}")
        held = set(strobes_low(before)) & {"memw_n", "iow_n"} & low
        ended = set(strobes_low(before)) & {"memr_n", "ior_n"} - low
        if held and ended:
            self.fail(now, "write-ends-first", f"{named(*ended)} ends before {named(*held)} (TWR >= 0)")


class StrobeWidth(Checker):
    """No strobe of the chip, nor ADSTB, is shorter than the data sheet's shortest."""

    def __init__(self, sense: Sense) -> None:
        super().__init__(sense)
        self._began: dict[str, int] = {}

    def check(self, before: Any, now: Any) -> None:
        """Time each pulse from its first half clock to the first after it."""
        for name in STROBES:
            self._time(now, name, getattr(now.chip, name) == 0, STROBE_MIN)
        # A board keeps its chips' ADSTB to itself.
        if hasattr(now.chip, "adstb"):
            self._time(now, "adstb", now.chip.adstb == 1, ADSTB_MIN)

    def _time(self, now: Any, name: str, active: bool, least: int) -> None:
        if active:
            self._began.setdefault(name, half_clocks(now))
        elif name in self._began:
            lasted = half_clocks(now) - self._began.pop(name)
            self.met("strobe-width")
            if lasted < least:
                self.fail(now, "strobe-width", f"{named(name)} lasted {lasted} half clocks; the least is {least}")


class SteadyBus(Checker):
    """Address and data hold still around the strobes that use them."""

    def __init__(self, sense: Sense) -> None:
        super().__init__(sense)
        self._strobe_ended: int | None = None
        self._data_since = 0

    def check(self, before: Sample, now: Sample) -> None:
        """Compare A0-A7 and DB with the clock before."""
        was, chip = before.chip, now.chip
        low, low_before = strobes_low(now), strobes_low(before)
        # What a board's gate takes away was not moved by the core.
        let_go = "a" in self.sense.gated and None in (chip.a, was.a)
        moved = chip.a != was.a and not let_go
        if low:
            self.met("address-steady")
        if moved and low_before:
            how = "was low" if low else "ended"
            said = f"A0-A7 moved from {_hex(was.a)} to {_hex(chip.a)} while {named(*low_before)} {how}"
            self.fail(now, "address-steady", said)
        if low_before and not low:
            self._strobe_ended = half_clocks(now)
        if moved and self._strobe_ended is not None:
            held = half_clocks(now) - self._strobe_ended
            if held < ADDRESS_HOLD:
                self.fail(
                    now,
                    "address-steady",
                    f"A0-A7 held {held} half clocks after the strobe; the least is {ADDRESS_HOLD}",
                )
            self._strobe_ended = None
        if chip.db != was.db:
            self._data_since = half_clocks(now)
        if chip.adstb:
            self.met("data-steady")
        if was.adstb and chip.adstb and chip.db != was.db:
            self.fail(now, "data-steady", f"A8-A15 moved from {_hex(was.db)} to {_hex(chip.db)} while ADSTB was high")
        gone = "db" in self.sense.gated and chip.db is None
        if was.memw_n == 0 and chip.memw_n != 0 and was.db is not None and not gone:
            if chip.db != was.db:
                self.fail(now, "data-steady", "memory-to-memory data gone as MEMW# rises (TODH 10)")
            steady = half_clocks(now) - self._data_since
            if steady < DATA_SETUP:
                self.fail(
                    now,
                    "data-steady",
                    f"memory-to-memory data steady for {steady} half clocks; the least is {DATA_SETUP}",
                )
