"""The timer on its board: ports 40h-43h, OUT0 to IRQ 0, OUT1 to memory refresh, GATE2 from the system control port."""

# Ref: IBM PC AT Technical Reference (1502494) and IBM PC/XT Technical Reference, system timer;
#      Intel 8254 data sheet, order no. 231164-005.

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from isadma_sim.devices.timer.chip import Pit8254
from isadma_sim.devices.timer.moment import Moment
from isadma_sim.devices.timer.regs import CLK_HZ
from isadma_sim.machine.checks import as_flag
from isadma_sim.machine.device import Device
from isadma_sim.machine.plain import put_back, take_down
from isadma_sim.machine.ports import XT_BLOCK, Pit, repeated
from isadma_sim.machine.schedule import NEVER

__all__ = ["Timer"]

#: 14.31818 MHz / 3, the PC/XT's clock, as a whole number of hertz; and what it stands for.
_XT_CLOCK_HZ, _EXACT_XT_CLOCK_HZ = 4_772_727, Fraction(315_000_000, 22 * 3)


class Timer(Device):
    """The 8254 of an AT, or the 8253 of a PC/XT, counting 1.193182 MHz.

    Its CLK is 105/88 MHz exactly, in step with the 8237's clock at clock 0; on a PC/XT one pulse is exactly four
    clocks, because both come from one crystal: 4,772,727 Hz is taken as 14.31818 MHz / 3. Only changes of OUT0 and
    OUT1 that somebody sees are events. RESET does not reach the chip.

    Parameters
    ----------
    xt : bool
        An 8253, without the read-back command, at 40h-43h and again through 5Fh.
    out1 : callable or None
        Called with the level when OUT1 changes; None where it goes nowhere.
    """

    name = "timer"

    def __init__(self, *, xt: bool = False, out1: Callable[[bool], None] | None = None) -> None:
        as_flag("xt", xt)
        block = range(Pit.COUNTER_0, Pit.COUNTER_0 + XT_BLOCK)
        self.ports = repeated(block) if xt else tuple(Pit)
        self.chip = Pit8254(gates=(True, True, False), read_back=not xt)
        self._out1 = out1
        self._shown = [False, False]
        self._event: Any = None
        self._due = NEVER  # clock of that event
        self._changes = [NEVER, NEVER]  # pulses before which OUT0 and OUT1 stand still
        self._clocks = self._pulses = 1  # so many clocks are so many pulses

    def reset(self) -> None:
        """Bus RESET, which the chip has no pin for."""
        hz = self.lines.clock_hz
        rate = (_EXACT_XT_CLOCK_HZ if hz == _XT_CLOCK_HZ else Fraction(hz)) / CLK_HZ
        self._clocks, self._pulses = rate.numerator, rate.denominator

    def save_state(self) -> Any:
        """Return the chip, and what of its outputs was shown."""
        return {"chip": take_down(self.chip), "shown": self._shown, "changes": self._changes}

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        put_back(self.chip, state["chip"])
        self._shown, self._changes = list(state["shown"]), list(state["changes"])
        self._order(min(self._changes))

    def _now(self) -> Moment:
        # CLK falls at whole pulses, and rises halfway between.
        passed, clocks = self.lines.clock * self._pulses, self._clocks
        return Moment(passed // clocks, -((-2 * passed - clocks) // (2 * clocks)))

    def io_read(self, port: int) -> int:
        """Read a byte of a counter."""
        return self.chip.read(port & 3, self._now())

    def io_write(self, port: int, value: int) -> None:
        """Write a control word, or a byte of a count."""
        self.chip.write(port & 3, value, self._now())
        self._update(all_counters=True)

    def set_gate2(self, level: bool) -> None:
        """Drive GATE of counter 2; the other two are tied high."""
        self.chip.counters[2].set_gate(level, self._now())

    def out(self, number: int) -> bool:
        """Return the OUT pin of counter 0 to 2 as it is now."""
        counter = self.chip.counters[number]
        counter.advance(self._now().done)
        return counter.out

    def rises(self, number: int) -> int:
        """Return how often the OUT pin of counter 0 to 2 rose so far; worked out now, and no event before."""
        counter = self.chip.counters[number]
        counter.advance(self._now().done)
        return counter.rises

    # ---------------------------------------------------------------- what OUT0 and OUT1 do to others
    def _drive(self, number: int, act: Callable[[bool], None], done: int) -> None:
        """Go on to a pulse, show the OUT pin there, and note when it may change next."""
        counter = self.chip.counters[number]
        counter.advance(done)
        if counter.out != self._shown[number]:
            self._shown[number] = counter.out
            act(counter.out)
        change = counter.change()
        self._changes[number] = NEVER if change is None else change

    def _update(self, *, all_counters: bool) -> None:
        done = self.lines.clock * self._pulses // self._clocks
        if all_counters or self._changes[0] <= done:
            self._drive(0, self.lines.irq, done)
        if self._out1 is not None and (all_counters or self._changes[1] <= done):
            self._drive(1, self._out1, done)
        self._order(min(self._changes))

    def _order(self, pulse: int) -> None:
        due = NEVER if pulse == NEVER else -(-pulse * self._clocks // self._pulses)
        if self._event is not None:
            if due == self._due:
                return
            self.lines.cancel(self._event)
            self._event = None
        self._due = due
        if due != NEVER:
            self._event = self.lines.after(due - self.lines.clock, self._tick)

    def _tick(self) -> None:
        self._event = None
        self._update(all_counters=False)
