"""The verdict for machines: JSON and JUnit."""

from typing import Any
from xml.etree import ElementTree

from isadma_verify.conform.run.verdicts import BROKEN, HELD, LEFT_OUT, RuleVerdict, Verdict


def _break(one: RuleVerdict) -> dict[str, Any] | None:
    found = one.first
    if found is None:
        return None
    return {
        "bench": found.test,
        "said": found.said,
        "expected": found.expected,
        "got": found.got,
        "clock": found.clock,
        "where": found.where,
    }


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as JSON can say it."""
    return {
        "core": verdict.core,
        "simulator": verdict.simulator,
        "profile": verdict.profile,
        "holds": verdict.holds,
        "seconds": round(verdict.seconds, 1),
        "benches": verdict.benches,
        "benches_failed": verdict.failed,
        "lacks": verdict.lacks,
        "cannot_float": verdict.gated,
        "hung": verdict.hung,
        "remarks": verdict.remarks,
        "clocks_per_byte": {kind: round(clocks, 2) for kind, clocks in verdict.paces.items()},
        "rules": [
            {
                "rule": one.rule.name,
                "sentence": one.rule.sentence,
                "place": one.rule.place,
                "verdict": one.state,
                "benches": one.benches,
                "not_reached_for": sorted(one.because),
                "may_follow_from": verdict.follows.get(one.rule.name, []),
                "first": _break(one),
                "causes": [{"said": said, "benches": count} for said, count in one.causes.most_common()],
            }
            for one in verdict.rules
        ],
    }


def as_junit(verdict: Verdict) -> str:
    """Return the verdict as JUnit has it: a test case for each rule."""
    broken = sum(one.state not in (HELD, LEFT_OUT) for one in verdict.rules)
    suite = ElementTree.Element(
        "testsuite",
        name=f"isadma conform {verdict.core}",
        tests=str(len(verdict.rules)),
        failures=str(broken),
        skipped=str(verdict.count(LEFT_OUT)),
        time=f"{verdict.seconds:.1f}",
    )
    for one in verdict.rules:
        case = ElementTree.SubElement(suite, "testcase", classname=verdict.core, name=one.rule.name)
        if one.state == LEFT_OUT:
            ElementTree.SubElement(case, "skipped", message="left out")
        elif one.state != HELD:
            first = one.first
            said = f"{one.rule.sentence} ({one.rule.place})"
            if one.state == BROKEN and first is not None:
                said += f": {first.said}; {first.where}, in {first.test}"
            ElementTree.SubElement(case, "failure", message=f"{one.state}: {said}")
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
