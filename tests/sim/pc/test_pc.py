"""The PC as a program sees it: the lines of the design's example, on every engine there is."""

import pytest

from isadma_sim import PC
from isadma_sim.machine.device import Device


class Source(Device):
    """Gives rising bytes while its DREQ is on, and interrupts at terminal count."""

    name = "source"
    ports = (0x300, 0x301)

    def __init__(self):
        self.next = 0
        self.seen = []

    def io_write(self, port, value):
        self.seen.append((port, value))
        if port == 0x300:
            self.lines.dreq(bool(value))

    def io_read(self, port):
        return port & 0xFF

    def dma_read(self):
        self.next += 1
        return self.next & 0xFF

    def dma_write(self, value):
        self.seen.append(value)

    def dack(self, active):
        self.seen.append(active)

    def tc(self):
        self.seen.append("tc")
        self.lines.dreq(False)
        self.lines.irq(True)


def program(pc, channel, mode, address, count, *, page_port):
    pc.outb(0x0A, 4 | channel)
    pc.outb(0x0C, 0)
    pc.outb(0x0B, mode | channel)
    pc.outb(2 * channel, address & 0xFF)
    pc.outb(2 * channel, address >> 8 & 0xFF)
    pc.outb(page_port, address >> 16)
    pc.outb(2 * channel + 1, count & 0xFF)
    pc.outb(2 * channel + 1, count >> 8)
    pc.outb(0x0A, channel)


@pytest.fixture
def pc(engine):
    with PC(engine=engine) as machine:
        yield machine


def test_an_unattached_port_reads_ff(pc):
    assert pc.inb(0x3F4) == 0xFF
    assert pc.inw(0x220) == 0xFFFF


def test_page_registers_read_back(pc):
    pc.outb(0x81, 0x5A)
    assert pc.inb(0x81) == 0x5A


def test_post_leaves_the_masks_and_the_cascade_ready(pc):
    assert pc.inb(0x21) == 0xB8
    assert pc.inb(0xA1) == 0xFF
    assert pc.inb(0x08) == 0x00


def test_run_lets_exactly_that_many_clocks_go_by(pc):
    before = pc.clocks
    pc.run(clocks=1000)
    assert pc.clocks - before == 1000


def test_a_device_fills_memory_by_dma_and_interrupts(pc):
    source = Source()
    pc.attach(source, dma=2, irq=6)
    pc.memory[0x2E000:0x2E00B] = b"\xee" * 11
    program(pc, 2, 0x44, 0x2E000, 9, page_port=0x81)
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    pc.run(clocks=10)  # the interrupt came with TC, a few clocks before DACK# ends
    assert pc.memory[0x2E000:0x2E00B] == bytes(range(1, 11)) + b"\xee"
    assert source.seen[-3:] == [True, "tc", False]
    assert pc.inb(0x08) & 0x0F == 0x04
    assert pc.stats.transfers[2] == 10
    assert pc.stats.bytes[2] == 10


def test_memory_goes_to_a_device_by_dma(pc):
    source = Source()
    pc.attach(source, dma=1, irq=6)
    pc.memory[0x1FFFE:0x20000] = b"\x12\x34"
    pc.memory[0x10000:0x10002] = b"\x56\x78"
    program(pc, 1, 0x48, 0x1FFFE, 3, page_port=0x83)
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    assert [x for x in source.seen if isinstance(x, int) and not isinstance(x, bool)] == [0x12, 0x34, 0x56, 0x78]


def test_verify_moves_nothing_and_reaches_terminal_count(pc):
    source = Source()
    pc.attach(source, dma=2, irq=6)
    program(pc, 2, 0x40, 0x2E000, 3, page_port=0x81)
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    pc.run(clocks=10)
    assert source.next == 0
    assert source.seen.count("tc") == 1
    assert pc.stats.transfers[2] == 4
    assert pc.stats.bytes[2] == 0


def test_word_channels_move_words_at_even_addresses(pc):
    source = Source()
    pc.attach(source, dma=5, irq=6)
    for port, value in (
        (0xD8, 0), (0xD6, 0x45), (0xC4, 0xFF), (0xC4, 0xFF), (0x8B, 0x03), (0xC6, 1), (0xC6, 0), (0xD4, 1),
    ):  # fmt: skip
        pc.outb(port, value)
    pc.memory[0x20000:0x20002] = b"\xee\xee"
    source.dma_read = lambda: 0xBEEF
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    pc.run(clocks=10)
    # Page 3 without its lowest bit is 02h, A16-A1 = FFFFh: 3FFFEh; the next one wraps to 20000h.
    assert pc.memory[0x3FFFE:0x40000] == b"\xef\xbe"
    assert pc.memory[0x20000:0x20002] == b"\xef\xbe"
    assert pc.stats.transfers[5] == 2
    assert pc.stats.bytes[5] == 4


def test_memory_to_memory_copies_through_the_temporary_register(pc):
    pc.memory[0x30000:0x30004] = b"copy"
    # No DACK# is active, so it is the board's business which page register is on the bus: all of them say 3.
    for port in range(0x80, 0x90):
        pc.outb(port, 3)
    for port, value in (
        (0x08, 0x01), (0x0C, 0), (0x0B, 0x88), (0x0B, 0x85),
        (0x00, 0x00), (0x00, 0x00), (0x01, 0x03), (0x01, 0x00),
        (0x02, 0x01), (0x02, 0x10), (0x03, 0x03), (0x03, 0x00),
        (0x09, 0x04),
    ):  # fmt: skip
        pc.outb(port, value)
    pc.run(clocks=200)
    assert pc.stats.mem_to_mem == 4
    assert pc.inb(0x0D) == ord("y")
    assert pc.memory[0x31001:0x31005] == b"copy"


def test_a_transfer_is_in_the_trace_cycle_by_cycle(pc):
    source = Source()
    pc.attach(source, dma=2, irq=6)
    program(pc, 2, 0x44, 0x2E000, 1, page_port=0x81)
    log = pc.trace()
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=1000)
    pc.run(clocks=5)
    told = [(c.master, c.kind, c.address, c.data, c.channel) for c in log]
    assert told == [
        ("cpu", "io_write", 0x300, 1, None),
        ("dma", "to_memory", 0x2E000, 1, 2),
        ("dma", "to_memory", 0x2E001, 2, 2),
    ]
    assert log[2].clock > log[1].clock > log[0].clock
    assert "to_memory" in str(log)


def test_stats_tell_the_bus_share(pc):
    source = Source()
    pc.attach(source, dma=2, irq=6)
    program(pc, 2, 0x84, 0x2E000, 99, page_port=0x81)  # block mode
    start, before = pc.clocks, pc.stats.dma_clocks
    pc.outb(0x300, 1)
    pc.wait_irq(6, clocks=2000)
    pc.run(clocks=10)
    held = pc.stats.dma_clocks - before
    # One S1, then S2 S3 SW S4 for each of the 100 bytes, and what the cascade takes around them.
    assert 401 <= held <= 401 + 8
    assert 0 < pc.stats.bus_share < 1
    assert pc.stats.clocks == pc.clocks > start


def test_an_access_takes_seven_clocks_and_waits_for_the_dma(pc):
    start = pc.clocks
    pc.inb(0x80)
    assert pc.clocks - start == 7
    source = Source()
    pc.attach(source, dma=2, irq=6)
    program(pc, 2, 0x84, 0x2E000, 9, page_port=0x81)
    pc.outb(0x300, 1)
    start = pc.clocks
    pc.inb(0x80)
    assert pc.clocks - start > 41
    assert pc.stats.transfers[2] == 10


# ---------------------------------------------------------------- one engine is enough for what follows
@pytest.fixture
def plain():
    with PC(engine="reference") as machine:
        yield machine


@pytest.mark.parametrize(
    ("ports", "dma", "irq", "message"),
    [
        pytest.param((0x300,), 2, None, r"^DMA channel 2 for card is taken by source: use a free channel$", id="dma"),
        pytest.param((0x340,), 1, 6, r"^IRQ 6 for card is taken by source: use a free line$", id="irq"),
        pytest.param((0x301,), None, None, r"^port 301h of card is taken by source: ", id="port"),
        pytest.param((0x21,), None, None, r"^port 021h of card is taken by the interrupt controllers: ", id="pic"),
        pytest.param((0x48B,), None, None, r"^port 48Bh of card is taken by the DMA controllers and ", id="board"),
        pytest.param((0x10000,), None, None, r"^port 65536 of card is not 0\.\.FFFFh$", id="no port"),
        pytest.param(
            (), 4, None, r"^dma 4 for card: channels are 0, 1, 2, 3, 5, 6, 7 \(4 is the cascade\)$", id="dma 4"
        ),
        pytest.param((), None, 2, r"^irq 2 for card: lines are 0, 1 and 3\.\.15 ", id="irq 2"),
    ],
)
def test_attaching_in_someone_elses_place_names_the_owner_and_changes_nothing(plain, ports, dma, irq, message):
    plain.attach(Source(), dma=2, irq=6)
    card = Device()
    card.name, card.ports = "card", ports
    with pytest.raises(ValueError, match=message):
        plain.attach(card, dma=dma, irq=irq)
    with pytest.raises(RuntimeError, match="not attached"):
        card.lines.irq(True)
    card.ports = (0x340,)
    plain.attach(card, dma=1, irq=9)


def test_a_device_without_a_line_cannot_use_it(plain):
    card = Device()
    plain.attach(card)
    with pytest.raises(RuntimeError, match=r"irq="):
        card.lines.irq(True)
    with pytest.raises(RuntimeError, match=r"dma="):
        card.lines.dreq(True)
    with pytest.raises(ValueError, match="the next clock is 1"):
        card.lines.after(0, print)


@pytest.mark.parametrize("value", [256, -1, None])
def test_a_device_must_give_bytes(plain, value):
    source = Source()
    source.io_read = lambda port: value
    plain.attach(source)
    with pytest.raises(ValueError, match=rf"^source gave {value} on port 300h: it must be 0\.\.FFh$"):
        plain.inb(0x300)


def test_a_timeout_says_that_no_device_raised_the_line(plain):
    start = plain.clocks
    with pytest.raises(TimeoutError, match=r"^no IRQ 6 in 100000 clocks \(25 ms\): no device raised it$"):
        plain.wait_irq(6, clocks=100_000)
    assert plain.clocks - start == 100_000


def test_a_timeout_says_that_the_line_is_masked(plain):
    with pytest.raises(TimeoutError, match=r"IRQ 5 in 10 clocks .*masked, clear its bit at port 21h$"):
        plain.wait_irq(5, clocks=10)
    with pytest.raises(TimeoutError, match=r"IRQ 12 in 4000 clocks \(1 ms\): it is masked.* port A1h"):
        plain.wait_irq(12, seconds=0.001)


def test_a_timeout_says_that_an_eoi_is_missing(plain):
    source = Source()
    plain.attach(source, irq=6)
    source.lines.irq(True)
    plain.wait_irq(6, clocks=10)
    source.lines.irq(False)
    source.lines.irq(True)
    with pytest.raises(TimeoutError, match=r"IRQ 6 is still in service, send its EOI \(20h to port 20h"):
        plain.wait_irq(6, clocks=10)
    plain.outb(0x20, 0x20)
    plain.wait_irq(6, clocks=10)


@pytest.mark.parametrize("limits", [{}, {"clocks": 5, "seconds": 1.0}])
def test_waiting_takes_exactly_one_limit(plain, limits):
    with pytest.raises(ValueError, match="one of them"):
        plain.wait_irq(6, **limits)


def test_an_interrupt_nobody_waits_for_is_kept_for_later(plain):
    one, other = Source(), Source()
    other.ports, other.name = (), "other"
    plain.attach(one, irq=1)
    plain.attach(other, irq=6)
    one.lines.after(50, lambda: one.lines.irq(True))
    other.lines.after(150, lambda: other.lines.irq(True))
    start = plain.clocks
    plain.wait_irq(6, clocks=1000)
    assert plain.clocks == start + 150
    plain.wait_irq(1, clocks=0)
    assert plain.clocks == start + 150


def test_a_handler_gets_the_interrupts_nobody_waits_for(plain):
    one, other = Source(), Source()
    other.ports, other.name = (), "other"
    plain.attach(one, irq=1)
    plain.attach(other, irq=6)
    taken = []

    def handler(interrupt):
        taken.append((interrupt.irq, interrupt.vector, plain.clocks))
        plain.outb(0x20, 0x61)

    plain.on_irq(1, handler)
    start = plain.clocks
    one.lines.after(50, lambda: one.lines.irq(True))
    other.lines.after(150, lambda: other.lines.irq(True))
    plain.wait_irq(6, clocks=1000)
    assert taken == [(1, 0x09, start + 50)]


def test_delay_rounds_up_to_whole_clocks(plain):
    start = plain.clocks
    plain.delay(1e-6)
    assert plain.clocks - start == 4
    plain.delay(1.0001e-6)
    assert plain.clocks - start == 9


def test_an_hour_of_nothing_takes_no_time(plain):
    plain.delay(3600)
    assert plain.stats.stepped < 500


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda pc: pc.outb(0x80, 256), r"256 does not fit the port: give 0\.\.0xff$"),
        (lambda pc: pc.outw(0x80, -1), r"-1 does not fit the port: give 0\.\.0xffff$"),
        (lambda pc: pc.inb(0x10000), r"port 65536 is not 0\.\.0xffff"),
        (lambda pc: pc.inw(0xFFFF), r"port 65536 is not"),
        (lambda pc: pc.run(clocks=-1), r"clocks=-1: give a number of clocks"),
        (lambda pc: pc.run(clocks=1.5), r"clocks=1\.5: give a number of clocks"),
        (lambda pc: pc.delay(float("inf")), r"inf seconds"),
        (lambda pc: pc.wait_irq(2, clocks=1), r"irq 2: lines are"),
    ],
    ids=["outb", "outw", "inb", "inw", "negative", "fraction", "delay", "irq"],
)
def test_a_wrong_value_is_named(plain, call, message):
    with pytest.raises(ValueError, match=message):
        call(plain)


def test_a_closed_pc_says_so_and_closes_its_devices_once():
    closed = []
    pc = PC(engine="reference")
    source = Source()
    source.close = lambda: closed.append(True)
    pc.attach(source)
    pc.close()
    pc.close()
    assert closed == [True]
    with pytest.raises(RuntimeError, match="this PC is closed"):
        pc.inb(0x80)


def test_reset_starts_over_but_keeps_memory_and_time(plain):
    source = Source()
    plain.attach(source, dma=2, irq=6)
    plain.memory[0] = 0x42
    plain.outb(0x0F, 0x00)
    before = plain.clocks
    plain.reset()
    assert plain.clocks > before
    assert plain.memory[0] == 0x42
    source.lines.dreq(True)
    plain.run(clocks=50)
    assert plain.stats.transfers[2] == 0


def test_a_floppy_answers_at_its_ports(tmp_path, plain):
    image = tmp_path / "a.img"
    image.write_bytes(bytes(1_474_560))
    with PC(engine="reference", floppy=image) as pc:
        assert pc.inb(0x3F2) != 0xFF or pc.inb(0x3F4) != 0xFF
    assert plain.inb(0x3F4) == 0xFF


def test_a_file_that_is_no_floppy_is_refused_before_anything_runs(tmp_path):
    (tmp_path / "x.img").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"x\.img"):
        PC(engine="no engine is asked for", floppy=tmp_path / "x.img")
    with pytest.raises(FileNotFoundError):
        PC(engine="no engine is asked for", floppy=tmp_path / "none.img")
