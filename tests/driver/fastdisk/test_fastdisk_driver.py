"""The fast disk's driver: the same bytes by DMA and by interrupts, and an error where the machine is too slow."""

import random

import pytest

from isadma_driver import Kernel
from isadma_driver.errors import ChannelBusyError, DataLostError, DmaTimeoutError, FastDiskError
from isadma_driver.fastdisk import FastDisk
from isadma_driver.fastdisk.codes import Command
from isadma_driver.ports import Mode
from isadma_sim import PC, Costs
from isadma_sim.devices import fastdisk

CONTENT = random.Random("fast").randbytes(64 * 512)


class Rig:
    def __init__(self, pc, *, channel=7, **options):
        self.pc = pc
        self.device = fastdisk.FastDisk(bytearray(CONTENT), **options)
        pc.attach(self.device, dma=channel, irq=14)
        self.kernel = Kernel(pc)

    def disk(self, **options):
        return FastDisk(self.kernel, **options)


@pytest.fixture
def rig():
    made = []

    def make(*, engine="reference", **options):
        made.append(PC(engine=engine))
        return Rig(made[-1], **options)

    yield make
    for pc in made:
        pc.close()


@pytest.mark.parametrize("kind", [Mode.DEMAND, Mode.SINGLE])
@pytest.mark.parametrize(("channel", "width"), [(7, 2), (5, 2), (3, 1)])
def test_sectors_come_and_go_by_dma(rig, channel, width, kind):
    bench = rig(rate=100_000, channel=channel, width=width)
    with bench.disk(dma=channel, kind=kind) as disk:
        assert disk.read(5, 3) == CONTENT[5 * 512 : 8 * 512]
        disk.write(1, CONTENT[:1024])
    assert bench.device.data == CONTENT[:512] + CONTENT[:1024] + CONTENT[3 * 512 :]
    assert bench.device.lost == disk.lost == 0
    assert bench.pc.stats.bytes[channel] == 5 * 512
    assert disk.interrupts == 2


@pytest.mark.parametrize("threshold", [1, 8, 16])
def test_sectors_come_and_go_by_interrupts(rig, threshold):
    bench = rig(rate=20_000)
    with bench.disk(dma=None, threshold=threshold) as disk:
        assert disk.read(5, 2) == CONTENT[5 * 512 : 7 * 512]
        disk.write(1, CONTENT[:512])
    assert bench.device.data == CONTENT[:512] + CONTENT[:512] + CONTENT[2 * 512 :]
    assert sum(bench.pc.stats.bytes) == 0
    assert disk.interrupts >= 512 / threshold


def test_single_mode_keeps_up_with_a_megabyte_a_second(rig):
    bench = rig(rate=1_000_000)
    with bench.disk(kind=Mode.SINGLE) as disk:
        assert disk.read(0, 16) == CONTENT[: 16 * 512]
    assert bench.device.lost == 0


def test_too_fast_a_disk_is_an_error_that_counts_what_is_lost(rig):
    bench = rig(rate=40e6)
    with bench.disk() as disk:
        with pytest.raises(DataLostError, match=r"^the machine was too slow for the fast disk: (\d+) units are lost$"):
            disk.read(0, 4)
        assert disk.lost == bench.device.lost > 500
        assert bench.pc.stats.transfers[7] == 4 * 256 - disk.lost
        bench.device.rate = 100_000
        assert disk.read(0, 1) == CONTENT[:512]


def test_a_late_handler_loses_what_dma_does_not(rig):
    bench = rig(rate=40_000)  # the FIFO holds 0.8 ms
    bench.pc.charge(Costs(latency=2e-3))
    with bench.disk() as disk:
        assert disk.read(0, 2) == CONTENT[:1024]
    with bench.disk(dma=None, threshold=8) as disk, pytest.raises(DataLostError):
        disk.read(0, 2)


def test_the_program_goes_on_while_the_disk_reads(rig):
    bench = rig(rate=100_000)
    with bench.disk() as disk:
        bench.pc.on_irq(14, disk.interrupt)
        disk.start(Command.READ, 2, 2)
        assert not disk.finished
        bench.pc.serve(seconds=0.012)
        assert disk.finished
        assert disk.result() == CONTENT[1024:2048]


def test_two_commands_at_once_are_refused(rig):
    with rig(rate=1000).disk() as disk:
        disk.start(Command.READ, 0, 1)
        with pytest.raises(FastDiskError, match="has a command under way: wait for it"):
            disk.start(Command.READ, 0, 1)


def test_sectors_beyond_the_end_are_refused_by_the_disk(rig):
    with rig().disk() as disk, pytest.raises(FastDiskError, match="refused sectors 63 to 64"):
        disk.read(63, 2)


@pytest.mark.parametrize(("lba", "sectors"), [(-1, 1), (0, 0), (0, 257), (1 << 24, 1)])
def test_sectors_that_no_disk_has_are_refused_before_any_port(rig, lba, sectors):
    with rig().disk() as disk, pytest.raises(ValueError, match="use 1 to 256"):
        disk.read(lba, sectors)


def test_a_disk_that_does_not_answer_is_given_up(rig):
    bench = rig(rate=1)
    with (
        bench.disk() as disk,
        pytest.raises(DmaTimeoutError, match=r"read of 1 sectors from 0: nothing moved for 0\.05 s"),
    ):
        disk.read(0, 1, seconds=0.05)


def test_no_disk_is_said_so_and_takes_nothing(rig):
    bench = rig()
    with pytest.raises(FastDiskError, match="no fast disk at 340h: it reads ffffh"):
        bench.disk(base=0x340)
    assert "fast disk" not in bench.kernel.proc_dma()


def test_a_taken_channel_is_refused_and_the_interrupt_given_back(rig):
    bench = rig()
    bench.kernel.dma.request_dma(7, "sound")
    with pytest.raises(ChannelBusyError, match="'sound'"):
        bench.disk()
    bench.kernel.interrupts.request_irq(14, "someone else")


def test_closed_it_holds_nothing(rig):
    bench = rig()
    disk = bench.disk()
    assert "7: fast disk" in bench.kernel.proc_dma()
    disk.close()
    disk.close()
    assert "fast disk" not in bench.kernel.proc_dma() + bench.kernel.proc_iomem()
    with pytest.raises(FastDiskError, match="was closed: open it again"):
        disk.read(0, 1)


@pytest.mark.parametrize("engine", ["native", "amaranth"])
def test_on_the_rtl_it_is_the_same(rig, engine):
    bench = rig(engine=engine, rate=400_000)
    with bench.disk() as disk:
        assert disk.read(0, 1) == CONTENT[:512]
    assert bench.device.lost == 0
