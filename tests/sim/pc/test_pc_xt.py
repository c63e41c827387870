"""The PC/XT as a program sees it: one controller, one 8259A, 1 MiB, aliased ports, and a floppy on channel 2."""

import pytest

from isadma_driver.channels.board import XT
from isadma_driver.floppy import Floppy
from isadma_driver.kernel import Kernel
from isadma_sim import PC
from isadma_sim.machine.device import Device


class Source(Device):
    """Gives rising bytes while its DREQ is on."""

    name = "source"
    ports = (0x300,)
    next = 0

    def io_write(self, port, value):
        self.lines.dreq(bool(value))

    def dma_read(self):
        self.next += 1
        return self.next

    def tc(self):
        self.lines.dreq(False)
        self.lines.irq(True)


@pytest.fixture
def xt(engine):
    with PC(engine=engine, board="xt") as machine:
        yield machine


def test_the_controller_and_the_8259a_answer_at_their_aliases(xt):
    xt.outb(0x12, 0x34)
    xt.outb(0x402, 0x12)
    assert (xt.inb(0x02), xt.inb(0x1002)) == (0x34, 0x12)
    assert [xt.inb(port) for port in (0x21, 0x23, 0x3F, 0x421)] == [0xBC] * 4


def test_page_registers_and_the_ats_second_chips_do_not_read(xt):
    for port in (0x80, 0x81, 0x87, 0x9F, 0xA1, 0xC0, 0xD0):
        xt.outb(port, 0x05)
        assert xt.inb(port) == 0xFF


@pytest.mark.parametrize(("channel", "page_port"), [(1, 0x83), (2, 0x85), (3, 0x9E)])
def test_a_channel_takes_its_four_bit_page_and_wraps_at_64k(xt, channel, page_port):
    xt.attach(Source(), dma=channel, irq=6)
    for port, value in (
        (0x0C, 0), (0x0B, 0x44 | channel), (2 * channel, 0xFE), (2 * channel, 0xFF), (page_port, 0xA3),
        (2 * channel + 1, 3), (2 * channel + 1, 0), (0x0A, channel), (0x300, 1),
    ):  # fmt: skip
        xt.outb(port, value)
    xt.wait_irq(6, clocks=500)
    xt.run(clocks=10)
    assert xt.memory[0x3FFFE:0x40000] == b"\x01\x02"
    assert xt.memory[0x30000:0x30002] == b"\x03\x04"
    assert xt.inb(0x08) & 0x0F == 1 << channel


@pytest.mark.parametrize("irq", [2, 7])
def test_irq_2_is_a_line_like_any_other(xt, irq):
    source = Source()
    xt.attach(source, irq=irq)
    xt.outb(0x21, 0x00)
    source.lines.irq(True)
    xt.wait_irq(irq, clocks=10)
    assert xt.spurious == 0


@pytest.mark.parametrize("engine", ["reference", "native", pytest.param("amaranth", marks=pytest.mark.long)])
def test_the_floppy_driver_reads_and_writes_through_the_xt(engine, tmp_path):
    image = tmp_path / "disk.img"
    content = bytes(n * 7 + n // 512 & 0xFF for n in range(368_640))
    image.write_bytes(content)
    with PC(engine=engine, board="xt", floppy=image, floppy_speed="full") as pc:
        with Floppy(Kernel(pc, board=XT), "360K", dma=True) as floppy:
            assert floppy.read(3, 2) == content[3 * 512 : 5 * 512]
            floppy.write(700, b"\x5a" * 512)
        assert pc.stats.bytes[2] == 3 * 512
    assert image.read_bytes() == content[: 700 * 512] + b"\x5a" * 512 + content[701 * 512 :]


def test_the_clock_and_the_memory_are_an_xts():
    with PC(engine="reference", board="xt") as pc:
        assert pc.board == "xt"
        assert pc.clock_hz == 4_772_727
        assert len(pc.memory) == 0x100000
        start = pc.clocks
        pc.delay(1e-3)
        assert pc.clocks - start == 4773


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"memory": 0x100001}, r"^memory size 1048577 is too much for a PC/XT: it reaches 1048576 bytes$"),
        ({"memory": 0}, r"^memory size 0 is not 1\.\."),
        ({"clock_hz": 0}, r"^clock_hz 0 is not a frequency"),
    ],
)
def test_what_an_xt_cannot_have_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        PC(engine="reference", board="xt", **options)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({"dma": 0}, r"^dma 0 for source: channels are 1, 2, 3 \(0 refreshes the memory\)$"),
        ({"dma": 5}, r"^dma 5 for source: channels are 1, 2, 3 "),
        ({"irq": 9}, r"^irq 9 for source: lines are 0\.\.7 \(a PC/XT has one 8259A\)$"),
    ],
)
def test_a_card_finds_only_the_lines_an_xt_has(place, message):
    with PC(engine="reference", board="xt") as pc, pytest.raises(ValueError, match=message):
        pc.attach(Source(), **place)


def test_no_card_can_drive_the_bus():
    card = Source()
    with PC(engine="reference", board="xt") as pc:
        pc.attach(card, dma=1)
        with pytest.raises(RuntimeError, match=r"^a PC/XT's slots have no MASTER#: a bus master needs a PC/AT$"):
            card.lines.master(0x10000, bytearray(2), to_memory=True, done=print)


@pytest.mark.parametrize("port", [0x1F, 0x3E, 0x9F, 0x48B])
def test_the_aliases_belong_to_the_board(port):
    card = Source()
    card.ports = (port,)
    with PC(engine="reference", board="xt") as pc, pytest.raises(ValueError, match="is taken by the "):
        pc.attach(card)


def test_waiting_for_an_irq_of_the_second_8259a_says_what_there_is():
    with PC(engine="reference", board="xt") as pc, pytest.raises(ValueError, match=r"^irq 8: lines are 0\.\.7 "):
        pc.wait_irq(8, clocks=1)
