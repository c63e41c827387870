"""A capture held against the RTL: what agrees, what is said of it, and a fault named with its first clock."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import isadma
from isadma_sim.engines.native.compiler import missing
from isadma_verify.captures.check.run import check

RTL = Path(isadma.__file__).parent
#: What runs the RTL as it is, where it does not matter which: a tenth of the time.
ENGINE = "amaranth" if missing() else "native"
PASSIVE = 0b111


@pytest.fixture
def session(tmp_path, refresh_capture, sigrok_file):
    made = refresh_capture(3000)
    return made, sigrok_file(tmp_path / "refresh.sr", *made.probes())


def first_edge(clock):
    """Clocks are counted from the first rising edge of CLK: the row before it is not one."""
    return clock - 1


@pytest.mark.parametrize("engine", ["native", "amaranth"])
def test_a_capture_made_from_the_real_ones_clock_counts_agrees_in_every_clock(session, engine):
    made, path = session
    result = check(path, engine=engine)
    assert result.agrees
    assert result.clocks == len(made.rows) - 1
    assert result.services.requests == result.services.granted == len(made.grants)
    assert {line.line: line.wrong for line in result.lines} == {"ready": 0, "dreq0": 0}
    assert set(result.ready.runs["memory or none"]) == {6}
    assert set(result.ready.runs["I/O"]) == {7}
    assert sum(sum(runs.values()) for runs in result.ready.runs.values()) == sum(
        clock + 10 < len(made.rows) for clock in made.grants
    )


@pytest.mark.parametrize("clocks", [100, 1000])
def test_until_ends_the_check(session, clocks):
    assert check(session[1], until=clocks, engine=ENGINE).clocks == clocks


@pytest.mark.parametrize(("late", "offset"), [(1, 1), (-1, -1), (2, 2)])
def test_one_probe_with_a_constant_offset_is_found_and_allowed(session, sigrok_file, tmp_path, late, offset):
    made, _ = session
    levels = [row["ready"] for row in made.rows]
    for clock, row in enumerate(made.rows):
        row["ready"] = levels[min(max(clock - late, 0), len(levels) - 1)]
    result = check(sigrok_file(tmp_path / "late.sr", *made.probes()), engine=ENGINE)
    assert result.agrees
    assert result.allowed.line == "ready"
    assert result.allowed.offset == offset


def test_a_varying_offset_is_a_difference_at_its_first_clock(session, sigrok_file, tmp_path):
    made, _ = session
    levels = [row["ready"] for row in made.rows]
    grant = made.grants[9]
    for clock in range(grant, len(levels)):
        made.rows[clock]["ready"] = levels[clock - 1]
    result = check(sigrok_file(tmp_path / "varies.sr", *made.probes()), engine=ENGINE)
    assert not result.agrees
    first = next(clock for clock in range(grant, len(levels)) if levels[clock] != levels[clock - 1])
    assert result.difference.clock == first_edge(first)
    assert set(result.difference.lines) == {"ready"}


def in_a_copy(tmp_path, file, old, new):
    """Patch a copy of the RTL, and return the environment that runs it."""
    copy = tmp_path / "copy" / "isadma"
    shutil.copytree(RTL, copy, ignore=shutil.ignore_patterns("__pycache__"))
    path = copy / file
    assert path.read_text().count(old) == 1, f"{file} has not just one {old!r}: the mutant must follow the RTL"
    path.write_text(path.read_text().replace(old, new))
    return {**os.environ, "PYTHONPATH": str(copy.parent)}


def checked(path, environment=None, *options, engine="amaranth"):
    command = [sys.executable, "-m", "isadma_cli", "check", str(path), "--engine", engine, "--json", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def test_dack_a_clock_late_is_named_with_its_first_clock(session, tmp_path):
    made, path = session
    environment = in_a_copy(
        tmp_path,
        "i8237/waveform.py",
        "        for i in range(CHANNELS):\n            m.d.comb += self.dack[i].eq((dack &",
        "        slow = Signal()\n        with m.If(self.clocking.clk_fall):\n            m.d.sync += slow.eq(dack)\n"
        "        for i in range(CHANNELS):\n            m.d.comb += self.dack[i].eq((slow &",
    )
    status, found, said = checked(path, environment, "--until", "600")
    assert status == 1
    assert found["first_difference"]["clock"] == first_edge(made.grants[0] + 4)
    assert found["first_difference"]["captured_and_rtl"] == {"dreq0": [0, 1]}
    assert "DREQ0 is 0 in the capture and 1 in the RTL" in said


@pytest.mark.long
def test_a_wait_state_more_in_refresh_is_named_with_its_first_clock(session, tmp_path):
    made, path = session
    environment = in_a_copy(
        tmp_path, "pc/xt.py", "dma.ready.eq(waits.ready | (~dma.dack[0] & isa.iochrdy))", "dma.ready.eq(waits.ready)"
    )
    _, found, _ = checked(path, environment)
    first = made.grants[0]
    back = next(clock for clock in range(first + 3, first + 20) if made.rows[clock]["ready"])
    assert found["first_difference"]["clock"] == first_edge(back)
    assert found["first_difference"]["captured_and_rtl"] == {"ready": [1, 0]}


@pytest.mark.long
def test_hrq_a_clock_early_is_named_with_its_first_clock(session, tmp_path):
    made, path = session
    environment = in_a_copy(
        tmp_path, "i8237/controller.py", "self.hrq.eq(waveform.hrq)", "self.hrq.eq(waveform.hrq | self.priority.any)"
    )
    _, found, _ = checked(path, environment)
    early = next(clock for clock in made.requests if made.rows[clock]["s"] == PASSIVE)
    assert found["first_difference"]["clock"] == first_edge(early + 3)
    assert found["first_difference"]["captured_and_rtl"] == {"ready": [1, 0]}


def test_refresh_every_71_clocks_is_named_with_its_first_clock(session):
    made, path = session
    status, found, _ = checked(path, None, "--refresh", "71", engine=ENGINE)
    assert status == 1
    assert found["first_difference"]["clock"] == first_edge(made.requests[0] + 71)
    assert found["first_difference"]["captured_and_rtl"] == {"dreq0": [0, 1]}
    assert checked(path, None, "--refresh", "72", engine=ENGINE)[0] == 0
