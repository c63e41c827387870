"""How the SCSI driver comes to its channel and interrupt, and what it says when it does not."""

import pytest

from isadma_driver import ScsiDriver
from isadma_driver.errors import (
    ChannelBusyError,
    DmaError,
    ScsiError,
)
from isadma_sim import Device


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


def test_a_taken_channel_makes_the_driver_choose_another_and_tell_the_adapter(pc, make_bench):
    bench = make_bench(pc)
    bench.kernel.dma.request_dma(5, "sound")
    with ScsiDriver(bench.kernel) as disk:
        assert disk.channel == 6
        assert disk.read(4, 3) == bench.blocks(4, 3)
        assert bench.kernel.proc_dma() == " 4: cascade\n 5: sound\n 6: scsi\n"
    assert pc.stats.bytes[5] == 0
    assert pc.stats.bytes[6] > 1536


@pytest.mark.parametrize("channel", [0, 5, 6, 7])
def test_the_channel_asked_for_is_the_channel_used(pc, make_bench, channel):
    bench = make_bench(pc, dma=7)
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


def test_a_board_whose_mailboxes_are_locked_is_unlocked(pc, make_bench):
    bench = make_bench(pc, extended=True)
    with ScsiDriver(bench.kernel) as scsi:
        assert scsi.read(5, 3) == bench.blocks(5, 3)
