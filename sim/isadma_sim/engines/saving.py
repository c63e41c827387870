"""The state of a bus loop, to be saved and loaded: its lines, its figures, the blocks under way, and its board."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from isadma_sim.engines.stats import Stats

__all__ = ["load_block", "load_loop", "save_loop"]

_LINES = ("clocks", "_in", "_shown", "_out", "_held", "_quiet", "_cpu")
_CYCLE = ("_data", "_strobed")
_BLOCK = ("position", "acknowledged", "moved", "counted")


def save_loop(loop: Any) -> dict[str, Any]:
    """Return the state of a `BusLoop` that stands between two clocks; bytes are text in base 16.

    Raises
    ------
    RuntimeError
        While a card is bus master.
    """
    burst = loop._mastering.burst
    if burst is not None:
        raise RuntimeError(f"the card on DMA channel {burst.channel} is bus master: let clocks go by, and save then")
    blocks = {}
    for channel, block in loop._blocks.running.items():
        parts = {name: int(getattr(block, name)) for name in _BLOCK}
        blocks[str(channel)] = {**parts, "data": block.data.hex(), "to_host": bool(block.to_host)}
    return {
        "lines": {name: int(getattr(loop, name)) for name in _LINES},
        "cycle": {name: int(getattr(loop._cycles, name)) for name in _CYCLE},
        "stats": asdict(loop.stats),
        "blocks": blocks,
        "board": loop.board.save(),
    }


def load_loop(loop: Any, state: dict[str, Any]) -> None:
    """Make a loop what it was; its blocks are begun again by `load_block` before."""
    loop.board.load(state["board"])
    loop.set_stats(Stats(**state["stats"]))
    for name in _LINES:
        setattr(loop, name, state["lines"][name])
    for name in _CYCLE:
        setattr(loop._cycles, name, state["cycle"][name])


def load_block(loop: Any, channel: int, parts: dict[str, Any]) -> None:
    """Let a block, which was just begun anew, go on where it was."""
    block = loop._blocks.running[channel]
    for name in _BLOCK:
        setattr(block, name, parts[name])
