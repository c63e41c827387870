"""Judges a core: builds it inside its wrapper, looks whether it wakes, and runs every bench."""

import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from isadma_tools.processes.workers import Workers
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.kinds import SILENT
from isadma_verify.conform.rules import board, chip, xt
from isadma_verify.conform.rules.catalogue import CHIP_SELECT, EOP_IN, PROFILES, READY, Rule, chosen
from isadma_verify.conform.run import pace
from isadma_verify.conform.run.data import data_files
from isadma_verify.conform.run.hearing import Heard, hear
from isadma_verify.conform.run.left_out import CHOICES, lacking, unreachable, without_benches
from isadma_verify.conform.run.looking import Seen, look, with_z
from isadma_verify.conform.run.simulate import run_module
from isadma_verify.conform.run.turn import turn
from isadma_verify.conform.run.verdicts import LEFT_OUT, NOT_REACHED, Verdict
from isadma_verify.conform.simulators.versions import choose
from isadma_verify.conform.sources.texts import check_path
from isadma_verify.conform.sources.units import check_bound
from isadma_verify.conform.sources.vhdl import configurations
from isadma_verify.conform.wrap import verilog, vhdl
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.conform.wrap.standard import TOP, pins_of
from isadma_verify.cosim.common.build import Build, CosimError, build_sources
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import clockings_of, variant_of, wait_states_of

#: Nanoseconds of a fifth of a fabric clock: half clocks last 100 ns, as at 5 MHz.
_PHASE_NS = 20

#: Seconds of processor time for one module of benches.
PATIENCE = 240.0


@dataclass(frozen=True)
class Request:
    """
    What to judge, and how.

    Parameters
    ----------
    laid
        The core, its map laid on it.
    simulator
        Its name, or None for the first that reads the language.
    profile
        A key of `PROFILES`.
    rules
        Names of rules; none means all.
    strict
        Whether a bench ends at the first broken rule.
    waves
        Whether to leave waves.
    folder
        Where builds, logs and waves go.
    jobs
        Simulations at a time.
    seed
        Of all randomness.
    patience
        Seconds of processor time that one module of benches may take.
    """

    laid: Laid
    simulator: str | None = None
    profile: str = "nmos"
    rules: tuple[str, ...] = ()
    strict: bool = False
    waves: bool = False
    folder: Path = Path("build") / "conform"
    jobs: int = 2
    seed: int = 1
    patience: float = PATIENCE


def judge(
    request: Request,
    note: Callable[[int, int, str], None] = lambda done, of, said: None,
    say: Callable[[str], None] = lambda remark: None,
) -> Verdict:
    """
    Judge a core.

    Parameters
    ----------
    request
        What, and how.
    note
        Told how many simulations are done, of how many, and what the last one was.
    say
        Told what may be a mistake in the map as soon as it is seen; the verdict has it too.

    Raises
    ------
    ConformError
        It cannot be built, never raises HRQ, or shows no levels; or another run has its folder and does not end.
    """
    started = time.monotonic()
    with turn(request.folder.resolve() / "runs" / request.laid.core.top, say):
        return _judge(request, note, say, started)


def _judge(
    request: Request, note: Callable[[int, int, str], None], say: Callable[[str], None], started: float
) -> Verdict:
    laid = request.laid
    kind = laid.map.kind
    profile = PROFILES[request.profile]
    # How long a service lasts is not to be seen on a core with neither AEN nor an enable for its address.
    blind = {"aen"} if "aen" in laid.lacks and "a" in laid.gated else set()
    blind |= lacking(laid)
    without = profile.without | blind
    rules, judges = _book(kind)
    wanted = chosen(rules, request.rules)
    found = choose(laid.core.language, request.simulator)
    options = _options(request, kind)
    runs = request.folder.resolve() / "runs" / laid.core.top
    shutil.rmtree(runs, ignore_errors=True)
    data = data_files(laid.core.files, [*laid.map.parameters.values(), *laid.core.parameters.values()])

    def awake(simulator: str) -> tuple[Build, Seen]:
        note(0, 1, f"{simulator} builds {laid.core.top}")
        build = _build(request, simulator)
        note(0, 1, f"{laid.core.top} wakes")
        return build, look(laid, build, options, runs, data, patience=request.patience)

    build, seen = awake(found.name)
    build, seen = with_z(seen, request.simulator, build, lambda: awake("icarus"))
    found = choose(laid.core.language, build.simulator)
    for line in seen.remarks:
        say(line)
    needed = {judges[key] for key in judges}
    own = {rule.name for rule in wanted}
    checkers = any(rule.name not in needed for rule in wanted)
    modules = [
        module
        for module in dict.fromkeys(module for module, _ in judges)
        if (checkers or any(rule in own for (its, _), rule in judges.items() if its == module))
        and not (variant_of(module) == "cmos" and profile.variant != "cmos")
    ]
    leave_out = _left_out_tests(kind, without, wanted, judges, every=checkers)
    paces = _paces(build, options, request, runs, data) if kind == "chip" and checkers else {}
    heard, hung = _run_all(request, build, options, modules, leave_out, runs, note, data)
    left = {rule.name: ", ".join(rule.needs & without) for rule in rules if rule.needs & without}
    left |= without_benches(judges, _left_out_tests(kind, without, rules, judges, every=True))
    verdicts = hear(wanted, judges, heard, left, hung)
    for one in verdicts if kind == "chip" else ():
        if one.state == NOT_REACHED and one.rule.name in unreachable(laid):
            one.state = LEFT_OUT
    results = [result for simulation in heard for result in simulation.results]
    return Verdict(
        core=laid.core.top,
        simulator=f"{found.name} {found.version}",
        profile=profile.name,
        rules=verdicts,
        benches=len(results) + len(hung),
        failed=sum(not result.passed for result in results) + len(hung),
        lacks=[*(name for name in laid.lacks if name not in SILENT), *sorted(blind & {READY, EOP_IN, CHIP_SELECT})],
        gated=list(laid.gated),
        hung=sorted(hung),
        seconds=time.monotonic() - started,
        paces=paces,
        remarks=seen.remarks,
    )


def _book(kind: str) -> tuple[Sequence[Rule], dict[tuple[str, str], str]]:
    book: Any = {"chip": chip, "at": board, "xt": xt}[kind]
    return book.RULES, book.JUDGES


def _build(request: Request, simulator: str) -> Build:
    laid = request.laid
    in_verilog = laid.core.language == "verilog"
    source = verilog.wrapper(laid) if in_verilog else vhdl.wrapper(laid)
    place = request.folder.resolve() / "wrappers"
    check_path(place, "name another folder with -o")
    place.mkdir(parents=True, exist_ok=True)
    suffix = ("v" if laid.core.standard else "sv") if in_verilog else "vhd"
    file = place / f"{laid.core.top}.{suffix}"
    file.write_text(source)
    try:
        build = build_sources(
            [*(one.resolve() for one in laid.core.files), file],
            top=TOP,
            simulator=simulator,
            waves=request.waves,
            folder=request.folder / "builds",
            includes=[one.resolve() for one in laid.core.includes],
            defines=laid.core.defines,
            standard=laid.core.standard,
        )
    except CosimError as error:
        # Its ports were read by Verilator: what stops Icarus is a part of the language that it has not.
        way = "; Verilator reads these files: --sim verilator" if simulator == "icarus" else ""
        if re.search(r"an identifier is expected instead of '\w+'", str(error)):
            way = "; where that is a name of the core's, VHDL-2008 reserves it: in a copy, give it another"
        raise ConformError(f"{error}{way}") from error
    if not in_verilog and not configurations(laid.core.files, laid.core.top):
        check_bound(build.folder.parent / f"{build.folder.name}.log")
    return build


def _options(request: Request, kind: str) -> BenchOptions:
    laid, profile = request.laid, PROFILES[request.profile]
    return BenchOptions(
        pins=pins_of(kind, laid.map.clock, ah="ah" in laid.shown),
        per_state=laid.map.clock.per_state,
        late=laid.map.clock.late,
        variant=profile.variant,
        undefined_read=None,
        seed=request.seed,
        wait_states=laid.map.wait_states,
        lacks=tuple(laid.lacks),
        gated=tuple(laid.gated),
        without=tuple(sorted(profile.without)),
        phase_ns=_PHASE_NS,
    )


def _left_out_tests(
    kind: str, without: frozenset[str], wanted: Sequence[Rule], judges: dict[tuple[str, str], str], *, every: bool
) -> tuple[str, ...]:
    """Return patterns of tests that need what is left out, or that judge no rule that was asked for."""
    names = {rule.name: rule for rule in _book(kind)[0]}
    own = {rule.name for rule in wanted}
    patterns = [*CHOICES, *(pattern for pattern, feature in chip.NEEDS.items() if feature in without)]
    for (_, bench), rule in judges.items():
        if names[rule].needs & without or (not every and rule not in own):
            patterns.append(rf"\.{re.escape(bench)}(/|$)")
    return tuple(patterns)


def _paces(
    build: Build, options: BenchOptions, request: Request, runs: Path, data: Mapping[str, Path]
) -> dict[str, float]:
    """Return clocks per byte in each kind of service that the core comes to the end of."""
    heard, _ = run_module(build, pace.__name__, options, runs / "pace", patience=request.patience, data=data)
    return {str(line["measured"]): float(line["value"]) for line in heard.lines if "measured" in line}


def _run_all(
    request: Request,
    build: Build,
    options: BenchOptions,
    modules: Sequence[str],
    leave_out: tuple[str, ...],
    runs: Path,
    note: Callable[[int, int, str], None],
    data: Mapping[str, Path],
) -> tuple[list[Heard], dict[str, tuple[str, str]]]:
    heard: dict[str, Heard] = {}
    hung: dict[str, tuple[str, str]] = {}
    todo = [(module, _for_module(module, options)) for module in modules]
    todo = [(module, its) for module, its in todo if its is not None]
    with Workers(request.jobs) as workers:
        waiting = {
            workers.submit(
                run_module, build, module, its, runs / module.rpartition(".")[2],
                leave_out=leave_out, strict=request.strict, patience=request.patience, data=data,
            ): module
            for module, its in todo
            if its is not None
        }  # fmt: skip
        for done, future in enumerate(as_completed(waiting), 1):
            module = waiting[future]
            heard[module], stuck = future.result()
            hung |= {bench: (module, said) for bench, said in stuck.items()}
            note(done, len(waiting), module.rpartition(".")[2])
    return [heard[module] for module in modules if module in heard], hung


def _for_module(module: str, options: BenchOptions) -> BenchOptions | None:
    """Return the options under which a module runs; None where it cannot run on this core."""
    clockings = clockings_of(module)
    by_name = asdict(options) | {"journal": ""}
    if options.per_state not in clockings and clockings == (1,):
        if "_ENABLES" not in options.pins:
            return None
        by_name["per_state"] = 1
    if options.pins.rpartition(":")[2].startswith("AT") and options.wait_states not in wait_states_of(module):
        return None
    return BenchOptions(**by_name)
