"""The first look at a core, run and read: what ends a judgement before it begins, in one line with the way out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.run import first_look, remarks
from isadma_verify.conform.run.data import check_found
from isadma_verify.conform.run.simulate import reason_in, run_module
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.cosim.common.build import Build
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.simulators import available

__all__ = ["Seen", "look", "with_z"]

#: Seconds of processor time for the first look, at most: it is short, and a core that hangs hangs here already.
_PATIENCE = 60.0

#: What ends a simulation from inside, by language.
_ENDS = {
    "verilog": "$finish, $stop, $fatal, a failed assertion",
    "vhdl": "finish or stop of std.env, a failed assertion",
}


@dataclass(frozen=True)
class Seen:
    """
    What a first look saw.

    Parameters
    ----------
    remarks
        What the core's owner may want to look at in the map.
    without_z
        Pins that tell by Z what the core drives, and that showed none at rest.
    """

    remarks: list[str]
    without_z: frozenset[str]


def look(
    laid: Laid, build: Build, options: BenchOptions, runs: Path, data: Mapping[str, Path], *, patience: float
) -> Seen:
    """
    Run the first look.

    Parameters
    ----------
    laid, build, options
        The core.
    runs
        Where its log goes, in a folder of its own.
    data
        Files that the core reads.
    patience
        Seconds of processor time.

    Returns
    -------
    Seen

    Raises
    ------
    ConformError
        It does not wake: nothing can be judged.
    """
    patience = min(patience, _PATIENCE)
    ends = f"look for {_ENDS[laid.core.language]}, or signals that drive each other without a delay"
    core, folder = laid.core.top, runs / "first_look"
    try:
        heard, hung = run_module(
            build, first_look.__name__, options, folder, patience=patience, endings=False, data=data
        )
    except ConformError as error:
        check_found(core, folder / "simulator.log")
        if "died" in str(error):
            why = reason_in(folder / "simulator.log")
            raise ConformError(
                f"{core} ends the simulation by itself: {why or ends}; see {folder / 'simulator.log'}"
            ) from error
        raise
    check_found(core, folder / "simulator.log")
    if hung:
        raise ConformError(
            f"{core} keeps {build.simulator} busy for {patience:g} s at its first RESET: "
            "a loop without a delay, or a clock in the map that is none?"
        )
    hints = "".join(f"{hint}; " for hint in remarks.at_rest(heard.lines, laid))
    for result in heard.results:
        said = result.failure
        if re.search(r"SimFailure|SimulatorFail|shut ?down|ended prematurely", said):
            raise ConformError(f"{core} ends the simulation by itself: {ends}")
        if first_look.MUTE in said:
            remedy = "look at [clock], and at the polarity of reset, cs_n, iow_n, hlda and dreq in the map"
            raise ConformError(f"{_line(said, first_look.MUTE)}: {hints}{remedy}")
        if first_look.HELD_UP in said:
            remedy = "look at the polarity of hrq, aen and dreq in the map"
            raise ConformError(f"{_line(said, first_look.HELD_UP)}: {remedy}")
        if first_look.UNKNOWN in said:
            line = _line(said, first_look.UNKNOWN)
            turned = "cs_n, ior_n, iow_n, hlda and dreq, and at the order of a and db,"
            where = f"the polarity of {turned}" if first_look.PROGRAMMED in line else "[clock], and at reset"
            raise ConformError(f"{line}: {hints}look at {where} in the map")
    told = [
        *remarks.at_rest(heard.lines, laid),
        *remarks.of_first_look(heard.lines, laid.map.clock),
        *remarks.of_map(laid),
    ]
    driven = {str(line.get("measured")) for line in heard.lines}
    by_z = {pin for pin, enable in laid.enables.items() if enable is None}
    return Seen(told, frozenset(pin for pin in by_z if first_look.AT_REST + pin in driven))


def with_z(
    seen: Seen, wanted: str | None, build: Build, icarus: Callable[[], tuple[Build, Seen]]
) -> tuple[Build, Seen]:
    """
    Look again with Icarus where Verilator showed no Z: it keeps none that is in a register.

    Parameters
    ----------
    seen, build
        What was seen, and on what.
    wanted
        The simulator that was asked for, or None.
    icarus
        Builds the core with Icarus, and looks at it.

    Returns
    -------
    tuple of Build and Seen
        Those to judge by.
    """
    if not seen.without_z or build.simulator != "verilator":
        return build, seen
    if wanted is None and available("icarus"):
        try:
            other, again = icarus()
        except ConformError:
            return build, seen
        if seen.without_z - again.without_z:
            pins = ", ".join(sorted(seen.without_z - again.without_z))
            why = f"{pins}: a register has Z, which Verilator keeps none of: judged on Icarus"
            return other, Seen([*again.remarks, why], again.without_z)
        return build, seen
    pins = ", ".join(sorted(seen.without_z))
    said = f"{pins}: no Z at rest; where a register has it, Verilator does not show it, and --sim icarus does"
    return build, Seen([*seen.remarks, said], seen.without_z)


def _line(said: str, word: str) -> str:
    line = next(line for line in said.splitlines() if word in line)
    return re.sub(r"^\w*Error:\s*", "", line.strip())
