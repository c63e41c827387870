"""Physical memory: slices, bounds, and what the bus sees outside of it."""

import pytest

from isadma_sim.machine.memory import Memory


def test_slices_read_and_assign_bytes():
    memory = Memory(0x1000)
    memory[0x200:0x204] = b"\x01\x02\x03\x04"
    assert memory[0x1FF:0x205] == b"\x00\x01\x02\x03\x04\x00"
    assert isinstance(memory[0x200:0x204], bytes)


def test_single_bytes_read_and_assign():
    memory = Memory(16)
    memory[15] = 0xA5
    assert memory[15] == 0xA5


def test_sixteen_mebibytes_unless_told():
    assert len(Memory()) == 0x1000000


@pytest.mark.parametrize(
    "touch",
    [
        lambda m: m[0x0FFF:0x1001],
        lambda m: m[0x1000],
        lambda m: m[-1],
        lambda m: m[-2:0],
        lambda m: m[5:4],
        lambda m: m.__setitem__(slice(0x1000, 0x1001), b"x"),
        lambda m: m.__setitem__(0x1000, 0),
    ],
    ids=["slice past the end", "byte", "negative", "negative slice", "backward", "slice assignment", "byte assignment"],
)
def test_outside_of_memory_is_an_error_in_one_line(touch):
    with pytest.raises(IndexError, match=r"^memory\[.*\] is outside the 0x1000 bytes installed: PC\(memory=\.\.\.\)$"):
        touch(Memory(0x1000))


def test_a_slice_takes_exactly_its_length():
    memory = Memory(16)
    with pytest.raises(ValueError, match=r"^memory\[0x0:0x4\] takes 4 bytes, got 3 bytes$"):
        memory[0:4] = b"abc"
    assert len(memory) == 16


@pytest.mark.parametrize("value", [256, -1, "a"])
def test_a_byte_is_a_byte(value):
    with pytest.raises(ValueError, match=r"takes a byte 0\.\.255"):
        Memory(16)[0] = value


def test_slices_have_no_step():
    with pytest.raises(ValueError, match="no step"):
        Memory(16)[0:8:2]


def test_the_bus_reads_ff_where_nothing_is_installed_and_loses_writes():
    memory = Memory(0x100)
    memory.bus_write(0x100, 0x55)
    memory.bus_write(0xFF, 0x55)
    assert memory.bus_read(0x100) == 0xFF
    assert memory.bus_read(0xFF) == 0x55


@pytest.mark.parametrize("size", [0, -1, 0x100000001, 1.5, True])
def test_a_size_outside_32_address_lines_is_refused(size):
    with pytest.raises(ValueError, match=r"is not 1\.\.4294967296 bytes"):
        Memory(size)
