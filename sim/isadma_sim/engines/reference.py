"""Engine "reference": the golden model of chip and board, in plain Python; no Amaranth, no compiler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isadma_sim.engines.board import Probe
from isadma_sim.engines.busloop import BusLoop
from isadma_sim.engines.options import check_board
from isadma_sim.engines.pins import In
from isadma_sim.engines.states import STATE_CODES, STATE_NAMES
from isadma_sim.machine.engine import World
from isadma_sim.machine.plain import put_back, take_down
from isadma_sim.reference import AtBoard, BoardInputs, XtBoard


class ReferenceBoard:
    """`AtBoard` or `XtBoard` by packed pins (`isadma_sim.engines.board.Board`)."""

    def __init__(self, board: AtBoard | XtBoard) -> None:
        self._board = board
        chips = ("dma",) if isinstance(board, XtBoard) else ("dma1", "dma2")
        self.probes: Sequence[Probe] = [Probe(f"{chip}.state", 5, STATE_NAMES) for chip in chips]
        self._pins = BoardInputs()
        self._word = -1

    def _set(self, word: int) -> None:
        self._word = word
        pins = self._pins
        pins.ior_n, pins.iow_n, pins.memr_n, pins.memw_n = word & 1, word >> 1 & 1, word >> 2 & 1, word >> 3 & 1
        pins.hlda, pins.reset, pins.iochrdy, pins.master_n = word >> 4 & 1, word >> 5 & 1, word >> 6 & 1, word >> 7 & 1
        pins.drq = word >> In.DRQ.low & 0xFF
        pins.a = word >> In.A.low & 0xFFFFFF
        pins.d = word >> In.D.low & 0xFFFF
        pins.sbhe_n = word >> In.SBHE_N.low & 1
        pins.out1 = word >> In.OUT1.low & 1

    def drive(self, inputs: int) -> int:
        """Set this clock's inputs, and pack what the board shows."""
        if inputs != self._word:
            self._set(inputs)
        out = self._board.outputs(self._pins)
        return (
            out.memr_n
            | out.memw_n << 1
            | out.ior_n << 2
            | out.iow_n << 3
            | out.tc << 4
            | out.aen << 5
            | out.hrq << 6
            | out.sbhe_n << 7
            | out.dack_n << 8
            | out.a << 16
            | out.d << 40
            | out.d_oe << 56
            | out.a_oe << 57
            | out.strobes_oe << 58
            | out.refresh_n << 59
        )

    def clock(self, inputs: int) -> None:
        """End this clock."""
        if inputs != self._word:
            self._set(inputs)
        self._board.clock(self._pins)

    def save(self) -> Any:
        """Return all that the board remembers."""
        return {"kind": "reference", "model": take_down(self._board)}

    def load(self, state: Any) -> None:
        """Remember that instead."""
        if state["kind"] != "reference":
            raise ValueError(f"this board was saved by engine {state['kind']!r}, not 'reference'")
        put_back(self._board, state["model"])
        self._word = -1

    def peek(self) -> tuple[int, ...]:
        """States of the chips."""
        out = self._board.outputs(self._pins)
        return (STATE_CODES[out.state1], STATE_CODES[out.state2])[: len(self.probes)]


def open_engine(
    world: World, *, board: str = "at", wait_states: int = 1, refresh: bool = False, **options: Any
) -> BusLoop:
    """Start the reference engine.

    Parameters
    ----------
    world : World
        What surrounds the board.
    board : str
        ``"at"`` or ``"xt"``.
    wait_states : int
        Wait states of every DMA transfer; a PC/XT's refresh has none.
    refresh : bool
        Build the AT with its refresh. The PC/XT's is on channel 0, and always there.
    **options
        Passed on to `BusLoop`.
    """
    check_board(board)
    model = XtBoard(wait_states=wait_states) if board == "xt" else AtBoard(wait_states=wait_states, refresh=refresh)
    return BusLoop(ReferenceBoard(model), world, **options)
