"""Physical memory: zones, buddies, alignment and boundaries, and what the report says about its pieces."""

import random
from itertools import pairwise

import pytest

from isadma_driver import AT, XT, Kernel, PhysicalMemory, RecordingMachine
from isadma_driver.errors import DmaError, OutOfMemoryError

KB, MB = 1 << 10, 1 << 20


def whole(pages):
    return [(report.free, report.largest, report.blocks) for report in pages.reports()]


def test_the_first_page_and_the_adapters_window_are_never_handed_out():
    pages = PhysicalMemory(2 * MB)
    taken = [pages.alloc(4 * KB, "x") for _ in range((2 * MB - 384 * KB - 4 * KB) // (4 * KB))]
    with pytest.raises(OutOfMemoryError):
        pages.alloc(1, "one too many")
    assert not [b for b in taken if b.address < 0x1000 or 0xA0000 <= b.address < 0x100000]
    assert [b.owner for b in pages.memory_map() if b.owner != "x"] == ["vectors", "adapters and ROM"]


def test_zones_divide_at_what_the_page_registers_reach():
    pages = PhysicalMemory(32 * MB, board=AT)
    assert pages.alloc(4 * KB, "driver").end <= 16 * MB
    assert pages.alloc(4 * KB, "program", zone="normal").address >= 16 * MB
    assert PhysicalMemory(4 * MB, board=XT).alloc(4 * KB, "driver").end <= 1 * MB
    assert [report.total for report in pages.reports()] == [16 * MB, 16 * MB]


@pytest.mark.parametrize(("size", "boundary"), [(64 * KB, 65536), (40 * KB, 65536), (128 * KB, 131072), (3, 4096)])
def test_a_block_crosses_no_multiple_of_its_boundary(size, boundary):
    pages = PhysicalMemory(4 * MB)
    pages.alloc(4 * KB, "in the way")
    for _ in range(8):
        block = pages.alloc(size, "x", boundary=boundary)
        assert block.address // boundary == (block.end - 1) // boundary
        assert block.size == -(-size // 4096) * 4096


@pytest.mark.parametrize("align", [4 * KB, 64 * KB, 1 * MB])
def test_a_block_is_aligned_as_asked(align):
    pages = PhysicalMemory(16 * MB)
    pages.alloc(4 * KB, "in the way")
    assert pages.alloc(8 * KB, "x", align=align).address % align == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 0}, "size 0 of memory for 'x': use at least 1 byte"),
        ({"size": -4096}, "size -4096"),
        ({"size": 4096, "owner": " "}, "give a name"),
        ({"size": 4096, "zone": "high"}, "no memory zone 'high': use 'dma' or 'normal'"),
        ({"size": 4096, "align": 3000}, "align 3000 is no power of two"),
        ({"size": 4096, "boundary": 65535}, "boundary 65535 is no power of two"),
        ({"size": 65537, "boundary": 65536}, "65537 bytes for 'x' cannot lie inside 64K: split them"),
    ],
)
def test_a_request_that_cannot_be_met_by_any_memory_is_a_value_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        PhysicalMemory(4 * MB).alloc(**{"owner": "x", **arguments})


def test_a_kernel_hands_out_only_the_memory_it_is_told_to():
    pages = PhysicalMemory(1 * MB, firmware=((0, 512 * KB, "the running system"), (576 * KB, 1 * MB, "the rest")))
    kernel = Kernel(RecordingMachine(memory_bytes=1 * MB), pages=pages)
    assert kernel.pages.alloc(64 * KB, "driver").address == 512 * KB
    with pytest.raises(OutOfMemoryError):
        kernel.pages.alloc(4 * KB, "driver")


def test_freeing_twice_is_an_error():
    pages = PhysicalMemory(4 * MB)
    block = pages.alloc(4 * KB, "x")
    pages.free(block)
    with pytest.raises(DmaError, match="was freed before"):
        pages.free(block)


def test_general_requests_leave_the_reserve_of_low_memory_to_drivers():
    pages = PhysicalMemory(2 * MB, reserve=512 * KB)
    while pages.reports()[0].free > 512 * KB:
        pages.alloc(4 * KB, "program", zone="normal")
    with pytest.raises(OutOfMemoryError, match=r"no 4096 contiguous bytes for 'program' \(dma: 512K free"):
        pages.alloc(4 * KB, "program", zone="normal")
    assert pages.reports()[0].free == 512 * KB
    assert pages.alloc(64 * KB, "driver").size == 64 * KB


def test_scattered_pages_show_as_fragmentation_and_in_the_error():
    pages = PhysicalMemory(2 * MB, firmware=())
    blocks = [pages.alloc(4 * KB, "x") for _ in range(512)]
    for block in blocks[::2]:
        pages.free(block)
    report = pages.reports()[0]
    assert (report.free, report.largest, report.blocks[0]) == (1 * MB, 4 * KB, 256)
    assert report.fragmentation > 0.99
    with pytest.raises(OutOfMemoryError, match=r"dma: 1024K free, largest piece 4K.*allocate DMA buffers early"):
        pages.alloc(8 * KB, "late driver")


@pytest.mark.parametrize("seed", range(4))
def test_after_everything_is_freed_every_free_list_is_as_at_the_start(seed):
    print("seed", seed)
    rng = random.Random(seed)
    pages = PhysicalMemory(24 * MB)
    before = whole(pages)
    held = []
    for _ in range(500):
        if held and rng.random() < 0.45:
            pages.free(held.pop(rng.randrange(len(held))))
        else:
            held.append(pages.alloc(rng.randint(1, 300 * KB), "x", zone=rng.choice(["dma", "normal"])))
        ranges = sorted((b.address, b.end) for b in pages.memory_map())
        ranges += [(start, start + size) for start, size in pages.free_ranges()]
        ranges.sort()
        assert sum(end - start for start, end in ranges) == 24 * MB
        assert all(a[1] == b[0] for a, b in pairwise(ranges))
    for block in held:
        pages.free(block)
    assert whole(pages) == before


def test_free_blocks_print_as_proc_buddyinfo_does():
    kernel = Kernel(RecordingMachine(memory_bytes=2 * MB))
    assert kernel.proc_buddyinfo() == (
        "Node 0, zone      dma      1      1      1      1      1      2      1      0      1      0      0 \n"
        "Node 0, zone   normal      0      0      0      0      0      0      0      0      0      0      0 \n"
    )
