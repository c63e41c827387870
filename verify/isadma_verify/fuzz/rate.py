"""How fast design and golden model are compared: random programs as compiled, lockstep in Amaranth's simulator."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from amaranth.hdl import Const, Module
from amaranth.sim import Simulator

from isadma.pc import PcAt
from isadma_sim.reference import AtBoard
from isadma_verify.fuzz.library import load
from isadma_verify.fuzz.targets import target
from isadma_verify.fuzz.wires import board_wires
from isadma_verify.random.side_by_side import LawfulPins, SideBySide

__all__ = ["Rates", "measure"]

#: Both move in turns, so that they meet the same other load, and the best turn counts.
_TURNS = 5
_SEEDS, _CLOCKS = 100, 3000


@dataclass(frozen=True)
class Rates:
    """Compared clocks a second of CPU time, one process, golden model and coverage included: the PC/AT's board.

    Attributes
    ----------
    fuzz : float
        The compiled design beside the model in C++, every pin in every clock.
    lockstep : float
        Amaranth's simulator beside the model in Python, every output in every clock.
    """

    fuzz: float
    lockstep: float

    @property
    def ratio(self) -> float:
        """Times that fuzz is faster."""
        return self.fuzz / self.lockstep


def measure(turns: int = _TURNS) -> Rates:
    """Time both in turns.

    Raises
    ------
    isadma_verify.fuzz.library.FuzzError, isadma_sim.engines.base.EngineError
        There is no compiler, or it failed.
    AssertionError
        Design and model differ.
    """
    library = load(target("at"))
    bins = library.counters()
    best = {"fuzz": 0.0, "lockstep": 0.0}
    for turn in range(turns):
        begun = time.process_time()
        agreed, difference = library.seeds(1 + turn * _SEEDS, _SEEDS, _CLOCKS, bins)
        best["fuzz"] = max(best["fuzz"], _SEEDS * _CLOCKS / (time.process_time() - begun))
        assert difference is None, f"seed {1 + turn * _SEEDS + agreed}: {difference}"
        best["lockstep"] = max(best["lockstep"], _lockstep(turn))
    return Rates(**best)


def _lockstep(seed: int) -> float:
    """Return compared clocks a second of CPU time, of one run."""
    board, top = PcAt(), Module()
    top.submodules.board = board
    top.d.comb += [board.clk_fall.eq(Const(1)), board.clk_rise.eq(Const(1))]
    inputs, _ = board_wires(board)
    simulator = Simulator(top)
    simulator.add_clock(1e-6)
    took = []

    async def run(ctx: Any) -> None:
        def look(pin: str) -> int:
            signal: Any = board if pin == "hrq" else board.isa
            for part in pin.split("."):
                signal = getattr(signal, part)
            return int(ctx.get(signal))

        model, lawful = AtBoard(), LawfulPins(seed)
        pair = SideBySide(model, look, f"seed {seed}")
        begun = time.process_time()
        for _ in range(_CLOCKS):
            pins = lawful.next(model.outputs(lawful.inputs))
            pins.reset = int(pair.resetting)
            for name, signal in inputs.items():
                ctx.set(signal, getattr(pins, name))
            pair.clock(pins)
            await ctx.tick()
        took.append(time.process_time() - begun)

    simulator.add_testbench(run)
    simulator.run()
    return _CLOCKS / took[0]
