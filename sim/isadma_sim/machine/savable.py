"""A processor's machine that can be saved and loaded: the whole state between two of its calls, in a file's bytes."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from isadma_sim.machine.cards import calls_of_its_own, is_taken_apart, load_cards, save_cards
from isadma_sim.machine.checks import shown
from isadma_sim.machine.device import Device
from isadma_sim.machine.processor import Processor
from isadma_sim.machine.world import SlotWorld

__all__ = ["Savable"]

_FORMAT = 2
_MACHINE, _MEMORY = "machine.json", "memory.bin"


class Savable(Processor):
    """A `Processor` whose state can be kept.

    Parameters
    ----------
    world : SlotWorld
        Everything around the board.
    options : dict
        What makes another one of the same kind, by the parameters of its class; JSON's values.
    """

    def __init__(self, world: SlotWorld, options: dict[str, Any]) -> None:
        super().__init__(world)
        self._options = options

    def save(self) -> bytes:
        """Return the whole state: board, memory and ROM, timer, 8259As, cards, statistics. `load` goes on from there.

        Not kept are waveforms, traces, the functions given to `on_irq` and `on_dma`, and an account (`charge`).

        Returns
        -------
        bytes
            A ZIP archive: ``machine.json`` and ``memory.bin``.

        Raises
        ------
        RuntimeError
            When a card cannot be saved, or the engine cannot; the line names it.
        """
        engine, world = self._running(), self._world
        with engine.turn.signals:
            cards = []
            for device in world.devices:
                try:
                    state = None if is_taken_apart(device) else device.save_state()
                except NotImplementedError:
                    raise RuntimeError(
                        f"{device.name} cannot be saved: its class has no save_state() and load_state()"
                    ) from None
                cards.append({"name": device.name, "slot": world.slot_of(device), "state": state})
            saved = engine.save()
            machine = {
                "format": _FORMAT,
                "options": self._options,
                "engine": saved,
                "cards": cards,
                "taken apart": save_cards(world, engine),
                "calls": calls_of_its_own(world),
                "pics": world.pics.save_state(),
                "int_since": world.int_since,
                "interrupts": self._interrupts.save(),
                "rom": world.guard.regions(),
            }
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for name, content in ((_MACHINE, json.dumps(machine).encode()), (_MEMORY, bytes(world.memory))):
                    entry = zipfile.ZipInfo(name)  # of no date: the same state is the same bytes
                    archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=1)
            return out.getvalue()

    @classmethod
    def load(
        cls, saved: bytes, *, cards: Sequence[Device] = (), memory: Any = None, floppy: str | Path | None = None
    ) -> Self:
        """Make a machine that goes on where another one was saved: same engine, same options, same clock.

        Files are opened anew, and must be what they were: an image has the bytes that it had.

        Parameters
        ----------
        saved : bytes
            What `save` returned, in this process or another.
        cards : sequence of Device
            For each card that was attached a new one of its class, in the order they were attached.
        memory : buffer or None
            Where the memory is to be; None: its own.
        floppy : str, Path or None
            Where the image of the disk in drive A is now; None: where it was.

        Raises
        ------
        ValueError
            When these bytes are no saved machine, or the cards, the memory or a disk do not fit it.
        RuntimeError
            When a card does not take up what it had begun.
        """
        machine, content = _opened(saved)
        options = machine["options"] | {"post": False}  # what it did is in the state
        if floppy is not None:
            options["floppy"] = str(floppy)
        make: Any = cls
        pc: Self = make(**options, memory=len(content) if memory is None else memory)
        try:
            pc._put_back(machine, content, cards)
        except BaseException as error:
            pc.close()
            if isinstance(error, KeyError | TypeError | AttributeError | IndexError | OverflowError):
                raise ValueError(f"this is no saved machine: {error!r}") from None
            raise
        pc._options = machine["options"]
        pc._makes_post = machine["options"].get("post", True)
        return pc

    def close(self) -> None:
        """Let go of the engine and of every device."""
        raise NotImplementedError

    _makes_post: bool

    def _put_back(self, machine: dict[str, Any], content: bytes, cards: Sequence[Device]) -> None:
        engine, world = self._engine, self._world
        if len(content) != len(world.memory):
            raise ValueError(f"memory of {len(world.memory)} bytes for a saved machine with {len(content)}")
        with engine.turn.signals:
            world.plug_in(machine["cards"], cards)
            progress, apart = machine["engine"], machine["taken apart"]
            blocks = progress["blocks"].items()
            world.blocks_to_resume = {channel: block for channel, block in blocks if channel not in apart["blocks"]}
            engine.clocks = progress["lines"]["clocks"]
            for device, card in zip(world.devices, machine["cards"], strict=True):
                if not is_taken_apart(device):
                    device.load_state(card["state"])
            load_cards(world, engine, apart, progress)
            if world.blocks_to_resume:
                channel = next(iter(world.blocks_to_resume))
                raise RuntimeError(f"the block on DMA channel {channel} was not taken up: call lines.resume_block")
            ordered = calls_of_its_own(world)
            if ordered != machine["calls"]:
                raise RuntimeError(f"{ordered} calls are ordered, {machine['calls']} were: see load_state()")
            world.memory[:] = content
            for start, end in machine["rom"]:
                world.guard.protect(start, end)
            world.pics.load_state(machine["pics"])
            engine.int_since = machine["int_since"]
            self._interrupts.load(machine["interrupts"])
            engine.load(machine["engine"])


def _opened(saved: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(saved)) as archive:
            machine, content = json.loads(archive.read(_MACHINE)), archive.read(_MEMORY)
        if machine["format"] != _FORMAT:
            raise ValueError(f"this machine was saved in format {shown(machine['format'])}: this version has {_FORMAT}")
        return machine, content
    except (
        zipfile.BadZipFile,
        zlib.error,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        EOFError,
        NotImplementedError,
        json.JSONDecodeError,
    ) as error:
        raise ValueError(f"this is no saved machine: {shown(error)}") from None
