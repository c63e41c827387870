"""Runs cocotb benches on a build, and says of each what came of it."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from isadma_verify.cosim.common.build import Build, CosimError, get_runner
from isadma_verify.cosim.common.options import BenchOptions

#: cocotb only logs the use of its old names: make each a failure.
_STRICT = {"PYTHONWARNINGS": "error::DeprecationWarning"}

#: Names a folder: benches of the chip add the bins that they met to its coverage there.
COVERAGE = "ISADMA_COVERAGE"
CHIP_PINS = "isadma_verify.cosim.chip.pins:I8237_PINS"

#: Bytes at a log's end that are looked at: a core may have printed any number.
_READ = 1 << 16

#: Lines of the simulator's log to show where the simulator itself gave up.
_TAIL = 60


@dataclass(frozen=True)
class Result:
    """One cocotb test: its name with parameters, why it failed and by which exception (empty if it passed), seconds."""

    name: str
    failure: str
    seconds: float
    exception: str = ""

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return not self.failure


class BenchFailedError(AssertionError):
    """At least one test of a bench failed; the message names each and has what it said."""


def benches(module: str) -> list[str]:
    """Return the names of the cocotb tests that a module defines, without their parameters."""
    return [name for name, value in vars(import_module(module)).items() if hasattr(value, "generate_tests")]


def variant_of(module: str) -> str:
    """Return which variant of the chip a module of benches needs: its ``VARIANT``, or the NMOS part."""
    return str(getattr(import_module(module), "VARIANT", "nmos"))


def wait_states_of(module: str) -> tuple[int, ...]:
    """Return the boards that a module of benches is for: its ``WAIT_STATES``, or the AT's one wait state."""
    return tuple(getattr(import_module(module), "WAIT_STATES", (1,)))


def clockings_of(module: str) -> tuple[int, ...]:
    """Return the fabric clocks per state that a module of benches wants: its ``PER_STATE``, or 1 and 2."""
    return tuple(getattr(import_module(module), "PER_STATE", (1, 2)))


def run(
    build: Build,
    module: str,
    *,
    tests: Sequence[str] | None = None,
    options: BenchOptions,
    folder: Path,
    leave_out: Sequence[str] = (),
) -> list[Result]:
    """
    Run a module of benches in a simulator process of its own.

    Parameters
    ----------
    build
        What to run them on.
    module
        Its dotted name.
    tests
        Names as `benches` returns them; all of them if None.
    options
        How the core is clocked, and its pins.
    folder
        Where results, log and waves go.
    leave_out
        Regular expressions; a test in whose name one is found does not run.

    Returns
    -------
    list of Result
        One for each test, parameters told apart; `require` raises where one failed.

    Raises
    ------
    CosimError
        The simulator died, or no test has such a name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log, results = folder / "simulator.log", folder / "results.xml"
    names = "|".join(re.escape(name) for name in tests) if tests is not None else ".*"
    runner = get_runner(build.simulator)
    status: object = 0
    if (wanted := os.environ.get(COVERAGE)) and not options.coverage and options.pins == CHIP_PINS:
        name = {"nmos": "i8237", "cmos": "82c37"}[options.variant]
        options = replace(options, coverage=str(Path(wanted).resolve() / f"{name}.json"))
    try:
        runner.test(
            test_module=module,
            hdl_toplevel=build.top,
            hdl_toplevel_lang=build.language,
            build_dir=build.folder,
            test_dir=folder,
            results_xml=str(results.resolve()),
            test_filter=rf"^(?!.*({'|'.join(leave_out) or '$^'})){re.escape(module)}\.({names})(/|$)",
            seed=options.seed,
            extra_env={**_STRICT, **options.to_environment()},
            waves=build.waves,
            log_file=log,
            **_arguments(build, folder),
        )
    except SystemExit as ended:
        status = ended.code  # of a simulator that died, or of a test that failed under pytest: the results file knows
    except RuntimeError as error:
        raise CosimError(f"{build.simulator} died: {error} (see {log})\n{_tail(log)}") from error
    if not results.is_file():
        raise CosimError(f"{build.simulator} left no results, with exit code {status} (see {log})\n{_tail(log)}")
    outcome = read_results(results)
    if not outcome:
        raise CosimError(f"{module} has no test named {names}; it has {', '.join(benches(module))}")
    return outcome


def _arguments(build: Build, folder: Path) -> dict[str, Any]:
    """Return what a simulator wants beside: Icarus would leave waves at the build, GHDL forgets its standard."""
    if build.simulator == "ghdl":
        return {"test_args": ["--std=08", "-frelaxed", "-fsynopsys", f"--workdir={build.folder}"]}
    if not build.waves or build.simulator != "icarus":
        return {}
    return {"plusargs": [f"+dumpfile_path={(folder / 'dump.fst').resolve()}"]}


def require(outcome: Sequence[Result], *, seed: int) -> None:
    """
    Insist that all tests passed.

    Raises
    ------
    BenchFailedError
        At least one failed; the message has each one's name, the seed, and what it said.
    """
    failed = [f"{result.name} (seed {seed}): {result.failure}" for result in outcome if not result.passed]
    if failed:
        raise BenchFailedError("\n".join(failed))


def read_results(path: Path) -> list[Result]:
    """Read a results file, leaving out what did not run; agrees with `cocotb_tools.check_results` on failures."""
    from cocotb_tools.check_results import get_results

    outcome = []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("skipped") is None:
            bad = case.find("failure")
            bad = case.find("error") if bad is None else bad
            said = "" if bad is None else f"{bad.get('message')}\n{bad.text or ''}"
            raised = "" if bad is None else bad.get("type", "")
            outcome.append(Result(case.get("name", ""), said, float(case.get("time", 0)), raised))
    _, failures = get_results(path)
    if bool(failures) != any(not result.passed for result in outcome):
        raise CosimError(f"{path} counts {failures} failures but names none")
    return outcome


def _tail(log: Path) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _READ))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-_TAIL:])
