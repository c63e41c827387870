"""Captures read: every format gives the same clocks, and what is wrong with a file is one clear line."""

import gzip
import io
import random
import tracemalloc
import zipfile

import numpy as np
import pytest
from vcd import VCDWriter

from isadma_verify.captures.clocks import clocks_of
from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.pins import PinMap, Probe, guessed
from isadma_verify.captures.readers import open_capture

NAMES = ["CLK", "IOR#", "DRQ3", "A0"]
#: Two samples a clock, the first with CLK high; the first row is no edge.
SAMPLES = [[1 - index % 2, index // 2 % 3 == 0, index // 2 % 5 < 2, index // 4 % 2] for index in range(400)]
SAMPLES = [[int(level) for level in sample] for sample in SAMPLES]


def clocked(path, pins=None, **options):
    reader = open_capture(path)
    found = list(clocks_of(reader, pins or guessed(reader.probes), **options))
    return {line: np.concatenate([clocks.lines[line] for clocks in found]).tolist() for line in found[0].lines}


def write_csv(samples, *, time=None):
    head = [*([time] if time else []), *NAMES]
    rows = [",".join([*([f"{index * 50}"] if time else []), *map(str, row)]) for index, row in enumerate(samples)]
    return "; Samplerate: 20 MHz\n" + ",".join(head) + "\n" + "\n".join(rows) + "\n"


def write_vcd(path, samples):
    with path.open("w") as stream, VCDWriter(stream, timescale="1 ns", check_values=False) as writer:
        signals = [writer.register_var("bus", name, "wire", size=1, init=0) for name in NAMES]
        for index, sample in enumerate(samples):
            for signal, level in zip(signals, sample, strict=True):
                writer.change(signal, index * 50, level)
    return path


@pytest.fixture
def expected():
    rows = SAMPLES[2::2]
    return {"ior_n": [row[1] for row in rows], "dreq3": [row[2] for row in rows], "a0": [row[3] for row in rows]}


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
@pytest.mark.parametrize("unit", [1, 2, 5, 8, 9, 16])
def test_sigrok_sessions_of_any_unit_size_and_number_of_chunks(tmp_path, sigrok_file, expected, unit, chunk):
    assert clocked(sigrok_file(tmp_path / "c.sr", NAMES, SAMPLES, unit=unit, chunk=chunk)) == expected


def test_probes_beyond_the_first_word(tmp_path, sigrok_file, expected):
    names = [*(f"X{number}" for number in range(70)), *NAMES]
    samples = [[*([index & 1] * 70), *sample] for index, sample in enumerate(SAMPLES)]
    assert clocked(sigrok_file(tmp_path / "c.sr", names, samples)) == expected


@pytest.mark.parametrize("time", [None, "Time [ns]"])
@pytest.mark.parametrize("packed", [False, True])
def test_tables_with_and_without_times_plain_and_packed(tmp_path, expected, time, packed):
    text = write_csv(SAMPLES, time=time).encode()
    path = tmp_path / ("c.csv.gz" if packed else "c.csv")
    path.write_bytes(gzip.compress(text) if packed else text)
    # With times a clock shows what stood before its edge: one clock earlier, for these levels change with the edge.
    shift = {line: [SAMPLES[0][NAMES_INDEX[line]], *levels[:-1]] for line, levels in expected.items()}
    assert clocked(path) == (expected if time is None else shift)


NAMES_INDEX = {"ior_n": 1, "dreq3": 2, "a0": 3}


def test_a_value_change_dump_shows_what_stood_before_the_edge(tmp_path, expected):
    found = clocked(write_vcd(tmp_path / "c.vcd", SAMPLES))
    assert found == {line: [SAMPLES[0][NAMES_INDEX[line]], *levels[:-1]] for line, levels in expected.items()}


def test_clocks_from_a_rate(tmp_path, expected):
    path = tmp_path / "c.csv"
    path.write_text(write_csv(SAMPLES))
    pins = PinMap({line: Probe(number) for line, number in NAMES_INDEX.items()}, clock=10e6)
    assert clocked(path, pins) == {line: [row[NAMES_INDEX[line]] for row in SAMPLES[::2]] for line in expected}


def test_a_probe_upside_down(tmp_path, sigrok_file, expected):
    path = sigrok_file(tmp_path / "c.sr", NAMES, SAMPLES)
    pins = PinMap({"clk": Probe(0), "ior_n": Probe(1, inverted=True)})
    assert clocked(path, pins)["ior_n"] == [1 - level for level in expected["ior_n"]]


def complaint(path, pins=None):
    with pytest.raises(CaptureError) as found:
        clocked(path, pins)
    text = str(found.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_a_session_cut_off_anywhere(tmp_path, sigrok_file, part):
    path = sigrok_file(tmp_path / "c.sr", NAMES, SAMPLES)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    assert "cut off" in complaint(path)


def test_a_session_whose_samples_do_not_unpack(tmp_path, sigrok_file):
    path = sigrok_file(tmp_path / "c.sr", NAMES, SAMPLES, chunk=10_000)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as session:
        info = session.getinfo("logic-1-1")
    raw[info.header_offset + 30 + len(info.filename) + 4] ^= 0xFF
    path.write_bytes(raw)
    assert "damaged" in complaint(path)


def test_a_session_that_ends_in_the_middle_of_a_sample(tmp_path, sigrok_file):
    path = sigrok_file(tmp_path / "c.sr", NAMES, SAMPLES, unit=5)
    with zipfile.ZipFile(path, "a") as session:
        session.writestr("logic-1-99", b"\x00\x00")
    assert "in the middle of a sample: 2 of 5 bytes" in complaint(path)


def test_captures_of_length_zero(tmp_path, sigrok_file):
    assert "length zero" in complaint(sigrok_file(tmp_path / "none.sr", NAMES, []))
    for name in ("empty.sr", "empty.vcd", "empty.csv"):
        (tmp_path / name).write_bytes(b"")
        assert "length zero" in complaint(tmp_path / name)
    (tmp_path / "head.csv").write_text("CLK,AEN\n")
    assert "length zero" in complaint(tmp_path / "head.csv")
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(write_csv(SAMPLES).encode())[:-20])
    assert "cut off" in complaint(tmp_path / "c.csv.gz")


def test_a_table_that_is_cut_off_or_has_no_head(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(write_csv(SAMPLES)[:-4])
    assert "row 401 has 3 of 4 columns" in complaint(path) or "row 401" in complaint(path)
    path.write_text("1,0,1\n0,0,1\n")
    assert "no names in its first row" in complaint(path)


@pytest.mark.parametrize("size", [10, 60, 150])
def test_a_dump_that_is_cut_off(tmp_path, size):
    path = write_vcd(tmp_path / "c.vcd", SAMPLES)
    path.write_bytes(path.read_bytes()[:size])
    assert "cut off" in complaint(path)


def test_no_clock(tmp_path, sigrok_file):
    still = [[1, *sample[1:]] for sample in SAMPLES]
    assert "CLK never moves" in complaint(sigrok_file(tmp_path / "c.sr", NAMES, still))
    assert "map CLK with --pins" in complaint(sigrok_file(tmp_path / "d.sr", ["X", *NAMES[1:]], SAMPLES))


def test_two_probes_of_one_name(tmp_path, sigrok_file):
    names = ["CLK", "AEN", "AEN", "A0"]
    assert "two probes named 'AEN'" in complaint(sigrok_file(tmp_path / "c.sr", names, SAMPLES))


def test_an_unknown_ending(tmp_path):
    path = tmp_path / "c.xyz"
    path.write_bytes(b"x")
    assert "must end in .sr, .vcd, .csv, .csv.gz" in complaint(path)


def big_session(path, samples):
    """Write a session of one byte a sample, whose bytes are all but the same: it packs to nearly nothing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as session:
        session.writestr(
            "metadata", "[device 1]\ncapturefile=logic-1\ntotal probes=2\nunitsize=1\nprobe1=CLK\nprobe2=AEN\n"
        )
        with session.open("logic-1-1", "w", force_zip64=True) as file:
            block = bytes(index & 1 for index in range(1 << 20))
            for _ in range(samples >> 20):
                file.write(block)
    return path


def read_in_bounds(path, samples, bound=64 << 20):
    tracemalloc.start()
    try:
        count = sum(
            clocks.count for clocks in clocks_of(open_capture(path), PinMap({"clk": Probe(0), "aen": Probe(1)}))
        )
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == samples // 2
    assert most < bound


def test_a_capture_is_read_in_bounded_memory(tmp_path):
    read_in_bounds(big_session(tmp_path / "big.sr", 64 << 20), 64 << 20)


@pytest.mark.long
def test_a_capture_of_two_gigabytes_is_read_in_bounded_memory(tmp_path):
    read_in_bounds(big_session(tmp_path / "big.sr", 2 << 30), 2 << 30)


def test_a_table_of_many_rows_is_read_in_bounded_memory(tmp_path):
    path = tmp_path / "big.csv.gz"
    with gzip.open(path, "wt", compresslevel=1) as packed:
        packed.write("CLK,AEN\n")
        block = io.StringIO()
        block.write("0,1\n1,0\n" * 5000)
        for _ in range(24):
            packed.write(block.getvalue())
    read_in_bounds(path, 240_000, bound=24 << 20)


@pytest.mark.parametrize("ending", [".sr", ".csv", ".csv.gz", ".vcd"])
def test_a_file_damaged_anywhere_is_read_or_refused_in_one_line(tmp_path, sigrok_file, ending):
    path, r = tmp_path / f"c{ending}", random.Random(ending)
    if ending == ".sr":
        sigrok_file(path, NAMES, SAMPLES)
    elif ending == ".vcd":
        write_vcd(path, SAMPLES)
    else:
        text = write_csv(SAMPLES).encode()
        path.write_bytes(gzip.compress(text) if ending == ".csv.gz" else text)
    whole, said = path.read_bytes(), []
    for _ in range(150):
        raw = bytearray(whole)
        for _ in range(r.choice((1, 3, 10))):
            at = r.randrange(len(raw))
            raw[at : at + r.randrange(20)] = r.randbytes(r.randrange(1, 8))
        path.write_bytes(raw)
        try:
            clocked(path)
        except CaptureError as error:
            said.append(str(error))
    assert len(said) > 20
    assert not any("\n" in text for text in said)
