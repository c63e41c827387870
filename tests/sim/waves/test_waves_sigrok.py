"""Waveforms as a sigrok session: the lines that have pins, two samples a clock, and what libsigrok makes of them."""

import configparser
import shutil
import subprocess
import zipfile

import pytest

from isadma_sim import PC
from isadma_sim.waves.files import open_wave_file


def session(path):
    with zipfile.ZipFile(path) as file:
        config = configparser.ConfigParser()
        config.read_string(file.read("metadata").decode())
        device = config["device 1"]
        names = sorted((n for n in file.namelist() if n.startswith("logic-1-")), key=lambda n: int(n.split("-")[2]))
        raw = b"".join(file.read(name) for name in names)
    unit = int(device["unitsize"])
    probes = [device[f"probe{n}"] for n in range(1, int(device["total probes"]) + 1)]
    samples = [int.from_bytes(raw[at : at + unit], "little") for at in range(0, len(raw), unit)]
    return probes, samples, device["samplerate"]


def written(path, *, rate=2_000_000):
    dump = open_wave_file(path, "1 ns", 1000, rate=rate)
    clk, a = dump.add("pc", "clk", 1), dump.add("pc.isa", "a", 12)
    strobe, inside = dump.add("pc.isa", "ior_n", 1), dump.add("pc.dma1", "count0", 16)
    word = dump.add("pc.isa", "master", 0)
    for clock in range(4):
        dump.change(clk, 1000 + clock * 1000, 0)
        dump.change(a, 1000 + clock * 1000, None if clock == 3 else 0x120 + clock)
        dump.change(strobe, 1000 + clock * 1000, int(clock != 2))
        dump.change(inside, 1000 + clock * 1000, 7)
        dump.change(word, 1000 + clock * 1000, "DMA")
        dump.change(clk, 1500 + clock * 1000, 1)
    dump.close(5000)
    return session(path)


def test_each_half_clock_is_a_sample_of_the_lines_that_have_pins(tmp_path):
    probes, samples, rate = written(tmp_path / "t.sr")
    assert probes == ["CLK", *(f"A{bit}" for bit in range(12)), "IOR#"]
    assert rate == "2000000 Hz"
    assert [sample & 1 for sample in samples] == [0, 1] * 4
    assert [sample >> 1 & 0xFFF for sample in samples[::2]] == [0x120, 0x121, 0x122, 0xFFF]  # what floats is high
    assert [sample >> 13 for sample in samples[1::2]] == [1, 1, 0, 1]


def test_a_time_in_which_nothing_moves_is_cut_short(tmp_path):
    dump = open_wave_file(tmp_path / "t.sr", "1 ns", 0, rate=2_000_000)
    clk = dump.add("pc", "clk", 1)
    dump.change(clk, 0, 0)
    dump.change(clk, 3600 * 10**9, 1)
    dump.close(3600 * 10**9 + 500)
    assert len(session(tmp_path / "t.sr")[1]) == (1 << 20) + 1
    assert (tmp_path / "t.sr").stat().st_size < 100_000


def test_a_machines_dump_has_no_save_file_and_all_its_clocks(tmp_path):
    with PC(engine="reference", board="xt") as pc:
        pc.waves(tmp_path / "t.sr")
        pc.outb(0x0C, 0)
        pc.run(clocks=100)
    probes, samples, _ = session(tmp_path / "t.sr")
    assert {"CLK", "HRQ", "HLDA", "AEN", "A0", "A23", "D15", "IOW#", "DRQ2", "DACK2#", "TC", "OUT1"} <= set(probes)
    assert any(not sample >> probes.index("IOW#") & 1 for sample in samples)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.sr"]


@pytest.mark.skipif(shutil.which("sigrok-cli") is None, reason="sigrok-cli is not installed (Debian: sigrok-cli)")
def test_libsigrok_reads_the_same(tmp_path):
    _, samples, _ = written(tmp_path / "t.sr")
    command = ["sigrok-cli", "-i", tmp_path / "t.sr", "-O", "csv", "-C", "CLK,IOR#"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    rows = [line for line in done.stdout.splitlines() if line[:1] in "01"]
    assert rows == [f"{sample & 1},{sample >> 13}" for sample in samples]
