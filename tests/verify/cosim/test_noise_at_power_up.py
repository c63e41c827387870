"""Memories that hold noise at power-up, or nothing known: chip and board on every bench, as RTL and as a netlist."""

from functools import partial
from pathlib import Path

import pytest
from amaranth.back import rtlil

from isadma.i8237 import I8237
from isadma.naming import verilog_ports
from isadma_verify.cosim import board as board_benches
from isadma_verify.cosim import chip as chip_benches
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import clockings_of, require, run, variant_of, wait_states_of
from isadma_verify.random.noise import NOTHING, power_up

SEED = 19
CASES = [(module, per_state) for module in chip_benches.BENCHES for per_state in (1, 2)]
QUICK = [module for module in chip_benches.BENCHES if module.endswith((".program_side", ".memory_to_memory"))]
BOARD = [
    (module, per_state, waits)
    for module in board_benches.BENCHES
    for waits in wait_states_of(module)
    for per_state in clockings_of(module)
]


def bench(build, module: str, per_state: int, folder: Path) -> None:
    options = BenchOptions(per_state=per_state, pins=chip_benches.I8237_PINS, variant=variant_of(module))
    require(run(build(options.variant), module, options=options, folder=folder), seed=options.seed)


@pytest.mark.parametrize("module", QUICK)
def test_nothing_unknown_comes_out_of_it(chip, tmp_path: Path, module: str):
    bench(lambda variant: chip("icarus", variant, NOTHING), module, 2, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("module", "per_state"), CASES)
def test_every_bench_of_the_chip_passes(chip, tmp_path: Path, module: str, per_state: int):
    bench(lambda variant: chip(variant=variant, noise=SEED), module, per_state, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("module", "per_state"), CASES)
def test_every_bench_passes_with_memories_of_unknown_content(chip, tmp_path: Path, module: str, per_state: int):
    bench(lambda variant: chip("icarus", variant, NOTHING), module, per_state, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("module", "per_state"), CASES)
def test_the_netlist_passes_them_too(gates, tmp_path: Path, module: str, per_state: int):
    bench(lambda variant: gates("i8237", variant, noise=SEED), module, per_state, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("module", "per_state", "wait_states"), BOARD)
@pytest.mark.parametrize("netlist", [False, True], ids=["rtl", "netlist"])
def test_so_does_the_board(board, gates, tmp_path: Path, module: str, per_state: int, wait_states: int, netlist: bool):
    options = BenchOptions(per_state=per_state, pins=board_benches.AT_PINS, wait_states=wait_states)
    make = partial(gates, "at") if netlist else board
    require(run(make(wait_states=wait_states, noise=SEED), module, options=options, folder=tmp_path), seed=options.seed)


def test_noise_is_in_every_memory_and_the_same_for_a_seed():
    def text() -> str:
        core = I8237()
        return rtlil.convert(core, name="top", ports=verilog_ports(core), emit_src=False)

    plain = text()
    assert power_up(plain, None) == plain
    noisy = power_up(plain, 7)
    assert noisy == power_up(text(), 7) != power_up(plain, 8)
    assert plain.count("$meminit_v2") == noisy.count("$meminit_v2") == 2
    changed = [one for one, other in zip(plain.splitlines(), noisy.splitlines(), strict=True) if one != other]
    assert len(changed) == 2
    assert power_up(plain, NOTHING).count("$meminit_v2") == 0
    with pytest.raises(ValueError, match="no memory"):
        power_up("module x end", 1)
