"""From what the benches wrote down, and from their own verdicts, to a verdict for each rule."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isadma_verify.conform.rules.catalogue import Rule
from isadma_verify.conform.run.saying import own_words
from isadma_verify.conform.run.verdicts import BROKEN, HELD, LEFT_OUT, NOT_REACHED, Break, RuleVerdict
from isadma_verify.cosim.common.run import Result

#: What is said of a bench that hangs.
HANGS = "the bench did not end"


@dataclass(frozen=True)
class Heard:
    """
    One simulation: the module of benches, what each said, and the lines of its journal.

    Parameters
    ----------
    module
        Its dotted name.
    results
        The benches' own verdicts.
    lines
        The journal.
    """

    module: str
    results: Sequence[Result]
    lines: Sequence[Mapping[str, Any]]


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a journal; a last one that was cut off is left out."""
    lines = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            lines.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return lines


def running(lines: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the test that had begun and not ended, or None."""
    begun = None
    for line in lines:
        if "begin" in line:
            begun = str(line["begin"])
        elif "end" in line:
            begun = None
    return begun


def cause_of(said: str) -> str:
    """Return a sentence without what differs from bench to bench: numbers, and a port's in hex."""
    return re.sub(r"\b0x[0-9a-fA-F]+\b|\b[0-9A-F]+h\b|\b\d+\b|(?<=\bport )[A-F]\b", "n", said)


def hear(
    rules: Sequence[Rule],
    judges: Mapping[tuple[str, str], str],
    heard: Sequence[Heard],
    left_out: Mapping[str, str],
    hung: Mapping[str, tuple[str, str]],
) -> list[RuleVerdict]:
    """
    Return a verdict for each rule.

    Parameters
    ----------
    rules
        Those asked for.
    judges
        Module and bench to the rule that it judges.
    heard
        All simulations.
    left_out
        Rules that do not apply, with the reason.
    hung
        Benches that did not end, or not by themselves, with their modules and what is said of them.
    """
    verdicts = {rule.name: RuleVerdict(rule, NOT_REACHED) for rule in rules}
    stopped = {
        (simulation.module, str(line["test"])): str(line["aside"])
        for simulation in heard
        for line in simulation.lines
        if line.get("ends")
    }
    late: list[tuple[str, tuple[RuleVerdict, Result, Mapping[str, Any], Mapping[str, int]]]] = []
    for simulation in heard:
        ends = {str(line["end"]): line for line in simulation.lines if "end" in line}
        at_pins = _breaks_at_pins(simulation.lines)
        _checkers(verdicts, simulation, ends, at_pins)
        for result in simulation.results:
            bench = result.name.partition("/")[0]
            verdict = verdicts.get(judges.get((simulation.module, bench), ""))
            if verdict is None:
                continue
            told = verdict, result, ends.get(result.name, {}), at_pins.get(result.name, {})
            if result.passed:
                verdict.benches += 1
                verdict.state = HELD if verdict.state == NOT_REACHED else verdict.state
            elif owner := stopped.get((simulation.module, result.name)):
                late.append((owner, told))
            else:
                _failed(*told)
    for test, (module, said) in hung.items():
        verdict = verdicts.get(judges.get((module, test.partition("/")[0]), ""))
        if verdict is not None:
            verdict.state = BROKEN
            verdict.causes[cause_of(said)] += 1
            # A core that ends the simulation has a fault of its own there, whatever else it has.
            verdict.breaks.append(Break(test, said, "", "", 0, "", [], None if said == HANGS else frozenset()))
    broken = {name for name, verdict in verdicts.items() if verdict.state == BROKEN}
    for owner, its in late:
        if owner in broken:
            its[0].because.add(owner)
        else:
            _failed(*its)
    for simulation in heard:
        _asides(verdicts, judges, simulation, broken)
    for name in left_out:
        if name in verdicts:
            verdicts[name].state = LEFT_OUT
    return list(verdicts.values())


def _failed(verdict: RuleVerdict, result: Result, end: Mapping[str, Any], at_pins: Mapping[str, int]) -> None:
    """Take a bench that failed by itself."""
    verdict.benches += 1
    verdict.state = BROKEN
    said, expected, got = own_words(result.failure)
    if end.get("expected"):
        expected, got = str(end["expected"]), str(end["got"])
    verdict.causes[cause_of(said)] += 1
    clock, where = int(end.get("clock", 0)), str(end.get("where", ""))
    before = _before(end, at_pins, clock)
    verdict.breaks.append(Break(result.name, said, expected, got, clock, where, list(end.get("window", [])), before))


def _asides(
    verdicts: Mapping[str, RuleVerdict],
    judges: Mapping[tuple[str, str], str],
    simulation: Heard,
    broken: set[str],
) -> None:
    """
    Take what benches saw by the way.

    Where the rule that it belongs to is broken by a bench of its own, it is one more place; where not, or where that
    rule was not asked for, the bench's own rule is broken.
    """
    ends = {str(line["end"]): line for line in simulation.lines if "end" in line}
    at_pins = _breaks_at_pins(simulation.lines)
    for line in simulation.lines:
        if "aside" not in line or line["ends"]:
            continue
        test = str(line["test"])
        told = cause_of(line["said"])
        if line["aside"] in broken:
            verdicts[str(line["aside"])].causes[told] += 1
            continue
        verdict = verdicts.get(judges.get((simulation.module, test.partition("/")[0]), ""))
        if verdict is None:
            continue
        verdict.state = BROKEN
        verdict.causes[told] += 1
        fields = {key: line[key] for key in ("test", "said", "expected", "got", "clock", "where", "window")}
        before = _before(ends.get(test, {}), at_pins.get(test, {}), int(line["clock"]))
        verdict.breaks.append(Break(**fields, before=before))


def _breaks_at_pins(lines: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return, for each test, the rules that it broke at the pins, with the fabric clocks."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        if "rule" in line:
            found.setdefault(str(line["test"]), {})[str(line["rule"])] = int(line["clock"])
    return found


def _before(end: Mapping[str, Any], at_pins: Mapping[str, int], clock: int, own: str = "") -> frozenset[str] | None:
    """Return what had happened by a fabric clock: see `Break.before`."""
    if "exercised" not in end:
        return None
    told = {**end["exercised"], **at_pins}
    return frozenset(name for name, at in told.items() if name != own and at <= clock)


def _checkers(
    verdicts: Mapping[str, RuleVerdict],
    simulation: Heard,
    ends: Mapping[str, Mapping[str, Any]],
    at_pins: Mapping[str, Mapping[str, int]],
) -> None:
    for end in ends.values():
        for name in end["met"]:
            verdict = verdicts.get(name)
            if verdict is None:
                continue
            verdict.benches += 1
            verdict.state = HELD if verdict.state == NOT_REACHED else verdict.state
    for line in simulation.lines:
        verdict = verdicts.get(str(line.get("rule", "")))
        if verdict is None:
            continue
        verdict.state = BROKEN
        verdict.causes[cause_of(line["said"])] += 1
        fields = {key: line[key] for key in ("test", "said", "expected", "got", "clock", "where", "window")}
        end = ends.get(str(line["test"]), {})
        before = _before(end, at_pins.get(str(line["test"]), {}), int(line["clock"]), str(line["rule"]))
        verdict.breaks.append(Break(**fields, before=before))
