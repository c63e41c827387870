"""The wires between a device in a slot and its machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from isadma_sim.devices.base import Device, DmaEnd
from isadma_sim.engines.blocks import Block
from isadma_sim.engines.mastering import MIN_CLOCKS, Burst
from isadma_sim.machine.schedule import Event

if TYPE_CHECKING:
    from isadma_sim.machine.world import SlotWorld


class SlotChannel:
    """DRQ and DACK# of one channel, driven by one device (`isadma_sim.devices.base.DmaLine`)."""

    def __init__(self, world: SlotWorld, channel: int) -> None:
        self._world = world
        self.channel = channel

    def dreq(self, level: bool) -> None:
        """Drive the DMA request line."""
        self._world.engine.set_dreq(self.channel, bool(level))

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
        """Let the device drive the bus itself: `isadma_sim.devices.base.Lines.master`."""
        if not self._world.wiring.master:
            raise RuntimeError(f"a {self._world.wiring.title}'s slots have no MASTER#: a bus master needs a PC/AT")
        burst = Burst(self.channel, address, data, to_memory=to_memory, done=done, clocks=clocks, width=width)
        self._world.engine.start_burst(burst)

    def free(self) -> None:
        """Let go of the line; others may have the channel."""
        self.dreq(False)
        self._world.free_dma(self.channel)


class SlotLines:
    """The wires of one attached device (`isadma_sim.devices.base.Lines`)."""

    def __init__(self, world: SlotWorld, device: Device, dma: int | None, irq: int | None) -> None:
        self._world = world
        self._device = device
        self._name = device.name
        self._dma = dma
        self._irq = irq
        self._selects = False  # software chooses the interrupt line, also none

    @property
    def clock(self) -> int:
        """8237 clocks gone by since power-up."""
        return self._world.engine.clocks

    @property
    def clock_hz(self) -> int:
        """Frequency of the 8237 clock in hertz."""
        return self._world.clock_hz

    def irq(self, level: bool) -> None:
        """Drive the interrupt request line."""
        if self._irq is not None:
            self._world.pics.set_irq(self._irq, bool(level))
        elif not self._selects:
            raise RuntimeError(f"{self._name} raises an interrupt and has none: pc.attach(device, irq=...)")

    def dreq(self, level: bool) -> None:
        """Drive the DMA request line."""
        self._world.engine.set_dreq(self._channel(), bool(level))

    def start_block(self, data: bytearray, *, to_host: bool, done: Callable[[int, bool], None]) -> None:
        """Let a block answer the channel's transfers until it is through."""
        self._world.engine.start_block(self._channel(), Block(data, to_host=to_host, done=done))

    def stop_block(self) -> int:
        """Take the block back; returns the bytes moved."""
        return self._world.engine.stop_block(self._channel())

    def take_dma(self, channel: int, end: DmaEnd) -> SlotChannel:
        """Drive a channel that software selected."""
        self._world.take_dma(channel, self._device, end)
        return SlotChannel(self._world, channel)

    def select_irq(self, irq: int | None) -> None:
        """Drive another interrupt line from now on, or none."""
        self._selects = True
        if irq != self._irq:
            self._world.move_irq(self._irq, irq, self._device)
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
        channel = SlotChannel(self._world, self._channel())
        channel.master(address, data, to_memory=to_memory, done=done, clocks=clocks, width=width)

    def _channel(self) -> int:
        if self._dma is None:
            raise RuntimeError(f"{self._name} requests DMA and has no channel: pc.attach(device, dma=...)")
        return self._dma

    def after(self, clocks: int, fn: Callable[[], None]) -> Event:
        """Call `fn` when `clocks` (>= 1) more clocks have gone by."""
        if clocks < 1:
            raise ValueError(f"{self._name} orders a call {clocks!r} clocks from now: the next clock is 1")
        return self._world.schedule.at(self.clock + int(clocks), fn)

    def cancel(self, handle: Any) -> None:
        """Take a call back; None and calls already made are ignored."""
        if handle is not None:
            self._world.schedule.cancel(handle)
