"""Virtual memory: demand paging, swap, reclaim, locks and pins."""

import pytest

from isadma_driver import Kernel, RecordingMachine
from isadma_driver.errors import DmaError, OutOfMemoryError
from isadma_driver.memory.pagetable import ACCESSED, DIRTY, PRESENT, USER, WRITABLE

PAGE = 4096


@pytest.fixture
def kernel():
    """A machine of 2 MB: about 380 pages for everyone, of which 128 stay reserved for drivers."""
    return Kernel(RecordingMachine(memory_bytes=2 << 20), swap_pages=600)


def everything_free(kernel):
    return [report.blocks for report in kernel.pages.reports()]


def test_fresh_memory_reads_as_zeros_and_takes_no_page_before_it_is_used(kernel):
    space = kernel.address_space("program")
    before = kernel.pages.reports()[0].free
    address = space.map_region(100 * PAGE)
    assert kernel.pages.reports()[0].free == before
    assert space.translate(address) is None
    assert space.read(address + 4090, 10) == bytes(10)
    assert before - kernel.pages.reports()[0].free == 3 * PAGE  # two pages and their table


def test_what_is_written_is_read_back_across_page_edges(kernel, rng):
    space = kernel.address_space("program")
    address = space.map_region(5 * PAGE)
    data = rng.randbytes(3 * PAGE)
    space.write(address + 1000, data)
    assert space.read(address + 1000, len(data)) == data


def test_the_page_tables_are_the_80386s_in_the_machines_memory(kernel):
    space = kernel.address_space("program")
    address = space.map_region(PAGE)
    space.write(address, b"x")
    memory = kernel.machine.memory

    def entry(where):
        return int.from_bytes(memory[where : where + 4], "little")

    directory_entry = entry(space.table.root + (address >> 22) * 4)
    page_entry = entry((directory_entry & 0xFFFFF000) + (address >> 12 & 0x3FF) * 4)
    assert directory_entry & 0xFFF == PRESENT | WRITABLE | USER
    assert page_entry & 0xFFF == PRESENT | WRITABLE | USER | ACCESSED | DIRTY
    assert memory[page_entry & 0xFFFFF000 : (page_entry & 0xFFFFF000) + 1] == b"x"
    assert space.translate(address + 5) == (page_entry & 0xFFFFF000) + 5


def test_two_programs_see_only_their_own_memory(kernel):
    one, two = kernel.address_space("one"), kernel.address_space("two")
    address = one.map_region(PAGE)
    assert two.map_region(PAGE) == address
    one.write(address, b"one")
    two.write(address, b"two")
    assert (one.read(address, 3), two.read(address, 3)) == (b"one", b"two")


def test_more_memory_than_there_is_goes_through_the_swap_file(kernel, rng):
    space = kernel.address_space("program")
    address = space.map_region(400 * PAGE)
    contents = [rng.randbytes(64) for _ in range(400)]
    for number, data in enumerate(contents):
        space.write(address + number * PAGE, data)
    assert kernel.vm.swapped_out > 100
    for number, data in enumerate(contents):
        assert space.read(address + number * PAGE, 64) == data
    assert kernel.vm.swapped_in > 100
    assert kernel.pages.reports()[0].free >= 512 << 10  # the drivers' reserve was never touched


def test_a_page_in_use_gets_a_second_chance(kernel):
    space = kernel.address_space("program")
    address = space.map_region(3 * PAGE)
    for number in range(3):
        space.write(address + number * PAGE, b"x")
    assert kernel.vm.reclaim(1) == 1  # all were used: all are asked once, then the first goes
    assert [space.translate(address + n * PAGE) is not None for n in range(3)] == [False, True, True]
    space.read(address + PAGE, 1)
    assert kernel.vm.reclaim(1) == 1
    assert [space.translate(address + n * PAGE) is not None for n in range(3)] == [False, True, False]


def test_a_page_swapped_in_and_not_changed_is_not_written_again(kernel):
    space = kernel.address_space("program")
    address = space.map_region(PAGE)
    space.write(address, b"x")
    kernel.vm.reclaim(1)
    assert space.read(address, 1) == b"x"
    kernel.vm.reclaim(1)
    assert kernel.vm.swapped_out == 1
    assert space.read(address, 1) == b"x"
    assert kernel.vm.swapped_in == 2


def test_a_page_that_was_only_read_leaves_nothing_in_the_swap_file(kernel):
    space = kernel.address_space("program")
    address = space.map_region(PAGE)
    space.read(address, 1)
    assert kernel.vm.reclaim(1) == 1
    assert kernel.vm.swap.used == 0
    assert space.read(address, 1) == b"\0"


@pytest.mark.parametrize("hold", ["mlock", "pin"])
def test_a_held_page_is_never_swapped_out(kernel, hold):
    space = kernel.address_space("program")
    address = space.map_region(4 * PAGE)
    space.write(address, bytes(4 * PAGE))
    if hold == "mlock":
        space.mlock(address + PAGE, 1)
    else:
        pin = space.pin(address + PAGE, 1, write=True)
    where = space.translate(address + PAGE)
    assert kernel.vm.reclaim(10) == 3
    assert space.translate(address + PAGE) == where
    if hold == "mlock":
        space.munlock(address + PAGE, 1)
    else:
        pin.release()
    assert kernel.vm.reclaim(10) == 1


def test_locks_are_counted(kernel):
    space = kernel.address_space("program")
    address = space.map_region(2 * PAGE)
    space.mlock(address, 2 * PAGE)
    space.mlock(address + PAGE, 1)
    space.munlock(address, 2 * PAGE)
    assert kernel.vm.reclaim(10) == 1
    with pytest.raises(DmaError, match="munlock: page 400000h of 'program' is not locked"):
        space.munlock(address, 2 * PAGE)
    assert kernel.vm.reclaim(10) == 0  # the refused call changed nothing
    space.munlock(address + PAGE, PAGE)
    assert kernel.vm.reclaim(10) == 1


def test_pieces_of_a_pinned_range_are_joined_where_they_touch(kernel):
    space = kernel.address_space("program")
    space.write(space.map_region(PAGE), b"x")  # so that the page table is there
    address = space.map_region(4 * PAGE)
    space.write(address, bytes(2 * PAGE))
    gap = kernel.pages.alloc(PAGE, "in the way")
    space.write(address + 2 * PAGE, bytes(2 * PAGE))
    pin = space.pin(address + 100, 3 * PAGE, write=False)
    first, second = space.translate(address), space.translate(address + 2 * PAGE)
    assert second != first + 2 * PAGE
    assert [(piece.address, piece.length) for piece in pin.pieces] == [
        (first + 100, 2 * PAGE - 100),
        (second, PAGE + 100),
    ]
    pin.release()
    with pytest.raises(DmaError, match="unpinned twice"):
        pin.release()
    kernel.pages.free(gap)


def test_what_a_device_wrote_survives_being_swapped_out(kernel):
    space = kernel.address_space("program")
    address = space.map_region(PAGE)
    space.read(address, 1)
    kernel.vm.reclaim(1)
    pin = space.pin(address, 4, write=True)
    where = pin.pieces[0].address
    kernel.machine.memory[where : where + 4] = b"disk"
    pin.release()
    assert kernel.vm.reclaim(1) == 1
    assert space.read(address, 4) == b"disk"


def test_a_pinned_region_cannot_be_unmapped(kernel):
    space = kernel.address_space("program")
    address = space.map_region(PAGE)
    pin = space.pin(address, 1, write=False)
    with pytest.raises(DmaError, match="page 400000h of 'program' is pinned by a transfer: finish or"):
        space.unmap_region(address)
    with pytest.raises(DmaError, match="pinned by a transfer"):
        space.close()
    pin.release()
    space.close()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s, a: s.read(a - 1, 1), "'program' has no memory at 3FFFFFh: map_region first"),
        (lambda s, a: s.write(a + 4090, bytes(7)), "'program' has no memory at 401000h"),
        (lambda s, a: s.mlock(a, 0), "0 bytes at 400000h of 'program': use at least 1"),
        (lambda s, a: s.pin(a, 5000, write=True), "no memory at 401000h"),
        (lambda s, a: s.map_region(0), "region of 0 bytes"),
        (lambda s, a: s.map_region(1, a), "region at 400000h overlaps another of 'program'"),
        (lambda s, a: s.map_region(1, 5), "region at 5h: use a multiple of 4096"),
        (lambda s, a: s.unmap_region(a + PAGE), "no region of 'program' starts at 401000h"),
    ],
)
def test_memory_that_is_not_there_is_a_value_error(kernel, call, message):
    space = kernel.address_space("program")
    address = space.map_region(1)
    with pytest.raises(ValueError, match=message):
        call(space, address)


def test_locking_more_than_there_is_locks_nothing(kernel):
    before = everything_free(kernel)
    space = kernel.address_space("greedy")
    address = space.map_region(500 * PAGE)
    with pytest.raises(OutOfMemoryError, match=r"memory is full, .* program pages are locked or pinned"):
        space.mlock(address, 500 * PAGE)
    with pytest.raises(OutOfMemoryError):
        space.pin(address, 500 * PAGE, write=True)
    assert not any(page.held for page in kernel.vm.resident.values())
    space.close()
    assert everything_free(kernel) == before


def test_a_full_swap_file_stops_the_reclaimer_and_loses_nothing(rng):
    kernel = Kernel(RecordingMachine(memory_bytes=2 << 20), swap_pages=5)
    space = kernel.address_space("program")
    address = space.map_region(400 * PAGE)
    written = 0

    def fill():
        nonlocal written
        for written in range(400):
            space.write(address + written * PAGE, written.to_bytes(4, "little"))

    with pytest.raises(OutOfMemoryError, match="0 swap pages are free"):
        fill()
    assert kernel.vm.swap.used == 5
    pages = [space.table.get(address + n * PAGE) for n in range(written)]
    assert sum(not entry & PRESENT for entry in pages) == 5
    for number in range(written):
        if space.translate(address + number * PAGE) is not None:
            assert space.read(address + number * PAGE, 4) == number.to_bytes(4, "little")


def test_after_closing_every_page_and_every_swap_slot_is_free(kernel):
    before = everything_free(kernel)
    spaces = [kernel.address_space(f"program {n}") for n in range(3)]
    for space in spaces:
        space.write(space.map_region(200 * PAGE), bytes(200 * PAGE))
        space.mlock(space.regions[0].address, PAGE)
    assert kernel.vm.swap.used > 0
    for space in spaces:
        space.close()
    assert everything_free(kernel) == before
    assert kernel.vm.swap.used == 0
    assert not kernel.vm.resident


def test_the_memory_map_names_owners_in_order_of_address(kernel):
    space = kernel.address_space("program")
    space.write(space.map_region(PAGE), b"x")
    assert kernel.proc_iomem() == (
        "00000000-00000fff : vectors\n"
        "00001000-00001fff : page table of program\n"
        "00002000-00002fff : program\n"
        "00003000-00003fff : page table of program\n"
        "000a0000-000fffff : adapters and ROM\n"
    )


def test_when_drivers_have_eaten_the_reserve_the_pager_fills_it_again(kernel):
    space = kernel.address_space("program")
    address = space.map_region(250 * PAGE)
    for number in range(240):
        space.write(address + number * PAGE, b"x")
    buffers = [kernel.pages.alloc(64 << 10, "driver") for _ in range(7)]
    assert kernel.pages.reports()[0].free < 512 << 10
    space.write(address + 249 * PAGE, b"y")  # one batch of pages would not be enough
    assert kernel.pages.reports()[0].free >= 512 << 10
    assert space.read(address, 1) == b"x"
    for block in buffers:
        kernel.pages.free(block)
