"""The SCSI driver against the simulated host adapter: channels, memory of every kind, errors in words, recovery."""

import random

import pytest

from isadma_driver import Direction, Kernel, PhysicalBuffer, ScsiDriver, UserBuffer
from isadma_driver.errors import (
    ChannelBusyError,
    DmaError,
    DmaTimeoutError,
    ScsiError,
    ScsiWriteProtectedError,
    SenseError,
)
from isadma_driver.pieces import Piece
from isadma_sim import PC, Device
from isadma_sim.devices.scsi import HostAdapter, ScsiDisk

BLOCKS = 1024
READ_10, WRITE_10 = 0x28, 0x2A
MB = 1 << 20


class Bench:
    """A PC with a host adapter and a disk of random bytes at target 0."""

    def __init__(self, pc, path, *, write_protected=False, **options):
        self.pc = pc
        self.path = path
        self.disk = ScsiDisk(path, write_protected=write_protected)
        self.adapter = HostAdapter(self.disk, **options)
        pc.attach(self.adapter)
        self.kernel = Kernel(pc)
        self.free = self.kernel.pages.reports()

    @property
    def image(self):
        return self.path.read_bytes()

    def blocks(self, lba, count):
        return self.image[lba * 512 : (lba + count) * 512]


@pytest.fixture
def path(tmp_path, rng):
    file = tmp_path / "disk.img"
    file.write_bytes(rng.randbytes(BLOCKS * 512))
    return file


@pytest.fixture
def bench(pc, path):
    return Bench(pc, path)


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


def test_the_channel_is_owned_and_in_cascade_mode_and_everything_is_given_back(bench):
    disk = ScsiDriver(bench.kernel)
    assert bench.kernel.proc_dma() == " 4: cascade\n 5: scsi\n"
    assert "scsi" in bench.kernel.proc_iomem()
    disk.close()
    disk.close()
    assert bench.kernel.proc_dma() == " 4: cascade\n"
    assert bench.kernel.pages.reports() == bench.free
    bench.kernel.interrupts.request_irq(11, "next").free()
    with pytest.raises(ScsiError, match="closed"):
        disk.read(0)


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


def test_memory_above_16_mb_goes_through_a_bounce_buffer(big, path, rng):
    bench = Bench(big, path)
    address = 16 * MB - 1024
    with ScsiDriver(bench.kernel) as disk:
        disk.read_into(30, PhysicalBuffer(address, 100 * 512))
        assert big.memory[address : address + 100 * 512] == bench.blocks(30, 100)
        data = rng.randbytes(90 * 512)
        big.memory[20 * MB + 1 : 20 * MB + 1 + len(data)] = data
        disk.write_from(600, PhysicalBuffer(20 * MB + 1, len(data)))
    assert bench.blocks(600, 90) == data


def test_pages_on_both_sides_of_16_mb_are_read_and_written_in_one_call(big, path, rng):
    bench = Bench(big, path)

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


def test_a_taken_channel_makes_the_driver_choose_another_and_tell_the_adapter(pc, path):
    bench = Bench(pc, path)
    bench.kernel.dma.request_dma(5, "sound")
    with ScsiDriver(bench.kernel) as disk:
        assert disk.channel == 6
        assert disk.read(4, 3) == bench.blocks(4, 3)
        assert bench.kernel.proc_dma() == " 4: cascade\n 5: sound\n 6: scsi\n"
    assert pc.stats.bytes[5] == 0
    assert pc.stats.bytes[6] > 1536


@pytest.mark.parametrize("channel", [0, 5, 6, 7])
def test_the_channel_asked_for_is_the_channel_used(pc, path, channel):
    bench = Bench(pc, path, dma=7)
    with ScsiDriver(bench.kernel, dma=channel) as disk:
        assert disk.read(0, 2) == bench.blocks(0, 2)
    assert pc.stats.bytes[channel] > 1024


def test_a_channel_asked_for_that_is_taken_is_refused_with_its_owner(bench):
    bench.kernel.dma.request_dma(6, "sound")
    with pytest.raises(ChannelBusyError, match="DMA channel 6, wanted by 'scsi', is held by 'sound'"):
        ScsiDriver(bench.kernel, dma=6)
    assert bench.kernel.pages.reports() == bench.free


def test_without_any_free_channel_every_owner_is_named_and_nothing_is_held(bench):
    for channel in (5, 6, 7):
        bench.kernel.dma.request_dma(channel, f"owner {channel}")
    with pytest.raises(ChannelBusyError, match="5 by 'owner 5', 6 by 'owner 6', 7 by 'owner 7'"):
        ScsiDriver(bench.kernel)
    assert bench.kernel.pages.reports() == bench.free


def test_a_card_that_nobody_claimed_but_that_drives_the_channel_is_noticed(bench):
    bench.pc.attach(Device(), dma=6)
    with pytest.raises(ScsiError, match="failed its self test: see whether another card has its channel"):
        ScsiDriver(bench.kernel, dma=6)
    assert bench.kernel.proc_dma() == " 4: cascade\n"


def test_no_adapter_and_no_disk_are_told_apart(pc, bench):
    with pytest.raises(ScsiError, match="no SCSI adapter at 134h"):
        ScsiDriver(bench.kernel, base=0x134)
    with pytest.raises(ScsiError, match=r"no disk at SCSI target 3 \(.*no device answers.*\): there are 0"):
        ScsiDriver(bench.kernel, 3)
    assert bench.kernel.proc_dma() == " 4: cascade\n"
    assert bench.kernel.pages.reports() == bench.free


def test_a_write_protected_disk_is_refused_in_words(pc, path):
    bench = Bench(pc, path, write_protected=True)
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
def test_memory_refresh_goes_on_between_the_adapters_turns_on_the_bus(engine, path):
    with PC(engine, refresh=True) as pc:
        bench = Bench(pc, path)
        with ScsiDriver(bench.kernel) as disk:
            start, before = pc.clocks, pc.stats.refreshes
            assert disk.read(3, 40) == bench.blocks(3, 40)
            # Every 15.09 us, which are 60.4 clocks; the adapter stays on the bus for no longer than 11 us.
            assert abs(pc.stats.refreshes - before - (pc.clocks - start) / 60.36) <= 2


@pytest.mark.parametrize("value", [-1, 8, True, "0"])
def test_a_target_that_cannot_be_is_refused(bench, value):
    with pytest.raises(ValueError, match="no SCSI target"):
        ScsiDriver(bench.kernel, value)


def test_a_channel_the_adapter_does_not_have_is_refused(bench):
    with pytest.raises(ValueError, match="it has 0, 5, 6 and 7"):
        ScsiDriver(bench.kernel, dma=1)


def test_a_taken_interrupt_gives_the_channel_back(bench):
    bench.kernel.interrupts.request_irq(11, "other")
    with pytest.raises(DmaError, match="interrupt 11, wanted by 'scsi', is held by 'other'"):
        ScsiDriver(bench.kernel)
    assert bench.kernel.proc_dma() == " 4: cascade\n"
    assert bench.kernel.pages.reports() == bench.free


def _campaign(path, engine, steps, seed):
    """Random reads and writes of random sizes, the same on a plain file; returns both in the end."""
    dice = random.Random(seed)
    print("seed", seed)
    plain = bytearray(dice.randbytes(4096 * 512))
    path.write_bytes(plain)
    with PC(engine) as pc:
        pc.attach(HostAdapter(path))
        kernel = Kernel(pc)
        space = kernel.address_space("program")
        base = space.map_region(40 * 4096)
        with ScsiDriver(kernel) as disk:
            for _ in range(steps):
                count = int(2 ** dice.uniform(0, 8.2))
                lba = dice.randint(0, 4096 - count)
                at, size = lba * 512, count * 512
                buffer = UserBuffer(space, base + dice.randrange(4096), size)
                kind = dice.randrange(4)
                if kind == 0:
                    assert disk.read(lba, count) == plain[at : at + size]
                elif kind == 1:
                    disk.read_into(lba, buffer)
                    assert space.read(buffer.address, size) == plain[at : at + size]
                else:
                    plain[at : at + size] = data = dice.randbytes(size)
                    if kind == 2:
                        disk.write(lba, data)
                    else:
                        space.write(buffer.address, data)
                        disk.write_from(lba, buffer)
            assert (disk.resets, pc.stats.conflicts) == (0, [0] * 8)
    return bytes(plain), path.read_bytes()


def test_a_hundred_random_reads_and_writes_leave_the_image_as_a_plain_file(path):
    plain, image = _campaign(path, "native", 100, 7)
    assert image == plain


@pytest.mark.long
def test_a_thousand_random_reads_and_writes_leave_the_image_as_a_plain_file(path):
    plain, image = _campaign(path, "native", 1000, 8)
    assert image == plain
