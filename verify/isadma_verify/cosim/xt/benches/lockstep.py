"""Random lawful pins: an XT's board shows in every state what the golden model shows."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: docs/decisions/0001-the-clock-contract.md; the model is written from the facts, not from the RTL.
from typing import Any

import cocotb

from isadma_sim.reference import XtBoard
from isadma_verify.cosim.board.bench import BoardBench
from isadma_verify.cosim.board.lockstep import Lockstep

#: What these benches are for: the model has one state per clock.
WAIT_STATES = (1, 0)
PER_STATE = (1,)

RUNS, STATES = 6, 1500


@cocotb.test()
async def board_and_model_show_the_same_in_every_state(dut: Any) -> None:
    bench, terminal_counts = BoardBench(dut), 0
    await bench.start()
    for number in range(RUNS):
        pair = Lockstep(bench, f"{cocotb.RANDOM_SEED}/xt {number}", model=XtBoard)
        await bench.states(STATES)
        terminal_counts += pair.terminal_counts
        bench.agents.remove(pair)
    assert terminal_counts >= RUNS
