"""A PC that boots: the machine, its keyboard, clock, screen and COM1, and the processor that executes a BIOS."""

from __future__ import annotations

import datetime
import mmap
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

from isadma_sim.boot.bios import Bios
from isadma_sim.boot.board_ports import BoardPorts
from isadma_sim.boot.cards import Cards, attach_cards
from isadma_sim.boot.errors import GuestError
from isadma_sim.boot.layout import ADAPTERS, MB, Layout
from isadma_sim.boot.pace import PACES
from isadma_sim.boot.processor import Cpu
from isadma_sim.boot.unicorn import load_unicorn
from isadma_sim.devices.display import Page, page_of
from isadma_sim.devices.rtc.regs import Kept
from isadma_sim.pc import PC

__all__ = ["Computer", "End"]


#: While an interrupt waits for the guest to let it in: instructions between two looks, and how many such looks.
_WINDOW, _PATIENCE = 3, 100
#: What looks like HLT waits for so long, a little more than a tick of the timer, until it is known to be one.
_DOUBT_SECONDS = 0.06


class End(Enum):
    """Why `Computer.run` came back."""

    TIME = "the time is over"
    HALTED = "halted with interrupts off"
    ASKED = "what was waited for has come"


class Computer:
    """A PC with a floppy in drive A, from power-up on.

    Parameters
    ----------
    image : str or Path
        The floppy.
    bios : Bios
        What is at the reset vector.
    board, engine, floppy_speed, write_protect : as `PC`
        The machine.
    display : str
        ``"cga"`` or ``"mda"``.
    memory : int
        Bytes of memory, whole megabytes; the board's most unless told.
    start : datetime.datetime
        What time its clock shows at power-up.
    **options
        More of `PC`: ``refresh``, engine options.

    Attributes
    ----------
    pc : PC
        The machine.
    cpu : Cpu
        The processor.
    cards : Cards
        Keyboard, clock, screen, serial port, debug consoles.
    ports : BoardPorts
        Counts of the port accesses.
    """

    def __init__(
        self,
        image: str | Path,
        bios: Bios,
        *,
        board: str = "at",
        engine: str | None = None,
        display: str = "cga",
        memory: int | None = None,
        start: datetime.datetime = datetime.datetime(1990, 1, 1),
        **options: Any,
    ) -> None:
        load_unicorn()  # before anything is opened
        self._pace = PACES.get(board, PACES["at"])
        size = memory or (16 * MB if board == "at" else MB)
        if not isinstance(size, int) or size % MB or not MB <= size <= 64 * MB:
            raise ValueError(f"memory={memory!r}: give 1 to 64 whole megabytes")
        self._memory = mmap.mmap(-1, size)
        self._cpu: Cpu | None = None
        self._reset_wanted = False
        self._short = False  # the stretch, because the guest waits
        self._used = 0  # `_uses` when it was looked last
        self._owed = 0  # of a clock, in parts of `Pace.instructions`
        self._doubted = 0  # until this clock, where it is no sure HLT that is waited at
        self._masked = 0  # stretches for which INTR has been high in vain
        self.pc = PC(
            board=board, engine=engine, memory=self._memory, floppy=image, post=False, decode=16,
            **{"refresh": True} | options,
        )  # fmt: skip
        try:
            xt = board == "xt"
            self._a20 = {"8042": not xt, "92h": False}
            self.cards: Cards = attach_cards(self.pc, self, bios, display=display, start=start)
            window = ADAPTERS[display]
            for first, behind in window.nothing:
                self.pc.rom(first, b"\xff" * (behind - first))
            roms = window.nothing + bios.install(self.pc)
            layout = Layout(size, roms, 0 if xt else bios.size, window.repeats)
            self.ports = BoardPorts(self.pc, self._accessed)
            self._cpu = Cpu(self._memory, layout, self.ports, a20=any(self._a20.values()))
            self.pc.on_dma(self._cpu.forget)
        except BaseException:
            self.close()
            raise

    # ---------------------------------------------------------------- what the cards do to the processor
    def set_a20(self, source: str, level: bool) -> None:
        """Let one of those that gate A20 say its level; A20 comes through where any lets it."""
        self._a20[source] = level
        if self._cpu is not None:
            self._cpu.a20 = any(self._a20.values())

    def reset_cpu(self) -> None:
        """Pull the processor's RESET; it is reset behind the present instruction."""
        self._reset_wanted = True
        if self._cpu is not None:
            self._cpu.stop()

    def _accessed(self) -> None:
        """Look at the machine behind a port access: an interrupt is taken at once."""
        if self.pc.intr and self.cpu.interrupts_on:
            self.cpu.stop()

    @property
    def cpu(self) -> Cpu:
        """The processor."""
        if self._cpu is None:
            raise RuntimeError("this computer is closed")
        return self._cpu

    # ---------------------------------------------------------------- time
    @property
    def seconds(self) -> float:
        """The machine's time since power-up."""
        return self.pc.clocks / self.pc.clock_hz

    def run(self, seconds: float, *, until: Callable[[], bool] = lambda: False, every: float = 0.02) -> End:
        """Let the guest run.

        Parameters
        ----------
        seconds : float
            Of the machine's time, at most.
        until : callable
            Asked at the end of each `every` seconds of the machine's time; True ends the run.

        Returns
        -------
        End
            Why it is over.

        Raises
        ------
        GuestError
            A triple fault, or what the processor cannot do.
        """
        end = self.pc.clocks + round(seconds * self.pc.clock_hz)
        while self.pc.clocks < end:
            pause = min(end, self.pc.clocks + max(1, round(every * self.pc.clock_hz)))
            # Signals wait until its end: a handler that raises inside one of Unicorn's hooks would leave a mess.
            with self.pc._engine.turn.signals:
                halted = self._go(pause)
            if until():
                return End.ASKED
            if halted:
                return End.HALTED
        return End.TIME

    def _go(self, end: int) -> bool:
        """Run up to a clock; True: the guest has halted for good."""
        pc, cpu = self.pc, self.cpu
        while pc.clocks < end:
            if self._reset_wanted:
                self._reset_wanted = False
                cpu.reset()
            if pc.intr and cpu.interrupts_on:
                if cpu.shadowed:
                    cpu.run(1)
                    self._charge(1, used=False)
                    if not cpu.interrupts_on or self._reset_wanted:
                        continue
                cpu.interrupt(pc.inta())
                self._check()
            if cpu.halted:
                if not cpu.interrupts_on:
                    return True
                self._wait(end)
                continue
            used = self._uses
            count = cpu.run(self._instructions(end))
            self._check()
            self._charge(count, used=self._short and self._uses != used)
        return False

    def _wait(self, end: int) -> None:
        """Let time pass up to an interrupt; not for ever where it may have been no HLT."""
        pc, cpu = self.pc, self.cpu
        if not cpu.halt_is_sure:
            self._doubted = self._doubted or pc.clocks + round(_DOUBT_SECONDS * pc.clock_hz)
            end = min(end, self._doubted)
        pc.run(end - pc.clocks, until_intr=True)
        if pc.intr or (self._doubted and pc.clocks >= self._doubted):
            cpu.halted, self._doubted = pc.intr, 0

    def _charge(self, instructions: int, *, used: bool) -> None:
        """Let the time of so many instructions pass; a clock's fraction is kept for the next ones."""
        pace = self._pace
        if used or not pace.instructions:
            self.pc.run(instructions * pace.waiting)
            return
        clocks, self._owed = divmod(instructions + self._owed, pace.instructions)
        if clocks:
            self.pc.run(clocks)

    @property
    def _uses(self) -> int:
        """What takes the processor long: port accesses, and interrupts of all kinds."""
        return self.ports.count + self.cpu.delivered

    def _instructions(self, end: int) -> int:
        event = self.pc.next_event
        left = end - self.pc.clocks if event is None else min(event, end - self.pc.clocks)
        # An interrupt waits: the guest has them off, and may let them in for a moment alone (STI, NOP, NOP, CLI).
        self._masked = self._masked + 1 if self.pc.intr else 0
        if 0 < self._masked < _PATIENCE:
            return _WINDOW
        used, self._used = self._used, self._uses
        self._short = used != self._used
        return self._pace.instructions_in(left, waiting=self._short)

    def _check(self) -> None:
        """Raise GuestError when the processor has shut down and nothing resets it: an AT does, with a word in CMOS."""
        if self.cpu.shutdown is None:
            return
        rtc = self.cards.rtc
        if rtc is None or not rtc.ram[Kept.SHUTDOWN]:
            raise GuestError(self.cpu.shutdown)
        self.cpu.reset()

    # ---------------------------------------------------------------- looking
    @property
    def slots(self) -> list[tuple[str, int | None]]:
        """Names and DMA channels of what is plugged in."""
        return self.pc._world.slots()

    def owner_of(self, port: int) -> str:
        """Return who answers a port."""
        return self.pc._world.ports.owner(port) or "nobody"

    @property
    def page(self) -> Page | None:
        """What the screen shows; None while it is off, or is graphics."""
        return page_of(self.cards.screen, self._memory)

    @property
    def text(self) -> str:
        """The screen's text."""
        page = self.page
        return "" if page is None else page.text

    @property
    def memory(self) -> memoryview:
        """Physical memory."""
        return memoryview(self._memory)

    # ---------------------------------------------------------------- end
    def close(self) -> None:
        """Switch it off."""
        if self._cpu is not None:
            self._cpu.close()
            self._cpu = None
        self.pc.close()

    def __enter__(self) -> Computer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
