"""Freeze and thaw are counted; suspend and resume carry every channel over a loss of power."""

import pytest

from isadma_driver import (
    DMA_AUTOINIT,
    DMA_MODE_READ,
    DMA_MODE_WRITE,
    XT,
    Direction,
    Dma,
    PhysicalBuffer,
    RecordingMachine,
    State,
)
from isadma_driver.errors import DmaError

IN = Direction.FROM_DEVICE


def test_a_freeze_masks_every_channel_of_both_controllers_once():
    machine = RecordingMachine()
    dma = Dma(machine)
    dma.freeze_dma()
    dma.freeze_dma()
    assert machine.trace() == "0f<0f de<0f"


def test_only_the_last_thaw_lets_go_and_only_what_was_enabled():
    machine = RecordingMachine(answers={0x08: [0] * 9, 0xD0: [0] * 9})
    dma = Dma(machine)
    running, idle = dma.request_dma(2, "floppy"), dma.request_dma(6, "sound")
    dma.start_dma(running, 0x1000, 16)
    with dma.claim_dma_lock():
        dma.set_dma_mode(idle, DMA_MODE_READ)
    machine.clear()
    dma.freeze_dma()
    dma.freeze_dma()
    dma.thaw_dma()
    assert machine.trace() == "0f<0f de<0f"
    machine.clear()
    dma.thaw_dma()
    assert machine.trace() == "08>00 0f<0b d0>00 de<0e"


def test_a_thaw_without_a_freeze_is_an_error():
    machine = RecordingMachine()
    with pytest.raises(DmaError, match="thaw without freeze"):
        Dma(machine).thaw_dma()
    assert machine.trace() == ""


def test_a_channel_enabled_while_frozen_starts_with_the_thaw():
    machine = RecordingMachine(answers={0x08: [0] * 9, 0xD0: [0] * 9})
    dma = Dma(machine)
    dma.freeze_dma()
    claim = dma.request_dma(1, "x")
    dma.start_dma(claim, 0x1000, 16)
    assert "0a<01" not in machine.accesses
    machine.clear()
    dma.thaw_dma()
    assert machine.trace() == "08>00 0f<0d d0>00 de<0e"


def test_a_channel_that_finished_is_not_started_over_by_the_thaw():
    machine = RecordingMachine(answers={0x08: [0, 0x04], 0xD0: [0]})
    dma = Dma(machine)
    claim = dma.request_dma(2, "floppy")
    dma.start_dma(claim, 0x1000, 16)
    dma.freeze_dma()
    dma.thaw_dma()
    assert machine.accesses[-3] == "0f<0f"
    assert dma.dma_finished(claim)


def test_memory_is_refreshed_on_an_xt_also_while_dma_is_frozen():
    machine = RecordingMachine(answers={0x08: [0] * 9})
    dma = Dma(machine, board=XT)
    dma.freeze_dma()
    dma.thaw_dma()
    assert machine.trace() == "0f<0e 08>00 0f<0e"


def test_a_frozen_transfer_stands_still_and_goes_on(rig, rng):
    bench = rig(1)
    bench.pump.source = rng.randbytes(2000)
    with bench.transfer(PhysicalBuffer(0x200000, 2000), IN) as transfer:
        transfer.start()
        bench.machine.delay(0.0005)
        bench.kernel.dma.freeze_dma()
        stopped = bench.pump.taken
        assert 0 < stopped < 2000
        bench.machine.delay(0.001)
        assert bench.pump.taken == stopped
        assert transfer.progress == stopped
        bench.kernel.dma.thaw_dma()
        transfer.wait(seconds=0.1)
    assert bench.machine.memory[0x200000:0x2007D0] == bench.pump.source


@pytest.mark.parametrize("channel", [1, 5])
def test_a_transfer_survives_a_reset_of_the_whole_machine(rig, rng, pc, channel):
    bench = rig(channel)
    bench.pump.source = rng.randbytes(2000)
    with bench.transfer(PhysicalBuffer(0x200000, 2000), IN) as transfer:
        transfer.start()
        bench.machine.delay(0.0005)
        bench.kernel.dma.suspend_dma()
        moved = bench.pump.taken
        assert 0 < moved < 2000
        pc.outb(0x0D, 0)
        pc.outb(0xDA, 0)
        for port in (0x83, 0x8B, 0x02, 0x02, 0x03, 0x03, 0xC4, 0xC4, 0xC6, 0xC6, 0xD6):
            pc.outb(port, 0x55)
        bench.kernel.dma.resume_dma()
        transfer.wait(seconds=0.1)
    assert transfer.state is State.DONE
    assert bench.machine.memory[0x200000:0x2007D0] == bench.pump.source
    assert bench.machine.memory[0x2007D0:0x2007E0] == bytes(16)


def test_a_transfer_that_finished_before_the_suspend_is_done_after_the_resume(rig, rng, pc):
    bench = rig(2)
    bench.pump.source = rng.randbytes(20)
    with bench.transfer(PhysicalBuffer(0x200000, 20), IN) as transfer:
        transfer.start()
        bench.machine.delay(0.01)
        bench.kernel.dma.suspend_dma()
        bench.kernel.dma.resume_dma()
        assert transfer.poll()
    assert bench.pump.taken == 20


def test_resume_brings_up_every_mode_the_cascade_and_the_programmed_channels():
    machine = RecordingMachine(answers={0x08: [0] * 9, 0xD0: [0] * 9, 0x05: [0xFF, 0x00], 0x04: [0x34, 0x12]})
    dma = Dma(machine)
    claim = dma.request_dma(2, "floppy")
    dma.start_dma(claim, 0x51200, 512)
    dma.suspend_dma()
    machine.clear()
    dma.resume_dma()
    assert machine.trace() == (
        "0d<00 0b<40 0b<41 0b<42 0b<43 08<00 "
        "da<00 d6<c0 d6<41 d6<42 d6<43 d0<00 "
        "0b<46 81<05 04<34 04<12 05<ff 05<00 "
        "08>00 0f<0b d0>00 de<0e"
    )


def test_a_channel_that_autoinitializes_starts_its_lap_over():
    machine = RecordingMachine(answers={0x08: [0] * 9, 0xD0: [0] * 9})
    dma = Dma(machine)
    claim = dma.request_dma(5, "sound")
    dma.start_dma(claim, 0x51200, 512, DMA_MODE_WRITE | DMA_AUTOINIT)
    dma.suspend_dma()
    machine.clear()
    dma.resume_dma()
    assert "d6<59 8b<04 c4<00 c4<89 c6<ff c6<00" in machine.trace()


def test_suspend_and_resume_come_in_pairs():
    machine = RecordingMachine()
    dma = Dma(machine)
    with pytest.raises(DmaError, match="resume: DMA is not suspended"):
        dma.resume_dma()
    assert machine.trace() == ""
    dma.suspend_dma()
    with pytest.raises(DmaError, match="suspended already"):
        dma.suspend_dma()


def test_a_reset_brings_a_machine_up_that_no_firmware_has_touched():
    machine = RecordingMachine(answers={0x08: [0], 0xD0: [0]})
    Dma(machine).reset_dma()
    assert machine.trace() == (
        "0d<00 0b<40 0b<41 0b<42 0b<43 08<00 da<00 d6<c0 d6<41 d6<42 d6<43 d0<00 08>00 0f<0f d0>00 de<0e"
    )


def test_an_xt_is_reset_with_its_refresh_running():
    machine = RecordingMachine(answers={0x08: [0]})
    Dma(machine, board=XT).reset_dma()
    assert machine.trace() == "0d<00 0b<40 0b<41 0b<42 0b<43 08<00 01<ff 01<ff 0b<58 08>00 0f<0e"


def test_a_reset_under_a_driver_is_refused_with_its_name():
    machine = RecordingMachine()
    dma = Dma(machine)
    dma.request_dma(2, "floppy")
    with pytest.raises(DmaError, match="DMA channel 2 by 'floppy' must be freed first"):
        dma.reset_dma()
    assert machine.trace() == ""
