"""One counter of an 8254, by pulses of its CLK: asked now and then, it goes through all that came between at once."""

# Ref: Intel 8254 data sheet, order no. 231164-005, "Mode Definitions", "Read Operations", figures 15 to 21.

from __future__ import annotations

from typing import NamedTuple

from isadma_sim.devices.timer.bcd import DECIMAL, from_bcd, to_bcd
from isadma_sim.devices.timer.moment import Moment
from isadma_sim.devices.timer.regs import ACCESS_SHIFT, MODE_SHIFT, PROGRAMMED, Access, Control, Mode, Status

__all__ = ["Counter", "Sample"]

_BINARY = 0x10000
#: GATE low stops the count.
_GATED = frozenset({Mode.TERMINAL_COUNT, Mode.RATE, Mode.SQUARE, Mode.SOFTWARE_STROBE})
#: A rising GATE starts the count anew.
_TRIGGERED = frozenset({Mode.ONE_SHOT, Mode.RATE, Mode.SQUARE, Mode.HARDWARE_STROBE})
#: The count starts over by itself.
_PERIODIC = frozenset({Mode.RATE, Mode.SQUARE})
_STROBES = frozenset({Mode.SOFTWARE_STROBE, Mode.HARDWARE_STROBE})


class Sample(NamedTuple):
    """What the pulse under way saw at its rising edge."""

    gate: bool
    trigger: bool
    load: bool


class Counter:
    """A counter: control word, count, GATE in; OUT and count out.

    Before its first control word OUT is low and nothing counts; between a control word and the first count nothing
    counts either; the illegal count of 1 in modes 2 and 3 leaves OUT high. Of a count in two bytes nothing is used
    before the second. (Choices: the data sheet leaves them open.)

    Parameters
    ----------
    gate : bool
        The GATE pin at power-up.

    Attributes
    ----------
    out : bool
        The OUT pin, as of the last call.
    rises : int
        How often it rose until then.
    gate : bool
        The GATE pin.
    """

    def __init__(self, *, gate: bool = True) -> None:
        self._out = False
        self.rises = 0
        self.gate = gate
        self._word = Access.BOTH << ACCESS_SHIFT
        self._mode = Mode.TERMINAL_COUNT
        self._modulus = _BINARY
        self._at = 0  # pulses gone through
        self._register = 0  # the count written, CR; 0 is the modulus
        self._loaded = 0  # the count that CE started from
        self._element = 0  # CE; 0 is the modulus where it was just loaded
        self._null = True
        self._written = self._counting = False  # since the last control word
        self._armed = False  # OUT is yet to answer the end of this count
        self._held = False  # mode 0: between the two bytes of a count
        self._trigger = self._load = False  # for the next rising edge
        self._sample: Sample | None = None  # of the pulse after `_at`, when its rising edge has been
        self._first: int | None = None  # low byte, written and waiting
        self._high_next = False  # reading: the high byte is due
        self._latched: list[int] = []  # bytes still to be read
        self._status: int | None = None

    @property
    def out(self) -> bool:
        """The OUT pin, as of the last call."""
        return self._out

    def _drive(self, level: bool) -> None:
        self.rises += level and not self._out
        self._out = level

    @property
    def _access(self) -> Access:
        return Access(self._word >> ACCESS_SHIFT & 3)

    # ---------------------------------------------------------------- what the CPU does
    def program(self, word: int, now: Moment) -> None:
        """Take a control word, 8 bits: logic is reset at once, no pulse is needed."""
        self.advance(now.done)
        self._word = word & PROGRAMMED
        mode = word >> MODE_SHIFT & 7
        self._mode = Mode(mode if mode <= Mode.HARDWARE_STROBE else mode & 3)
        self._modulus = DECIMAL if word & Control.BCD else _BINARY
        self._drive(self._mode is not Mode.TERMINAL_COUNT)
        self._null = True
        self._written = self._counting = self._held = self._trigger = self._load = False
        self._sample = self._first = self._status = None
        self._high_next = False
        self._latched = []

    def write(self, value: int, now: Moment) -> None:
        """Take a byte of a count."""
        self._before(now)
        if self._access is Access.BOTH and self._first is None:
            self._first = value
            if self._mode is Mode.TERMINAL_COUNT:
                self._stop(now)
            return
        if self._access is Access.BOTH:
            count, self._first = value << 8 | (self._first or 0), None
        else:
            count = value << 8 if self._access is Access.HIGH else value
        self._register = count if self._modulus == _BINARY else from_bcd(count)
        self._null = True
        if self._mode is Mode.TERMINAL_COUNT:
            self._stop(now)
        first, self._written = not self._written, True
        self._load |= self._mode in (Mode.TERMINAL_COUNT, Mode.SOFTWARE_STROBE) or (first and self._mode in _PERIODIC)

    def _stop(self, now: Moment) -> None:
        self._drive(False)
        self._held = True
        if now.next > now.done + 1:
            self._sample = Sample(gate=False, trigger=False, load=False)

    def read(self, now: Moment) -> int:
        """Return the next byte: of the latched status, of the latched count, or of the count as it is."""
        if self._status is not None:
            status, self._status = self._status, None
            return status
        if self._latched:
            return self._latched.pop(0)
        low, high = self._count(now)
        if self._access is Access.BOTH:
            self._high_next = not self._high_next
            return low if self._high_next else high
        return high if self._access is Access.HIGH else low

    def latch_count(self, now: Moment) -> None:
        """Keep the count for the next read, or the next two; ignored while one is kept."""
        if self._latched:
            return
        low, high = self._count(now)
        if self._access is Access.BOTH:
            self._latched = [high, low] if self._high_next else [low, high]
        else:
            self._latched = [high] if self._access is Access.HIGH else [low]

    def latch_status(self, now: Moment) -> None:
        """Keep the status byte for the next read; ignored while one is kept."""
        self.advance(now.done)
        if self._status is None:
            flags = (Status.OUT if self.out else 0) | (Status.NULL_COUNT if self._null else 0)
            self._status = int(self._word | flags)

    def _count(self, now: Moment) -> tuple[int, int]:
        self.advance(now.done)
        value = self._element if self._modulus == _BINARY else to_bcd(self._element)
        return value & 0xFF, value >> 8

    # ---------------------------------------------------------------- pins
    def set_gate(self, level: bool, now: Moment) -> None:
        """Drive GATE."""
        self._before(now)
        if level and not self.gate and self._written and self._mode in _TRIGGERED:
            self._trigger = True
        self.gate = level
        if not level and self._mode in _PERIODIC:
            self._drive(True)

    def change(self) -> int | None:
        """Return the pulse before which OUT cannot change by itself; None when it never does."""
        if self._sample is not None or self._trigger or self._load:
            return self._at + 1
        pulses = self._pulses_to_event() if self._runs(self.gate) else None
        return None if pulses is None else self._at + pulses

    # ---------------------------------------------------------------- pulses
    def _before(self, now: Moment) -> None:
        """Go on to a moment at which something changes; a pulse under way keeps what it saw."""
        self.advance(now.done)
        if now.next > now.done + 1 and self._sample is None:
            self._sample = Sample(self.gate, self._trigger, self._load)
            self._trigger = self._load = False

    def advance(self, pulses: int) -> None:
        """Go through all pulses up to this one."""
        while self._at < pulses:
            if self._sample is not None or self._trigger or self._load:
                self._pulse()
            elif not self._runs(self.gate):
                self._at = pulses
            else:
                if self._mode in _PERIODIC and self._register == self._loaded:
                    period = self._loaded or self._modulus
                    skipped = (pulses - self._at) // period
                    self._at += skipped * period
                    self.rises += skipped if period > 1 else 0  # OUT rises once in each
                event = self._pulses_to_event()
                if event is None or self._at + event > pulses:
                    self._count_down(pulses - self._at)
                else:
                    self._count_down(event - 1)
                    self._pulse()

    def _runs(self, gate: bool) -> bool:
        return self._counting and not self._held and (gate or self._mode not in _GATED)

    def _count_down(self, pulses: int) -> None:
        self._at += pulses
        if self._mode not in _PERIODIC or self._loaded != 1:
            self._element = (self._element - pulses * (2 if self._mode is Mode.SQUARE else 1)) % self._modulus

    def _pulses_to_event(self) -> int | None:
        """Pulses up to the one that changes OUT or loads; None when none does."""
        left = self._element or self._modulus
        if self._mode in _PERIODIC:
            if self._loaded == 1:
                return 1 if self._null else None
            if self._mode is Mode.RATE:
                return max(left - 1, 1)
            if self._loaded & 1 and self.out:
                return self._element // 2 + 1
            return left // 2
        if self._mode in _STROBES and not self.out:
            return 1
        return left if self._armed else None

    def _pulse(self) -> None:
        """Go through one pulse: its falling edge."""
        self._at += 1
        if self._sample is not None:
            (gate, trigger, load), self._sample = self._sample, None
        else:
            gate, trigger, load = self.gate, self._trigger, self._load
            self._trigger = self._load = False
        if trigger or load:
            self._start()
        elif self._runs(gate):
            self._step()

    def _start(self) -> None:
        self._reload()
        self._counting = self._armed = True
        self._held = False
        if self._mode is not Mode.TERMINAL_COUNT:
            self._drive(self._mode is not Mode.ONE_SHOT)

    def _reload(self) -> None:
        self._loaded = self._register
        odd = self._mode is Mode.SQUARE and self._loaded & 1
        self._element = self._loaded - 1 if odd else self._loaded
        self._null = self._load  # another count was written meanwhile

    def _step(self) -> None:
        if self._mode in _PERIODIC and self._loaded == 1:
            if self._null:
                self._reload()
        elif self._mode is Mode.RATE:
            self._step_rate()
        elif self._mode is Mode.SQUARE:
            self._step_square()
        else:
            self._element = (self._element - 1) % self._modulus
            if not self._element and self._armed:
                self._armed = False
                self._drive(self._mode not in _STROBES)
            elif self._mode in _STROBES:
                self._drive(True)

    def _step_rate(self) -> None:
        if self._element == 1:
            self._reload()
            self._drive(True)
        else:
            self._element = (self._element - 1) % self._modulus
            self._drive(self._element != 1 or not self.gate)

    def _step_square(self) -> None:
        last = 0 if self._loaded & 1 and self.out else 2
        if self._element == last:
            self._reload()
            self._drive(not (self.out and self.gate))
        else:
            self._element = (self._element - 2) % self._modulus
