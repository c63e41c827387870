"""The harness itself: a bench that fails is reported, and so is the silent misuse of cocotb."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from isadma.i8237 import I8237
from isadma_verify.cosim.chip import I8237_PINS
from isadma_verify.cosim.common import run as run_module
from isadma_verify.cosim.common.build import CosimError, build_core
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import BenchFailedError, require, run

OPTIONS = BenchOptions(pins=I8237_PINS)

BENCH = """
import cocotb
from isadma_verify.cosim.chip.benches import figures
from isadma_verify.cosim.chip.stand import BLOCK, READ, Stand

@cocotb.test()
async def right(dut):
    stand = await Stand(dut).start()
    assert await stand.cpu.status() == 0

@cocotb.test()
async def wrong_table(dut):
    stand = await figures._ready_for(dut, command=0, channel=2, mode=BLOCK | READ, address=0x3412, count=1)
    lines = figures.FIGURE_11_READ.splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith("S3    h"))
    assert lines[row].endswith("1   0   0    1    z   12 z")
    lines[row] = lines[row][: -len("1   0   0    1    z   12 z")] + "1   1   0    1    z   12 z"
    await stand.figure("\\n".join(lines))

@cocotb.test()
async def fight(dut):
    stand = await Stand(dut).start()
    await stand.cpu.program(1, mode=BLOCK | READ, address=0x1000, count=9)
    await stand.cpu.request(1)
    await stand.active()
    stand.bench.wires.memr_n.drive("intruder", 1)
    await stand.quiet()

@cocotb.test()
async def hang(dut):
    stand = await Stand(dut).start()
    await stand.bench.until(lambda: False, states=50, what="what never comes")

@cocotb.test()
async def old_cocotb(dut):
    from cocotb.triggers import Timer
    await Timer(1, units="ns")
"""


@pytest.fixture(scope="module")
def verdicts(chip, tmp_path_factory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("harness")
    (folder / "planted_bench.py").write_text(BENCH)
    sys.path.insert(0, str(folder))
    try:
        return {result.name: result.failure for result in run(chip(), "planted_bench", options=OPTIONS, folder=folder)}
    finally:
        sys.path.remove(str(folder))


def test_a_good_bench_passes_beside_bad_ones(verdicts):
    assert verdicts["right"] == ""


def test_a_wrong_cell_of_a_table_is_the_only_difference_found(verdicts):
    said = verdicts["wrong_table"]
    assert "1 pins differ from the figure" in said
    assert "S3 high half: IOW = 0, the figure has 1" in said


def test_a_second_driver_fails_the_bench(verdicts):
    assert "memr_n has 2 drivers: chip=0x1, intruder=0x1" in verdicts["fight"]


def test_a_wait_for_what_never_comes_ends(verdicts):
    assert "what never comes: not within 50 states" in verdicts["hang"]


def test_an_old_name_of_cocotb_fails_instead_of_being_logged(verdicts):
    assert "DeprecationWarning" in verdicts["old_cocotb"]


def test_a_failure_carries_its_seed(chip, tmp_path: Path):
    outcome = run(
        chip(),
        "isadma_verify.cosim.chip.benches.priority",
        tests=["software_requests_go_through_the_same_encoder"],
        options=OPTIONS,
        folder=tmp_path,
    )
    require(outcome, seed=5)
    with pytest.raises(BenchFailedError, match=r"software_requests_go_through_the_same_encoder \(seed 5\): planted"):
        require([replace(outcome[0], failure="planted")], seed=5)


def test_a_name_that_no_bench_has_lists_those_there_are(chip, tmp_path: Path):
    with pytest.raises(CosimError, match="has no test named nothing; it has a_page_of_256_bytes_takes_769_clocks"):
        run(
            chip(),
            "isadma_verify.cosim.chip.benches.clocks",
            tests=["nothing"],
            options=OPTIONS,
            folder=tmp_path,
        )


def test_the_same_core_again_comes_from_the_cache(chip):
    first = chip()
    before = (first.folder / "done").stat().st_mtime_ns
    assert build_core(I8237(variant="nmos"), folder=first.folder.parent) == first
    assert (first.folder / "done").stat().st_mtime_ns == before


def test_a_simulator_that_was_ended_is_known_by_its_exit_code(chip, tmp_path: Path, monkeypatch):
    class Ended:
        """What cocotb's runner does under pytest where a signal ended the simulator: 24, its processor time is up."""

        def test(self, **options):
            sys.exit(-24)

    monkeypatch.setattr(run_module, "get_runner", lambda simulator: Ended())
    with pytest.raises(CosimError, match=r"verilator left no results, with exit code -24 \(see .*simulator\.log\)"):
        run(chip(), "isadma_verify.cosim.chip.benches.clocks", options=OPTIONS, folder=tmp_path)
