"""The wires between a device in a slot and its machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from isadma_sim.machine.block import Block
from isadma_sim.machine.boards import Wiring
from isadma_sim.machine.burst import MIN_CLOCKS, Burst
from isadma_sim.machine.checks import LONGEST, shown
from isadma_sim.machine.device import Device, DmaEnd
from isadma_sim.machine.engine import Engine
from isadma_sim.machine.portmap import PortEnd, PortMap
from isadma_sim.machine.schedule import Event, Schedule
from isadma_sim.machine.unique import Unique


class Backplane(Protocol):
    """Where the wires of all slots come together.

    Attributes
    ----------
    engine : Engine
        The board.
    clock_hz : int
        Frequency of the 8237 clock in hertz.
    wiring : Wiring
        Which board it is.
    schedule : Schedule
        Calls to come.
    pics : PicPair or PicSingle
        The interrupt controllers.
    ports : PortMap
        Who answers which port.
    blocks_to_resume : dict
        Blocks of a machine that is being loaded, by channel.
    """

    engine: Engine
    clock_hz: int
    wiring: Wiring
    schedule: Schedule
    pics: Any
    ports: PortMap
    blocks_to_resume: dict[str, dict[str, Any]]

    def take_dma(self, channel: int, device: Device, end: DmaEnd) -> None:
        """Give a channel to a device; ValueError when another has it."""
        ...

    def free_dma(self, channel: int) -> None:
        """Take a channel from whoever has it."""
        ...

    def move_irq(self, old: int | None, new: int | None, device: Device) -> None:
        """Give a device another interrupt line; ValueError when another has it."""
        ...


class SlotChannel(Unique):
    """DRQ and DACK# of one channel, driven by one device (`isadma_sim.machine.device.DmaLine`)."""

    def __init__(self, slots: Backplane, channel: int) -> None:
        self._slots = slots
        self.channel = channel

    def dreq(self, level: bool) -> None:
        """Drive the DMA request line."""
        self._slots.engine.set_dreq(self.channel, bool(level))

    def master(
        self,
        address: int,
        data: bytearray,
        *,
        to_memory: bool,
        done: Callable[[int], None],
        clocks: int = MIN_CLOCKS,
        width: int = 2,
    ) -> None:
        """Let the device drive the bus itself: `isadma_sim.machine.device.Lines.master`."""
        if not self._slots.wiring.master:
            raise RuntimeError(f"a {self._slots.wiring.title}'s slots have no MASTER#: a bus master needs a PC/AT")
        burst = Burst(self.channel, address, data, to_memory=to_memory, done=done, clocks=clocks, width=width)
        self._slots.engine.start_burst(burst)

    def free(self) -> None:
        """Let go of the line; others may have the channel."""
        self.dreq(False)
        self._slots.free_dma(self.channel)


class SlotLines(Unique):
    """The wires of one attached device (`isadma_sim.machine.device.Lines`)."""

    def __init__(self, slots: Backplane, device: Device, dma: int | None, irq: int | None) -> None:
        self._slots = slots
        self._device = device
        self._name = device.name
        self._dma = dma
        self._irq = irq
        self._selects = False  # software chooses the interrupt line, also none

    @property
    def clock(self) -> int:
        """8237 clocks gone by since power-up."""
        return self._slots.engine.clocks

    @property
    def clock_hz(self) -> int:
        """Frequency of the 8237 clock in hertz."""
        return self._slots.clock_hz

    @property
    def interrupt(self) -> tuple[int | None, bool]:
        """The interrupt line, and whether software selected it."""
        return self._irq, self._selects

    @interrupt.setter
    def interrupt(self, interrupt: tuple[int | None, bool]) -> None:
        self._irq, self._selects = interrupt

    def irq(self, level: bool) -> None:
        """Drive the interrupt request line."""
        if self._irq is not None:
            self._slots.pics.set_irq(self._irq, bool(level))
        elif not self._selects:
            raise RuntimeError(f"{self._name} raises an interrupt and has none: pc.attach(device, irq=...)")

    def dreq(self, level: bool) -> None:
        """Drive the DMA request line."""
        self._slots.engine.set_dreq(self._channel(), bool(level))

    def start_block(self, data: bytearray, *, to_host: bool, done: Callable[[int, bool], None]) -> None:
        """Let a block answer the channel's transfers until it is through."""
        self._slots.engine.start_block(self._channel(), Block(data, to_host=to_host, done=done))

    def stop_block(self) -> int:
        """Take the block back; returns the bytes moved."""
        return self._slots.engine.stop_block(self._channel())

    def resume_block(self, done: Callable[[int, bool], None]) -> bytearray:
        """Go on with the block of a saved machine."""
        channel = self._channel()
        parts = self._slots.blocks_to_resume.pop(str(channel), None)
        if parts is None:
            raise RuntimeError(f"{self._name} has no block to resume on DMA channel {channel}")
        block = Block(bytearray.fromhex(parts["data"]), to_host=parts["to_host"], done=done)
        self._slots.engine.resume_block(channel, block, parts)
        return block.data

    def take_dma(self, channel: int, end: DmaEnd) -> SlotChannel:
        """Drive a channel that software selected."""
        self._slots.take_dma(channel, self._device, end)
        return SlotChannel(self._slots, channel)

    def select_irq(self, irq: int | None) -> None:
        """Drive another interrupt line from now on, or none."""
        self._selects = True
        if irq != self._irq:
            self._slots.move_irq(self._irq, irq, self._device)
            self._irq = irq

    def master(
        self,
        address: int,
        data: bytearray,
        *,
        to_memory: bool,
        done: Callable[[int], None],
        clocks: int = MIN_CLOCKS,
        width: int = 2,
    ) -> None:
        """Let the device drive the bus itself."""
        channel = SlotChannel(self._slots, self._channel())
        channel.master(address, data, to_memory=to_memory, done=done, clocks=clocks, width=width)

    def _channel(self) -> int:
        if self._dma is None:
            raise RuntimeError(f"{self._name} requests DMA and has no channel: pc.attach(device, dma=...)")
        return self._dma

    def behind(self, port: int) -> PortEnd:
        """Return what the device hides at a port that it was put in front of."""
        return self._slots.ports.behind(self._name, port)

    def after(self, clocks: int, fn: Callable[[], None]) -> Event:
        """Call `fn` when `clocks` (>= 1) more clocks have gone by."""
        if not isinstance(clocks, int | float) or not 1 <= clocks <= LONGEST:
            raise ValueError(f"{self._name} orders a call {shown(clocks)} clocks from now: the next clock is 1")
        return self._slots.schedule.at(self.clock + int(clocks), fn, self._device)

    def cancel(self, handle: Any) -> None:
        """Take a call back; None and calls already made are ignored."""
        if not isinstance(handle, Event | None):
            raise TypeError(f"{self._name} cancels {shown(handle)}: give what `after` returned")
        if handle is not None:
            self._slots.schedule.cancel(handle)
