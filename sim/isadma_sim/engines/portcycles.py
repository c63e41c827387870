"""The CPU's port cycles, on a bus that is run clock by clock."""

# Ref: docs/decisions/0001-the-clock-contract.md; Intel 8237A data sheet 231466-005, figure 9.

from __future__ import annotations

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.clocks import HOLD_CLOCKS, RECOVERY_CLOCKS, SETUP_CLOCKS, STROBE_CLOCKS
from isadma_sim.engines.pins import In, Out
from isadma_sim.engines.stats import Stats
from isadma_sim.machine.engine import World
from isadma_sim.machine.memory import FLOATING
from isadma_sim.machine.trace import Cycle, Trace
from isadma_sim.machine.turn import Turn
from isadma_sim.machine.unique import Unique

_HRQ = Out.HRQ.mask
_HLDA = In.HLDA.mask
_D_OE = Out.D_OE.mask
_IN_D = ~In.D.mask
_IN_A = ~In.A.mask
_LANES = 0x0101 << In.D.low


class PortCycles(Unique):
    """What `BusLoop` does for the CPU; the attributes are the loop's."""

    world: World
    turn: Turn
    clocks: int
    bus_timeout: int
    _in: int
    _out: int
    _cpu: bool
    _stats: Stats
    _trace: Trace | None

    def _step(self) -> None:
        """One clock."""
        raise NotImplementedError

    def _acquire(self, began: int) -> bool:
        """Wait for the bus, from the clock `began` on; False when a signal came, and nothing was begun."""
        # HOLD is honoured between bus cycles, ahead of the CPU's own next one.
        while self._in & _HLDA or self._out & _HRQ:
            if self.clocks - began >= self.bus_timeout:
                raise EngineError(
                    f"the CPU waited {self.clocks - began} clocks for the bus and DMA never let go (HRQ is high):"
                    " mask the channel, or look for a cascade channel whose DRQ stays on"
                )
            if self.turn.signals.hit:
                return False
            self._step()
        return True

    def _release(self) -> None:
        self._in |= In.IOR_N.mask | In.IOW_N.mask
        try:
            for _ in range(HOLD_CLOCKS):
                self._step()
        finally:
            self._cpu = False
        for _ in range(RECOVERY_CLOCKS):
            self._step()

    def _address(self, port: int, data: int) -> None:
        self._cpu = True
        self._in = self._in & _IN_A & _IN_D | port << In.A.low | data * _LANES
        for _ in range(SETUP_CLOCKS):
            self._step()

    def io_read(self, port: int) -> int:
        """One CPU read cycle of a byte."""
        began, value = self.clocks, None
        while value is None:
            with self.turn:
                value = self._read(port, began)
        return value

    def _read(self, port: int, began: int) -> int | None:
        if not self._acquire(began):
            return None
        value = FLOATING
        try:
            self._address(port, FLOATING)
            if self.world.io_claimed(port):
                value = self.world.io_read(port)
            strobe = 0 if self.world.io_hidden(port) else In.IOR_N.mask
            self._in = (self._in & _IN_D | value * _LANES) & ~strobe
            for _ in range(STROBE_CLOCKS):
                self._step()
            if self._out & _D_OE:
                value = Out.D.of(self._out) & 0xFF
        finally:
            self._release()
        self._log("io_read", port, value)
        return value

    def io_write(self, port: int, value: int) -> None:
        """One CPU write cycle of a byte."""
        began, done = self.clocks, False
        while not done:
            with self.turn:
                done = self._write(port, value, began)

    def _write(self, port: int, value: int, began: int) -> bool:
        if not self._acquire(began):
            return False
        try:
            self._address(port, value)
            self._in &= ~(0 if self.world.io_hidden(port) else In.IOW_N.mask)
            for _ in range(STROBE_CLOCKS):
                self._step()
            if self.world.io_claimed(port):
                self.world.io_write(port, value)
        finally:
            self._release()
        self._log("io_write", port, value)
        return True

    def _log(self, kind: str, port: int, value: int) -> None:
        self._stats.accesses += 1
        if self._trace is not None:
            self._trace.add(Cycle(self.clocks - RECOVERY_CLOCKS - HOLD_CLOCKS, "cpu", kind, port, value))
