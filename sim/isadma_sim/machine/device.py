"""What a device on the bus looks like to the machine, and what the machine looks like to a device.

A device owns port numbers, answers reads and writes on them, and hands over or takes data while its DACK is active.
It knows no clock of its own: the `Lines` it gets when attached raise its interrupt and DMA request, tell the time in
8237 clocks and call it back later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from isadma_sim.machine.detached import Detached


class DmaEnd(Protocol):
    """What answers a channel's DACK#: a whole `Device`, or the part of one that a channel of its own belongs to."""

    def dma_read(self) -> int:
        """As `Device.dma_read`."""
        ...

    def dma_write(self, value: int) -> None:
        """As `Device.dma_write`."""
        ...

    def dack(self, active: bool) -> None:
        """As `Device.dack`."""
        ...

    def tc(self) -> None:
        """As `Device.tc`."""
        ...


class DmaLine(Protocol):
    """DRQ and DACK# of a channel that software selected; got from `Lines.take_dma`.

    Attributes
    ----------
    channel : int
        The channel.
    """

    channel: int

    def dreq(self, level: bool) -> None:
        """Drive the channel's DMA request line (True = requesting)."""
        ...

    def master(self, *burst: Any, **options: Any) -> None:
        """As `Lines.master`, on this channel."""
        ...

    def free(self) -> None:
        """Drive the request line no longer, and let others have the channel."""
        ...


class Lines(Protocol):
    """The wires between one attached device and its machine.

    Attributes
    ----------
    clock : int
        8237 clocks gone by since power-up (int, read-only).
    clock_hz : int
        Frequency of that clock in hertz (int, read-only).
    """

    @property
    def clock(self) -> int:
        """8237 clocks gone by since power-up."""
        ...

    @property
    def clock_hz(self) -> int:
        """Frequency of the 8237 clock in hertz."""
        ...

    def irq(self, level: bool) -> None:
        """Drive the device's interrupt request line (True = requesting).

        Raises
        ------
        RuntimeError
            When the device was attached without an interrupt.
        """
        ...

    def dreq(self, level: bool) -> None:
        """Drive the device's DMA request line (True = requesting).

        Lowered, it does not take back a cycle that is under way: the 8237A may have seen the request, and serves and
        counts it. One more call of `dma_read` comes then, or up to two of `dma_write` in demand mode, and what they
        are about must be real: a device that throws its data away keeps the next unit (`isadma_sim.machine.owed`).

        Raises
        ------
        RuntimeError
            When the device was attached without a DMA channel.
        """
        ...

    def start_block(self, data: bytearray, *, to_host: bool, done: Callable[[int, bool], None]) -> None:
        """Let a block of bytes answer for the device on its DMA channel, until it is through.

        DREQ is driven meanwhile, and `dma_read`, `dma_write`, `dack` and `tc` are not called. It says the same to the
        bus as a device that has all of it ready, and costs less.

        Parameters
        ----------
        data : bytearray
            What the device gives (bytes, at least one), or the room for what it takes.
        to_host : bool
            Direction: True when the device gives.
        done : callable
            Called with the number of bytes moved (int) and whether TC ended it (bool), as the last service ends.

        Raises
        ------
        RuntimeError
            When the device has no DMA channel, or a block is under way.
        """
        ...

    def stop_block(self) -> int:
        """Take a block back without calling its `done`; return the bytes moved, 0 when none was under way."""
        ...

    def resume_block(self, done: Callable[[int, bool], None]) -> bytearray:
        """Go on with the block that was under way when the machine was saved; return its data, as `start_block` had it.

        Raises
        ------
        RuntimeError
            When there was none on the device's channel.
        """
        ...

    def take_dma(self, channel: int, end: DmaEnd) -> DmaLine:
        """Drive a channel that software selected, for a card that is wired to several.

        Parameters
        ----------
        channel : int
            0-3 or 5-7.
        end : DmaEnd
            What answers DACK# there.

        Raises
        ------
        ValueError
            When another device drives it; the message names the owner. It leaves through the PC call that selected.
        """
        ...

    def select_irq(self, irq: int | None) -> None:
        """Drive another interrupt line from now on, low at first; None: no line, and `irq` goes nowhere.

        Raises
        ------
        ValueError
            When another device drives it; the message names the owner.
        """
        ...

    def master(
        self,
        address: int,
        data: bytearray,
        *,
        to_memory: bool,
        done: Callable[[int], None],
        clocks: int = 2,
        width: int = 2,
    ) -> None:
        """Pull MASTER# low and move a stretch of memory, from the next clock on: the device is a bus master.

        It asks with `dreq`, and may call this once `dack` has said True. The channel must be in cascade mode: if the
        board drives the bus itself, nothing is moved, and the conflict is counted in `Stats.conflicts`.

        Parameters
        ----------
        address : int
            Physical address of the first byte, 0..FFFFFFh; A0-A23 wrap.
        data : bytearray
            What goes to memory, or the room for what is read; at least one byte.
        to_memory : bool
            Direction: True writes memory.
        done : callable
            Called with the number of bytes moved (int) in the clock after the last cycle; fewer than asked for when the
            bus was not granted or was taken away. It may start the next burst at once. If it does not, MASTER# is
            released, and the device drops its DREQ from the next clock on.
        clocks : int
            8237 clocks of one memory cycle, from 2 on.
        width : int
            2 for words where they fit, 1 for bytes.

        Raises
        ------
        RuntimeError
            When the device has no DMA channel, or a burst is under way.
        ValueError
            For no bytes, an address of more than 24 bits, too few clocks.
        """
        ...

    def behind(self, port: int) -> Any:
        """Return what the device hides at a port it was put in front of: call its `io_read(port)`, `io_write`.

        Raises
        ------
        RuntimeError
            When there is no card or chip behind it; what the board itself decodes cannot be reached.
        """
        ...

    def after(self, clocks: int, fn: Callable[[], None]) -> Any:
        """Call `fn` when `clocks` more clocks (>= 1) have gone by, and return a handle for `cancel`."""
        ...

    def cancel(self, handle: Any) -> None:
        """Take back a call ordered with `after`; one that has already happened is ignored."""
        ...


class Device:
    """A device on the ISA bus; override what it does.

    The machine calls these methods in the course of bus cycles. They may call `lines`, but never the PC: a device
    sees wires, not the machine. An exception leaves through the PC call that ran the clock.

    Attributes
    ----------
    name : str
        What messages call it ("floppy").
    ports : iterable of int
        I/O ports it decodes, each 0..FFFFh; fixed once attached.
    lines : Lines
        Set when it is attached.
    output_files : sequence of Path
        Files that `close` will write: they are tried when it is attached.
    """

    name: str = "device"
    ports: Iterable[int] = ()
    lines: Lines = Detached()
    output_files: Sequence[Path] = ()

    def reset(self) -> None:
        """Bus RESET: called once when attached, and at every machine reset."""

    def close(self) -> None:
        """Let go of files and the like: called once, when the machine is closed. The lines are gone by then."""

    def save_state(self) -> Any:
        """Return the device's state in JSON's values (`PC.save`); a class without it cannot be saved."""
        raise NotImplementedError

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned, in a new device that was just attached and reset.

        Calls it had ordered are ordered again, and a block that was under way goes on with ``lines.resume_block``;
        the levels of its lines come back by themselves.
        """
        raise NotImplementedError

    def io_read(self, port: int) -> int:
        """Answer a CPU read of one of `ports`: a byte, 0..FFh."""
        return 0xFF

    def io_write(self, port: int, value: int) -> None:
        """Take a byte the CPU writes to one of `ports`, at the trailing edge of IOW#."""

    def dma_read(self) -> int:
        """Drive data while DACK# and IOR# are low: a byte on channels 0-3, a word on 5-7.

        Called once per transfer, at the leading edge of IOR#.
        """
        return 0xFF

    def dma_write(self, value: int) -> None:
        """Take data at the trailing edge of IOW# under DACK#: a byte on channels 0-3, a word on 5-7."""

    def dack(self, active: bool) -> None:
        """DACK# changed: it frames every service, verify services too, which have no strobe."""

    def tc(self) -> None:
        """Terminal count pulsed while this device's DACK# is low.

        Called once per pulse, at its trailing edge: after `dma_read` or `dma_write` of the last transfer, and while
        DACK# is still active.
        """
