"""Random lawful pins: the board shows in every state what the golden model shows."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: docs/decisions/0001-the-clock-contract.md; the model is written from the facts, not from the RTL.
from typing import Any

import cocotb

from isadma_verify.cosim.board.bench import BoardBench
from isadma_verify.cosim.board.checkers import add_all
from isadma_verify.cosim.board.lockstep import Lockstep
from isadma_verify.random.side_by_side import missing

#: What these benches are for: the model has one state per clock.
WAIT_STATES = (1, 0)
PER_STATE = (1,)

#: Many short runs: in a long one, random counts make a block that is nearly all of it.
RUNS, STATES = 10, 1500


@cocotb.test()
async def board_and_model_show_the_same_in_every_state(dut: Any) -> None:
    bench, seen, terminal_counts = BoardBench(dut), set(), 0
    await bench.start()
    for number in range(RUNS):
        pair = Lockstep(bench, f"{cocotb.RANDOM_SEED}/board {number}")
        rules = add_all(bench)
        await bench.states(STATES)
        seen |= pair.seen
        terminal_counts += pair.terminal_counts
        for agent in (pair, *rules):
            bench.agents.remove(agent)
    assert not missing(seen)
    assert terminal_counts >= 10 * RUNS
