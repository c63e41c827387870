"""The checker of the AC table by itself: told edges, it measures, and names the line that does not hold."""

import re

import pytest

from isadma_verify.timing import TABLE, Checker

#: Line; the edges before, in nanoseconds; the edge that ends it; a time for that at the limit, and one just beyond.
CASES = [
    ("TAEL", "clk=1@900 clk=0@1000", "part:aen=1", 1200, 1201),
    ("TAET", "part:aen=1@900 clk=1@1000", "part:aen=0", 1130, 1131),
    ("TAFAB", "part:a=5@900 clk=1@1000", "part:a=Z", 1090, 1091),
    ("TAFC", "part:memr_n=1@900 clk=1@1000", "part:memr_n=Z", 1120, 1121),
    ("TASM", "part:a=5@900 clk=1@1000", "part:a=6", 1170, 1171),
    ("TFAAB", "clk=1@1000", "part:a=6", 1170, 1171),
    ("TFAC", "clk=1@1000", "part:iow_n=1", 1150, 1151),
    ("TFADB", "clk=1@1000", "part:db=6", 1200, 1201),
    ("TDQ", "clk=1@1000", "part:hrq=1", 1120, 1121),
    ("TSTL", "clk=1@1000", "part:adstb=1", 1130, 1131),
    ("TSTT", "part:adstb=1@900 clk=1@1000", "part:adstb=0", 1090, 1091),
    ("TAHS", "part:db=9@900 part:adstb=1@900 part:adstb=0@1000", "part:db=Z", 1030, 1029),
    ("TASS", "part:db=9@900 part:adstb=1@890", "part:adstb=0", 1000, 999),
    ("TAK (DACK)", "part:dack=15@0 clk=1@900 clk=0@1000", "part:dack=14", 1170, 1171),
    ("TAK (EOP#)", "clk=1@1000", "part:eop_n=0", 1170, 1171),
    ("TDCL", "part:memw_n=1@900 clk=1@1000", "part:memw_n=0", 1190, 1191),
    ("TDCTW", "part:memw_n=1@500 part:memw_n=0@600 clk=1@1000", "part:memw_n=1", 1130, 1131),
    ("TDCTR", "part:memr_n=1@500 part:memr_n=0@600 clk=1@1000", "part:memr_n=1", 1190, 1191),
    ("read width", "part:memr_n=1@100 part:memr_n=0@500", "part:memr_n=1", 850, 849),
    ("write width", "part:memw_n=1@100 part:memw_n=0@500", "part:memw_n=1", 600, 599),
    ("TAHW", "part:a=5@100 part:memw_n=1@100 part:memw_n=0@500 part:memw_n=1@700", "part:a=6", 850, 849),
    ("TAHR", "part:a=5@100 part:memr_n=1@100 part:memr_n=0@100 part:memr_n=1@700", "part:a=6", 800, 799),
    ("TODV", "part:memw_n=1@100 part:memw_n=0@500 part:db=5@700", "part:memw_n=1", 825, 824),
    ("TODH", "part:memw_n=1@100 part:memw_n=0@500 part:db=5@600 part:memw_n=1@800", "part:db=Z", 810, 809),
    ("TRDE", "cs_n=0@100 a=1@100 ior_n=0@500", "part:db=6", 640, 641),
    ("TRDF", "cs_n=0@100 a=1@100 ior_n=0@500 part:db=6@600 ior_n=1@800", "part:db=Z", 870, 871),
    (
        "TWR",
        "part:memr_n=1@100 part:iow_n=1@100 part:memr_n=0@500 part:iow_n=0@600 part:iow_n=1@1000",
        "part:memr_n=1",
        1000,
        None,
    ),
    ("TCH", "clk=0@100 clk=1@200 clk=0@300 clk=1@500", "clk=0", 580, 579),
    ("TCL", "clk=0@100 clk=1@200 clk=0@500", "clk=1", 568, 567),
    ("TCY", "clk=1@100 clk=0@200 clk=1@300 clk=0@400", "clk=1", 500, 499),
    ("TWWS", "cs_n=0@10 a=1@10 db=1@10 iow_n=1@10 iow_n=0@500", "iow_n=1", 660, 659),
    ("TAW", "cs_n=0@10 db=1@10 iow_n=1@10 iow_n=0@400 a=1@500", "iow_n=1", 630, 629),
    ("TCW", "a=0@10 db=1@10 iow_n=1@10 iow_n=0@400 cs_n=0@500", "iow_n=1", 630, 629),
    ("TDW", "cs_n=0@10 a=1@10 iow_n=1@10 iow_n=0@400 db=1@500", "iow_n=1", 630, 629),
    ("TWA", "cs_n=0@10 a=1@10 db=1@10 iow_n=0@400 iow_n=1@600", "a=2", 620, 619),
    ("TWC", "cs_n=0@10 a=1@10 db=1@10 iow_n=0@400 iow_n=1@600", "cs_n=1", 620, 619),
    ("TWD", "cs_n=0@10 a=1@10 db=1@10 iow_n=0@400 iow_n=1@600", "db=2", 630, 629),
    ("TAR", "a=1@10 cs_n=0@500", "ior_n=0", 550, 549),
    ("TRW", "cs_n=0@10 a=1@10 ior_n=0@500", "ior_n=1", 700, 699),
    ("TRSTW", "reset=0@10 reset=1@500", "reset=0", 800, 799),
    ("TRSTS", "cs_n=0@5 a=1@5 reset=1@10 reset=0@500", "ior_n=0", 900, 899),
    ("TEPW", "eop_n=1@10 eop_n=0@500", "eop_n=1", 720, 719),
    ("recovery", "iow_n=0@100 iow_n=1@500", "iow_n=0", 900, 899),
]
_EDGE = re.compile(r"(part:)?(\w+)=(\w+)(?:@(\d+))?")


def told(before, last, at):
    checker = Checker(tcy=200_000)
    checker.system(0, "clk", 0)
    for word in [*before.split(), f"{last}@{at}"]:
        side, pin, level, time = _EDGE.fullmatch(word).groups()
        tell = checker.part if side else checker.system
        tell(int(time) * 1000, pin, None if level == "Z" else int(level))
    return {violation.symbol for violation in checker.violations}, checker


@pytest.mark.parametrize(("symbol", "before", "last", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_line_holds_at_its_limit_and_not_beyond(symbol, before, last, good, bad):
    violated, checker = told(before, last, good)
    assert symbol in checker.measured
    assert symbol not in violated
    if bad is not None:
        assert symbol in told(before, last, bad)[0]


def test_the_read_strobe_may_not_end_before_the_write_strobe():
    before = "part:memr_n=1@100 part:iow_n=1@100 part:memr_n=0@500 part:iow_n=0@600"
    assert "TWR" in told(before, "part:memr_n=1", 1000)[0]


@pytest.mark.parametrize(("symbol", "pin", "time"), [("TRS", "ready", 60), ("THS", "hlda", 75), ("TEPS", "eop_n", 40)])
def test_an_input_is_judged_at_the_edge_that_samples_it(symbol, pin, time):
    for late in (0, 1):
        checker = Checker(tcy=200_000)
        checker.system(0, pin, 0)
        checker.system((1000 - time + late) * 1000, pin, 1)
        checker.sampled(symbol, pin, 1_000_000)
        assert bool(checker.violations) == bool(late)


@pytest.mark.parametrize(("went", "holds"), [(1020, True), (1019, False)])
def test_ready_has_to_stay_after_the_edge(went, holds):
    checker = Checker(tcy=200_000)
    checker.system(0, "ready", 1)
    checker.sampled("TRS", "ready", 1_000_000, "TRH")
    checker.system(went * 1000, "ready", 0)
    assert [violation.symbol for violation in checker.violations] == ([] if holds else ["TRH"])


def test_a_violation_says_line_time_and_limit():
    _, checker = told("part:memr_n=1@100 part:memr_n=0@500", "part:memr_n=1", 849)
    said = "read width (read strobe low): -51.0 ns at 849.0 ns, the data sheet has 2TCY-50"
    assert str(checker.violations[0]) == said


def test_a_limit_reads_as_in_the_data_sheet():
    written = [str(TABLE[name].minimum) for name in ("TAHS", "TAHR", "TRSTS", "read width")]
    assert written == ["30", "TCY-100", "2TCY", "2TCY-50"]
