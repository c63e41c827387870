"""The processor's side of a PC: port accesses, time that goes by, interrupts, and what all of it costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from isadma_sim.machine.checks import LONGEST, as_count, as_flag, as_port, as_value, shown
from isadma_sim.machine.cpu_interrupts import Interrupts
from isadma_sim.machine.cputime import Costs, CpuTime
from isadma_sim.machine.engine import Engine
from isadma_sim.machine.interrupt_controllers import Interrupt
from isadma_sim.machine.schedule import NEVER
from isadma_sim.machine.unique import Unique
from isadma_sim.machine.world import SlotWorld


class Processor(Unique):
    """What a program can do on a PC. Every call is synchronous, and nothing waits without a bound.

    Parameters
    ----------
    world : SlotWorld
        Everything around the board, with the engine that runs it.

    Attributes
    ----------
    clock_hz : int
        CLK of the 8237As in hertz.
    """

    def __init__(self, world: SlotWorld) -> None:
        self.clock_hz = world.clock_hz
        self._world = world
        self._engine: Engine = world.engine
        self._closed = False
        self._cpu_time: CpuTime | None = None
        self._on_dma: Callable[[int, int], None] | None = None
        self._interrupts = Interrupts(world, self.outb)

    def _running(self) -> Engine:
        self._engine.turn.check()
        return self._engine

    def take_over(self) -> None:
        """Make the calling thread the one that this PC is for: at first that is the thread that made it.

        Raises
        ------
        RuntimeError
            While clocks go by in another thread, when the PC is closed, or in a child that was made by fork.
        """
        self._engine.turn.take_over()

    def _let_go(self) -> None:
        """Hold nothing that holds this: its memory goes with it, at once."""
        self._cpu_time = self._on_dma = None
        self._interrupts.close()

    # ---------------------------------------------------------------- ports
    def inb(self, port: int) -> int:
        """Read a byte from a port; FFh where nothing answers."""
        engine, port = self._engine, as_port(port)
        time = self._cpu_time
        value = engine.io_read(port) if time is None else time.access(partial(engine.io_read, port))
        if self._on_dma is not None:
            self._tell_dma()
        return value

    def outb(self, port: int, value: int) -> None:
        """Write a byte (0..FFh) to a port."""
        engine, port, value = self._engine, as_port(port), as_value(value, 0xFF)
        if self._cpu_time is None:
            engine.io_write(port, value)
        else:
            self._cpu_time.access(partial(engine.io_write, port, value))
        if self._on_dma is not None:
            self._tell_dma()

    def inw(self, port: int) -> int:
        """Read a word as two byte cycles, low byte first: every port here is eight bits wide."""
        as_port(as_port(port) + 1)
        return self.inb(port) | self.inb(port + 1) << 8

    def outw(self, port: int, value: int) -> None:
        """Write a word (0..FFFFh) as two byte cycles, low byte first."""
        as_value(value, 0xFFFF)
        as_port(as_port(port) + 1)
        self.outb(port, value & 0xFF)
        self.outb(port + 1, value >> 8)

    # ---------------------------------------------------------------- time
    @property
    def clocks(self) -> int:
        """8237 clocks gone by since power-up."""
        return self._engine.clocks

    @property
    def stats(self) -> Any:
        """What the bus did so far: `isadma_sim.engines.stats.Stats`."""
        return self._engine.stats

    def run(self, clocks: int, *, until_intr: bool = False) -> int:
        """Let that many clocks go by. Interrupts that come stay pending in the 8259As.

        Parameters
        ----------
        clocks : int
            How many.
        until_intr : bool
            Come back at the end of the clock in which INTR is high, at once when it is high already.

        Returns
        -------
        int
            The clocks gone by.
        """
        engine = self._running()
        start = engine.clocks
        end = start + as_count(clocks)
        if as_flag("until_intr", until_intr):
            self._interrupts.until_int(end)
            return engine.clocks - start
        while engine.clocks < end:
            self._world.stop = False
            engine.run(end - engine.clocks)
        if self._on_dma is not None:
            self._tell_dma()
        return engine.clocks - start

    @property
    def next_event(self) -> int | None:
        """Clocks, 1 or more, in which nothing happens unless the processor does it; None: nothing ever will.

        That is the time to the next event of a device, or 1 while anything is going on on the bus, which takes a few
        clocks to settle after a port access.
        """
        engine = self._running()
        due = engine.due
        if not engine.settled:
            return 1
        return None if due == NEVER else max(1, due - engine.clocks)

    # ---------------------------------------------------------------- memory
    def rom(self, address: int, data: bytes | bytearray | memoryview) -> None:
        """Put bytes into memory that neither DMA, bus masters nor ``pc.memory[...] =`` change from now on.

        Raises
        ------
        ValueError
            For no bytes, where memory ends, where there is ROM already, or for a seventeenth region.
        TypeError
            For anything but bytes.
        """
        self._running()
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"rom({shown(address)}, {shown(data)}): give bytes")
        content, size = bytes(data), len(self._world.memory)
        if not isinstance(address, int) or not 0 <= address <= size - len(content) or not content:
            raise ValueError(f"rom({shown(address)}, {len(content)} bytes): give bytes that end within {size:#x}")
        self._world.guard.protect(address, address + len(content))
        self._world.memory[address : address + len(content)] = content

    def on_dma(self, changed: Callable[[int, int], None] | None) -> None:
        """Call `changed(address, length)` for what DMA or a bus master wrote to memory; None takes it back.

        It is called before the call that let the clocks go by returns. A range is never too short: of each page of
        4 KiB it goes from the first byte written to the last.
        """
        self._running()
        if changed is not None and not callable(changed):
            raise TypeError(f"on_dma({shown(changed)}): give a callable, or None")
        self._world.guard.watch(changed is not None)
        self._on_dma = changed
        self._interrupts.after_clocks = None if changed is None else self._tell_dma

    def _tell_dma(self) -> None:
        for address, length in self._world.guard.taken():
            if self._on_dma is not None:
                self._on_dma(address, length)

    def delay(self, seconds: float) -> None:
        """Let that much time go by, rounded up to whole clocks."""
        self.run(clocks=self._clocks_of(seconds))

    def _clocks_of(self, seconds: float) -> int:
        if not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST / self.clock_hz:
            raise ValueError(f"{shown(seconds)} seconds: give 0 to {LONGEST // self.clock_hz}")
        return math.ceil(seconds * self.clock_hz)

    # ---------------------------------------------------------------- interrupts
    @property
    def intr(self) -> bool:
        """Level of INTR, the line from the 8259A to the processor."""
        return bool(self._world.pics.int_out)

    def inta(self) -> int:
        """Make the interrupt acknowledge cycles and return the vector, 0..255; no clocks go by.

        With no request left the 8259A answers with its level 7 (IRQ 7 or 15), which counts in `spurious`.
        """
        self._running()
        return self._interrupts.acknowledge_now().vector

    @property
    def spurious(self) -> int:
        """Interrupts whose request had gone when they were acknowledged (IRQ 7 or 15)."""
        return self._interrupts.spurious

    def acknowledged(self, irq: int) -> int:
        """Return how many interrupts of one IRQ were taken from the 8259As so far."""
        return self._interrupts.acknowledgements(irq)

    def on_irq(self, irq: int, handler: Callable[[Interrupt], None] | None) -> None:
        """Call `handler(interrupt)` for an interrupt that comes while `wait_irq` waits for another; None takes it back.

        The handler sends the EOI. Without one, the interrupt is ended by specific EOI and kept for a later `wait_irq`.
        """
        if handler is not None and not callable(handler):
            raise TypeError(f"on_irq({shown(irq)}, {shown(handler)}): give a callable, or None")
        self._interrupts.on(irq, handler)

    def wait_irq(self, irq: int, *, clocks: int | None = None, seconds: float | None = None) -> None:
        """Run until this interrupt is taken from the 8259As (INTA); sending the EOI is up to the caller.

        Parameters
        ----------
        irq : int
            0, 1 or 3..15; on a PC/XT 0..7.
        clocks, seconds : int, float
            How long to wait; give one of them.

        Raises
        ------
        TimeoutError
            When it did not come in that time, with a hint why.
        """
        if (clocks is None) == (seconds is None):
            raise ValueError(f"wait_irq({shown(irq)}): give clocks= or seconds=, one of them")
        self._running()
        self._interrupts.wait(irq, self._clocks_of(seconds) if seconds is not None else as_count(clocks))

    def serve(self, *, clocks: int | None = None, seconds: float | None = None) -> None:
        """Let time go by in a program that does something else, and take every interrupt meanwhile (`on_irq`)."""
        if (clocks is None) == (seconds is None):
            raise ValueError("serve(): give clocks= or seconds=, one of them")
        self._running()
        self._interrupts.serve(self._clocks_of(seconds) if seconds is not None else as_count(clocks))

    def charge(self, costs: Costs | None) -> CpuTime | None:
        """Charge the processor's time for interrupts and port accesses from now on; None: no more.

        Returns
        -------
        CpuTime or None
            The account: its `usage`.
        """
        engine = self._running()
        if not isinstance(costs, Costs | None):
            raise TypeError(f"charge({shown(costs)}): give Costs, or None")
        self._cpu_time = None
        if costs is not None:
            self._cpu_time = CpuTime(engine, self.run, costs, self.clock_hz)
        self._interrupts.cpu_time = self._cpu_time
        return self._cpu_time
