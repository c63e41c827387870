"""Mapping: in place where the channel reaches, bounced or split where not, and only what moved copied back."""

import pytest

from isadma_driver import AT, XT, Bounce, Direction, Kernel, PhysicalBuffer, RecordingMachine, UserBuffer
from isadma_driver.errors import (
    AddressLimitError,
    AlignmentError,
    BoundaryError,
    DmaError,
    LengthError,
    OutOfMemoryError,
)
from isadma_driver.memory.pieces import Piece, joined, plan, total

KB, MB = 1 << 10, 1 << 20
IN, OUT = Direction.FROM_DEVICE, Direction.TO_DEVICE


@pytest.fixture
def kernel():
    return Kernel(RecordingMachine(memory_bytes=32 * MB))


@pytest.fixture
def claims(kernel):
    return {channel: kernel.dma.request_dma(channel, f"driver {channel}") for channel in (1, 5)}


@pytest.mark.parametrize(
    ("channel", "address", "length"),
    [(1, 0x20000, 64 * KB), (1, 0x2FFFF, 1), (5, 0x20000, 128 * KB), (5, 0x2FFFE, 4), (1, 0xFFF000, 4096)],
)
def test_a_buffer_the_channel_reaches_is_used_in_place(kernel, claims, channel, address, length):
    with kernel.mapper.map(PhysicalBuffer(address, length), claims[channel], IN) as mapping:
        assert mapping.in_place
        assert mapping.address == address
        assert mapping.dma_range(0) == (address, length)


UNREACHABLE = [
    (1, 0x2FFFF, 2, BoundaryError, "crosses the 64K boundary at 30000h"),
    (5, 0x3FFFE, 4, BoundaryError, "crosses the 128K boundary at 40000h"),
    (1, 16 * MB, 16, AddressLimitError, "1000000h on DMA channel 1 is above 16 MB"),
    (5, 0x20001, 16, AlignmentError, "20001h is odd"),
    (5, 0x20000, 15, AlignmentError, "length 15 is odd"),
]


@pytest.mark.parametrize(("channel", "address", "length", "error", "message"), UNREACHABLE)
def test_what_the_channel_does_not_reach_goes_through_a_bounce_buffer(
    kernel, claims, channel, address, length, error, message
):
    memory = kernel.machine.memory
    data = bytes(range(1, length + 1))
    memory[address : address + length] = data
    with kernel.mapper.map(PhysicalBuffer(address, length), claims[channel], OUT) as mapping:
        assert not mapping.in_place
        at, size = mapping.dma_range(0)
        assert (at % (2 if channel > 4 else 1), at < 16 * MB, at // 65536) == (0, True, (at + size - 1) // 65536)
        mapping.sync_for_device()
        assert memory[at : at + size] == data.ljust(size, b"\0")
    with kernel.mapper.map(PhysicalBuffer(address, length), claims[channel], IN) as mapping:
        at, size = mapping.dma_range(0)
        memory[at : at + size] = b"\xaa" * size
        mapping.sync_for_cpu()
    assert memory[address : address + length + 1] == b"\xaa" * length + b"\0"


@pytest.mark.parametrize(("channel", "address", "length", "error", "message"), UNREACHABLE)
def test_with_copying_refused_the_error_says_why(kernel, claims, channel, address, length, error, message):
    with pytest.raises(error, match=message):
        kernel.mapper.map(PhysicalBuffer(address, length), claims[channel], IN, bounce=Bounce.REFUSE)


@pytest.mark.parametrize("channel", [1, 5])
@pytest.mark.parametrize("direction", [IN, OUT])
@pytest.mark.parametrize(
    ("address", "length"), [(32 * MB, 2), (32 * MB - 2, 4), (64 * MB, 512), (1 << 40, 2), (-2, 4), (-512, 512)]
)
def test_a_buffer_where_no_memory_is_is_refused(kernel, claims, channel, direction, address, length):
    with pytest.raises(AddressLimitError, match=f"{length} bytes at physical address {address:#x} are not all in"):
        kernel.mapper.map(PhysicalBuffer(address, length), claims[channel], direction, split=True)
    with kernel.mapper.map(PhysicalBuffer(0x20000, 512), claims[channel], direction) as mapping:
        assert mapping.in_place


def test_only_what_moved_is_copied_back(kernel, claims):
    memory = kernel.machine.memory
    memory[16 * MB : 16 * MB + 8] = b"original"
    with kernel.mapper.map(PhysicalBuffer(16 * MB, 8), claims[1], IN) as mapping:
        memory[mapping.address : mapping.address + 8] = b"NEWSTUFF"
        mapping.sync_for_cpu(0, 3)
    assert memory[16 * MB : 16 * MB + 8] == b"NEWginal"
    mapping = kernel.mapper.map(PhysicalBuffer(16 * MB, 8), claims[1], IN)
    memory[mapping.address : mapping.address + 8] = b"OTHERSTF"
    mapping.unmap(5)
    assert memory[16 * MB : 16 * MB + 8] == b"OTHERnal"


def test_mapping_gives_the_buffer_to_the_device_and_unmapping_takes_it_back(kernel, claims):
    memory = kernel.machine.memory
    memory[16 * MB : 16 * MB + 8] = b"original"
    with kernel.mapper.map(PhysicalBuffer(16 * MB, 8), claims[1], OUT) as mapping:
        assert memory[mapping.address : mapping.address + 8] == b"original"
    with kernel.mapper.map(PhysicalBuffer(16 * MB, 8), claims[1], IN) as mapping:
        memory[mapping.address : mapping.address + 8] = b"NEWSTUFF"
    assert memory[16 * MB : 16 * MB + 8] == b"NEWSTUFF"


def test_after_an_exception_the_buffer_stays_as_it_was(kernel, claims):
    memory = kernel.machine.memory
    memory[16 * MB : 16 * MB + 8] = b"original"
    mapping = kernel.mapper.map(PhysicalBuffer(16 * MB, 8), claims[1], IN)
    memory[mapping.address : mapping.address + 8] = b"NEWSTUFF"

    def fail():
        with mapping:
            raise RuntimeError("door open")

    with pytest.raises(RuntimeError):
        fail()
    assert not mapping.mapped
    assert memory[16 * MB : 16 * MB + 8] == b"original"


def test_data_to_a_device_are_never_copied_back(kernel, claims):
    memory = kernel.machine.memory
    memory[16 * MB : 16 * MB + 8] = b"original"
    with kernel.mapper.map(PhysicalBuffer(16 * MB, 8), claims[1], OUT) as mapping:
        mapping.sync_for_device()
        memory[mapping.address : mapping.address + 8] = b"garbage!"
        mapping.sync_for_cpu()
    assert memory[16 * MB : 16 * MB + 8] == b"original"


def test_a_device_sees_nothing_of_what_the_bounce_buffer_held_before(kernel, claims):
    memory = kernel.machine.memory
    block = kernel.bounce.reserve(claims[1], 4096)
    memory[block.address : block.end] = b"\x55" * 4096
    with kernel.mapper.map(PhysicalBuffer(16 * MB, 64), claims[1], IN) as mapping:
        assert memory[mapping.address : mapping.address + 64] == bytes(64)


def test_a_mapping_ends_once(kernel, claims):
    mapping = kernel.mapper.map(PhysicalBuffer(16 * MB, 64), claims[1], IN)
    mapping.unmap()
    for call in (mapping.unmap, mapping.sync_for_cpu, mapping.sync_for_device):
        with pytest.raises(DmaError, match="unmapped before"):
            call()


def test_a_kept_bounce_buffer_serves_when_low_memory_is_gone(kernel, claims):
    kernel.bounce.reserve(claims[1], 64 * KB)
    while kernel.pages.reports()[0].largest > 4096:
        kernel.pages.alloc(kernel.pages.reports()[0].largest, "long uptime")
    with kernel.mapper.map(PhysicalBuffer(16 * MB, 64 * KB), claims[1], IN) as mapping:
        assert not mapping.in_place
        with pytest.raises(DmaError, match="bounce buffer of DMA channel 1 is in use"):
            kernel.bounce.unreserve(claims[1])
    with pytest.raises(OutOfMemoryError, match="allocate DMA buffers early"):
        kernel.mapper.map(PhysicalBuffer(16 * MB, 64 * KB), claims[5], IN)


def test_an_error_on_the_way_leaves_no_page_pinned(kernel, claims):
    space = kernel.address_space("program")
    address = space.map_region(8192) + 1
    with pytest.raises(DmaError):
        kernel.mapper.map(UserBuffer(space, address, 100), claims[5], IN, bounce=Bounce.REFUSE)
    assert not any(page.held for page in kernel.vm.resident.values())


def test_a_small_kept_buffer_makes_more_segments_and_no_more_memory(kernel, claims):
    kernel.bounce.reserve(claims[1], 4096)
    free = kernel.pages.reports()
    with kernel.mapper.map(PhysicalBuffer(16 * MB, 10_000), claims[1], IN, split=True) as mapping:
        assert [segment.length for segment in mapping.segments] == [4096, 4096, 1808]
        assert kernel.pages.reports() == free
        with pytest.raises(DmaError, match="mapped as 3 segments"):
            _ = mapping.address


@pytest.mark.parametrize(
    ("length", "split", "message"),
    [(0, False, "nothing to map"), (-1, True, "nothing to map"), (65537, False, "over 64K: map it with split=True")],
)
def test_a_length_that_cannot_be_mapped_is_an_error(kernel, claims, length, split, message):
    with pytest.raises(LengthError, match=message):
        kernel.mapper.map(PhysicalBuffer(0x20000, length), claims[1], IN, split=split)


@pytest.mark.parametrize(
    ("channel", "pieces", "segments"),
    [
        # A 64K edge splits; touching pieces are one.
        (1, [(0x2F000, 0x1000), (0x30000, 0x1000)], [(0x1000, True), (0x1000, True)]),
        (1, [(0x21000, 0x1000), (0x22000, 0x1000)], [(0x2000, True)]),
        # A piece beyond the reach bounces, its neighbours do not.
        (1, [(0x21000, 4096), (16 * MB, 4096), (0x25000, 4096)], [(4096, True), (4096, False), (4096, True)]),
        (1, [(16 * MB - 16, 48)], [(16, True), (32, False)]),
        # Words: an odd length shifts all that follows, until another odd piece sets it right.
        (5, [(0x21000, 4095), (0x25000, 4096)], [(4094, True), (4097, False)]),
        (5, [(0x21000, 4095), (0x25001, 4095)], [(4094, True), (2, False), (4094, True)]),
        (5, [(0x21001, 100)], [(100, False)]),
        (5, [(0x3F000, 0x2000)], [(0x1000, True), (0x1000, True)]),
    ],
)
def test_pieces_are_cut_where_the_channel_needs_it(channel, pieces, segments):
    cut = plan(AT, channel, [Piece(*piece) for piece in pieces], 64 * KB)
    assert [(segment.length, segment.in_place) for segment in cut] == segments


@pytest.mark.parametrize("board", [AT, XT], ids=["at", "xt"])
def test_every_plan_covers_the_buffer_in_order_and_keeps_inside_the_limits(board, rng):
    for _ in range(500):
        channel = rng.choice([1, 5]) if board is AT else 1
        width, span = board.width(channel), board.span(channel)
        pieces = [Piece(rng.randrange(0, 2 * board.reach), rng.randrange(1, 150_000)) for _ in range(rng.randint(1, 6))]
        bounce = rng.choice([4096, 65536])
        segments = plan(board, channel, pieces, bounce)
        assert joined(p for s in segments for p in s.pieces) == joined(pieces)
        assert sum(s.length for s in segments) == total(pieces)
        assert all(s.length % width == 0 for s in segments[:-1])
        for s in segments:
            if s.in_place:
                (piece,) = s.pieces
                assert piece.end <= board.reach
                assert piece.address // span == (piece.end - 1) // span
                assert piece.address % width == piece.length % width == 0
            else:
                assert s.length <= bounce
