"""A card that asks on a cascade channel, gets DACK#, and runs the bus itself."""

# Ref: Intel 8237A data sheet 231466-005, page 5 (cascade mode); IBM PC AT Technical Reference, "I/O Channel" (MASTER#).

import random

import pytest

from isadma_sim import PC, Device
from isadma_sim.engines.pins import In, Out

CASCADE = 0xC0  # mode register: bits 7-6 = 11
MODE_1, MASK_1, MODE_2, MASK_2 = 0x0B, 0x0A, 0xD6, 0xD4


class Master(Device):
    """Runs its jobs, all under one DACK#, then lets go: MASTER# first, DREQ a clock later."""

    name = "master"

    def __init__(self):
        self.jobs = []
        self.log = []

    def go(self, *jobs):
        """Ask for the bus; a job is address, data, to_memory and what `Lines.master` takes more."""
        self.jobs = list(jobs)
        self.lines.dreq(True)

    def dack(self, active):
        self.log.append((self.lines.clock, "dack", active))
        if active:
            self._next()

    def _next(self):
        address, data, to_memory, options = self.jobs.pop(0)

        def done(moved):
            self.log.append((self.lines.clock, "done", moved, bytes(data)))
            if self.jobs and moved == len(data):
                self._next()
            else:
                self.lines.after(1, lambda: self.lines.dreq(False))

        self.lines.master(address, data, to_memory=to_memory, done=done, **options)


class Pins:
    """Keeps the clocks in which a card has the bus: its pins, as the board sees them."""

    def __init__(self):
        self.seen = []
        self.aen = 0

    def clock(self, clock, inputs, out, inner):
        if not inputs & In.MASTER_N.mask:
            self.aen |= out & (Out.AEN.mask | Out.A_OE.mask)
            line = [name for name in ("memr_n", "memw_n", "sbhe_n") if not getattr(In, name.upper()).of(inputs)]
            self.seen.append((In.A.of(inputs), In.D.of(inputs), " ".join(line)))

    def idle(self, clock, until):
        pass


def machine(engine, channel=5, mode=CASCADE):
    pc = PC(engine)
    card = Master()
    pc.attach(card, dma=channel)
    pc.outb(MODE_2 if channel > 4 else MODE_1, mode | channel & 3)
    pc.outb(MASK_2 if channel > 4 else MASK_1, channel & 3)
    return pc, card


def test_a_masters_write_shows_on_the_bus_word_by_word_with_bytes_at_odd_ends(engine):
    pc, card = machine(engine)
    with pc:
        pins = Pins()
        pc._engine.observe(pins)
        card.go((0x20001, bytearray(b"\x11\x22\x33\x44"), True, {}))
        pc.run(clocks=40)
        assert pins.seen == [
            (0x20001, 0x1111, "sbhe_n"),
            (0x20001, 0x1111, "memw_n sbhe_n"),
            (0x20002, 0x3322, "sbhe_n"),
            (0x20002, 0x3322, "memw_n sbhe_n"),
            (0x20004, 0x4444, ""),
            (0x20004, 0x4444, "memw_n"),
        ]
        assert pins.aen == 0
        assert pc.memory[0x20000:0x20006] == b"\x00\x11\x22\x33\x44\x00"
        assert card.log[-1][1:] == ("dack", False)


def test_a_masters_read_takes_what_memory_drives_at_the_end_of_memr(engine):
    pc, card = machine(engine)
    with pc:
        pc.memory[0x30000:0x30004] = b"\xa1\xb2\xc3\xd4"
        pins = Pins()
        pc._engine.observe(pins)
        room = bytearray(4)
        card.go((0x30000, room, False, {"clocks": 3}))
        pc.run(clocks=40)
        assert [(a, strobes) for a, _, strobes in pins.seen] == [
            (0x30000, "sbhe_n"),
            (0x30000, "memr_n sbhe_n"),
            (0x30000, "memr_n sbhe_n"),
            (0x30002, "sbhe_n"),
            (0x30002, "memr_n sbhe_n"),
            (0x30002, "memr_n sbhe_n"),
        ]
        assert (pins.seen[1][1], pins.seen[4][1]) == (0xB2A1, 0xD4C3)
        assert room == b"\xa1\xb2\xc3\xd4"


def test_the_card_has_the_bus_from_the_clock_after_dack_for_two_clocks_a_word(engine):
    pc, card = machine(engine)
    with pc:
        before = pc.stats.dma_clocks
        card.go((0x10000, bytearray(512), True, {}))
        pc.run(clocks=600)
        (granted, *_), (done, _, moved, _), (over, *_) = card.log
        # 256 words; the card releases MASTER# in the clock after the last strobe, drops DREQ in the next, and DACK#
        # goes a clock later (SC ends where DREQ is seen low).
        assert (done - granted, moved, over - done) == (1 + 512, 512, 2)
        assert pc.stats.master_clocks == 512
        assert (pc.stats.transfers[5], pc.stats.bytes[5]) == (256, 512)
        assert pc.stats.dma_clocks - before == over - granted + 2  # HLDA is high in S0, and until HRQ falls with DACK#


def test_an_eight_bit_card_moves_bytes(engine):
    pc, card = machine(engine, channel=3)
    with pc:
        card.go((0x10000, bytearray(b"abcd"), True, {"width": 1}))
        pc.run(clocks=60)
        assert pc.memory[0x10000:0x10004] == b"abcd"
        assert (pc.stats.transfers[3], pc.stats.master_clocks) == (4, 8)


def test_a_card_runs_several_bursts_under_one_dack(engine):
    pc, card = machine(engine, channel=7)
    with pc:
        pc.memory[0x5000:0x5004] = b"CCB!"
        room = bytearray(4)
        card.go((0x5000, room, False, {}), (0x6000, bytearray(b"data"), True, {}))
        pc.run(clocks=60)
        assert (room, pc.memory[0x6000:0x6004]) == (b"CCB!", b"data")
        assert [entry[1:3] for entry in card.log] == [("dack", True), ("done", 4), ("done", 4), ("dack", False)]
        assert card.log[2][0] - card.log[1][0] == 4  # no clock is lost in between


@pytest.mark.parametrize("mode", [0x00, 0x40, 0x44, 0x04])
def test_nothing_is_granted_to_a_master_where_the_board_drives_the_bus(engine, mode):
    pc, card = machine(engine, mode=mode)
    with pc:
        pc.memory[0x20000:0x20004] = b"keep"
        pins = Pins()
        pc._engine.observe(pins)
        card.go((0x20000, bytearray(b"lost"), True, {}))
        pc.run(clocks=80)
        assert pins.seen == []
        assert pc.memory[0x20000:0x20004] == b"keep"
        assert ("done", 0) in [entry[1:3] for entry in card.log]
        assert pc.stats.conflicts[5] >= 1
        assert pc.stats.master_clocks == 0


def test_a_master_without_dack_moves_nothing_and_is_counted(engine):
    pc, card = machine(engine)
    with pc:
        told = []
        card.lines.master(0x1000, bytearray(2), to_memory=True, done=told.append)
        pc.run(clocks=10)
        assert told == [0]
        assert pc.stats.conflicts[5] == 1


def test_reset_takes_the_bus_away_in_the_middle_of_a_burst(engine):
    pc, card = machine(engine)
    with pc:
        card.go((0x10000, bytearray(1000), True, {}))
        pc.run(clocks=100)
        pc.reset()
        moved = next(entry[2] for entry in card.log if entry[1] == "done")
        assert 0 < moved < 1000
        pc.outb(0x87, 0x5A)  # the CPU has its bus back
        assert pc.inb(0x87) == 0x5A


def test_addresses_wrap_at_sixteen_megabytes_and_missing_memory_floats_high(engine):
    with PC(engine, memory=1 << 20) as pc:
        card = Master()
        pc.attach(card, dma=6)
        pc.outb(MODE_2, CASCADE | 2)
        pc.outb(MASK_2, 2)
        pc.memory[0:2] = b"\x12\x34"
        room = bytearray(4)
        card.go((0xFFFFFE, room, False, {}))
        pc.run(clocks=60)
        assert room == b"\xff\xff\x12\x34"


def test_the_trace_names_the_card_the_address_and_the_channel(engine):
    pc, card = machine(engine)
    with pc:
        log = pc.trace()
        card.go((0x20000, bytearray(b"\x34\x12"), True, {}))
        pc.run(clocks=30)
        (cycle,) = [cycle for cycle in log if cycle.master == "card"]
        assert (cycle.kind, cycle.address, cycle.data, cycle.channel) == ("master_write", 0x20000, 0x1234, 5)


def test_the_waveform_shows_the_card_as_master(engine, tmp_path):
    pc, card = machine(engine)
    with pc:
        pc.waves(tmp_path / "master.vcd")
        card.go((0x20000, bytearray(b"\x34\x12"), True, {}))
        pc.run(clocks=30)
        pc.waves(None)
    text = (tmp_path / "master.vcd").read_text()
    assert "scard " in text
    assert "smemory-write " in text


def test_the_cpu_waits_until_the_card_gives_the_bus_back(engine):
    pc, card = machine(engine)
    with pc:
        card.go((0x10000, bytearray(200), True, {}))
        pc.run(clocks=10)
        pc.inb(0x87)
        assert card.log[-1][1:] == ("dack", False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0x1000000, bytearray(1)), "24 address lines"),
        ((-1, bytearray(1)), "24 address lines"),
        ((0, bytearray()), "0 bytes"),
        ((0, bytearray(1), {"clocks": 1}), "1 clocks"),
        ((0, bytearray(1), {"width": 4}), "4 bytes"),
    ],
)
def test_a_burst_that_no_bus_can_carry_is_refused(arguments, message):
    pc, card = machine("reference")
    address, data, *options = arguments
    with pc, pytest.raises(ValueError, match=message):
        card.lines.master(address, data, to_memory=True, done=print, **(options[0] if options else {}))


def test_a_second_burst_beside_a_running_one_is_refused(engine):
    pc, card = machine(engine)
    with pc:
        card.go((0x10000, bytearray(200), True, {}))
        pc.run(clocks=20)
        with pytest.raises(RuntimeError, match="channel 5 has a burst under way"):
            card.lines.master(0, bytearray(1), to_memory=True, done=print)


def test_a_card_that_fails_leaves_a_machine_that_runs_on(engine):
    pc, card = machine(engine)

    def fails(moved):
        raise OSError("the card broke")

    with pc:
        card.dack = lambda active: active and card.lines.master(0, bytearray(2), to_memory=True, done=fails)
        card.lines.dreq(True)
        with pytest.raises(OSError, match="the card broke"):
            pc.run(clocks=50)
        card.lines.dreq(False)
        pc.run(clocks=10)
        pc.outb(0x87, 0x77)
        assert pc.inb(0x87) == 0x77


def _story(engine, seed, *, traced):
    """Random bursts of two masters among a third card's transfers: all that can be told from outside."""
    dice = random.Random(seed)
    with PC(engine) as pc:
        pc.memory[0x10000:0x20000] = dice.randbytes(0x10000)
        channels = dice.sample([0, 1, 3, 5, 6, 7], 2)
        cards = [Master(), Master()]
        for card, channel in zip(cards, channels, strict=True):
            pc.attach(card, dma=channel)
            pc.outb(MODE_2 if channel > 4 else MODE_1, dice.choice([CASCADE] * 5 + [0x44]) | channel & 3)
            pc.outb(MASK_2 if channel > 4 else MASK_1, channel & 3)
        trace = pc.trace() if traced else ()
        for _ in range(6):
            for card in cards:
                jobs = []
                for _ in range(dice.randint(1, 3)):
                    data = bytearray(dice.randbytes(dice.randint(1, 60)))
                    options = {"clocks": dice.randint(2, 5), "width": dice.randint(1, 2)}
                    jobs.append((dice.randint(0x10000, 0x1FFC0), data, dice.random() < 0.5, options))
                card.go(*jobs)
            pc.run(clocks=dice.randint(1, 900))
            pc.inb(0x08)
        pc.run(clocks=2000)
        stats = pc.stats
        counted = (stats.transfers, stats.bytes, stats.master_clocks, stats.conflicts, stats.dma_clocks)
        return pc.clocks, bytes(pc.memory[0:0x30000]), [c.log for c in cards], counted, [str(c) for c in trace]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("traced", [True, False])
def test_masters_tell_the_same_story_on_the_compiled_rtl_and_the_golden_model(seed, traced):
    reference = _story("reference", seed, traced=traced)
    assert _story("native", seed, traced=traced) == reference
    assert reference[3][2] > 0


def test_masters_tell_the_same_story_in_amaranths_simulator():
    assert _story("amaranth", 1, traced=True) == _story("reference", 1, traced=True)


@pytest.mark.parametrize("channel", [1, 5])
def test_refresh_waits_for_a_bus_master_and_goes_on_after_it(channel):
    told = []
    for engine in ("reference", "native"):
        with PC(engine, refresh=True) as pc:
            card = Master()
            pc.attach(card, dma=channel)
            pc.outb(MODE_2 if channel > 4 else MODE_1, CASCADE | channel & 3)
            pc.outb(MASK_2 if channel > 4 else MASK_1, channel & 3)
            pc.run(clocks=random.Random(channel).randint(100, 200))
            before = pc.stats.refreshes
            card.go((0x20000, bytearray(range(200)), True, {"width": 1}))  # 400 clocks of the bus
            pc.run(clocks=402)
            held = pc.stats.refreshes - before
            pc.run(clocks=603)
            assert bytes(pc.memory[0x20000:0x200C8]) == bytes(range(200))
            told.append((held, pc.stats.refreshes - before, pc.stats.master_clocks, card.log))
    assert told[0] == told[1]
    held, after, busy, _ = told[0]
    assert busy == 400
    assert held <= 1  # at most one before the card had the bus
    assert after - held in (10, 11)  # the one that waited, then one each 60.3 clocks
