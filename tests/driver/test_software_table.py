"""The two tables of what DMA drivers offer and let through: every row, on the simulated PC.

Upper table: what Linux, FreeBSD, NetBSD and VDS have between them. Lower table: what each lets through, and what is
refused here, by type and message, with no port touched.
"""

import pytest

from isadma_driver import (
    DMA_AUTOINIT,
    DMA_MODE_CASCADE,
    DMA_MODE_READ,
    DMA_MODE_WRITE,
    Bounce,
    Direction,
    Floppy,
    Kernel,
    Phase,
    PhysicalBuffer,
    RecordingMachine,
)
from isadma_driver.errors import (
    AddressLimitError,
    AlignmentError,
    BoundaryError,
    ChannelBusyError,
    LengthError,
    NotOwnerError,
)
from isadma_driver.ports import Mode
from isadma_sim.devices.floppy import FloppyController, Image

IN, OUT = Direction.FROM_DEVICE, Direction.TO_DEVICE


@pytest.fixture
def recorded(pc):
    """The PC behind a recorder, so that a refusal can show that it touched nothing."""
    machine = RecordingMachine(pc)
    return machine, Kernel(machine)


# What the others offer ------------------------------------------------------------------------------------------------


def test_own_a_channel(recorded):
    _, kernel = recorded
    claim = kernel.dma.request_dma(2, "floppy")
    assert kernel.proc_dma() == " 2: floppy\n 4: cascade\n"
    kernel.dma.free_dma(claim)
    assert kernel.proc_dma() == " 4: cascade\n"


@pytest.mark.parametrize("how", ["setters", "one call"])
def test_program(rig, rng, how):
    bench = rig(1)
    bench.pump.source = rng.randbytes(50)
    dma = bench.kernel.dma
    if how == "one call":
        dma.start_dma(bench.claim, 0x200000, 50, DMA_MODE_READ)
    else:
        with dma.claim_dma_lock():
            dma.disable_dma(bench.claim)
            dma.clear_dma_ff(bench.claim)
            dma.set_dma_mode(bench.claim, DMA_MODE_READ)
            dma.set_dma_addr(bench.claim, 0x200000)
            dma.set_dma_count(bench.claim, 50)
            dma.enable_dma(bench.claim)
    bench.go(0, 50)
    bench.machine.delay(0.001)
    assert bench.machine.memory[0x200000:0x200032] == bench.pump.source


def test_bounce_buffers(rig, big, rng):
    bench = rig(1, big, kernel=Kernel(big))
    bench.kernel.bounce.reserve(bench.claim, 4096)
    bench.pump.source = rng.randbytes(100)
    with bench.transfer(PhysicalBuffer(0x1800000, 100), IN) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    assert big.memory[0x1800000:0x1800064] == bench.pump.source


def test_boundary_check(rig, rng):
    bench = rig(1)
    bench.pump.source = rng.randbytes(100)
    with bench.transfer(PhysicalBuffer(0x20FFD0, 100), IN) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    assert bench.machine.memory[0x20FFD0:0x210034] == bench.pump.source
    assert bench.machine.memory[0x200000:0x200040] == bytes(64)  # where an unchecked transfer wraps to


def test_residue(rig):
    bench = rig(1, limit=30)
    bench.kernel.dma.start_dma(bench.claim, 0x200000, 100)
    bench.go(0, 100)
    seen = []
    while not seen or seen[-1] > 70:
        seen.append(bench.kernel.dma.get_dma_residue(bench.claim))
        assert len(seen) < 200
    assert seen == sorted(seen, reverse=True)
    bench.machine.delay(0.001)
    assert bench.kernel.dma.get_dma_residue(bench.claim) == 70


def test_done(rig):
    one = rig(1)
    two = rig(3, kernel=one.kernel)
    dma = one.kernel.dma
    for bench in (one, two):
        dma.start_dma(bench.claim, 0x200000, 10)
        assert dma.dma_phase(bench.claim) is Phase.RUNNING
        bench.go(0, 10)
    one.machine.delay(0.001)
    assert dma.dma_finished(one.claim)  # the read that tells of one clears the chip's bits of both
    assert dma.dma_finished(two.claim)
    assert dma.dma_finished(one.claim)


@pytest.mark.parametrize("kind", [Mode.SINGLE, Mode.DEMAND, Mode.BLOCK])
def test_single_demand_and_block(rig, rng, kind):
    bench = rig(3)
    bench.pump.source = rng.randbytes(100)
    with bench.transfer(PhysicalBuffer(0x200000, 100), IN, kind=kind) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    assert bench.machine.memory[0x200000:0x200064] == bench.pump.source


def test_autoinit(rig):
    bench = rig(1)
    data = bytes(range(16))
    bench.machine.memory[0x200000:0x200010] = data
    dma = bench.kernel.dma
    dma.start_dma(bench.claim, 0x200000, 16, DMA_MODE_WRITE | DMA_AUTOINIT)
    for _ in range(3):  # the pump stops at each terminal count; the channel is ready again by itself
        bench.go(0, 16)
        bench.machine.delay(0.001)
    assert bytes(bench.pump.sink) == data * 3
    assert dma.get_dma_residue(bench.claim) == 16


def test_cascade(recorded):
    machine, kernel = recorded
    claim = kernel.dma.request_dma(7, "bus master")
    machine.clear()
    with kernel.dma.claim_dma_lock():
        kernel.dma.set_dma_mode(claim, DMA_MODE_CASCADE)
        kernel.dma.enable_dma(claim)
    assert machine.trace() == "d6<c3 d4<03"


def test_suspend_and_resume(rig, rng, pc):
    bench = rig(1, limit=40)
    bench.pump.source = rng.randbytes(100)
    bench.kernel.dma.start_dma(bench.claim, 0x200000, 100)
    bench.go(0, 100)
    bench.machine.delay(0.001)
    bench.kernel.dma.suspend_dma()
    pc.reset()
    bench.kernel.dma.resume_dma()
    assert bench.kernel.dma.get_dma_residue(bench.claim) == 60
    bench.pump.limit = 100
    bench.go(0, 60)
    bench.machine.delay(0.001)
    assert bench.machine.memory[0x200000:0x200064] == bench.pump.source


def test_no_dma_possible(pc, rng):
    content = rng.randbytes(368640)
    pc.attach(FloppyController([Image.from_bytes(content)], speed="full"), dma=2, irq=6)
    kernel = Kernel(pc)
    kernel.dma.request_dma(2, "tape")
    with Floppy(kernel, "360K") as floppy:
        assert not floppy.uses_dma
        assert floppy.read(3) == content[3 * 512 : 4 * 512]


# What the others let through ------------------------------------------------------------------------------------------


def refused(recorded, error, message, call):
    machine, kernel = recorded
    machine.clear()
    with pytest.raises(error, match=message):
        call(kernel)
    assert machine.trace() == ""


@pytest.mark.parametrize("channel", [-1, 8, 12])
def test_channel_out_of_range(recorded, channel):
    for call in (
        lambda kernel: kernel.dma.request_dma(channel, "x"),
        lambda kernel: kernel.dma.start_dma(channel, 0x1000, 16),
        lambda kernel: kernel.dma.enable_dma(channel),
        lambda kernel: kernel.dma.disable_dma(channel),
        lambda kernel: kernel.dma.set_dma_mode(channel, DMA_MODE_READ),
        lambda kernel: kernel.dma.set_dma_addr(channel, 0x1000),
        lambda kernel: kernel.dma.set_dma_count(channel, 16),
        lambda kernel: kernel.dma.get_dma_residue(channel),
        lambda kernel: kernel.dma.free_dma(channel),
    ):
        refused(recorded, ValueError, f"no DMA channel {channel} on the AT: use 0 to 7", call)


def test_busy_channel(recorded):
    recorded[1].dma.request_dma(1, "sound")
    refused(
        recorded,
        ChannelBusyError,
        "DMA channel 1, wanted by 'scanner', is held by 'sound'",
        lambda kernel: kernel.dma.request_dma(1, "scanner"),
    )
    refused(recorded, ChannelBusyError, "held by 'cascade'", lambda kernel: kernel.dma.request_dma(4, "scanner"))


def test_free_a_free_channel(recorded):
    claim = recorded[1].dma.request_dma(1, "sound")
    recorded[1].dma.free_dma(claim)
    refused(recorded, NotOwnerError, "channel 1 was given back by 'sound'", lambda kernel: kernel.dma.free_dma(claim))
    refused(recorded, NotOwnerError, "channel 1 is free", lambda kernel: kernel.dma.free_dma(1))
    refused(recorded, NotOwnerError, "channel 4 is held by 'cascade'", lambda kernel: kernel.dma.free_dma(4))


def test_program_without_owning(recorded):
    refused(recorded, NotOwnerError, "channel 3 is free", lambda kernel: kernel.dma.start_dma(3, 0x1000, 16))
    recorded[1].dma.request_dma(3, "sound")
    refused(
        recorded,
        NotOwnerError,
        "channel 3 is held by 'sound': only its claim programs",
        lambda kernel: kernel.dma.start_dma(3, 0x1000, 16),
    )


REACH = [
    pytest.param(1, 0x2FFFF, 2, BoundaryError, "crosses the 64K boundary at 30000h", id="crosses 64K"),
    pytest.param(5, 0x3FFFE, 4, BoundaryError, "crosses the 128K boundary at 40000h", id="crosses 128K"),
    pytest.param(1, 0x1000000, 2, AddressLimitError, "1000000h on DMA channel 1 is above 16 MB", id="above 16 MB"),
    pytest.param(5, 0x1001, 2, AlignmentError, "address 1001h is odd", id="odd address"),
    pytest.param(5, 0x1000, 3, AlignmentError, "length 3 is odd", id="odd length"),
    pytest.param(1, 0x1000, 0, LengthError, "length 0 on DMA channel 1", id="length 0"),
    pytest.param(1, 0x0, 65537, LengthError, "length 65537 on DMA channel 1 is over 64K", id="over 64K"),
    pytest.param(5, 0x0, 131074, LengthError, "length 131074 on DMA channel 5 is over 128K", id="over 128K"),
]


@pytest.mark.parametrize(("channel", "address", "length", "error", "message"), REACH)
def test_what_the_controller_cannot_do(recorded, channel, address, length, error, message):
    claim = recorded[1].dma.request_dma(channel, "x")
    refused(recorded, error, message, lambda kernel: kernel.dma.start_dma(claim, address, length))


@pytest.mark.parametrize(("channel", "address", "length", "error", "message"), REACH)
def test_what_the_controller_cannot_do_when_bouncing_is_refused(recorded, channel, address, length, error, message):
    claim = recorded[1].dma.request_dma(channel, "x")

    def start(kernel):
        buffer = PhysicalBuffer(address, length)
        kernel.transfer(claim, buffer, OUT, split=False, bounce=Bounce.REFUSE).start()

    if length == 0:
        message = "length 0 on DMA channel 1: nothing to map"
    refused(recorded, error, message, start)
