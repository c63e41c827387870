"""Transfers as objects: both ways, on both widths, and whatever happens, the channel masked and the pages free."""

from itertools import pairwise

import pytest

from isadma_driver import Direction, Kernel, PhysicalBuffer, RecordingMachine, State, UserBuffer
from isadma_driver.errors import CancelledError, DmaError, DmaTimeoutError, LengthError, NotOwnerError

IN, OUT = Direction.FROM_DEVICE, Direction.TO_DEVICE


def free_bytes(kernel):
    return [report.free for report in kernel.pages.reports()]


@pytest.mark.parametrize("irq", [None, 5])
@pytest.mark.parametrize("channel", [0, 1, 3, 5, 6, 7])
def test_bytes_arrive_from_a_device_on_every_channel(rig, rng, channel, irq):
    bench = rig(channel, irq=irq)
    bench.pump.source = rng.randbytes(300)
    block = bench.kernel.pages.alloc(4096, "buffer")
    with bench.transfer(PhysicalBuffer(block.address, 300), IN) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    assert bench.machine.memory[block.address : block.address + 300] == bench.pump.source
    assert (transfer.state, transfer.progress, transfer.residue) == (State.DONE, 300, 0)
    assert bench.pump.tcs == 1


@pytest.mark.parametrize("channel", [2, 5])
def test_bytes_arrive_at_a_device(rig, rng, channel):
    bench = rig(channel)
    data = rng.randbytes(300)
    block = bench.kernel.pages.alloc(4096, "buffer")
    bench.machine.memory[block.address : block.address + 300] = data
    with bench.transfer(PhysicalBuffer(block.address, 300), OUT) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    assert bytes(bench.pump.sink) == data


def test_a_silent_device_runs_into_the_time_limit_and_everything_is_released(rig, rng):
    bench = rig(1, limit=100)
    bench.pump.source = rng.randbytes(300)
    space = bench.kernel.address_space("program")
    address = space.map_region(4096)
    with bench.transfer(UserBuffer(space, address, 300), IN) as transfer:
        transfer.start()
        with pytest.raises(
            DmaTimeoutError,
            match=r"transfer of 'pump' on DMA channel 1 did not end within 0\.01 s: 200 of 300 bytes have not moved",
        ):
            transfer.wait(seconds=0.01)
    assert transfer.state is State.FAILED
    assert isinstance(transfer.error, DmaTimeoutError)
    assert (transfer.progress, transfer.residue) == (100, 200)
    assert space.read(address, 300) == bench.pump.source[:100] + bytes(200)
    space.close()  # refused while a page is pinned


def test_a_lost_interrupt_is_noticed_by_the_status_register(rig, rng):
    bench = rig(1, irq=5)
    bench.pump.source = rng.randbytes(64)
    bench.pump.interrupts = False  # the wire is cut
    with bench.transfer(PhysicalBuffer(0x200000, 64), IN) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    assert transfer.state is State.DONE
    assert bench.line.lost == 1


def test_progress_and_residue_are_right_in_the_middle(rig, rng):
    bench = rig(3, limit=77)
    bench.pump.source = rng.randbytes(200)
    with bench.transfer(PhysicalBuffer(0x200000, 200), IN) as transfer:
        assert (transfer.progress, transfer.residue) == (0, 200)
        transfer.start()
        bench.machine.delay(0.001)
        assert (transfer.progress, transfer.residue) == (77, 123)
        assert not transfer.poll()
    assert transfer.state is State.CANCELLED


def test_an_exception_inside_the_block_leaves_channel_masked_and_pages_free(rig, rng):
    bench = rig(1)
    bench.pump.source = rng.randbytes(4000)
    space = bench.kernel.address_space("program")
    address = space.map_region(8192)
    transfer = bench.transfer(UserBuffer(space, address, 4000), IN)

    def broken():
        with transfer:
            transfer.start()
            bench.machine.delay(0.001)
            raise RuntimeError("the program's own mistake")

    with pytest.raises(RuntimeError, match="own mistake"):
        broken()
    assert transfer.state is State.FAILED
    assert isinstance(transfer.error, RuntimeError)
    before = bench.pump.taken
    assert 0 < before < 4000
    bench.machine.delay(0.001)
    assert bench.pump.taken == before  # still asks, but the channel is masked
    assert space.read(address, before) == bench.pump.source[:before]
    space.close()


def test_cancelling_keeps_what_has_moved_and_ends_the_wait(rig, rng):
    bench = rig(1, limit=10)
    bench.pump.source = rng.randbytes(100)
    transfer = bench.transfer(PhysicalBuffer(0x200000, 100), IN)
    transfer.start()
    bench.machine.delay(0.001)
    transfer.cancel()
    transfer.cancel()  # again does nothing
    assert bench.machine.memory[0x200000:0x20000A] == bench.pump.source[:10]
    with pytest.raises(CancelledError, match="was cancelled: 90 of 100 bytes have not moved"):
        transfer.wait(seconds=0.01)


def test_what_was_not_started_or_was_started_twice_is_an_error(rig):
    bench = rig(1, limit=0)
    transfer = bench.transfer(PhysicalBuffer(0x200000, 100), IN)
    with pytest.raises(DmaError, match=r"channel 1 is not started: call start\(\) first"):
        transfer.wait(seconds=0.01)
    transfer.start()
    with pytest.raises(DmaError, match="channel 1 is running: make a new one"):
        transfer.start()
    transfer.cancel()
    with pytest.raises(DmaError, match="channel 1 is cancelled: make a new one"):
        transfer.start()


def test_a_transfer_on_a_channel_that_is_not_held_touches_no_port():
    machine = RecordingMachine()
    kernel = Kernel(machine)
    claim = kernel.dma.request_dma(1, "x")
    kernel.dma.free_dma(claim)
    machine.clear()
    with pytest.raises(NotOwnerError), kernel.transfer(claim, PhysicalBuffer(0x2000, 16), IN) as transfer:
        transfer.start()
    with (
        pytest.raises(LengthError),
        kernel.transfer(kernel.dma.request_dma(1, "y"), PhysicalBuffer(0x2000, 0), IN) as t,
    ):
        t.start()
    assert machine.trace() == ""


def test_a_device_that_refuses_to_start_leaves_nothing_held(rig):
    bench = rig(1)
    space = bench.kernel.address_space("program")
    address = space.map_region(4096)

    def refuse(offset, length):
        raise OSError("door open")

    transfer = bench.kernel.transfer(bench.claim, UserBuffer(space, address, 16), IN, go=refuse)
    with pytest.raises(OSError, match="door open"), transfer:
        transfer.start()
    assert transfer.state is State.FAILED
    space.close()


def test_giving_the_channel_back_in_the_middle_still_releases_the_pages(rig):
    bench = rig(1, limit=3)
    space = bench.kernel.address_space("program")
    address = space.map_region(4096)
    with bench.transfer(UserBuffer(space, address, 16), IN) as transfer:
        transfer.start()
        bench.kernel.dma.free_dma(bench.claim)
    assert transfer.state is State.CANCELLED
    space.close()


# A scattered user buffer, partly beyond the bus, at an odd address and of odd length


def scattered(kernel, rng, size):
    """Return a space with a buffer whose pages lie apart from each other, about half of them above 16 MB."""
    pages = -(-size // 4096) + 1
    low = [kernel.pages.alloc(4096, "filler") for _ in range(2 * pages)]
    high = [kernel.pages.alloc(4096, "filler", zone="normal") for _ in range(kernel.pages.reports()[1].free // 4096)]
    for block in low[::2]:
        kernel.pages.free(block)
    space = kernel.address_space("program")
    address = space.map_region(size + 2) + 1
    holes = high[1 : 2 * pages : 2]
    rng.shuffle(holes)
    for number, at in enumerate([address, *range((address // 4096 + 1) * 4096, address + size, 4096)]):
        if number % 2 == 0:  # the only free page above 16 MB; without one the next comes from below
            kernel.pages.free(holes.pop())
        space.write(at, b"\1")
    for block in high[0 : 2 * pages : 2] + high[2 * pages :] + holes:
        kernel.pages.free(block)
    return space, address


@pytest.mark.parametrize(
    "size", [20_001, pytest.param(200_000, marks=pytest.mark.long), pytest.param(199_999, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("channel", [1, 5])
def test_a_scattered_odd_buffer_partly_above_16_mb_ends_byte_exact_both_ways(rig, big, rng, channel, size):
    bench = rig(channel, big, kernel=Kernel(big))
    space, address = scattered(bench.kernel, rng, size)
    where = [space.translate(at) for at in range(address, address + size, 4096)]
    assert any(at >= 0x1000000 for at in where)
    assert any(at < 0x1000000 for at in where)
    assert sum(b != a + 4096 for a, b in pairwise(where)) > len(where) // 2
    buffer = UserBuffer(space, address, size)

    bench.pump.source = rng.randbytes(size)
    with bench.transfer(buffer, IN) as transfer:
        transfer.start()
        transfer.wait(seconds=1)
    assert space.read(address, size) == bench.pump.source
    assert space.read(address + size, 1) == b"\0"
    assert space.read(address - 1, 1) == b"\0"

    data = rng.randbytes(size)
    space.write(address, data)
    with bench.transfer(buffer, OUT) as transfer:
        transfer.start()
        transfer.wait(seconds=1)
    sent = bytes(bench.pump.sink)
    assert sent == (data + b"\0" if channel == 5 and size % 2 else data)
    assert bench.pump.tcs >= 2
