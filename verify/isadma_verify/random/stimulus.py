"""Random but legal surroundings for the models and whatever is compared with them: CPU, bus arbiter, wires."""

# Ref: the project's clock contract, "The program side"; Intel 8237A data sheet, order no. 231466-005, pages 4 to 6.

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from isadma_verify.random.programs import Op


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
        elif phase in ("reset", "reset_at_once"):
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
        elif op.kind in ("reset", "reset_at_once"):
            self._phases = [op.kind] * op.value + ["idle"] * 2
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
