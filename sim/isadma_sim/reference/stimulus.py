"""Random but legal surroundings for the models and whatever is compared with them: CPU, bus arbiter, wires."""

# Ref: the project's clock contract, "The program side"; Intel 8237A data sheet, order no. 231466-005, pages 4 to 6.

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from isadma_sim.reference.regs import SET_BIT, Command, Port

PortOf = Callable[[int], int]
"""Where a chip's register A3-A0 is found in the I/O space."""


@dataclass(slots=True, frozen=True)
class Op:
    """One step of a CPU's program.

    Attributes
    ----------
    kind : {"write", "read", "idle", "reset"}
        What to do.
    port : int
        A3-A0 for a chip, an I/O address for a board (accesses only).
    value : int
        Byte to write, or clocks to idle or hold RESET.
    """

    kind: str
    port: int = 0
    value: int = 0


@dataclass(slots=True)
class Knobs:
    """How lively the surroundings are; every rate is a probability per clock.

    Attributes
    ----------
    dreq : float
        Each DREQ wire changes.
    not_ready : float
        READY (IOCHRDY) is low.
    eop : float
        External EOP# is low.
    grant, release : int
        Most clocks from HRQ to HLDA and back (0 = at once).
    early_release : float
        HLDA is taken away from a cascaded master.
    strobe : int
        Longest CPU strobe in clocks (>= 1).
    gap : int
        Most clocks between two accesses beyond the required ones.
    settle : int
        Clocks after an access before HLDA may rise (the data sheet asks for 400 ns between an access and a transfer).
    """

    dreq: float = 0.1
    not_ready: float = 0.2
    eop: float = 0.02
    grant: int = 2
    release: int = 2
    early_release: float = 0.02
    strobe: int = 4
    gap: int = 3
    settle: int = 1

    @classmethod
    def draw(cls, rng: Random) -> Knobs:
        """Choose at random, extremes included."""
        return cls(
            dreq=rng.choice((0.0, 0.01, 0.05, 0.2, 0.5)),
            not_ready=rng.choice((0.0, 0.0, 0.1, 0.5)),
            eop=rng.choice((0.0, 0.0, 0.01, 0.1, 0.5)),
            grant=rng.choice((0, 0, 1, 4)),
            release=rng.choice((0, 0, 1, 4)),
            early_release=rng.choice((0.0, 0.05)),
            strobe=rng.choice((1, 4, 6)),
            gap=rng.choice((0, 0, 2, 8)),
            settle=rng.choice((1, 1, 3)),
        )


def program_channel(port_of: PortOf, channel: int, mode: int, address: int, count: int) -> list[Op]:
    """Return the writes that load one channel (0-3) and unmask it; `port_of` maps A3-A0 to a port."""
    writes: list[tuple[int, int]] = [(Port.CLEAR_FLIP_FLOP, 0), (Port.MODE, mode & 0xFC | channel)]
    writes += [(2 * channel, address & 0xFF), (2 * channel, address >> 8)]
    writes += [(2 * channel + 1, count & 0xFF), (2 * channel + 1, count >> 8)]
    writes += [(Port.SINGLE_MASK, channel)]
    return [Op("write", port_of(int(a)), value) for a, value in writes]


def random_ops(rng: Random, ports: list[PortOf], pages: range = range(0)) -> Iterator[Op]:
    """Yield a CPU's program without end.

    Parameters
    ----------
    rng : Random
        Source of every choice.
    ports : list of PortOf
        One function per chip that maps A3-A0 to its port.
    pages : range
        Ports of page registers, if any.
    """
    while True:
        port_of = rng.choice(ports)
        kind = rng.random()
        if kind < 0.28:
            yield from _random_channel(rng, port_of, rng.getrandbits(2))
        elif kind < 0.32:
            yield from _memory_to_memory(rng, port_of)
        elif kind < 0.40:
            yield Op("write", port_of(int(Port.COMMAND_STATUS)), _random_command(rng))
        elif kind < 0.48:
            yield Op("write", port_of(int(Port.REQUEST)), rng.getrandbits(8))
        elif kind < 0.56:
            yield Op("write", port_of(rng.choice((int(Port.CLEAR_MASK), int(Port.ALL_MASK)))), rng.getrandbits(8))
        elif kind < 0.62:
            yield Op("write", port_of(rng.getrandbits(4)), rng.getrandbits(8))
        elif kind < 0.65:
            # Read everything; status twice, as the first read clears it.
            yield from [Op("read", port_of(a)) for a in (*range(16), int(Port.COMMAND_STATUS))]
        elif kind < 0.74:
            yield Op("read", port_of(rng.getrandbits(4)))
        elif kind < 0.76:
            yield from [Op("read", port_of(int(Port.COMMAND_STATUS)))] * 2
        elif kind < 0.775:
            yield Op("write", port_of(int(Port.MASTER_CLEAR_TEMPORARY)))
            yield Op("write", port_of(int(Port.COMMAND_STATUS)), _random_command(rng) | Command.ROTATING)
            yield Op("write", port_of(int(Port.CLEAR_MASK)))
        elif kind < 0.82 and pages:
            yield Op(rng.choice(("read", "write")), rng.choice(pages), rng.getrandbits(8))
        elif kind < 0.825:
            yield Op("reset", value=rng.randint(1, 3))
        else:
            yield Op("idle", value=rng.choice((1, 3, 10, 40, 100)))


def _random_channel(rng: Random, port_of: PortOf, channel: int) -> list[Op]:
    address = rng.choice((rng.getrandbits(16), rng.getrandbits(8) << 8 | rng.choice((0, 1, 0xFE, 0xFF))))
    count = rng.choice((0, 0, 1, 2, 3, 7, 300))
    return program_channel(port_of, channel, rng.getrandbits(8), address, count)


def _memory_to_memory(rng: Random, port_of: PortOf) -> list[Op]:
    command = _random_command(rng) & ~Command.DISABLE | Command.MEMORY_TO_MEMORY
    return [
        *_random_channel(rng, port_of, 0),
        *_random_channel(rng, port_of, 1),
        Op("write", port_of(int(Port.COMMAND_STATUS)), int(command)),
        Op("write", port_of(int(Port.REQUEST)), SET_BIT),
        Op("idle", value=30),
    ]


def _random_command(rng: Random) -> int:
    value = rng.getrandbits(8)
    if rng.random() < 0.8:
        value &= ~Command.DISABLE
    if rng.random() < 0.5:
        value &= ~Command.MEMORY_TO_MEMORY
    return int(value)


class Cpu:
    """Runs `Op`s as bus cycles: set-up, strobe, hold, recovery. Idle lines carry noise.

    Attributes
    ----------
    port, value : int
        What is on the address and data lines this clock.
    ior_n, iow_n, reset : int
        The CPU's strobes, and RESET.
    busy : bool
        An access is under way, from set-up to hold: the address is meant.
    settling : int
        Clocks to go before HLDA may rise.
    low : int
        Clocks that IOR# has been low, this one included (0 = high).
    """

    __slots__ = (
        "_knobs",
        "_ops",
        "_phases",
        "_rng",
        "busy",
        "ior_n",
        "iow_n",
        "low",
        "port",
        "reset",
        "settling",
        "value",
    )

    def __init__(self, rng: Random, knobs: Knobs, ops: Iterator[Op]) -> None:
        self._rng = rng
        self._knobs = knobs
        self._ops = ops
        self._phases: list[str] = []
        self.busy = False
        self.settling = 0
        self.low = 0
        self.reset = 0
        self.ior_n = self.iow_n = 1
        self.port = self.value = 0

    def clock(self, may_start: bool) -> None:
        """Choose this clock's signals; a new access starts only if `may_start` (HLDA has been low)."""
        self.reset = 0
        self.ior_n = self.iow_n = 1
        if not self._phases:
            self._next()
        phase = self._phases[0]
        if phase in ("setup", "reset") and not may_start:
            phase = "wait"
        else:
            self._phases.pop(0)
        self.busy = phase in ("setup", "read", "write", "hold")
        self.settling = self._knobs.settle + 1 if self.busy else max(self.settling - 1, 0)
        self.low = self.low + 1 if phase == "read" else 0
        if phase == "read":
            self.ior_n = 0
        elif phase == "write":
            self.iow_n = 0
        elif phase == "reset":
            self.reset = 1

    def _next(self) -> None:
        op = next(self._ops, None)
        if op is None:
            self._phases = ["idle"]
        elif op.kind in ("read", "write"):
            self.port, self.value = op.port, op.value
            strobe = self._rng.randint(1, self._knobs.strobe)
            gap = self._rng.randint(0, self._knobs.gap)
            # The recovery's last clock may be the next access's set-up: one clock here and that one make two.
            self._phases = ["setup", *[op.kind] * strobe, "hold", *["idle"] * gap]
        elif op.kind == "reset":
            self._phases = ["reset"] * op.value + ["idle"] * 2
        else:
            self._phases = ["idle"] * max(op.value, 1)


class Arbiter:
    """Answers HRQ with HLDA, at once or late, never during a CPU's access."""

    __slots__ = ("_knobs", "_rng", "_wait", "hlda")

    def __init__(self, rng: Random, knobs: Knobs) -> None:
        self._rng = rng
        self._knobs = knobs
        self._wait = 0
        self.hlda = 0

    def clock(self, hrq: int, busy: bool, cascaded: bool) -> int:
        """Return this clock's HLDA."""
        if self.hlda:
            if cascaded and self._rng.random() < self._knobs.early_release:
                self.hlda = 0
            elif hrq:
                self._wait = self._rng.randint(0, self._knobs.release)
            elif self._wait == 0:
                self.hlda = 0
                self._wait = self._rng.randint(0, self._knobs.grant)
            else:
                self._wait -= 1
        elif not hrq:
            self._wait = self._rng.randint(0, self._knobs.grant)
        elif not busy:
            if self._wait == 0:
                self.hlda = 1
                self._wait = self._rng.randint(0, self._knobs.release)
            else:
                self._wait -= 1
        return self.hlda


class Wires:
    """A group of request lines, each of which changes now and then."""

    __slots__ = ("_knobs", "_rng", "_width", "value")

    def __init__(self, rng: Random, knobs: Knobs, width: int) -> None:
        self._rng = rng
        self._knobs = knobs
        self._width = width
        self.value = 0

    def clock(self, often: bool = False) -> int:
        """Return this clock's lines; `often` hurries a service that has lasted long."""
        rate = max(self._knobs.dreq, 0.1) if often else self._knobs.dreq
        for bit in range(self._width):
            if self._rng.random() < rate:
                self.value ^= 1 << bit
        return self.value
