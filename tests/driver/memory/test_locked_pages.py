"""The experiment of the chapter, on the hardware itself: DMA into a page that left, and into one that is held."""

import pytest

from isadma_driver import Direction, UserBuffer
from isadma_driver.memory.buddy import PAGE

NEWS = b"data from the device"


@pytest.fixture
def two_programs(rig, rtl):
    """A program waiting for data, and another that will want memory; the pager has one page to hand out."""
    bench = rig(1, rtl)
    kernel = bench.kernel
    waiting, hungry = kernel.address_space("waiting"), kernel.address_space("hungry")
    buffer, other = waiting.map_region(PAGE), hungry.map_region(2 * PAGE)
    waiting.write(buffer, b"old contents")
    hungry.write(other, b"so that its page table is there")
    while kernel.pages.reports()[0].free > kernel.pages.reserve:
        size = min(kernel.pages.reports()[0].free - kernel.pages.reserve, kernel.pages.reports()[0].largest)
        kernel.pages.alloc(size, "everyone else", zone="normal")
    bench.pump.source = NEWS
    return bench, waiting, buffer, hungry, other + PAGE


def take_memory(kernel, hungry, other):
    """Let time pass until nobody's pages count as used, then have the hungry program write a page of its own."""
    for page in kernel.vm.resident.values():
        page.space.table.set(page.address, page.space.table.get(page.address) & ~0x20)
    secret = bytes(range(PAGE // 16)) * 16
    hungry.write(other, secret)
    return secret


def test_into_an_unlocked_page_the_data_land_in_someone_elses_memory(two_programs):
    bench, waiting, buffer, hungry, other = two_programs
    dma = bench.kernel.dma
    where = waiting.translate(buffer)
    dma.start_dma(bench.claim, where, len(NEWS))  # what a driver without pinning does

    secret = take_memory(bench.kernel, hungry, other)
    assert waiting.translate(buffer) is None  # swapped out in the meantime
    assert hungry.translate(other) == where  # and its page given away
    bench.go(0, len(NEWS))
    bench.machine.delay(0.001)

    assert dma.dma_finished(bench.claim)  # the controller saw nothing wrong
    assert hungry.read(other, PAGE) == NEWS + secret[len(NEWS) :]
    assert waiting.read(buffer, 12) == b"old contents"


def test_into_a_pinned_page_they_land_where_they_belong(two_programs):
    bench, waiting, buffer, hungry, other = two_programs
    where = waiting.translate(buffer)
    started = []
    transfer = bench.kernel.transfer(
        bench.claim,
        UserBuffer(waiting, buffer, len(NEWS)),
        Direction.FROM_DEVICE,
        go=lambda offset, length: started.append(length),
    )
    with transfer:
        transfer.start()
        secret = take_memory(bench.kernel, hungry, other)
        assert waiting.translate(buffer) == where
        assert hungry.translate(other) != where
        bench.go(0, len(NEWS))
        transfer.wait(seconds=0.01)
    assert hungry.read(other, PAGE) == secret
    assert waiting.read(buffer, len(NEWS)) == NEWS
