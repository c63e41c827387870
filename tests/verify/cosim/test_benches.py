"""Every cocotb bench, at one state per fabric clock and exact to the half clock."""

from pathlib import Path

import pytest

from isadma_verify.cosim.chip import BENCHES, I8237_PINS
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import benches, require, run, variant_of

#: One state per fabric clock; the half clock; halves of unequal length in fabric clocks.
CLOCKINGS = (1, 2, 5)

#: Hundreds of transfers each: at two fabric clocks a state in the long suite, where `isadma fuzz` has more of them.
SLOW = {("clocks", 2), ("random_services", 2)}

CASES = [
    pytest.param(
        *(module, bench, per_state),
        id=f"{module.rpartition('.')[2]}-{bench}-{per_state}",
        marks=[pytest.mark.long] if (module.rpartition(".")[2], per_state) in SLOW else [],
    )
    for module in BENCHES
    for bench in benches(module)
    for per_state in (CLOCKINGS if module.endswith("figures") else CLOCKINGS[:2])
]


@pytest.mark.parametrize(("module", "bench", "per_state"), CASES)
def test_chip_passes_bench(outcomes, module: str, bench: str, per_state: int):
    options = BenchOptions(per_state=per_state, pins=I8237_PINS, variant=variant_of(module))
    mine = [result for result in outcomes(module, options) if result.name.partition("/")[0] == bench]
    assert mine, f"{bench} did not run"
    require(mine, seed=options.seed)


#: On Icarus these run in the quick suite; the others only in the long one.
ICARUS = ("figures", "rows_services")


@pytest.mark.parametrize(
    ("module", "per_state"),
    [
        pytest.param(module, per_state, marks=[] if quick else pytest.mark.long)
        for module in BENCHES
        for per_state in (1, 2)
        for quick in [per_state == 2 and module.endswith(ICARUS)]
    ],
)
def test_chip_passes_benches_on_icarus(chip, tmp_path: Path, module: str, per_state: int):
    options = BenchOptions(per_state=per_state, pins=I8237_PINS, variant=variant_of(module))
    require(run(chip("icarus", options.variant), module, options=options, folder=tmp_path), seed=options.seed)
