"""Chip and board as an iCE40 has them: every look-up table and flip-flop, on the benches that the RTL passes."""

from pathlib import Path

import pytest

from isadma_verify.cosim import board, chip
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import clockings_of, require, run, variant_of, wait_states_of

CHIP = [(module, per_state) for module in chip.BENCHES for per_state in (1, 2)]
BOARD = [
    (module, per_state, waits)
    for module in board.BENCHES
    for waits in wait_states_of(module)
    for per_state in clockings_of(module)
]


def run_chip(gates, folder: Path, module: str, per_state: int) -> None:
    options = BenchOptions(per_state=per_state, pins=chip.I8237_PINS, variant=variant_of(module))
    require(run(gates("i8237", options.variant), module, options=options, folder=folder), seed=options.seed)


def run_board(gates, folder: Path, module: str, per_state: int, wait_states: int) -> None:
    options = BenchOptions(per_state=per_state, pins=board.AT_PINS, wait_states=wait_states)
    require(run(gates("at", wait_states=wait_states), module, options=options, folder=folder), seed=options.seed)


@pytest.mark.long
def test_the_chips_netlist_passes_random_programs(gates, tmp_path: Path):
    run_chip(gates, tmp_path, next(name for name in chip.BENCHES if name.endswith(".random_services")), per_state=2)


@pytest.mark.long
@pytest.mark.parametrize(("module", "per_state"), CHIP)
def test_the_chips_netlist_passes_the_benches_of_the_rtl(gates, tmp_path: Path, module: str, per_state: int):
    run_chip(gates, tmp_path, module, per_state)


@pytest.mark.long
@pytest.mark.parametrize(("module", "per_state", "wait_states"), BOARD)
def test_the_boards_netlist_passes_the_benches_of_the_rtl(
    gates, tmp_path: Path, module: str, per_state: int, wait_states: int
):
    run_board(gates, tmp_path, module, per_state, wait_states)
