"""The cards of a machine, saved and loaded: their state, the calls they have ordered, and their blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isadma_sim.machine.block import Block
from isadma_sim.machine.device import Device
from isadma_sim.machine.functions import is_ours
from isadma_sim.machine.putback import PutBack
from isadma_sim.machine.schedule import Event
from isadma_sim.machine.slotlines import SlotChannel
from isadma_sim.machine.takedown import TakeDown
from isadma_sim.machine.world import SlotWorld

__all__ = ["calls_of_its_own", "is_taken_apart", "load_cards", "save_cards"]


def is_taken_apart(device: Device) -> bool:
    """Whether it is one of this package's, that has no way of its own to be saved."""
    return is_ours(type(device)) and type(device).save_state is Device.save_state


def calls_of_its_own(world: SlotWorld) -> int:
    """Return how many calls are ordered by cards that order them again themselves."""
    return sum(not is_taken_apart(_device(event)) for event in world.schedule.pending())


def _device(event: Event) -> Device:
    assert isinstance(event.owner, Device)
    return event.owner


def save_cards(world: SlotWorld, engine: Any) -> dict[str, Any]:
    """Return all about the cards that is not in `Device.save_state`, in JSON's values.

    Raises
    ------
    RuntimeError
        When a card has something that cannot be saved.
    """
    apart = [is_taken_apart(device) for device in world.devices]
    events = [event for event in world.schedule.pending() if is_taken_apart(_device(event))]
    down = TakeDown([device.lines for device in world.devices], events)
    routes = world.routes()

    def of_ours(channel: int) -> bool:
        owner = routes[channel][0]
        return owner is not None and apart[owner]

    models = [
        [number, down(device, device.name)]
        for number, (device, taken) in enumerate(zip(world.devices, apart, strict=True))
        if taken
    ]
    lines: list[Any] = [device.lines for device in world.devices]
    return {
        "models": models,
        "events": [
            [event.clock, world.devices.index(_device(event)), down(event.fn, f"a call of {_device(event).name}")]
            for event in events
        ],
        "blocks": {
            str(channel): [down(block.data, "a block"), down(block.done, "the end of a block")]
            for channel, block in engine.blocks.items()
            if of_ours(channel)
        },
        "routes": [
            [owner, None if owner is None or not apart[owner] else down(end, f"DMA channel {channel}")]
            for channel, (owner, end) in enumerate(routes)
        ],
        "interrupts": [list(wires.interrupt) for wires in lines],
    }


def load_cards(world: SlotWorld, engine: Any, saved: dict[str, Any], progress: dict[str, Any]) -> None:
    """Make the cards, which were just attached and reset, what they were.

    Parameters
    ----------
    world, engine
        The machine they are in.
    saved : dict
        What `save_cards` returned.
    progress : dict
        What the engine had saved: how far blocks are.

    Raises
    ------
    ValueError
        When a medium is another than it was.
    KeyError, TypeError, AttributeError
        When that is no state of these cards.
    """
    for event in world.schedule.pending():  # of their reset
        if is_taken_apart(_device(event)):
            world.schedule.cancel(event)
    events = [Event(clock, 0, None, world.devices[owner]) for clock, owner, _ in saved["events"]]
    up = PutBack([device.lines for device in world.devices], lambda channel: SlotChannel(world, channel), events)
    for number, model in saved["models"]:
        up(model, world.devices[number])
    for event, (_, _, function) in zip(events, saved["events"], strict=True):
        event.fn = up(function)
        world.schedule.put(event)
    for channel, (data, done) in saved["blocks"].items():
        parts = progress["blocks"][channel]
        engine.resume_block(int(channel), Block(up(data), to_host=parts["to_host"], done=up(done)), parts)
    ends = [end for _, end in world.routes()]
    world.route(_routes(world, saved["routes"], ends, up), [(irq, selects) for irq, selects in saved["interrupts"]])


def _routes(world: SlotWorld, saved: Sequence[Any], ends: Sequence[Any], up: PutBack) -> list[tuple[int | None, Any]]:
    """Return who has each channel; what answers for a card with its own way to be saved is there already."""
    return [(owner, ends[channel] if end is None else up(end)) for channel, (owner, end) in enumerate(saved)]
