"""Bursts broken on purpose, one line each: the proofs refute every one of them."""

import types
from pathlib import Path

import pytest

from isadma.soc import burst
from isadma_verify.formal import wishbone_bursts
from isadma_verify.formal.runner import prove

PROPERTIES = {rule.name: rule for rule in wishbone_bursts.WISHBONE_BURSTS}
RULES, BYTES, ANSWERS = "wishbone-bursts", "wishbone-burst-bytes", "wishbone-burst-answers"
#: The property that refutes it, a line of the reader, and what becomes of it.
BROKEN = {
    "a_word_that_was_written_stays_in_the_line": (BYTES, "there.bit_select(wanted, 1).eq(0)", "there.eq(there)"),
    "the_line_survives_its_service": (BYTES, "[known.eq(0), there.eq(0), has_read.eq(0)]", "has_read.eq(0)"),
    "a_word_that_failed_is_there": (BYTES, "m.If(bus.ack & known)", "m.If(known)"),
    "a_burst_that_outlived_its_service_fills_the_line": (BYTES, "m.If(bus.ack & known)", "m.If(bus.ack)"),
    "a_burst_does_not_wrap": (
        RULES,
        "bus.adr.eq(Cat(word, line))",
        "bus.adr.eq(Cat(word, line) + (word + left != 3) * 4)",
    ),
    "a_burst_goes_down": (RULES, "word.eq(word + 1)", "word.eq(word - 1)"),
    "a_burst_ends_with_its_service": (RULES, "streaming.eq(left != 0)", "streaming.eq((left != 0) & standard.cyc)"),
    "the_bus_is_let_go_of_in_mid_burst": (RULES, "streaming | (standard.cyc & ~outlived)", "standard.cyc & ~outlived"),
    "a_word_that_nobody_asked_for_fails_the_service": (
        RULES,
        "standard.err.eq(alone & bus.err)",
        "standard.err.eq(bus.err)",
    ),
    "the_end_of_a_burst_is_not_said": (RULES, "Mux(left == 0, CycleType.END", "Mux(left == 9, CycleType.END"),
    "the_next_service_takes_over_the_bus": (RULES, "outlived.eq(streaming & (outlived", "outlived.eq(0 & (outlived"),
    "a_word_that_failed_is_fetched_by_bursts_for_ever": (
        ANSWERS,
        "fetches.eq(reads & has_read & ~in_line)",
        "fetches.eq(reads & has_read & ~held)",
    ),
}
QUICK = "a_word_that_was_written_stays_in_the_line"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == QUICK else [pytest.mark.long]) for name in BROKEN]
)
def test_a_broken_burst_is_refuted(monkeypatch, name):
    rule, line, instead = BROKEN[name]
    text = Path(burst.__file__).read_text()
    assert text.count(line) == 1, f"the RTL has changed, and {name} must follow"
    module = types.ModuleType("isadma.soc.broken_burst")
    module.__package__ = "isadma.soc"
    exec(compile(text.replace(line, instead), burst.__file__, "exec"), module.__dict__)
    monkeypatch.setattr(wishbone_bursts, "BurstReader", module.BurstReader)
    verdict = prove(PROPERTIES[rule], timeout=200, cover=False)
    assert not verdict.proved
    assert "failed assertion" in verdict.detail
