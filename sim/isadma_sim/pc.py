"""PC: board, memory, interrupt controllers and devices put together; the one class a user meets first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from isadma_sim.devices.floppy import DMA as FLOPPY_DMA
from isadma_sim.devices.floppy import IRQ as FLOPPY_IRQ
from isadma_sim.devices.floppy import Drive, FloppyController, Image
from isadma_sim.devices.floppy.regs import Speed
from isadma_sim.devices.timer import fit_timer
from isadma_sim.engines.base import default_engine, open_engine
from isadma_sim.machine import firmware
from isadma_sim.machine.boards import wiring_of
from isadma_sim.machine.checks import as_flag, shown
from isadma_sim.machine.closing import close_all, note_of
from isadma_sim.machine.device import Device
from isadma_sim.machine.trace import Trace
from isadma_sim.machine.world import SlotWorld
from isadma_sim.timeline.recorded import Recorded

if TYPE_CHECKING:
    from isadma_sim.waves.dump import Waves

#: RESET lasts this many clocks; the data sheet asks for 300 ns, and for two clocks before the first access.
RESET_CLOCKS = 4


class PC(Recorded):
    """A PC around the DMA subsystem. Every call is synchronous, and nothing waits without a bound.

    Parameters
    ----------
    engine : str or None
        What runs the board: ``"native"`` (the RTL, compiled), ``"amaranth"`` (the RTL in Amaranth's simulator) or
        ``"reference"`` (the Python model). None: native where there is a C++ compiler, else amaranth.
        Both give the same bytes and clock counts.
    board : str
        ``"at"``, or ``"xt"``: one 8237A and one 8259A, 1 MiB, channel 0 refreshes memory.
    refresh : bool
        Whether POST turns memory refresh on: the timer's counter 1 asks for a cycle each 15.09 µs. An AT without it
        is built without the refresh logic, and counter 1 is a counter like any other. It costs bus clocks, and
        simulation time: idle clocks can be skipped only from one refresh to the next.
    floppy : str, Path or None
        Disk image in drive A of a floppy controller at 3F0h-3F7h, DMA 2, IRQ 6.
    write_protect : bool
        Whether that disk refuses to be written; a file without write permission always does.
    floppy_speed : str
        ``"real"``, or ``"full"``: no rotation, no steps, no waiting for the next byte.
    clock_hz : int or None
        CLK of the 8237As in hertz. None: 4 MHz, as in an 8 MHz AT; 4.772727 MHz on a PC/XT.
    memory : int, buffer or None
        Bytes of memory, 16 MiB unless told. The bus has 24 address lines: no DMA reaches what lies above 16 MiB. A
        PC/XT has 20 lines, and 1 MiB at most and unless told. Or the memory itself: any writable buffer (bytearray,
        memoryview, mmap, array, NumPy or ctypes array), which is used as it is, on every engine.
    post : bool
        Whether the power-on self test's port writes are made, also after `reset`. A BIOS of your own makes them.
    decode : int
        Address lines that the board's chips decode for I/O: 10, as the real ones do (ports repeat each 400h), or 16.
    skip_idle : bool
        Jump over clocks in which nothing can happen. It changes no clock count.
    hlda_delay : int
        Clocks from HRQ to HLDA when the CPU is off the bus, at least 1.
    **engine_options
        What only some engines know: `wait_states` (all: of every DMA transfer, 1 on an AT), `bus_timeout` (clocks the
        CPU waits for the bus).

    Raises
    ------
    ValueError
        For a bad parameter.
    EngineError
        When there is no such engine.

    Examples
    --------
    >>> with PC(engine="reference") as pc:
    ...     pc.outb(0x87, 0x12)
    ...     pc.inb(0x87)
    18
    """

    def __init__(
        self,
        engine: str | None = None,
        *,
        board: str = "at",
        floppy: str | Path | None = None,
        write_protect: bool = False,
        floppy_speed: Speed = "real",
        refresh: bool = False,
        clock_hz: int | None = None,
        memory: Any = None,
        post: bool = True,
        decode: int = 10,
        skip_idle: bool = True,
        hlda_delay: int = 1,
        **engine_options: Any,
    ) -> None:
        engine = engine or default_engine()
        wiring = wiring_of(board)
        clock_hz = wiring.checked_clock(clock_hz)
        self.memory = wiring.checked_memory(memory)
        #: Name of the board.
        self.board = board
        self._refresh = as_flag("refresh", refresh)
        as_flag("skip_idle", skip_idle)
        as_flag("write_protect", write_protect)
        self._makes_post = as_flag("post", post)
        if decode not in (10, 16):
            raise ValueError(f"decode={shown(decode)}: the board decodes 10 address lines of I/O, or 16")
        # The image comes first: a wrong one is told before an engine is built for it.
        self._disk = None if floppy is None else Image.open(floppy, write_protect)
        world = SlotWorld(self.memory, clock_hz, wiring, whole_ports=decode == 16)
        try:
            built = {"refresh": refresh, "skip_idle": skip_idle, "hlda_delay": hlda_delay}
            world.use(open_engine(engine, world, board=board, **built, **engine_options))
        except BaseException:
            if self._disk is not None:
                self._disk.close()
            close_all(world.parts())
            raise
        kind = {"engine": engine, "board": board, "refresh": refresh, "clock_hz": clock_hz, "post": post}
        if self._disk is not None:
            kind |= {"floppy": str(floppy), "write_protect": write_protect, "floppy_speed": floppy_speed}
        kind |= {"decode": decode, "skip_idle": skip_idle, "hlda_delay": hlda_delay, **engine_options}
        super().__init__(world, kind)
        self._waves: Waves | None = None
        try:
            #: The 8254 (8253 on a PC/XT): `isadma_sim.devices.timer.Timer`.
            self.timer = fit_timer(self._world, refresh=refresh)
            self._begin_recording()
            self._reset_board()
            self._post()
            #: The controller of drive A, when `floppy` was given: disks are ejected and inserted while the PC runs.
            self.floppy: FloppyController | None = None
            if self._disk is not None:
                drive = Drive.for_image(self._disk)
                drive.adopt()
                self.floppy = FloppyController([drive], speed=floppy_speed)
                self.attach(self.floppy, dma=FLOPPY_DMA, irq=FLOPPY_IRQ)
        except BaseException:
            self.close()
            raise

    def _reset_board(self) -> None:
        self._engine.set_reset(True)
        self.run(clocks=RESET_CLOCKS)
        self._engine.set_reset(False)
        self.run(clocks=RESET_CLOCKS)

    def _post(self) -> None:
        if self._makes_post:
            firmware.post(self.outb, self.board, refresh=self._refresh)

    def reset(self) -> None:
        """Press the reset button: RESET to the board and every device, then POST. Memory and clocks go on."""
        with self._running().turn.signals:
            self._interrupts.forget()
            self._reset_board()
            for device in self._world.devices:
                device.reset()
            self._post()

    # ---------------------------------------------------------------- devices and views
    def attach(
        self,
        device: Device,
        *,
        dma: int | None = None,
        irq: int | None = None,
        share: bool = False,
        front: bool = False,
    ) -> None:
        """Plug a device in: its ports, a DMA channel (AT 0-3, 5-7; XT 1-3) and an IRQ (AT 1, 3-15; XT 1-7).

        Then reset it.

        Parameters
        ----------
        device : Device
            The card.
        dma, irq : int or None
            Its channel and its line.
        share : bool
            Its ports may be others' too: all take what is written, and of what is read a line is low where one drives
            it low. Where the board itself (8237As, page registers) answers a read, that is what is read.
        front : bool
            Its ports may be others', which do not see the processor's accesses any more: the card answers in their
            place, and may ask them (``lines.behind(port)``).

        Raises
        ------
        ValueError
            When a port, the channel or the line belongs to someone else; the message names the owner.
        """
        if as_flag("share", share) and as_flag("front", front):
            raise ValueError("share=True, front=True: a card shares a port or is in front of it, one of them")
        with self._running().turn.signals:
            self._world.attach(device, dma, irq, share=share, front=front)

    def waves(self, path: str | Path | None, **options: Any) -> Waves | None:
        """Dump what follows to `path`, with a GTKWave save file beside it; None, or the end of a `with` block, ends it.

        Parameters
        ----------
        path : str, Path or None
            The file; its ending is the format: ``.vcd`` or ``.fst``.
        **options
            `first`, `last` (clocks) and `limit` (bytes) of `isadma_sim.waves.dump.Waves`.

        Returns
        -------
        Waves or None
            The dump being written.

        Raises
        ------
        ValueError, OSError
            For a file of another ending; when one cannot be written.
        """
        from isadma_sim.waves.dump import Waves  # only a dump pays for its libraries

        engine = self._running()
        if self._waves is not None:
            engine.observe(None)
            old, self._waves = self._waves, None
            old.close()
        if path is not None:
            self._waves = Waves(
                path,
                probes=engine.probes,
                clock_hz=self.clock_hz,
                start=self.clocks,
                devices=self._world.slots(),
                irq=self._world.pics.snapshot,
                **options,
            )
            self._waves.leave = lambda: self.waves(None)
            engine.observe(self._waves)
        return self._waves

    def trace(self, limit: int = 100_000) -> Trace:
        """Record bus cycles from now on; returns the log, which keeps the last `limit` of them."""
        log = Trace(limit)
        self._running().trace(log)
        return log

    # ---------------------------------------------------------------- life
    def close(self) -> None:
        """Finish the waveform and let go of the engine and of every device; calling it again does nothing.

        Everything is closed whatever fails: the first error is raised then, the others are notes of it.

        Raises
        ------
        RuntimeError
            When a device's callback calls it, or another thread while clocks go by.
        OSError
            When a file could not be written to its end.
        """
        if self._closed:
            return
        self._engine.turn.take_over()
        with self._engine.turn.signals:
            self._closed = True
            close_all(self._parts())

    def _parts(self) -> Iterator[Callable[[], None]]:
        """Close what a PC has, in this order; nothing of it holds the PC or its memory afterwards."""
        if self._waves is not None:
            yield self._waves.close
        if self._recorder is not None:
            yield self._end_recording
        yield from self._world.parts()
        yield self._engine.close
        if self._disk is not None:
            yield self._disk.close
        yield self._let_go
        yield self.memory.release

    def __enter__(self) -> PC:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            self.close()
        except Exception as late:
            if error is None:
                raise
            error.add_note(note_of(late))  # what went wrong first is what the program must see
