"""The CPU's side of interrupts: waiting for one, taking it by INTA, and what becomes of the others meanwhile."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from isadma_sim.machine import firmware
from isadma_sim.machine.checks import shown
from isadma_sim.machine.cputime import CpuTime
from isadma_sim.machine.interrupt_controllers import CASCADE, Interrupt
from isadma_sim.machine.world import SlotWorld

Handler = Callable[[Interrupt], None]


class Interrupts:
    """Takes interrupts from the 8259As for a program that waits for one at a time.

    Parameters
    ----------
    world : SlotWorld
        Where the 8259As and the engine are.
    outb : callable
        Writes a port; EOIs are port writes like all others.
    """

    def __init__(self, world: SlotWorld, outb: Callable[[int, int], None]) -> None:
        self._world = world
        self._outb = outb
        self._taken: deque[Interrupt] = deque()
        self._handlers: dict[int, Handler] = {}
        #: Interrupts whose request had gone when they were acknowledged.
        self.spurious = 0
        #: Interrupts acknowledged, by IRQ, the spurious ones left out.
        self.acknowledged: Counter[int] = Counter()
        #: Charges the processor's time for what is taken here.
        self.cpu_time: CpuTime | None = None
        #: Called when clocks have gone by, before the program goes on.
        self.after_clocks: Callable[[], None] | None = None

    def on(self, irq: int, handler: Handler | None) -> None:
        """Set or take back the handler of one IRQ."""
        if handler is None:
            self._handlers.pop(self._checked(irq), None)
        else:
            self._handlers[self._checked(irq)] = handler

    def acknowledgements(self, irq: int) -> int:
        """Return how often an IRQ was acknowledged."""
        return self.acknowledged[self._checked(irq)]

    def save(self) -> dict[str, Any]:
        """Return what was taken and counted, in JSON's values."""
        taken = [[one.irq, one.vector, one.spurious] for one in self._taken]
        return {"taken": taken, "spurious": self.spurious, "acknowledged": sorted(self.acknowledged.items())}

    def load(self, state: dict[str, Any]) -> None:
        """Take up what `save` returned."""
        self._taken = deque(Interrupt(*one) for one in state["taken"])
        self.spurious = state["spurious"]
        self.acknowledged = Counter(dict(state["acknowledged"]))

    def forget(self) -> None:
        """Drop what was kept for later: the machine is being reset."""
        self._taken.clear()

    def close(self) -> None:
        """Let go of the program's handlers, and of what writes ports: the machine is closed."""
        self._handlers.clear()
        self.cpu_time = self.after_clocks = None
        del self._outb

    def wait(self, irq: int, clocks: int) -> None:
        """Run until `irq` is taken, `clocks` clocks at most.

        Raises
        ------
        TimeoutError
            When it did not come.
        """
        self._checked(irq)
        start = self._world.engine.clocks
        while True:
            with self._world.engine.turn.signals as signals:  # from the acknowledge to what becomes of it
                for interrupt in self._taken:
                    if interrupt.irq == irq:
                        self._taken.remove(interrupt)
                        return
                if self._world.pics.int_out:
                    taken = self._acknowledge()
                    ours = taken.irq == irq and not taken.spurious
                    self._serve(taken, handle=not ours)
                    if ours and not signals.waiting:
                        return
                    if ours:  # whoever waits for it may not get it: a signal's handler is called first
                        self._keep(taken)
            if not self.until_int(start + clocks):
                raise TimeoutError(self._why_not(irq, self._world.engine.clocks - start))

    def serve(self, clocks: int) -> None:
        """Let that many clocks go by, and take every interrupt that comes meanwhile."""
        end = self._world.engine.clocks + clocks
        while self.until_int(end):
            with self._world.engine.turn.signals:
                if self._world.pics.int_out:
                    self._serve(self._acknowledge(), handle=True)

    def acknowledge_now(self) -> Interrupt:
        """Make the acknowledge cycles as a processor does that found INTR high, and serve nothing."""
        with self._world.engine.turn.signals:
            interrupt = self._acknowledge()
            self.spurious += interrupt.spurious
            return interrupt

    def until_int(self, end: int) -> bool:
        """Run until INT is high; False when the clock `end` came first."""
        world = self._world
        while not world.pics.int_out:
            left = end - world.engine.clocks
            if left <= 0:
                return False
            world.stop, world.watch_int = False, True
            try:
                world.engine.run(left)
            finally:
                world.stop = world.watch_int = False
            if self.after_clocks is not None:
                self.after_clocks()
        return True

    def _acknowledge(self) -> Interrupt:
        if self.cpu_time is not None:
            self.cpu_time.requested(self._world.int_since)
        interrupt = self._world.pics.acknowledge()
        if not interrupt.spurious:
            self.acknowledged[interrupt.irq] += 1
        if self.cpu_time is not None:
            self.cpu_time.entered()
        return interrupt

    def _serve(self, interrupt: Interrupt, *, handle: bool) -> None:
        if handle:
            self._other(interrupt)
        if self.cpu_time is not None:
            self.cpu_time.left()

    def _other(self, interrupt: Interrupt) -> None:
        if interrupt.spurious:
            self.spurious += 1
            if interrupt.irq >= 8:  # the master holds the cascade in service
                firmware.send_eoi(self._outb, CASCADE)
        elif interrupt.irq in self._handlers:
            self._handlers[interrupt.irq](interrupt)
        else:
            self._keep(interrupt)

    def _keep(self, interrupt: Interrupt) -> None:
        """End an interrupt, and keep it for who waits for it later."""
        firmware.send_eoi(self._outb, interrupt.irq)
        self._taken.append(interrupt)

    def _why_not(self, irq: int, clocks: int) -> str:
        pics = self._world.pics
        text = f"no IRQ {irq} in {clocks} clocks ({clocks / self._world.clock_hz * 1e3:.3g} ms)"
        if pics.masked(irq):
            port = "A1h, or that of IRQ 2 at port 21h" if irq >= 8 else "21h"
            return f"{text}: it is masked, clear its bit at port {port}"
        serving = pics.in_service()
        if serving and (pics.requested(irq) or irq in serving):
            names = ", ".join(map(str, serving))
            return f"{text}: IRQ {names} is still in service, send its EOI (20h to port 20h, from IRQ 8 on to A0h too)"
        return f"{text}: no device raised it"

    def _checked(self, irq: int) -> int:
        if not isinstance(irq, int) or irq not in self._world.wiring.irqs:
            raise ValueError(f"irq {shown(irq)}: lines are {self._world.wiring.irqs_note}")
        return irq
