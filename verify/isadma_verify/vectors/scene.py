"""What one vector is drawn from: a chip programmed, then a short program and what the wires do meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from isadma_verify.fuzz.scenario import Kind, Scenario, Step

__all__ = ["Setup", "Stage", "combination", "draw_address"]

_MASK_ALL, _COMMAND, _MODE, _FLIP_FLOP, _ALL_MASK = 0xF, 0x8, 0xB, 0xC, 0xF
_ACCESS = 3
"""Clocks of a write without pauses: set-up, strobe, hold."""
_QUIET = 4
"""Clocks between the programming and the first clock of the vector."""
_TAIL = 260
"""Clocks after the vector, in which all registers are read back and compared."""
_DREQ_LOW = 0x40


@dataclass
class Setup:
    """The registers that a vector begins with: what port writes alone bring a chip to after RESET.

    Attributes
    ----------
    modes, addresses, counts : list of four
        By channel; modes without their channel bits.
    command, mask : int
        The registers.
    flip_flop : int
        1: the next byte is the high one.
    """

    modes: list[int]
    addresses: list[int]
    counts: list[int]
    command: int = 0
    mask: int = _MASK_ALL
    flip_flop: int = 0

    @classmethod
    def draw(cls, rng: Random) -> Setup:
        """Draw one; every channel is loaded and masked."""
        return cls(
            modes=[rng.randrange(64) << 2 for _ in range(4)],
            addresses=[draw_address(rng) for _ in range(4)],
            counts=[rng.choice((0, 1, 2, 3, 9, rng.randrange(1 << 16))) for _ in range(4)],
            command=rng.choice((0x00, 0x80, _DREQ_LOW, 0xC0)),
            flip_flop=rng.randrange(4) == 0,
        )

    @property
    def inactive(self) -> int:
        """DREQ0 to DREQ3 when nobody asks."""
        return 0xF if self.command & _DREQ_LOW else 0

    def writes(self) -> list[tuple[int, int]]:
        """Return the port writes, in order."""
        words = []
        for c in range(4):
            words += [(_MODE, self.modes[c] | c)]
            for port, word in ((2 * c, self.addresses[c]), (2 * c + 1, self.counts[c])):
                words += [(port, word & 0xFF), (port, word >> 8)]
        words += [(_COMMAND, self.command), (_ALL_MASK, self.mask), (_FLIP_FLOP, 0)]
        return words + [(0, self.addresses[0] & 0xFF)] * self.flip_flop


@dataclass
class Stage:
    """A setup and what happens on it; a theme fills it.

    Attributes
    ----------
    setup : Setup
        The registers before.
    about : str
        What it is about.
    clocks : int
        Clocks of the vector.
    noise : int
        Seed of what idle lines carry; 0: they rest.
    grant, release : int
        Clocks that HLDA rises and falls late.
    program : list of Step
        The processor's steps, from the vector's first clock on.
    wires : list of (int, Step)
        The wires' steps, each with its clock in the vector.
    """

    setup: Setup
    about: str
    clocks: int = 100
    noise: int = 0
    grant: int = 0
    release: int = 0
    program: list[Step] = field(default_factory=list)
    wires: list[tuple[int, Step]] = field(default_factory=list)

    def idle(self, clocks: int) -> None:
        """Let the processor pause."""
        self.program.append(Step(Kind.IDLE, count=clocks))

    def write(self, port: int, byte: int, strobe: int = 1, gap: int = 0) -> None:
        """Let it write a register."""
        self.program.append(Step(Kind.OUT, strobe, gap, byte, port))

    def read(self, *ports: int, strobe: int = 3) -> None:
        """Let it read registers."""
        self.program += [Step(Kind.IN, strobe, 0, 0, port) for port in ports]

    def request(self, clock: int, *channels: int) -> None:
        """Let exactly these channels ask from that clock on."""
        lines = sum(1 << c for c in channels)
        self.wires.append((clock, Step(Kind.LINES, port=lines ^ self.setup.inactive)))

    def not_ready(self, clock: int, clocks: int) -> None:
        """Hold READY low."""
        self.wires.append((clock, Step(Kind.BUSY, count=clocks)))

    def stop(self, clock: int, clocks: int = 1) -> None:
        """Hold EOP# low."""
        self.wires.append((clock, Step(Kind.STOP, count=clocks)))

    def drop(self, clock: int) -> None:
        """Take HLDA from a cascaded master."""
        self.wires.append((clock, Step(Kind.DROP)))

    def scenario(self, target: str) -> tuple[Scenario, int]:
        """Return it as a scenario from power-up on, and the clock of it that is the vector's first."""
        writes = self.setup.writes()
        first = _ACCESS * len(writes) + _QUIET
        steps = [Step(Kind.OUT, 1, 0, byte, port) for port, byte in writes]
        steps += [Step(Kind.IDLE, count=_QUIET), *self.program]
        # After the vector, and not in it: the registers are read back, so that design and model agree on them too.
        steps += [Step(Kind.IDLE, count=4), *(Step(Kind.IN, 3, 0, 0, port) for port in (*range(8), 0x8, 0xD))]
        begin = [Step(Kind.LINES, port=self.setup.inactive), Step(Kind.GRANT, self.grant, data=self.release)]
        wires = [(0, step) for step in begin]
        wires += [(first + 1 + clock, step) for clock, step in sorted(self.wires, key=lambda event: event[0])]
        wires.append((first + self.clocks + 2, Step(Kind.LINES, port=self.setup.inactive)))
        steps += _with_gaps(wires)
        return Scenario(target, first + self.clocks + _TAIL, tuple(steps), self.noise), first


def draw_address(rng: Random) -> int:
    """Draw an address, often one at whose next byte something carries."""
    near = rng.choice((0x0000, 0x0001, 0x00FE, 0x00FF, 0xFFFE, 0xFFFF))
    return rng.choice((near, near | rng.randrange(256) << 8, rng.randrange(1 << 16)))


def combination(number: int, sizes: tuple[int, ...]) -> list[int]:
    """Take a number apart: one choice for each size, all of them in turn as it counts up."""
    found = []
    for size in sizes:
        found.append(number % size)
        number //= size
    return found


def _with_gaps(wires: Sequence[tuple[int, Step]]) -> list[Step]:
    # A gap is a byte: a long one is made of steps that change nothing.
    found: list[Step] = []
    now = 0
    for clock, step in wires:
        while clock - now > 200:
            found.append(Step(Kind.BUSY, gap=200))
            now += 200
        found.append(replace(step, gap=max(0, clock - now)))
        now = max(now, clock)
    return found
