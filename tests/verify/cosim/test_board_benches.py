"""Every cocotb bench of the PC/AT board, on the exported Verilog, at one state per fabric clock and two."""

from pathlib import Path

import pytest

from isadma_verify.cosim.board import AT_PINS, BENCHES
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import benches, clockings_of, require, run, wait_states_of

#: Module, fabric clocks per state, the board's wait states.
SETTINGS = [
    (module, per_state, waits)
    for module in BENCHES
    for waits in wait_states_of(module)
    for per_state in clockings_of(module)
]

#: Hundreds of transfers each: at two fabric clocks a state in the long suite; so is the board without wait states,
#: which no other test builds.
SLOW = {(module, 2, 1) for module in ("services", "clocks", "priority", "program_side")}


def marks(module: str, per_state: int, waits: int) -> list[pytest.MarkDecorator]:
    slow = waits == 0 or (module.rpartition(".")[2], per_state, waits) in SLOW
    return [pytest.mark.long] if slow else []


CASES = [
    pytest.param(
        *(module, bench, per_state, waits),
        id=f"{module.rpartition('.')[2]}-{bench}-{per_state}-{waits}",
        marks=marks(module, per_state, waits),
    )
    for module, per_state, waits in SETTINGS
    for bench in benches(module)
]


@pytest.mark.parametrize(("module", "bench", "per_state", "wait_states"), CASES)
def test_board_passes_bench(outcomes, module: str, bench: str, per_state: int, wait_states: int):
    options = BenchOptions(per_state=per_state, pins=AT_PINS, wait_states=wait_states)
    mine = [result for result in outcomes(module, options) if result.name.partition("/")[0] == bench]
    assert mine, f"{bench} did not run"
    require(mine, seed=options.seed)


@pytest.mark.long
@pytest.mark.parametrize(("module", "per_state", "wait_states"), SETTINGS)
@pytest.mark.parametrize("seed", [2, 3])
def test_board_passes_benches_with_other_seeds(
    board, tmp_path: Path, module: str, per_state: int, wait_states: int, seed: int
):
    options = BenchOptions(per_state=per_state, pins=AT_PINS, wait_states=wait_states, seed=seed)
    require(run(board(wait_states=wait_states), module, options=options, folder=tmp_path), seed=seed)


@pytest.mark.long
@pytest.mark.parametrize("module", BENCHES)
def test_board_passes_benches_on_icarus(board, tmp_path: Path, module: str):
    options = BenchOptions(per_state=clockings_of(module)[-1], pins=AT_PINS)
    require(run(board("icarus"), module, options=options, folder=tmp_path), seed=options.seed)
