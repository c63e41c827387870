"""The benchmark's load and its report; never how fast anything is."""

import itertools
import json
import subprocess
import sys

import pytest

from isadma_sim import PC
from isadma_sim.bench import BenchError, Figures, Report, measure, parts, timing
from isadma_sim.bench.load import CHANNEL, LAP, start


def test_the_load_moves_a_byte_in_four_clocks_without_end():
    with PC(engine="reference") as pc:
        source = start(pc)
        pc.run(clocks=300_000)
        assert source.laps == 1
        assert pc.stats.bytes[CHANNEL] > 70_000
        assert pc.memory[0x20000 : 0x20000 + 512] == bytes(range(256)) * 2
        # 256 bytes are 1,024 clocks and one more where A8 carries.
        assert 4.0 < 300_000 / pc.stats.bytes[CHANNEL] < 4.05


def test_the_loads_laps_are_64_kib():
    assert LAP == 65_536


def test_ports_of_every_kind_refresh_and_waves_are_measured_on_what_they_say(monkeypatch):
    monkeypatch.setattr(parts, "_SECONDS", 1e-4)
    took = parts.microseconds("reference")
    assert list(took) == ["8237A", "8259A mask", "8254 latch and read", "port 61h", "device in Python"]
    assert all(each > 0 for each in took.values())

    def refreshes(pc):
        pc.run(clocks=720)
        return pc.stats.refreshes

    assert parts.refreshing("reference", refreshes) >= 9
    with PC(engine="reference") as pc:
        start(pc)
        assert parts.watched(pc, lambda pc: pc.run(clocks=200) and pc._waves.path.suffix) == ".fst"
        assert pc._waves is None


def test_an_unknown_engine_is_refused():
    with pytest.raises(BenchError, match=r"^no engine named 'icarus': use amaranth, native, reference, uart$"):
        measure(["icarus"])


def test_the_report_names_every_figure():
    report = Report(
        {"native": Figures(1.0, 2.0, 3.0, 4.0, {"8237A": 1.5}, 7.0, 8.0, 9.0, 5.0, 0.5, 6.0)},
        {"native": {"1024": 1e-9}},
    )
    assert json.loads(report.json()) == {
        "engines": {
            "native": {
                "clocks_per_s": 1.0,
                "transfers_per_s": 2.0,
                "bytes_per_s": 3.0,
                "port_accesses_per_s": 4.0,
                "port_us": {"8237A": 1.5},
                "refresh_clocks_per_s": 7.0,
                "waves_clocks_per_s": 8.0,
                "trace_clocks_per_s": 9.0,
                "peak_rss_mib": 5.0,
                "rss_growth_mib": 0.5,
                "build_s": 6.0,
            }
        },
        "growth": {"native": {"1024": 1e-9}},
    }


def test_memory_that_is_taken_shows_in_what_is_held():
    # In a process of its own: one that has given memory back takes it again without growing.
    program = (
        "from isadma_sim.bench import timing\n"
        "before = timing._resident_mib()\n"
        "taken = bytearray(b'x') * (32 << 20)\n"
        "print(timing._resident_mib() - before, len(taken))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert 24 < float(done.stdout.split()[0]) < 64


@pytest.mark.parametrize(
    ("bytes_per_second", "seconds"),
    # Every look at the clock costs a second: two turns are two seconds for each size, and twice a smaller one moves.
    [(1e6, {"1024": 2 / 2048, "4096": 2 / 4096}), (10, {"1024": 2 / 1024})],
    ids=["all in time", "one too large"],
)
def test_growth_is_the_seconds_for_each_byte_of_every_size_moved_in_time(monkeypatch, bytes_per_second, seconds):
    monkeypatch.setattr(timing, "_SIZES", (1024, 4096))
    monkeypatch.setattr(timing, "_TURNS", 2)
    monkeypatch.setattr(timing.time, "process_time", itertools.count().__next__)
    assert timing._growth("reference", bytes_per_second) == pytest.approx(seconds, rel=0.02)
