"""The chip as an iCE40 has it: every look-up table and flip-flop, on the benches that the RTL passes."""

from pathlib import Path

import pytest

from isadma.i8237 import I8237
from isadma_boards.synth.netlist import ice40_netlist
from isadma_sim.cosim import BENCHES
from isadma_sim.cosim.build import Build, build_verilog
from isadma_sim.cosim.options import BenchOptions
from isadma_sim.cosim.run import require, run, variant_of

BUILDS = Path(__file__).parents[2] / "build" / "cosim"


@pytest.fixture(scope="module")
def netlist(tmp_path_factory):
    made: dict[str, Build] = {}

    def build(variant: str) -> Build:
        if variant not in made:
            source = tmp_path_factory.mktemp(variant) / "netlist.v"
            core = I8237(variant=variant, mode_memory={"ram_style": "block"})
            source.write_text(ice40_netlist(core, "i8237"))
            made[variant] = build_verilog([source], top="i8237", folder=BUILDS)
        return made[variant]

    return build


@pytest.mark.long
@pytest.mark.parametrize("per_state", [1, 2])
@pytest.mark.parametrize("module", BENCHES)
def test_the_netlist_passes_the_benches_of_the_rtl(netlist, tmp_path, module: str, per_state: int):
    options = BenchOptions(per_state=per_state, variant=variant_of(module))
    require(run(netlist(options.variant), module, options=options, folder=tmp_path), seed=options.seed)
