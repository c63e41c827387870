"""An asynchronous character on its wire: start bit, data bits, parity, stop bits.

# Ref: National Semiconductor PC16550D data sheet, June 1995, section 8.1 (LCR).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from isadma_sim.devices.serial import regs
from isadma_sim.devices.serial.regs import Lcr, Lsr
from isadma_sim.machine.checks import as_int, one_of


@dataclass(frozen=True)
class Frame:
    """How characters are framed.

    Attributes
    ----------
    bits : int
        Data bits, 5 to 8.
    parity : str
        "N", "O", "E", "M" (mark) or "S" (space).
    stop : Fraction
        Stop bits: 1, 1.5 or 2.
    bit : Fraction
        Clocks of one bit.
    """

    bits: int
    parity: str
    stop: Fraction
    bit: Fraction

    def __post_init__(self) -> None:
        as_int("{} data bits: use 5 to 8", self.bits, 5, 8)
        one_of("parity {}: use N, O, E, M or S", self.parity, "NOEMS")
        if self.stop not in (1, Fraction(3, 2), 2):
            raise ValueError(f"{self.stop} stop bits: use 1, 1.5 or 2")
        if self.bit <= 0:
            raise ValueError(f"a bit of {self.bit} clocks: use a positive baud rate")

    @classmethod
    def of(cls, lcr: int, divisor: int, hz: int) -> Frame:
        """Return the framing that LCR and divisor stand for, at `hz` clocks a second."""
        bits = regs.SHORTEST + (lcr & Lcr.LENGTH)
        if not lcr & Lcr.PARITY:
            parity = "N"
        elif lcr & Lcr.STICK:
            parity = "S" if lcr & Lcr.EVEN else "M"
        else:
            parity = "E" if lcr & Lcr.EVEN else "O"
        long = Fraction(3, 2) if bits == regs.SHORTEST else Fraction(2)
        stop = long if lcr & Lcr.STOP else Fraction(1)
        return cls(bits, parity, stop, Fraction(hz * regs.PRESCALE * divisor, regs.CRYSTAL_HZ))

    @property
    def body(self) -> int:
        """Bits before the stop bits: start, data, parity."""
        return 1 + self.bits + (self.parity != "N")

    @property
    def clocks(self) -> Fraction:
        """Clocks of a whole character."""
        return (self.body + self.stop) * self.bit

    def parity_bit(self, value: int) -> int:
        """Return the parity bit of a character."""
        ones = value.bit_count() & 1
        return {"O": 1 - ones, "E": ones, "M": 1, "S": 0}[self.parity]

    def encode(self, value: int) -> list[int]:
        """Return the levels of start, data and parity bits, one per bit time."""
        value &= (1 << self.bits) - 1
        levels = [0, *((value >> place) & 1 for place in range(self.bits))]
        if self.parity != "N":
            levels.append(self.parity_bit(value))
        return levels

    def decode(self, levels: list[int]) -> tuple[int, Lsr]:
        """Return the character and its errors from the levels after the start bit, the first stop bit included."""
        value = sum(level << place for place, level in enumerate(levels[: self.bits]))
        errors = Lsr(0)
        if self.parity != "N" and levels[self.bits] != self.parity_bit(value):
            errors |= Lsr.PARITY
        if not levels[-1]:
            errors |= Lsr.FRAMING
            if not any(levels):
                # Nothing but spacing for a whole character: a break, which is no parity error as well.
                errors = Lsr.FRAMING | Lsr.BREAK
        return value, errors


class Wire:
    """A serial line: levels over time, as far ahead as they are known. It idles at 1."""

    def __init__(self) -> None:
        self._edges: list[tuple[Fraction, int]] = []
        self._rest = 1
        self.end = Fraction(0)

    def level(self, time: Fraction) -> int:
        """Return the level at a time."""
        level = self._rest
        for at, new in self._edges:
            if at > time:
                break
            level = new
        return level

    def put(self, time: Fraction, level: int) -> None:
        """Set the level from a time on, not before the last such time."""
        if level != (self._edges[-1][1] if self._edges else self._rest):
            self._edges.append((time, level))
        self.end = max(self.end, time)

    def send(self, time: Fraction, frame: Frame, value: int) -> Fraction:
        """Put a character on the line from a time on; return when its last stop bit ends."""
        for place, level in enumerate(frame.encode(value)):
            self.put(time + place * frame.bit, level)
        self.put(time + frame.body * frame.bit, 1)
        self.end = time + frame.clocks
        return self.end

    def next_fall(self, time: Fraction) -> Fraction | None:
        """Return when the line falls next, from a time on."""
        level = self._rest
        for at, new in self._edges:
            if at >= time and level and not new:
                return at
            level = new
        return None

    def forget(self, time: Fraction) -> None:
        """Drop what lies before a time."""
        while self._edges and self._edges[0][0] < time:
            self._rest = self._edges.pop(0)[1]

    def cut(self, time: Fraction) -> None:
        """Let the line idle from a time on, whatever was to come."""
        self._edges = [edge for edge in self._edges if edge[0] < time]
        self.put(time, 1)
        self.end = time
