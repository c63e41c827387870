"""The floppy driver against the simulated controller: every format, every error in words, with and without DMA."""

import pytest

from isadma_driver import Floppy, Kernel
from isadma_driver.errors import (
    ChannelBusyError,
    DmaTimeoutError,
    FloppyError,
    NoDiskError,
    OutOfMemoryError,
    SectorError,
    WriteProtectedError,
)
from isadma_driver.floppy import FORMATS, format_for
from isadma_sim.devices.floppy import Drive, FloppyController, Image

SIZES = {
    "160K": 163840,
    "180K": 184320,
    "320K": 327680,
    "360K": 368640,
    "720K": 737280,
    "1.2M": 1228800,
    "1.44M": 1474560,
    "1.68M": 1720320,
    "1.72M": 1763328,
    "2.88M": 2949120,
}


class Bench:
    """A PC with a disk of random bytes in drive 0."""

    def __init__(self, pc, rng, name="1.44M", *, drive=None, speed="full", write_protected=False):
        self.content = rng.randbytes(SIZES[name])
        self.image = Image.from_bytes(self.content, write_protected=write_protected)
        self.unit = Drive(drive, self.image) if drive else Drive.for_image(self.image)
        pc.attach(FloppyController([self.unit], speed=speed), dma=2, irq=6)
        self.kernel = Kernel(pc)
        self.free = self.kernel.pages.reports()

    def sectors(self, lba, count):
        return self.image.data[lba * 512 : (lba + count) * 512]


@pytest.fixture
def bench(pc, rng):
    return Bench(pc, rng)


@pytest.mark.parametrize("name", SIZES)
def test_each_format_is_read_across_heads_and_cylinders(pc, rng, name):
    bench = Bench(pc, rng, name)
    last = SIZES[name] // 512
    cylinder = FORMATS[name].cylinder_sectors
    with Floppy(bench.kernel, name) as floppy:
        assert floppy.read(cylinder - 3, 6) == bench.sectors(cylinder - 3, 6)
        assert floppy.read(last - 2, 2) == bench.sectors(last - 2, 2)
        assert floppy.uses_dma
        assert (floppy.retries, floppy.lost_interrupts) == (0, 0)


@pytest.mark.parametrize("name", ["1.44M", "1.68M", "2.88M", "360K", "160K"])
def test_a_drive_in_real_time_is_read_without_a_retry(pc, rng, name):
    bench = Bench(pc, rng, name, speed="real")
    with Floppy(bench.kernel, name) as floppy:
        assert floppy.read(15, 5) == bench.sectors(15, 5)
        assert (floppy.retries, floppy.lost_interrupts) == (0, 0)


def test_a_40_track_disk_in_an_80_track_drive_is_stepped_twice(pc, rng):
    bench = Bench(pc, rng, "360K", drive="1.2M")
    with Floppy(bench.kernel, "360K in 1.2M") as floppy:
        assert floppy.read(700, 5) == bench.sectors(700, 5)
        assert floppy.retries == 0
    assert bench.unit.cylinder == 78


def test_writing_changes_the_named_sectors_and_no_other_byte(bench, rng):
    data = rng.randbytes(10 * 512)
    with Floppy(bench.kernel) as floppy:
        floppy.write(66, data)
    assert bench.image.data == bench.content[: 66 * 512] + data + bench.content[76 * 512 :]


def test_a_whole_cylinder_is_one_command(pc, rng):
    bench = Bench(pc, rng, "360K")
    commands = []
    with Floppy(bench.kernel, "360K") as floppy:
        floppy.read(16, 22, progress=lambda done, count: commands.append((done, count)))
    assert commands == [(2, 22), (20, 22), (22, 22)]


def test_verify_reads_the_disk_and_moves_no_byte(pc, bench):
    with Floppy(bench.kernel) as floppy:
        floppy.read(0)
        block = next(b for b in bench.kernel.pages.memory_map() if b.owner == "floppy")
        pc.memory[block.address : block.end] = bytes(block.size)
        floppy.verify(17, 5)
        assert not any(pc.memory[block.address : block.end])
        bench.image.track(0, 1)[3].data_errors = -1
        with pytest.raises(SectorError, match=r"verify of sectors 17 to 21 .*CRC error, in the data field"):
            floppy.verify(17, 5)


def test_formatting_a_track_empties_it_and_no_other(bench):
    with Floppy(bench.kernel) as floppy:
        floppy.format_track(3, 1)
        with pytest.raises(ValueError, match=r"no track 80/0 on a 1.44M disk"):
            floppy.format_track(80, 0)
    start = (3 * 2 + 1) * 18 * 512
    assert bench.image.data == bench.content[:start] + b"\xf6" * 9216 + bench.content[start + 9216 :]


@pytest.mark.parametrize(("lba", "count"), [(-1, 1), (2880, 1), (2879, 2), (0, 0), (0, -1)])
def test_sectors_that_are_not_on_the_disk_are_a_value_error(bench, lba, count):
    with Floppy(bench.kernel) as floppy, pytest.raises(ValueError, match=r"not all on a 1.44M disk: use 0 to 2879"):
        floppy.read(lba, count)


def test_data_that_is_no_whole_number_of_sectors_is_refused(bench):
    with Floppy(bench.kernel) as floppy, pytest.raises(ValueError, match="500 bytes are no whole number of sectors"):
        floppy.write(0, bytes(500))
    assert bench.image.data == bench.content


def test_a_write_protected_disk_is_named_as_such_and_not_retried(pc, rng):
    bench = Bench(pc, rng, write_protected=True)
    with Floppy(bench.kernel) as floppy:
        assert floppy.write_protected()
        with pytest.raises(WriteProtectedError, match=r"write of sectors 7 to 7 .*write protected \(ST0=40h ST1=02h"):
            floppy.write(7, bytes(512))
        assert floppy.retries == 0
        assert floppy.read(7) == bench.sectors(7, 1)


def test_an_empty_drive_is_named_as_such(bench):
    bench.unit.eject()
    with Floppy(bench.kernel) as floppy, pytest.raises(NoDiskError, match="no disk in floppy drive 0: put one in"):
        floppy.read(0)


def test_a_new_disk_is_noticed(bench, rng):
    with Floppy(bench.kernel) as floppy:
        assert floppy.read(40) == bench.content[40 * 512 : 41 * 512]
        bench.unit.eject()
        other = rng.randbytes(SIZES["1.44M"])
        bench.unit.insert(Image.from_bytes(other))
        assert floppy.read(40) == other[40 * 512 : 41 * 512]


@pytest.mark.parametrize("errors", [1, 3, 5])
def test_a_sector_that_reads_at_last_is_read(bench, errors):
    bench.image.track(0, 0)[4].data_errors = errors
    with Floppy(bench.kernel) as floppy:
        assert floppy.read(4) == bench.sectors(4, 1)
        assert floppy.retries == errors


@pytest.mark.parametrize("dma", [True, False])
def test_a_sector_that_never_reads_ends_in_one_error_with_the_reason(bench, dma):
    bench.image.track(0, 0)[4].data_errors = -1
    with Floppy(bench.kernel, dma=dma) as floppy:
        with pytest.raises(SectorError, match=r"head 0, sector 5\): CRC error, in the data field \(ST0=40h"):
            floppy.read(4)
        assert floppy.retries == 5
        assert floppy.read(3) == bench.sectors(3, 1)


def test_a_missing_sector_is_told_from_an_unformatted_track(bench):
    bench.image.track(1, 0).pop(8)
    bench.image.lay(2, 0, [])
    with Floppy(bench.kernel) as floppy:
        with pytest.raises(SectorError, match="sector not found"):
            floppy.read(36 + 8)
        with pytest.raises(SectorError, match="no address mark"):
            floppy.read(72)


def test_a_head_that_stands_elsewhere_is_recalibrated(bench):
    with Floppy(bench.kernel) as floppy:
        floppy.read(36 * 10)
        bench.unit.cylinder = 30
        assert floppy.read(36 * 10 + 1) == bench.sectors(361, 1)
        assert 1 <= floppy.retries <= 2


# Without DMA ----------------------------------------------------------------------------------------------------------


def test_with_channel_2_taken_it_falls_back_to_the_processor(bench):
    bench.kernel.dma.request_dma(2, "tape")
    with Floppy(bench.kernel) as floppy:
        assert not floppy.uses_dma
        assert floppy.read(16, 4) == bench.sectors(16, 4)
        floppy.write(17, bytes(1024))
    assert bench.sectors(16, 4) == bench.content[16 * 512 : 17 * 512] + bytes(1024) + bench.content[19 * 512 : 20 * 512]
    assert bench.kernel.proc_dma() == " 2: tape\n 4: cascade\n"


def test_with_channel_2_taken_and_dma_demanded_it_names_the_owner(bench):
    bench.kernel.dma.request_dma(2, "tape")
    with pytest.raises(ChannelBusyError, match="wanted by 'floppy', is held by 'tape'"):
        Floppy(bench.kernel, dma=True)
    assert bench.kernel.pages.reports() == bench.free


def test_with_no_low_memory_in_one_piece_it_falls_back_to_the_processor(rng, big):
    bench = Bench(big, rng, "360K")
    kernel = Kernel(big)
    low = kernel.pages
    taken = [low.alloc(4096, "long uptime") for _ in range(low.reports()[0].free // 4096)]
    for block in taken[::2]:
        low.free(block)
    with pytest.raises(OutOfMemoryError, match="allocate DMA buffers early"):
        Floppy(kernel, "360K", dma=True)
    with Floppy(kernel, "360K") as floppy:
        assert not floppy.uses_dma
        assert kernel.proc_dma() == " 4: cascade\n"
        assert floppy.read(8, 2) == bench.sectors(8, 2)


def test_the_processor_keeps_up_with_a_drive_in_real_time(pc, rng):
    bench = Bench(pc, rng, "720K", speed="real")
    with Floppy(bench.kernel, "720K", dma=False) as floppy:
        assert floppy.read(8, 2) == bench.sectors(8, 2)
        assert floppy.retries == 0


# Where the data goes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "straight"), [(0x200000, True), (0x20FE00, False), (0x20FE01, False)])
def test_sectors_go_straight_to_memory_or_through_the_buffer(pc, bench, address, straight):
    with Floppy(bench.kernel) as floppy:
        assert floppy.read_to(10, 3, address) is straight
    assert pc.memory[address : address + 1536] == bench.sectors(10, 3)


def test_channel_interrupt_and_buffer_are_given_back_also_after_an_error(bench):
    floppy = Floppy(bench.kernel)
    assert bench.kernel.proc_dma() == " 2: floppy\n 4: cascade\n"
    bench.image.track(0, 0)[0].data_errors = -1
    with pytest.raises(SectorError), floppy:
        floppy.read(0)
    assert bench.kernel.proc_dma() == " 4: cascade\n"
    assert bench.kernel.pages.reports() == bench.free
    assert not bench.unit.motor
    floppy.close()  # once more does nothing
    with pytest.raises(FloppyError, match="was closed"):
        floppy.read(0)
    with Floppy(bench.kernel) as again:
        assert again.read(1) == bench.sectors(1, 1)


# When the machine misbehaves ------------------------------------------------------------------------------------------


class DeafMachine:
    """The PC, but no interrupt ever arrives."""

    def __init__(self, pc):
        self.pc = pc
        self.memory, self.inb, self.outb, self.delay = pc.memory, pc.inb, pc.outb, pc.delay

    def wait_irq(self, irq, *, seconds):
        self.pc.delay(seconds)
        raise TimeoutError("lost")


def test_lost_interrupts_are_noticed_by_asking_the_controller(pc, rng):
    bench = Bench(pc, rng)
    with Floppy(Kernel(DeafMachine(pc))) as floppy:
        assert floppy.read(40, 2) == bench.sectors(40, 2)
        assert floppy.retries == 0
        assert floppy.lost_interrupts >= 3


def test_a_machine_without_a_controller_is_given_up_on_in_bounded_time(pc):
    kernel = Kernel(pc)
    with Floppy(kernel) as floppy, pytest.raises(DmaTimeoutError, match="reset of the floppy controller at 3F0h"):
        floppy.read(0)
    assert pc.clocks < 4_000_000 * 10
    assert kernel.proc_dma() == " 4: cascade\n"


def test_a_disk_taken_out_in_the_middle_is_an_error_in_bounded_time(bench):
    with Floppy(bench.kernel) as floppy:
        floppy.read(0)

        def pull(done, count):
            bench.unit.eject()

        with pytest.raises(NoDiskError, match="put one in"):
            floppy.read(35, 10, progress=pull)


@pytest.mark.parametrize("size", SIZES.values())
def test_the_size_of_an_image_names_its_format(size):
    assert format_for(size).size == size


def test_a_size_or_name_that_is_no_floppys_lists_those_there_are(bench):
    with pytest.raises(ValueError, match=r"no floppy format has 1000 bytes: use 163840 \(160K\), .*2949120 \(2.88M\)"):
        format_for(1000)
    with pytest.raises(ValueError, match=r"no floppy format '1.44': use 160K, 180K, 320K, 360K, 720K"):
        Floppy(bench.kernel, "1.44")
    with pytest.raises(ValueError, match="no floppy drive 4: use 0 to 3"):
        Floppy(bench.kernel, drive=4)
