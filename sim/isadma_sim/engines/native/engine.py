"""Engine "native": the board's RTL as C++, compiled at first use."""

from __future__ import annotations

from typing import Any

from amaranth.back import rtlil
from amaranth.hdl import Fragment

from isadma_sim.engines.native.build import engine_library
from isadma_sim.engines.native.library import load
from isadma_sim.engines.native.loop import NativeLoop
from isadma_sim.engines.options import check_board
from isadma_sim.engines.packed import CHIPS, Packed, packed_board
from isadma_sim.machine.engine import World

__all__ = ["board_in_rtlil", "open_engine"]


def board_in_rtlil(packed: Packed) -> str:
    """Return a packed board as the RTLIL module ``board``."""
    # Elaborated here, because the clock that Packed makes must be a port.
    fragment = Fragment.get(packed, None)
    return rtlil.convert(fragment, name="board", ports=[packed.clk, packed.inputs, packed.outputs, packed.probes])


def open_engine(
    world: World, *, board: str = "at", wait_states: int = 1, refresh: bool = False, **options: Any
) -> NativeLoop:
    """Start the native engine, building its library where the cache has none.

    Parameters
    ----------
    world : World
        What surrounds the board.
    board : str
        ``"at"`` or ``"xt"``.
    wait_states : int
        Wait states of every DMA transfer; a PC/XT's refresh has none.
    refresh : bool
        Build the AT with its refresh.
    **options
        Passed on to `NativeLoop`.

    Raises
    ------
    isadma_sim.engines.base.EngineError
        There is no compiler, or it failed.
    """
    check_board(board)
    refresh = refresh and board == "at"  # the PC/XT has its refresh in any case
    library = engine_library(
        lambda: board_in_rtlil(packed_board(board, wait_states, refresh)),
        f"{board} wait_states={wait_states} refresh={refresh}",
        chips=[name for name, _ in CHIPS[board]],
    )
    return NativeLoop(load(library.loads), world, board=board, **options)
