"""Memory of an embedded machine: a buffer of the program's own, ROM, and which bytes DMA wrote, on every engine."""

import array
import ctypes
import mmap

import numpy
import pytest

from isadma_sim import PC
from isadma_sim.machine.device import Device

SIZE = 1 << 18
BUFFERS = {
    "bytearray": lambda: bytearray(SIZE),
    "memoryview": lambda: memoryview(bytearray(SIZE)),
    "part": lambda: memoryview(bytearray(SIZE + 64))[32:-32],
    "mmap": lambda: mmap.mmap(-1, SIZE),
    "array": lambda: array.array("I", bytes(SIZE)),
    "numpy": lambda: numpy.zeros((SIZE // 64, 16), dtype=numpy.uint32),
    "ctypes": lambda: (ctypes.c_uint8 * SIZE)(),
}


@pytest.mark.parametrize("kind", BUFFERS)
def test_dma_writes_straight_into_the_programs_own_buffer(engine, kind, giver, set_up_channel1):
    buffer = BUFFERS[kind]()
    seen = memoryview(buffer).cast("B")
    with PC(engine=engine, memory=buffer) as pc:
        card = giver(b"\x11\x22\x33")
        pc.attach(card, dma=1, irq=5)
        set_up_channel1(pc, 0x21234, 3)
        seen[0x21237] = 0x99
        card.go()
        pc.run(100)
        assert bytes(seen[0x21234:0x21238]) == b"\x11\x22\x33\x99"
        assert pc.memory[0x21234:0x21238] == b"\x11\x22\x33\x99"
        seen[0x21234] = 0x77
        assert pc.memory[0x21234] == 0x77
    seen.release()
    if kind == "mmap":
        buffer.close()  # a closed PC holds nothing of it


@pytest.mark.parametrize(
    ("buffer", "why"),
    [
        (b"abcd", "'bytes' is read only"),
        (memoryview(bytearray(64))[::2], "'memoryview' is no row of plain bytes"),
        ("abcd", "'abcd' is not 1..4294967296 bytes, and no writable buffer"),
        (3.5, "and no writable buffer"),
        (bytearray(), "memory size 0 is not 1"),
    ],
    ids=["read only", "with gaps", "text", "number", "empty"],
)
def test_what_cannot_be_memory_is_told_in_one_line(buffer, why):
    with pytest.raises(ValueError, match=why) as error:
        PC(engine="reference", memory=buffer)
    assert "\n" not in str(error.value)


def test_a_buffer_larger_than_a_pc_xt_reaches_is_refused():
    with pytest.raises(ValueError, match="too much for a PC/XT"):
        PC(engine="reference", board="xt", memory=bytearray((1 << 20) + 1))


def test_memory_is_a_buffer_itself(engine):
    with PC(engine=engine, memory=SIZE) as pc:
        view = memoryview(pc.memory)
        assert (len(view), view.format, view.readonly) == (SIZE, "B", False)
        view[0x100:0x104] = b"\x01\x02\x03\x04"
        assert pc.memory[0x100:0x104] == b"\x01\x02\x03\x04"
        pc.memory[0x100] = 0xAA
        assert view[0x100] == 0xAA
        assert bytes(pc.memory.view[0x100:0x102]) == b"\xaa\x02"


def test_memory_cannot_grow_while_a_machine_uses_it(engine):
    with PC(engine=engine, memory=SIZE) as pc, pytest.raises(BufferError):
        pc.memory.append(1)


class Master(Device):
    """A bus master that writes its bytes to memory."""

    name = "master"

    def __init__(self, address, data, width):
        self.address, self.data, self.width = address, bytearray(data), width

    def dack(self, active):
        if active:
            self.lines.master(self.address, self.data, to_memory=True, done=self.done, width=self.width)

    def done(self, moved):
        assert moved == len(self.data)
        self.lines.dreq(False)


def by_dma(pc, giver, set_up, address, data):
    card = giver(data)
    pc.attach(card, dma=1, irq=5)
    set_up(pc, address, len(data))
    card.go()
    pc.run(40 * len(data))


def by_master(pc, address, data, width):
    card = Master(address, data, width)
    pc.attach(card, dma=5)
    pc.outb(0xD6, 0xC1)
    pc.outb(0xD4, 0x01)
    card.lines.dreq(True)
    pc.run(40 * len(data))


@pytest.mark.parametrize("way", ["dma", "bytes", "words"])
@pytest.mark.parametrize("start", [0x1FFFD, 0x1FFFE])
def test_no_byte_of_rom_is_written_and_all_around_are(engine, way, start, giver, set_up_channel1):
    """ROM of three bytes at an odd address: words at its edges are written by half."""
    with PC(engine=engine, memory=SIZE) as pc:
        data, want = bytes(range(1, 12)), bytearray(range(1, 12))
        if way == "dma":  # its address wraps at 64 KiB
            start -= 0x10
        rom = start + 4 | 1
        pc.rom(rom, b"\xc1\xc2\xc3")
        want[rom - start : rom - start + 3] = b"\xc1\xc2\xc3"
        if way == "dma":
            by_dma(pc, giver, set_up_channel1, start, data)
        else:
            by_master(pc, start, data, 1 if way == "bytes" else 2)
        assert pc.memory[start : start + len(data)] == want


def test_the_processor_cannot_write_rom_through_memory():
    with PC(engine="reference", memory=SIZE) as pc:
        pc.rom(0x1000, b"\x55\xaa")
        pc.rom(0x1004, b"\x66")
        pc.memory[0x0FFE:0x1006] = bytes(range(8))
        pc.memory[0x1000] = 0
        assert pc.memory[0x0FFE:0x1006] == b"\x00\x01\x55\xaa\x04\x05\x66\x07"


@pytest.mark.parametrize(
    ("address", "data", "why"),
    [
        (SIZE - 1, b"ab", "end within 0x40000"),
        (-1, b"a", "end within"),
        (0, b"", "0 bytes"),
        ("x", b"a", "'x'"),
        (0x2001, b"a", "0x2000 to 0x2003 is ROM already"),
    ],
)
def test_rom_that_cannot_be_is_told_in_one_line(address, data, why):
    with PC(engine="reference", memory=SIZE) as pc:
        pc.rom(0x2000, b"\x55" * 4)
        with pytest.raises(ValueError, match=why):
            pc.rom(address, data)
        assert pc.memory[0x2000:0x2004] == b"\x55" * 4


def test_there_are_sixteen_regions_of_rom():
    with PC(engine="reference", memory=SIZE) as pc:
        for number in range(16):
            pc.rom(number * 16, b"\x55")
        with pytest.raises(ValueError, match="16 regions"):
            pc.rom(0x1000, b"\x55")
        assert pc.memory[0x1000] == 0


def told(pc):
    found = []
    pc.on_dma(lambda address, length: found.append((address, length)))
    return found


def test_ranges_that_dma_wrote_are_told_before_the_call_returns(engine, giver, set_up_channel1):
    with PC(engine=engine, memory=SIZE) as pc:
        ranges = told(pc)
        card = giver(bytes(300))
        pc.attach(card, dma=1, irq=5)
        set_up_channel1(pc, 0x20FF0, 300)
        assert ranges == []
        card.go()
        pc.run(5000)
        assert ranges == [(0x20FF0, 300)]  # two pages that meet are one range
        pc.run(5000)
        assert ranges == [(0x20FF0, 300)]
        pc.on_dma(None)
        set_up_channel1(pc, 0x20FF0, 4)
        card.data = [1, 2, 3, 4]
        card.go()
        pc.run(200)
        assert ranges == [(0x20FF0, 300)]
        assert pc.memory[0x20FF0:0x20FF4] == b"\x01\x02\x03\x04"


@pytest.mark.parametrize("wait", ["wait_irq", "until_intr", "inb", "outb", "serve"])
def test_every_call_that_lets_clocks_go_by_tells_of_writes(engine, wait, giver, set_up_channel1):
    with PC(engine=engine, memory=SIZE) as pc:
        pc.outb(0x21, 0x00)
        ranges = told(pc)
        card = giver(b"\x01")
        pc.attach(card, dma=1, irq=5)
        set_up_channel1(pc, 0x2000, 1)
        card.go()
        for _ in range(4):
            if wait in ("inb", "outb"):
                pc.inb(0x61) if wait == "inb" else pc.outb(0x43, 0x80)
        if wait == "wait_irq":
            pc.wait_irq(5, clocks=1000)
        elif wait == "until_intr":
            assert pc.run(1000, until_intr=True) < 40
        elif wait == "serve":
            pc.serve(clocks=100)
        assert ranges == [(0x2000, 1)]


def test_rom_is_not_told_of_as_written(engine, giver, set_up_channel1):
    with PC(engine=engine, memory=SIZE) as pc:
        pc.rom(0x3000, b"\x55\x55")
        ranges = told(pc)
        by_dma(pc, giver, set_up_channel1, 0x3000, b"\x01\x02\x03")
        assert ranges == [(0x3002, 1)]
        assert pc.memory[0x3000:0x3003] == b"\x55\x55\x03"


def test_what_a_bus_master_writes_is_told(engine):
    with PC(engine=engine, memory=SIZE) as pc:
        ranges = told(pc)
        by_master(pc, 0x6001, bytes(9), 2)
        assert ranges == [(0x6001, 9)]
