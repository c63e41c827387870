"""What a timeline says happened is what the cards, the bus log, the statistics and the golden model's waveform say."""

from __future__ import annotations

import pytest
from vcd.reader import TokenKind, tokenize

from isadma_sim import PC, Device
from isadma_sim.timeline.decode import decode
from isadma_sim.timeline.events import Access
from isadma_sim.timeline.files import read_trace

from .conftest import BUSY, COUNTS, MASTER, program

ENGINES = ("reference", "native", "amaranth")


@pytest.fixture(params=ENGINES)
def run(request, busy):
    return busy(request.param, 600 if request.param != "amaranth" else 200)


@pytest.mark.parametrize("channel", BUSY)
def test_every_transfer_is_there_once_with_its_address_data_and_terminal_count(run, channel):
    card = run.cards[channel]
    moved = [t for t in decode(read_trace(run.path)).transfers if t.channel == channel]
    _, to_memory, size = BUSY[channel]
    assert [t.data for t in moved] == card.values
    assert {t.kind for t in moved} == {"to_memory" if to_memory else "to_device"}
    count = COUNTS[channel]
    assert [t.address for t in moved] == [0x10000 * channel + n % count * size for n in range(len(moved))]
    assert [n + 1 for n, t in enumerate(moved) if t.tc] == card.counts
    assert all(t.end - t.begin >= 2 and t.size == size for t in moved)


def test_engines_record_the_same_rows(busy):
    rows = {engine: list(read_trace(busy(engine, 200).path).rows()) for engine in ENGINES}
    assert rows["reference"] == rows["native"] == rows["amaranth"]
    assert len(rows["native"]) > 1_500


def test_it_says_what_the_bus_log_says(busy):
    run = busy("reference", log=True)
    line = decode(read_trace(run.path))
    events = [(t.end, t.kind, t.address, t.data, t.channel) for t in line.transfers]
    events += [(a.end, "io_write" if a.write else "io_read", a.port, a.data, None) for a in line.accesses]
    logged = [(c.clock, c.kind, c.address, c.data, c.channel) for c in run.log if run.begin <= c.clock < run.end]
    assert sorted(events, key=str) == sorted(logged, key=str)
    assert {"refresh", "master_write", "to_memory", "to_device", "io_read", "io_write"} <= {e[1] for e in events}


def test_port_reads_have_what_the_processor_got(run):
    line = decode(read_trace(run.path))
    assert [(a.port, a.data) for a in line.accesses if not a.write] == run.ports


def test_who_had_the_bus_adds_up_to_what_the_machine_counted(run):
    line = decode(read_trace(run.path))
    assert all(grant.channel is not None for grant in line.grants if grant.owner == "dma")  # nothing was copied
    clocks = {}
    for grant in line.grants:
        clocks[grant.owner] = clocks.get(grant.owner, 0) + grant.end - grant.begin
    counted, before = run.stats, run.before
    assert sum(clocks.values()) == counted.dma_clocks - before.dma_clocks
    assert clocks["refresh"] == counted.refresh_clocks - before.refresh_clocks
    assert clocks["card"] >= counted.master_clocks - before.master_clocks > 0
    assert sum(1 for t in line.transfers if t.kind == "refresh") == counted.refreshes - before.refreshes
    for channel in (*BUSY, MASTER):
        frames = [s for s in line.services if s.channel == channel]
        assert sum(s.end - s.begin for s in frames) == counted.channel_clocks[channel]
    assert sum(1 for t in line.transfers if t.kind == "master_write") == run.master.moved // 2


def test_waiting_for_the_bus_is_what_the_golden_models_waveform_says(tmp_path):
    class Asks(Device):
        name = "asks"

        moved = 0

        def dma_read(self):
            self.moved += 1
            if self.moved % 3:  # one in three requests goes on after its transfer
                self.lines.dreq(False)
                self.lines.after(23, lambda: self.lines.dreq(True))
            return 0x5A

    with PC(engine="reference", clock_hz=5_000_000, refresh=True) as pc:
        for channel in (1, 2, 3):
            pc.attach(card := Asks(), dma=channel)
            program(pc, channel, 0x54 | channel, 0x10000, 100)
            card.lines.dreq(True)
        with pc.waves(tmp_path / "t.vcd"), pc.timeline(tmp_path / "t.trace"):
            pc.run(clocks=3_000)
    line = decode(read_trace(tmp_path / "t.trace"))
    waited = seen_in(tmp_path / "t.vcd", clock_ns=200)
    for channel in (1, 2, 3):
        said = [(s.asked, s.begin) for s in line.services if s.channel == channel and s.begin > line.begin + 40]
        assert said == [pair for pair in waited[channel] if pair[1] > line.begin + 40]
        assert len(said) > 20
        rises = {r.begin for r in line.requests if r.channel == channel}
        assert sum(asked not in rises for asked, _ in said) > 5
        assert all(begin - asked >= 2 for asked, begin in said)


def seen_in(path, clock_ns):
    """Return, by channel, (clock since which a request waits, clock of DACK#) pairs of a VCD file."""
    names, level, asked, found = {}, {}, {}, {1: [], 2: [], 3: []}
    time = 0
    with open(path, "rb") as file:
        for token in tokenize(file):
            if token.kind is TokenKind.VAR:
                names[token.var.id_code] = token.var.reference
            elif token.kind is TokenKind.CHANGE_TIME:
                time = token.time_change // clock_ns
            elif token.kind is TokenKind.CHANGE_SCALAR:
                name, value = names[token.scalar_change.id_code], token.scalar_change.value
                if level.get(name) == value:
                    continue
                level[name] = value
                if name.startswith("drq") and value == "1":
                    asked[int(name[3])] = time
                elif name.startswith("dack") and int(name[4]) in found:
                    channel = int(name[4])
                    if value == "0":
                        found[channel].append((asked.get(channel), time))
                    elif level.get(f"drq{channel}") == "1":  # it waits anew
                        asked[channel] = time
    return found


def test_interrupts_have_their_request_and_their_service(run):
    line = decode(read_trace(run.path))
    asked = [level for level in line.levels if level.what == "request"]
    assert {level.irq for level in asked} >= {7, 10}
    assert all(line.begin <= level.begin < level.end <= line.end for level in line.levels)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_served_interrupt_is_in_service_until_its_end(tmp_path, engine):
    class Rings(Device):
        name = "rings"

    with PC(engine=engine) as pc:
        pc.attach(card := Rings(), irq=5)
        with pc.timeline(tmp_path / "t.trace"):
            pc.outb(0x21, 0xDF)
            pc.run(clocks=50)
            raised = pc.clocks
            card.lines.irq(True)
            pc.wait_irq(5, clocks=1000)
            pc.run(clocks=30)
            card.lines.irq(False)  # while nothing happens on the bus, which is jumped over
            lowered = pc.clocks
            pc.run(clocks=500)
            pc.outb(0x20, 0x65)
            pc.run(clocks=30)
    levels = {level.what: level for level in decode(read_trace(tmp_path / "t.trace")).levels if level.irq in (5, -1)}
    assert levels["request"].begin == raised
    assert levels["request"].end == lowered
    assert levels["service"].end > lowered + 500


@pytest.mark.parametrize("engine", ENGINES)
def test_a_verify_and_a_copy_in_memory_are_there(tmp_path, engine):
    with PC(engine=engine, memory=1 << 20) as pc:
        pc.memory[0x10100:0x10108] = bytes(range(0x30, 0x38))
        pc.attach(card := Device(), dma=1)
        with pc.timeline(tmp_path / "t.trace"):
            program(pc, 1, 0x81, 0x20000, 5)  # block verify
            card.lines.dreq(True)
            pc.run(clocks=60)
            card.lines.dreq(False)
            copy(pc, 0x0100, 0x0200, 8)
            pc.run(clocks=200)
        assert bytes(pc.memory[0x0200:0x0208]) == bytes(pc.memory[0x0100:0x0108])
    line = decode(read_trace(tmp_path / "t.trace"))
    verified = [t for t in line.transfers if t.kind == "verify"]
    assert [t.address for t in verified] == [0x20000 + n for n in range(5)]
    assert [t.tc for t in verified] == [False] * 4 + [True]
    reads, writes = ([t for t in line.transfers if t.kind == f"mem_to_mem_{way}"] for way in ("read", "write"))
    assert [t.address & 0xFFFF for t in reads] == list(range(0x100, 0x108))
    assert [t.address & 0xFFFF for t in writes] == list(range(0x200, 0x208))
    assert [(g.begin <= reads[0].begin, g.end >= writes[-1].end) for g in line.grants if g[:2] == ("dma", None)] == [
        (True, True)
    ]
    assert [t.data for t in reads] == [t.data for t in writes]
    assert [t.tc for t in writes] == [False] * 7 + [True]


def copy(pc, source, target, count):
    """Have channels 0 and 1 copy memory, by a software request."""
    pc.outb(0x0A, 0x05)
    for page in (0x87, 0x83):
        pc.outb(page, 0)
    pc.outb(0x0C, 0)
    for port, value in ((0, source), (2, target), (1, count - 1), (3, count - 1)):
        pc.outb(port, value & 0xFF)
        pc.outb(port, value >> 8)
    pc.outb(0x0B, 0x88)
    pc.outb(0x0B, 0x85)
    pc.outb(0x08, 0x01)
    pc.outb(0x09, 0x04)


def test_the_processors_accesses_are_in_order(tmp_path):
    with PC(engine="native") as pc, pc.timeline(tmp_path / "t.trace"):
        pc.outb(0x87, 0x12)
        assert pc.inb(0x87) == 0x12
    first, second = decode(read_trace(tmp_path / "t.trace")).accesses
    assert first == Access(True, first.begin, first.begin + 3, 0x87, 0x12)
    assert second == Access(False, first.begin + 7, first.begin + 10, 0x87, 0x12)
