"""`isadma conform`: anybody's 8237A, or board with two, judged rule by rule."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.files import write_atomically
from isadma_cli.judging import check_pages, watch
from isadma_cli.progress import remark
from isadma_cli.report import console
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.prove.runner import prove
from isadma_verify.conform.report.machine import as_json, as_junit
from isadma_verify.conform.report.page import as_page
from isadma_verify.conform.rules.catalogue import PROFILES
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.verdicts import BROKEN, HELD, LEFT_OUT, NOT_REACHED, RuleVerdict, Verdict
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import lay

__all__ = ["Asked", "conform", "pins_template"]

_WIDTH = 118


@dataclass(frozen=True)
class Asked:
    """What the command line says.

    Attributes
    ----------
    files, top, pins, define, include, param : sequence, str, Path
        The core.
    sim, board, rule, profile, strict, seed, jobs, time, waves : various
        How to judge it.
    output, html, junit, as_json : Path, bool
        Where the verdict goes.
    """

    files: Sequence[Path]
    top: str | None
    pins: Path | None
    define: Sequence[str]
    include: Sequence[Path]
    param: Sequence[str]
    sim: str | None
    board: str | None
    rule: Sequence[str]
    profile: str
    strict: bool
    seed: int
    jobs: int
    time: float
    waves: bool
    output: Path
    html: Path | None
    junit: Path | None
    as_json: bool


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """Read NAME=VALUE; a name alone is a macro without a value."""
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not name or (option == "--param" and not sign):
            raise UsageError(f"{option} {text}: write {option} NAME=VALUE")
        found[name] = value
    return found


def conform(asked: Asked) -> None:
    """Judge a core and print its verdict.

    Parameters
    ----------
    asked
        The command line.

    Raises
    ------
    UsageError
        An option means nothing.
    CommandError
        There is no verdict, or not every rule holds.
    """
    if asked.profile not in PROFILES:
        raise UsageError(f"--profile {asked.profile}{nearest(asked.profile, PROFILES)}: take {', '.join(PROFILES)}")
    if asked.jobs < 1:
        raise UsageError(f"--jobs {asked.jobs}: more than 0 is needed")
    if asked.pins is None:
        raise UsageError("--pins map.toml is missing; `isadma conform --pins-template FILE` guesses one")
    check_pages([*asked.files, asked.pins], html=asked.html, junit=asked.junit)
    defines, parameters = _pairs(asked.define, "--define"), _pairs(asked.param, "--param")
    try:
        told = read_map(asked.pins)
        if asked.board not in (None, told.kind):
            raise ConformError(f"--board {asked.board}, and {asked.pins} says kind = {told.kind!r}: mend one of them")
        core = read_core(
            asked.files, asked.top or told.top, includes=asked.include, defines=defines,
            parameters={**told.parameters, **parameters},
        )  # fmt: skip
        request = Request(
            lay(core, told), asked.sim, asked.profile, tuple(asked.rule), asked.strict, asked.waves, asked.output,
            asked.jobs, asked.seed, asked.time,
        )  # fmt: skip
        with watch(core.top, 10) as note:
            verdict = judge(
                request,
                lambda done, of, said: note(10 * done // of, said),
                lambda said: remark(f"{core.top}: {said}"),
            )
    except ConformError as error:
        raise CommandError(str(error)) from error
    _write(asked, verdict)
    if asked.as_json:
        print(json.dumps(as_json(verdict), indent=2))
    else:
        _print(verdict)
    if not verdict.holds:
        raise CommandError(_sum(verdict))


def prove_rules(asked: Asked, *, depth: int) -> None:
    """Hold a core against the rules of its pins with a solver, and print what came of it.

    Parameters
    ----------
    asked
        The command line.
    depth
        Fabric clocks from RESET on.

    Raises
    ------
    UsageError
        An option means nothing.
    CommandError
        There is no verdict, or a rule is refuted.
    """
    if depth < 8:
        raise UsageError(f"--depth {depth}: RESET alone takes 7 fabric clocks; give 8 and more")
    if asked.pins is None:
        raise UsageError("--pins map.toml is missing; `isadma conform --pins-template FILE` guesses one")
    try:
        told = read_map(asked.pins)
        parameters = {**told.parameters, **_pairs(asked.param, "--param")}
        core = read_core(
            asked.files, asked.top or told.top, includes=asked.include,
            defines=_pairs(asked.define, "--define"), parameters=parameters,
        )  # fmt: skip
        proof = prove(
            lay(core, told), depth=depth, timeout=int(asked.time), folder=asked.output,
            say=lambda said: remark(f"{core.top}: {said}"),
        )  # fmt: skip
    except (ConformError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if asked.as_json:
        fields = {"core": core.top, "rules": proof.rules, "refuted_in": proof.steps, "depth": depth}
        print(json.dumps({**fields, "covers": proof.covers, "reached": proof.reached}, indent=2))
    else:
        out = console(_WIDTH)
        for rule, state in proof.rules.items():
            at = f", in fabric clock {proof.steps[rule]}: {rule}.vcd" if rule in proof.steps else ""
            out.print(f" {rule:22} {_PROOFS[state].format(depth=depth)}{at}", markup=False, highlight=False)
        said = (
            f"{proof.reached} of {proof.covers} covers reached within {depth} fabric clocks, in {proof.seconds:.0f} s"
        )
        out.print(f"{core.top}: {said}; sby's work is in {proof.folder}", markup=False, highlight=False)
    if proof.steps:
        raise CommandError(f"{core.top}: refuted: {', '.join(sorted(proof.steps))}")


#: What is said of a rule by what came of its proof.
_PROOFS = {
    "proved": "proved, for all time",
    "bounded": "no counterexample within {depth} fabric clocks",
    "refuted": "refuted",
    "undecided": "not decided: the time was over before; give more with --time, or fewer clocks with --depth",
    "left out": "left out: Z tells what the core drives, and a solver does not see that",
}


def _write(asked: Asked, verdict: Verdict) -> None:
    for path, text in ((asked.html, as_page), (asked.junit, as_junit)):
        if path is not None:
            write_atomically(path, text(verdict).encode())


def _sum(verdict: Verdict) -> str:
    names = {state: [one.rule.name for one in verdict.rules if one.state == state] for state in (BROKEN, NOT_REACHED)}
    follows = verdict.follows
    if follows:
        names[BROKEN] = [name for name in names[BROKEN] if name not in follows]
        names["broken, perhaps by those"] = list(follows)
    parts = [f"{state}: {', '.join(rules)}" for state, rules in names.items() if rules]
    return f"{verdict.core}: {'; '.join(parts)}"


def _print(verdict: Verdict) -> None:
    out = console(_WIDTH)
    held, broken = verdict.count(HELD), verdict.count(BROKEN)
    table = Table(
        title=f"{verdict.core}: {held} rules held, {broken} broken, {verdict.count(NOT_REACHED)} not reached,"
        f" {verdict.count(LEFT_OUT)} left out; {verdict.benches} benches on {verdict.simulator}"
        f" in {verdict.seconds:.0f} s",
        title_justify="left",
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    table.add_column("rule", no_wrap=True)
    table.add_column("sentence", overflow="fold")
    table.add_column("data sheet", max_width=16)
    table.add_column("verdict", no_wrap=True)
    table.add_column("benches", justify="right")
    for one in verdict.rules:
        style = {BROKEN: "bold red", HELD: "green"}.get(one.state, "yellow")
        table.add_row(one.rule.name, one.rule.sentence, one.rule.place, f"[{style}]{one.state}", str(one.benches))
    out.print(table)
    for one in verdict.rules:
        if one.first is not None and one.state == BROKEN:
            _print_broken(out, one, verdict.follows.get(one.rule.name, []))
        elif one.state == NOT_REACHED and one.because:
            why = f"{one.rule.name}: not reached, for {' and '.join(sorted(one.because))} is broken"
            out.print(why, markup=False, highlight=False, soft_wrap=True)
    for said in verdict.remarks:
        out.print(f"{verdict.core}: {said}", markup=False, highlight=False, soft_wrap=True)
    if verdict.paces:
        paces = ", ".join(f"{clocks:.2f} {kind}" for kind, clocks in verdict.paces.items())
        out.print(f"clocks per byte: {paces}", markup=False, highlight=False)
    for said, names in (("lacks", verdict.lacks), ("cannot float, so AEN gates", verdict.gated)):
        if names:
            out.print(f"{verdict.core} {said} {', '.join(names)}: nothing of that is held against it", markup=False)


def _print_broken(out: object, one: RuleVerdict, after: Sequence[str]) -> None:
    first = one.first
    assert first is not None
    compared = f": expected {first.expected or '-'}, got {first.got or '-'}" if first.expected or first.got else ""
    lines = [f"{one.rule.name}: {first.said}{compared}", f"  first at {first.where or 'no clock'}, in {first.test}"]
    if sum(one.causes.values()) > 1:
        for said, count in one.causes.most_common(3):
            lines.append(f"  {said}: {count} bench{'es' if count > 1 else ''}")
    if after:
        lines.append(f"  may follow from {', '.join(after)}")
    out.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)  # type: ignore[attr-defined]


def pins_template(files: Sequence[Path], *, top: str | None, include: Sequence[Path], define: Sequence[str]) -> None:
    """Print a map guessed from a core's port names.

    Parameters
    ----------
    files, top, include, define
        The core.

    Raises
    ------
    CommandError
        It cannot be read.
    """
    from isadma_verify.conform.pins.guess import guess

    try:
        core = read_core(files, top, includes=include, defines=_pairs(define, "--define"))
        sys.stdout.write(guess(core))
    except ConformError as error:
        raise CommandError(str(error)) from error
