"""Blocks between a SCSI disk and memory of every kind; errors in words, and recovery."""

import pytest

from isadma_driver import Direction, PhysicalBuffer, ScsiDriver, UserBuffer
from isadma_driver.errors import (
    DmaTimeoutError,
    ScsiWriteProtectedError,
    SenseError,
)
from isadma_driver.memory.pieces import Piece
from isadma_sim import PC

READ_10, WRITE_10 = 0x28, 0x2A
MB = 1 << 20


def test_the_driver_knows_the_disk_it_drives(bench):
    with ScsiDriver(bench.kernel) as disk:
        assert (disk.blocks, disk.block_bytes) == (1024, 512)
        assert (disk.vendor, disk.product) == ("ISADMA", "DISK IMAGE")
        assert disk.channel == 5
        assert not disk.write_protected()


@pytest.mark.parametrize(("lba", "count"), [(0, 1), (1023, 1), (10, 128), (11, 129), (3, 300)])
def test_any_number_of_blocks_is_read(bench, lba, count):
    with ScsiDriver(bench.kernel) as disk:
        assert disk.read(lba, count) == bench.blocks(lba, count)
    assert bench.pc.stats.conflicts == [0] * 8


def test_writing_changes_the_named_blocks_and_no_other_byte(bench, rng):
    before, data = bench.image, rng.randbytes(200 * 512)
    with ScsiDriver(bench.kernel) as disk:
        disk.write(77, data)
        disk.verify(77, 200)
        disk.flush()
    assert bench.image == before[: 77 * 512] + data + before[277 * 512 :]


def test_a_program_buffer_is_filled_in_place_page_by_page(bench):
    space = bench.kernel.address_space("program")
    address = space.map_region(40 * 4096)
    with ScsiDriver(bench.kernel) as disk:
        disk.read_into(100, UserBuffer(space, address + 512, 150 * 512))
        assert space.read(address + 512, 150 * 512) == bench.blocks(100, 150)
        space.write(address, bytes(range(256)) * 8)
        disk.write_from(900, UserBuffer(space, address, 2048))
    assert bench.blocks(900, 4) == bytes(range(256)) * 8


@pytest.mark.parametrize("address", [0x200000, 0x20FF02, 0x21FFFF, 0x23FFF7, 15 * MB + 0xFF601])
def test_memory_at_odd_addresses_and_across_boundaries_is_read_and_written(bench, address, rng):
    memory, size = bench.pc.memory, 200 * 512
    size = min(size, (16 * MB - address) // 512 * 512)
    count = size // 512
    before = bytes(memory[address - 2 : address])
    with ScsiDriver(bench.kernel) as disk:
        disk.read_into(5, PhysicalBuffer(address, size))
        assert memory[address : address + size] == bench.blocks(5, count)
        assert memory[address - 2 : address] == before
        data = rng.randbytes(size)
        memory[address : address + size] = data
        disk.write_from(500, PhysicalBuffer(address, size))
    assert bench.blocks(500, count) == data


def test_memory_above_16_mb_goes_through_a_bounce_buffer(big, make_bench, rng):
    bench = make_bench(big)
    address = 16 * MB - 1024
    with ScsiDriver(bench.kernel) as disk:
        disk.read_into(30, PhysicalBuffer(address, 100 * 512))
        assert big.memory[address : address + 100 * 512] == bench.blocks(30, 100)
        data = rng.randbytes(90 * 512)
        big.memory[20 * MB + 1 : 20 * MB + 1 + len(data)] = data
        disk.write_from(600, PhysicalBuffer(20 * MB + 1, len(data)))
    assert bench.blocks(600, 90) == data


def test_pages_on_both_sides_of_16_mb_are_read_and_written_in_one_call(big, make_bench, rng):
    bench = make_bench(big)

    class Patchwork:
        """A buffer whose pages lie by turns above and below 16 MB."""

        length = 16 * 4096
        pieces = tuple(Piece((2 * MB if n % 2 else 17 * MB) + n * 8192, 4096) for n in range(16))

        def hold(self, *, write):
            return self

        def release(self):
            pass

    buffer = Patchwork()
    with ScsiDriver(bench.kernel) as disk:
        disk._move(READ_10, 64, buffer, Direction.FROM_DEVICE)
    got = b"".join(big.memory[piece.address : piece.end] for piece in buffer.pieces)
    assert got == bench.blocks(64, 128)
    with ScsiDriver(bench.kernel) as disk:
        disk._move(WRITE_10, 700, buffer, Direction.TO_DEVICE)
    assert bench.blocks(700, 128) == got


def test_a_write_protected_disk_is_refused_in_words(pc, make_bench):
    bench = make_bench(pc, write_protected=True)
    before = bench.image
    with ScsiDriver(bench.kernel) as disk:
        assert disk.write_protected()
        with pytest.raises(ScsiWriteProtectedError, match="blocks 3 to 4: data protect, write protected") as error:
            disk.write(3, bytes(1024))
        assert (error.value.key, error.value.code) == (7, 0x27)
        assert disk.read(3, 2) == before[3 * 512 : 5 * 512]
    assert bench.image == before


def test_blocks_beyond_the_end_and_half_blocks_are_refused_before_any_command(bench):
    with ScsiDriver(bench.kernel) as disk:
        before = bench.pc.clocks
        for bad in (
            lambda: disk.read(1020, 5),
            lambda: disk.read(-1),
            lambda: disk.read(0, 0),
            lambda: disk.write(0, b"x"),
        ):
            with pytest.raises(ValueError, match=r"not all on the disk|no whole number of blocks"):
                bad()
        assert bench.pc.clocks == before


def test_an_error_of_the_medium_has_its_sense_key(bench):
    with ScsiDriver(bench.kernel) as disk:
        with bench.path.open("r+b") as stream:
            stream.truncate(512)
        with pytest.raises(SenseError, match="medium error, unrecovered read error") as error:
            disk.read(5)
        assert (error.value.key, error.value.code) == (3, 0x11)


def test_a_channel_that_somebody_reprogrammed_is_set_up_again_after_a_reset(bench):
    with ScsiDriver(bench.kernel) as disk:
        bench.pc.outb(0xDA, 0)  # master clear of the second controller masks every channel
        bench.pc.outb(0xD6, 0x45)
        bench.pc.outb(0xD4, 0x00)
        bench.pc.outb(0xD4, 0x01)
        assert disk.read(8, 4) == bench.blocks(8, 4)
        assert (disk.resets, disk.retries >= 1) == (1, True)
    assert bench.pc.stats.conflicts[5] >= 1


def test_a_bus_reset_behind_the_drivers_back_costs_a_retry_and_no_data(bench):
    with ScsiDriver(bench.kernel) as disk:
        retries = disk.retries
        bench.pc.outb(0x330, 0x10)
        assert disk.read(8, 4) == bench.blocks(8, 4)
        assert disk.retries == retries + 1


def test_an_adapter_that_stays_silent_is_given_up_in_bounded_time(bench, monkeypatch):
    with ScsiDriver(bench.kernel) as disk:
        monkeypatch.setattr(bench.adapter.firmware, "scan", lambda: iter(()))
        monkeypatch.setattr("isadma_sim.devices.scsi.bus.BusMaster.run", lambda self, program: None)
        start = bench.pc.clocks
        with pytest.raises(DmaTimeoutError, match="read of blocks 0 to 0"):
            disk.read(0)
        assert (bench.pc.clocks - start) / bench.pc.clock_hz < 30


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_memory_refresh_goes_on_between_the_adapters_turns_on_the_bus(engine, make_bench):
    with PC(engine, refresh=True) as pc:
        bench = make_bench(pc)
        with ScsiDriver(bench.kernel) as disk:
            start, before = pc.clocks, pc.stats.refreshes
            assert disk.read(3, 40) == bench.blocks(3, 40)
            # Every 15.09 us, which are 60.4 clocks; the adapter stays on the bus for no longer than 11 us.
            assert abs(pc.stats.refreshes - before - (pc.clocks - start) / 60.36) <= 2
