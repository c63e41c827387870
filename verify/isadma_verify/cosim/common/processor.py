"""The processor beside a core: its I/O cycles, and its answer to HRQ."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 14 and 15 (slave mode timing, recovery of 400 ns).
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from isadma_verify.cosim.common.clocking import Clocking
from isadma_verify.cosim.common.stepping import Agent, Stepper

#: Fabric clocks from the first in which a strobe is high again to the first with HLDA: the mode registers are a clock
#: behind at one state per fabric clock (the data sheet wants 400 ns between an access and a transfer, page 15).
SETTLE = 2

#: States to wait for the bus, or for a condition, before a bench gives up.
PATIENCE = 5000


@dataclass(frozen=True)
class AccessTiming:
    """
    One access, in fabric clocks.

    Parameters
    ----------
    setup
        Address, CS# and data before the strobe falls.
    write_low, read_low
        Strobe widths.
    hold
        Address, CS# and data after the strobe rises.
    recovery
        Strobe high before the next one falls.
    """

    setup: int
    write_low: int
    read_low: int
    hold: int
    recovery: int

    @classmethod
    def at_5_mhz(cls, clocking: Clocking) -> "AccessTiming":
        """Return the 8237A-5's figures in half clocks of 100 ns, and never less than the clock contract allows."""
        return cls(
            setup=clocking.fabric(1),
            write_low=clocking.fabric(2),
            read_low=max(3, clocking.fabric(2)),
            hold=1,
            recovery=max(2, clocking.fabric(4)),
        )

    @classmethod
    def shortest(cls) -> "AccessTiming":
        """Return the least that the clock contract allows."""
        return cls(setup=1, write_low=1, read_low=3, hold=1, recovery=2)


class Processor(Agent):
    """
    The master on the program side. It drives address and command lines while it has the bus: HLDA and AEN low.

    Parameters
    ----------
    bench
        Where it sits.
    grant, release
        Half clocks from HRQ to HLDA, high and low: a number, or a function that returns the next one.
    """

    #: Ports that an access can go to, and what selects among them.
    PORTS: ClassVar[int]
    SELECT: ClassVar[str]

    def __init__(self, bench: Any, *, grant: int | Callable[[], int] = 0, release: int | Callable[[], int] = 0) -> None:
        self._bench = bench
        self.timing = AccessTiming.at_5_mhz(bench.clocking)
        self.grant = grant
        self.release = release
        #: True while a table drives HLDA.
        self.manual = False
        #: True while a table drives the program side.
        self.silent = False
        #: False refuses the bus for as long as it stays so.
        self.may_grant = True
        self._busy = False
        self._wait: int | None = None
        self._address: int | None = None
        self._data: int | None = None
        self._strobes = {"ior_n": 1, "iow_n": 1}
        self._ready_at = 0
        self._settled_at = 0
        bench.add(self)

    def respond(self, bench: Stepper, chip: Any) -> None:
        """Answer HRQ, and drive the bus where it is the CPU's."""
        if not self.manual:
            self._answer(bench, chip)
        self._drive(bench, chip)

    def _answer(self, bench: Stepper, chip: Any) -> None:
        unsettled = self._busy or bench.clocking.count < self._settled_at
        if chip.hrq == bench.hlda or (chip.hrq and (unsettled or not self.may_grant)):
            self._wait = None
            return
        if self._wait is None:
            halves = self.grant if chip.hrq else self.release
            self._wait = bench.clocking.fabric(halves() if callable(halves) else halves)
        if self._wait == 0:
            bench.hlda = chip.hrq
            self._wait = None
        else:
            self._wait -= 1

    def _drive(self, bench: Any, chip: Any) -> None:
        wires = bench.wires
        mine = not bench.hlda and not chip.aen and not self.silent
        wires.ior_n.drive("cpu", self._strobes["ior_n"] if mine else None)
        wires.iow_n.drive("cpu", self._strobes["iow_n"] if mine else None)
        wires.a.drive("cpu", self._address if mine else None)
        wires.data.drive("cpu", self._data if mine else None)

    def owns_bus(self) -> bool:
        """Whether an access may start: the last clock showed HLDA and AEN low."""
        last = self._bench.last
        return last is not None and not last.hlda and not last.chip.aen and not self._bench.hlda

    def _select(self, on: bool) -> None:
        """Select the chip, or no longer, where that is the processor's to do."""

    async def _access(self, port: int, strobe: str, low: int, data: int | None) -> int:
        if not 0 <= port < self.PORTS:
            raise ValueError(f"port {port:#x} does not exist: {self.SELECT} select 0 to {self.PORTS - 1:#X}")
        bench, timing = self._bench, self.timing
        await bench.until(self.owns_bus, states=PATIENCE, what="the CPU never got the bus back")
        self._busy = True
        while bench.clocking.count < self._ready_at - timing.setup:
            await bench.tick()
        self._address, self._data = port, data
        self._select(True)
        self._redrive()
        await bench.tick(timing.setup)
        self._strobes[strobe] = 0
        self._redrive()
        await bench.tick(low)
        assert bench.last is not None
        seen: int = bench.last.data
        self._strobes[strobe] = 1
        self._redrive()
        self._ready_at = bench.clocking.count + timing.recovery
        self._settled_at = bench.clocking.count + SETTLE
        await bench.tick(timing.hold)
        self._address = self._data = None
        self._select(False)
        self._redrive()
        self._busy = False
        return seen

    def _redrive(self) -> None:
        """Put a new level on the wires right after the edge, before the chip's outputs are looked at."""
        wires = self._bench.wires
        wires.ior_n.drive("cpu", self._strobes["ior_n"])
        wires.iow_n.drive("cpu", self._strobes["iow_n"])
        wires.a.drive("cpu", self._address)
        wires.data.drive("cpu", self._data)

    async def write(self, port: int, value: int) -> None:
        """Write a register: a byte to a port."""
        await self._access(port, "iow_n", self.timing.write_low, value)

    async def read(self, port: int) -> int:
        """Read a register: what the data wires show at the end of IOR#."""
        return await self._access(port, "ior_n", self.timing.read_low, None)
