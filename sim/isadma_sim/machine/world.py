"""Everything around the board: memory, interrupt controllers, the slots and what is plugged into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from isadma_sim.machine.boards import AT, Wiring
from isadma_sim.machine.checks import shown
from isadma_sim.machine.detached import Detached
from isadma_sim.machine.device import Device, DmaEnd
from isadma_sim.machine.engine import Engine
from isadma_sim.machine.interrupt_controllers import PicPair, PicSingle
from isadma_sim.machine.memory import FLOATING, Memory
from isadma_sim.machine.outputs import try_output
from isadma_sim.machine.portmap import PortMap
from isadma_sim.machine.schedule import Schedule
from isadma_sim.machine.slotlines import SlotLines
from isadma_sim.machine.unique import Unique


class SlotWorld(Unique):
    """What an engine finds around the board (`isadma_sim.machine.engine.World`), and where devices are plugged in.

    Parameters
    ----------
    memory : Memory
        Physical memory.
    clock_hz : int
        Frequency of the 8237 clock, for devices that count in seconds.
    wiring : Wiring
        Which board it is around.
    whole_ports : bool
        The board's chips decode all 16 address lines of I/O.
    """

    engine: Engine  # set by the PC: engine and world need one another

    def __init__(self, memory: Memory, clock_hz: int, wiring: Wiring = AT, *, whole_ports: bool = False) -> None:
        self.memory = memory.raw
        self.guard = memory.guard
        self.clock_hz = clock_hz
        self.wiring = wiring
        self.schedule = Schedule()
        #: Tells the engine to come back at the end of the clock.
        self.stop = False
        #: Whether INT is to stop the engine: someone waits for an interrupt.
        self.watch_int = False
        self.pics: Any = PicPair(self._on_int) if wiring is AT else PicSingle(self._on_int)
        self.devices: list[Device] = []
        self._slots: dict[int, dict[str, Any]] = {}  # how each was attached, by its identity
        #: Blocks of a machine that is being loaded, by channel, until their cards take them up.
        self.blocks_to_resume: dict[str, dict[str, Any]] = {}
        #: Who answers which port.
        self.ports = PortMap(wiring, self.pics, whole=whole_ports)
        self._dma: list[Device | None] = [None] * 8
        self._ends: list[DmaEnd | None] = [None] * 8
        self._irqs: dict[int, Device] = {}

    def use(self, engine: Engine) -> None:
        """Take the engine, and the interrupt controllers that it brings, before anything is attached."""
        self.engine = engine
        own = engine.own_pics(type(self.pics), self._on_int)
        if own is not None:
            self.pics = own
            self.ports = PortMap(self.wiring, own, whole=self.ports.whole)

    @property
    def int_since(self) -> int:
        """Clock at which INT rose last."""
        return self.engine.int_since

    def _on_int(self, high: bool) -> None:
        if high:
            self.engine.int_since = self.engine.clocks
            self.stop = self.stop or self.watch_int

    # ---------------------------------------------------------------- slots
    def attach(
        self, device: Device, dma: int | None, irq: int | None, *, share: bool = False, front: bool = False
    ) -> None:
        """Plug a device in, or raise ValueError naming what is in its way and change nothing."""
        if not isinstance(device, Device):
            raise TypeError(f"attach({shown(device)}): give a Device")
        name = device.name
        if any(other is device for other in self.devices):
            raise ValueError(f"{name} is attached already")
        if dma is not None:
            self.check_dma(dma, name)
        if irq is not None:
            self.check_irq(irq, name)
        kept = self.ports.copy()
        self.ports.add(device, list(device.ports), share=share, front=front)
        try:
            for path in device.output_files:
                try_output(path)
        except BaseException:
            self.ports.restore(kept)
            raise
        if dma is not None:
            self.take_dma(dma, device, device)
        if irq is not None:
            self._irqs[irq] = device
        self.devices.append(device)
        self._slots[id(device)] = {"dma": dma, "irq": irq, "share": share, "front": front}
        device.lines = SlotLines(self, device, dma, irq)
        try:
            device.reset()  # a card without jumpers takes channels and a line here
        except BaseException:
            self._detach(device)
            self.ports.restore(kept)
            raise

    def _detach(self, device: Device) -> None:
        for channel in self.wiring.channels:
            if self._dma[channel] is device:
                self.engine.set_dreq(channel, False)
                self.free_dma(channel)
                self._ends[channel] = None
        self._irqs = {irq: owner for irq, owner in self._irqs.items() if owner is not device}
        self.devices.remove(device)
        device.lines = Detached()

    def slot_of(self, device: Device) -> dict[str, Any]:
        """Return how a device was attached: the arguments of `attach`."""
        return self._slots[id(device)]

    def plug_in(self, saved: Sequence[dict[str, Any]], cards: Sequence[Device]) -> None:
        """Attach cards to the slots of a saved machine; ValueError when they are others."""
        slots = saved[len(self.devices) :]
        names = [slot["name"] for slot in slots]
        if [card.name for card in cards] != names:
            got = ", ".join(card.name for card in cards) or "none"
            raise ValueError(f"load(cards=...) got {got}: the saved machine has {', '.join(names) or 'none'}")
        for slot, card in zip(slots, cards, strict=True):
            self.attach(card, **slot["slot"])

    def routes(self) -> list[tuple[int | None, DmaEnd | None]]:
        """Return who has each channel, by its number in `devices`, and what answers there."""
        numbers = {id(device): number for number, device in enumerate(self.devices)}
        owners = [None if owner is None else numbers[id(owner)] for owner in self._dma]
        return list(zip(owners, self._ends, strict=True))

    def route(self, routes: Sequence[tuple[int | None, Any]], interrupts: Sequence[tuple[int | None, bool]]) -> None:
        """Give the channels as `routes` had them, and the interrupt lines as the devices' lines had them."""
        self._dma = [None if owner is None else self.devices[owner] for owner, _ in routes]
        self._ends = [end for _, end in routes]
        for channel, end in enumerate(self._ends):
            if end is not None:
                self.engine.set_answered(channel)
        self._irqs = {}
        for device, interrupt in zip(self.devices, interrupts, strict=True):
            lines: Any = device.lines
            lines.interrupt = interrupt
            if interrupt[0] is not None:
                self._irqs[interrupt[0]] = device

    def check_dma(self, channel: int, name: str) -> None:
        """Raise ValueError unless a device may have a channel."""
        if not isinstance(channel, int) or channel not in self.wiring.channels:
            there = f"{', '.join(map(str, self.wiring.channels))} ({self.wiring.channels_note})"
            raise ValueError(f"dma {shown(channel)} for {name}: channels are {there}")
        owner = self._dma[channel]
        if owner is not None:
            raise ValueError(f"DMA channel {channel} for {name} is taken by {owner.name}: use a free channel")

    def check_irq(self, irq: int, name: str) -> None:
        """Raise ValueError unless a device may have an interrupt line."""
        if not isinstance(irq, int) or irq not in self.wiring.irqs:
            raise ValueError(f"irq {shown(irq)} for {name}: lines are {self.wiring.irqs_note}")
        if irq in self._irqs:
            raise ValueError(f"IRQ {irq} for {name} is taken by {self._irqs[irq].name}: use a free line")

    def take_dma(self, channel: int, device: Device, end: DmaEnd) -> None:
        """Give a channel to a device; `end` answers there."""
        if self._dma[channel % 8] is not device:
            self.check_dma(channel, device.name)
        self._dma[channel] = device
        self._ends[channel] = end
        self.engine.set_answered(channel)

    def free_dma(self, channel: int) -> None:
        """Take a channel from whoever has it; a cycle that was asked for before is still answered."""
        self._dma[channel] = None

    def move_irq(self, old: int | None, new: int | None, device: Device) -> None:
        """Give a device another interrupt line; both are low then."""
        if new is not None:
            self.check_irq(new, device.name)
            self._irqs[new] = device
            self.pics.set_irq(new, False)
        if old is not None:
            self.pics.set_irq(old, False)
            del self._irqs[old]

    def slots(self) -> list[tuple[str, int | None]]:
        """Names and DMA channels of what is attached, a line for each channel."""
        found: list[tuple[str, int | None]] = []
        for device in self.devices:
            channels = [channel for channel in self.wiring.channels if self._dma[channel] is device]
            found += [(device.name, channel) for channel in channels or (None,)]
        return found

    def parts(self) -> Iterator[Callable[[], None]]:
        """Unplug every device, and give what closes it: the machine is being closed."""
        while self.devices:
            device = self.devices.pop()
            device.lines = Detached()
            yield device.close
        self.ports.clear()
        self._irqs = {}
        self._dma, self._ends = [None] * 8, [None] * 8
        self.schedule = Schedule()
        self.memory = memoryview(bytearray())

    # ---------------------------------------------------------------- the bus (machine.engine.World)
    def port_kind(self, port: int) -> int:
        """Return who takes part in an access to this port: `isadma_sim.machine.portmap`."""
        return self.ports.kinds[port]

    def io_claimed(self, port: int) -> bool:
        """Whether a device or an 8259A answers this port."""
        return port in self.ports.ends

    def io_hidden(self, port: int) -> bool:
        """Whether the board does not see the strobes of accesses to this port."""
        return self.ports.hidden(port)

    def io_read(self, port: int) -> int:
        """Read a claimed port."""
        return self.ports.read(port)

    def io_write(self, port: int, value: int) -> None:
        """Write a claimed port."""
        self.ports.ends[port].io_write(port, value)

    def dma_read(self, channel: int) -> int:
        """Fetch what the channel's device drives; all ones without a device."""
        device, end = self._dma[channel], self._ends[channel]
        largest = 0xFF if channel < 4 else 0xFFFF
        if end is None:
            return FLOATING * 0x101 & largest
        return _checked(device, end.dma_read(), largest, f"DMA channel {channel}")

    def dma_write(self, channel: int, value: int) -> None:
        """Hand data to the channel's device."""
        end = self._ends[channel]
        if end is not None:
            end.dma_write(value)

    def dack(self, channel: int, active: bool) -> None:
        """Tell the channel's device that DACK# changed."""
        end = self._ends[channel]
        if end is not None:
            end.dack(active)

    def tc(self, channel: int) -> None:
        """Tell the channel's device of its terminal count."""
        end = self._ends[channel]
        if end is not None:
            end.tc()


def _checked(device: Device | None, value: int, largest: int, where: str) -> int:
    """Return what a device drives as a plain int, whatever enumeration or flag it has for it."""
    if not isinstance(value, int) or not 0 <= value <= largest:
        name = "a device that is gone" if device is None else device.name
        raise ValueError(f"{name} gave {value!r} on {where}: it must be 0..{largest:X}h")
    return int(value)
