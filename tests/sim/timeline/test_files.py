"""The trace file: streamed, whole or not there; what is damaged, cut short or newer is one line."""

from __future__ import annotations

import random
import re
import struct
from array import array
from itertools import accumulate

import pytest

from isadma_sim import PC
from isadma_sim.engines.base import EngineError
from isadma_sim.timeline import recorder
from isadma_sim.timeline.decode import decode
from isadma_sim.timeline.files import MAGIC, TraceFileError, read_trace
from isadma_sim.timeline.planes import pack, unpack
from isadma_sim.timeline.recorded import recording
from isadma_sim.timeline.summary import Latency


@pytest.fixture(scope="session")
def whole(busy):
    return busy("native").path.read_bytes()


def refused(tmp_path, data):
    path = tmp_path / "x.trace"
    path.write_bytes(data)
    with pytest.raises(TraceFileError) as caught:
        decode(read_trace(path))
    said = str(caught.value)
    assert said.startswith(f"'{path}' ")
    assert "\n" not in said
    return said


def test_a_file_cut_anywhere_is_told(tmp_path, whole):
    for size in {*range(0, 80), *range(80, len(whole), max(len(whole) // 60, 1)), len(whole) - 1}:
        assert ("is cut short" if size >= len(MAGIC) else "is no trace") in refused(tmp_path, whole[:size])


def test_a_file_without_one_of_its_blocks_is_told(tmp_path, busy, monkeypatch):
    monkeypatch.setattr(recorder, "_KEPT", 256)
    with PC(engine="reference", refresh=True) as pc, pc.timeline(tmp_path / "t.trace"):
        pc.run(clocks=6_000)
    data = (tmp_path / "t.trace").read_bytes()
    (head,) = struct.unpack_from("<I", data, len(MAGIC))
    place = len(MAGIC) + 4 + head
    (size,) = struct.unpack_from("<I", data, place + 5)
    assert re.search(r"it has \d+ rows of \d+", refused(tmp_path, data[:place] + data[place + 9 + size :]))


def test_a_newer_file_is_told_by_its_version(tmp_path, whole):
    assert b'"format": 1' in whole[:60]
    newer = whole.replace(b'"format": 1', b'"format": 2', 1)
    assert "a trace of format 2, this version reads 1: update isadma" in refused(tmp_path, newer)


def test_damage_is_one_line_or_another_run_and_never_a_failure(tmp_path, whole):
    dice = random.Random(20)
    told = 0
    for _ in range(150):
        data = bytearray(whole)
        place = dice.randrange(200) if dice.random() < 0.5 else dice.randrange(len(data))
        match dice.randrange(3):
            case 0:
                data[place] ^= 1 << dice.randrange(8)
            case 1:
                data[place : place + 4] = struct.pack("<I", dice.choice([0, 0xFFFFFFFF, 1 << 31]))
            case _:
                data[place : place + 9] = dice.randbytes(dice.randrange(20))
        path = tmp_path / "x.trace"
        path.write_bytes(bytes(data))
        try:
            decode(read_trace(path))
        except TraceFileError:
            told += 1
    assert told > 100


def test_a_block_that_says_it_is_huge_is_not_unpacked(tmp_path, whole):
    (size,) = struct.unpack_from("<I", whole, len(MAGIC))
    place = len(MAGIC) + 4 + size + 1
    data = whole[:place] + struct.pack("<I", 1 << 31) + whole[place + 4 :]
    assert "a block of 2147483648 rows" in refused(tmp_path, data)


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_memory_is_bounded_by_a_block(tmp_path, engine, monkeypatch):
    longest = 0
    write = recorder.TraceWriter.write_planes

    def watched(self, rows, *block):
        nonlocal longest
        longest = max(longest, rows)
        write(self, rows, *block)

    monkeypatch.setattr(recorder, "_KEPT", 64)
    monkeypatch.setattr(recorder.TraceWriter, "write_planes", watched)
    with PC(engine=engine, refresh=True) as pc, pc.timeline(tmp_path / "t.trace"):
        for _ in range(6000 if engine == "native" else 100):
            pc.inb(0x87)
    trace = read_trace(tmp_path / "t.trace")
    assert len(trace.blocks) > 2
    assert longest <= (1 << 14) + 1000 if engine == "native" else longest <= 64


def test_the_file_is_there_when_it_is_complete_and_not_before(tmp_path):
    path = tmp_path / "t.trace"
    path.write_text("the old one")
    with PC(engine="reference") as pc:
        with pc.timeline(path):
            pc.run(clocks=100)
            assert path.read_text() == "the old one"
        assert read_trace(path).end == pc.clocks
        assert [each.name for each in tmp_path.iterdir()] == ["t.trace"]


def test_closing_the_machine_ends_the_recording(tmp_path):
    with PC(engine="native", refresh=True) as pc:
        pc.timeline(tmp_path / "t.trace")
        pc.run(clocks=5000)
        end = pc.clocks
    trace = read_trace(tmp_path / "t.trace")
    assert trace.end == end
    assert list(trace.rows())[-1][0] > end - 200


def test_a_second_recording_ends_the_first(tmp_path):
    with PC(engine="native") as pc:
        pc.timeline(tmp_path / "1.trace")
        pc.inb(0x87)
        middle = pc.clocks
        with pc.timeline(tmp_path / "2.trace"):
            pc.inb(0x83)
    first, second = (decode(read_trace(tmp_path / f"{n}.trace")) for n in (1, 2))
    assert (first.end, second.begin) == (middle, middle)
    assert [[a.port for a in line.accesses] for line in (first, second)] == [[0x87], [0x83]]


def test_waveforms_and_a_recording_at_once_change_neither(tmp_path):
    for both in (False, True):
        with PC(engine="native", refresh=True) as pc:
            if both:
                pc.waves(tmp_path / "w.fst")
                pc.trace()
            with pc.timeline(tmp_path / f"{both}.trace"):
                pc.outb(0x87, 3)
                pc.run(clocks=1000)
    assert list(read_trace(tmp_path / "True.trace").rows()) == list(read_trace(tmp_path / "False.trace").rows())


def test_machines_that_are_switched_on_in_the_block_are_recorded_from_their_first_clock_on(tmp_path):
    names = iter([tmp_path / "1.trace", None])
    with recording(lambda: next(names)):
        for _ in range(2):
            with PC(engine="reference"):
                pass
    with PC(engine="reference"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["1.trace"]
    line = decode(read_trace(tmp_path / "1.trace"))
    assert line.begin == 0
    assert {access.port for access in line.accesses} >= {0xD6, 0xD4}  # POST's


def test_an_engine_that_shows_nothing_leaves_no_file(tmp_path, monkeypatch):
    with PC(engine="reference") as pc:

        def refuse(self, recorder):
            raise EngineError("nothing to see")

        monkeypatch.setattr(type(pc._engine), "record", refuse)
        with pytest.raises(EngineError):
            pc.timeline(tmp_path / "t.trace")
    assert list(tmp_path.iterdir()) == []


def test_rows_are_the_same_after_packing():
    dice = random.Random(8)
    for count in (1, 2, 3, 64, 100):
        clock, rows = 1 << 40, array("Q")
        for _ in range(count):
            clock += dice.choice([1, 1, 7, 1 << 33])
            rows.extend([clock, *(dice.getrandbits(dice.choice([0, 8, 64])) for _ in range(3))])
        mask, planes = pack(rows, 1 << 40)
        steps, *columns = unpack(count, mask, planes)
        assert list(accumulate(steps, initial=1 << 40))[1:] == list(rows[::4])
        assert [list(column) for column in columns] == [list(rows[number::4]) for number in (1, 2, 3)]
        with pytest.raises(ValueError, match="planes of"):
            unpack(count, mask, planes + b"\0")


def test_ranks_are_nearest_ranks():
    waits = Latency(2, tuple(range(1, 101)))
    assert (waits.shortest, waits.median, waits.most, waits.longest) == (1, 50, 99, 100)
    one = Latency(2, (7,))
    assert (one.shortest, one.median, one.most, one.longest) == (7, 7, 7, 7)
    assert waits.histogram(4) == [(1, 26, 25), (26, 51, 25), (51, 76, 25), (76, 101, 25)]
