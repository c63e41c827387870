"""Coverage of the benches: the bins of fuzz, counted along their pins, in cocotb-coverage's database and a file."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_verify.cosim.chip import I8237_PINS
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import COVERAGE, require, run
from isadma_verify.fuzz.coverage import unreachable
from isadma_verify.fuzz.library import FuzzError, load
from isadma_verify.fuzz.merged import read
from isadma_verify.fuzz.targets import target

pytestmark = pytest.mark.skipif(missing() is not None, reason="no C++ compiler")
MODULE = "isadma_verify.cosim.chip.benches.memory_to_memory"
#: Enough of it to meet both kinds of copy below.
TESTS = [
    "channel_0_address_hold_fills_a_block_with_one_byte",
    "tc_masks_channel_1_but_not_channel_0_and_clears_the_request",
]
COPY = "memory to memory (source, destination, hold, autoinitialize 0, autoinitialize 1, extended write) | "


def test_a_bench_counts_the_bins_of_fuzz_and_both_are_one_table(chip, tmp_path: Path, monkeypatch):
    monkeypatch.setenv(COVERAGE, str(tmp_path))
    options = BenchOptions(per_state=1, pins=I8237_PINS)
    require(run(chip(), MODULE, tests=TESTS, options=options, folder=tmp_path / "run"), seed=options.seed)
    bins = load(target("i8237")).bins
    benches = read(tmp_path / "i8237.json", "i8237", bins)["benches"]
    assert benches.clocks > 100
    met = {name for name, count in benches.bins.items() if count}
    assert COPY + "up | up | off | off | off | off" in met
    assert COPY + "up | up | on | off | off | off" in met, "channel 0 holds its address in one of these benches"
    assert "cascade (channel, priority) | 0 | fixed" not in met, "no bench of this module has a cascade"
    # cocotb-coverage has the same, of those that can be reached.
    root = ElementTree.parse(tmp_path / "run" / "coverage.xml").getroot()
    hit = {bin_.get("bin") for bin_ in root.iter() if bin_.get("hits", "0") != "0" and bin_.get("bin")}
    assert hit == {name for name in met if unreachable("i8237", name) is None}
    command = [sys.executable, "-m", "isadma_cli", "fuzz", "--json", "-j", "1", "--clocks", "3000"]
    done = subprocess.run(
        [*command, "--coverage", str(tmp_path / "i8237.json")], capture_output=True, text=True, timeout=300, check=True
    )
    coverage = json.loads(done.stdout)["coverage"]
    assert coverage["merged_clocks"] == {"benches": benches.clocks, "fuzz": 3000}
    assert all(coverage["bins"][name] >= benches.bins[name] for name in bins)


def test_the_model_follows_the_pins_of_a_scenario_to_the_same_bins():
    library = load(target("i8237"))
    scenario = library.scenario(5, 2000)
    played, followed = library.counters(), library.counters()
    library.play(scenario, played)
    inputs = [tuple(clock.inputs[name] for name in library.inputs) for clock in library.trace(scenario)]
    library.follow(inputs, [(True, True)] * len(inputs), followed)
    assert list(played) == list(followed)
    assert sum(played) > 100


def test_a_target_whose_pins_no_bench_drives_is_refused():
    library = load(target("wishbone"))
    with pytest.raises(FuzzError, match="wishbone: its coverage cannot follow a bench's pins"):
        library.follow([], [], library.counters())
