"""The kernel's setters: each port write as a literal, and every refusal with no port touched."""

import threading

import pytest

from isadma_driver import DMA_AUTOINIT, DMA_MODE_READ, DMA_MODE_WRITE, XT, Dma, Phase, RecordingMachine
from isadma_driver.errors import (
    AddressLimitError,
    AlignmentError,
    BoundaryError,
    DmaError,
    LengthError,
    LockNotHeldError,
    NotOwnerError,
)


@pytest.fixture
def machine():
    return RecordingMachine(answers={0x08: [0x00] * 9, 0xD0: [0x00] * 9})


@pytest.fixture
def dma(machine):
    return Dma(machine)


def test_the_classic_sequence_on_channel_2_writes_the_classic_bytes(machine, dma):
    floppy = dma.request_dma(2, "floppy")
    with dma.claim_dma_lock():
        dma.disable_dma(floppy)
        dma.clear_dma_ff(floppy)
        dma.set_dma_mode(floppy, DMA_MODE_READ)
        dma.set_dma_addr(floppy, 0x2E000)
        dma.set_dma_count(floppy, 512)
        dma.enable_dma(floppy)
    assert machine.trace() == "0a<06 0c<00 0b<46 81<02 04<00 04<e0 05<ff 05<01 08>00 0a<02"


def test_a_16_bit_channel_gets_words_and_an_even_page(machine, dma):
    sound = dma.request_dma(5, "sound")
    with dma.claim_dma_lock():
        dma.clear_dma_ff(sound)
        dma.set_dma_mode(sound, DMA_MODE_WRITE | DMA_AUTOINIT)
        dma.set_dma_addr(sound, 0x3FFFE)
        dma.set_dma_count(sound, 2)
        dma.enable_dma(sound)
    assert machine.trace() == "d8<00 d6<59 8b<02 c4<ff c4<ff c6<00 c6<00 d0>00 d4<01"


@pytest.mark.parametrize(
    ("channel", "page", "trace"),
    [(0, 0x12, "87<12"), (1, 0x12, "83<12"), (3, 0xFF, "82<ff"), (5, 0x12, "8b<12"), (6, 0, "89<00"), (7, 2, "8a<02")],
)
def test_each_channel_has_its_own_page_register(machine, dma, channel, page, trace):
    claim = dma.request_dma(channel, "x")
    with dma.claim_dma_lock():
        dma.set_dma_page(claim, page)
    assert machine.trace() == trace


@pytest.mark.parametrize(
    ("channel", "address", "count", "error", "message"),
    [
        (2, 0xFFFF, 2, BoundaryError, r"FFFFh to 10000h on DMA channel 2 crosses the 64K boundary at 10000h"),
        (5, 0x1FFFE, 4, BoundaryError, r"1FFFEh to 20001h on DMA channel 5 crosses the 128K boundary at 20000h"),
        (2, 0x1000000, 2, AddressLimitError, r"address 1000000h on DMA channel 2 is above 16 MB"),
        (5, 0x1001, 2, AlignmentError, r"address 1001h is odd, and DMA channel 5 moves words"),
        (5, 0x1000, 3, AlignmentError, r"length 3 is odd, and DMA channel 5 moves words"),
        (2, 0x1000, 0, LengthError, r"length 0 on DMA channel 2: the controller would move 64K"),
        (5, 0x1000, 0, LengthError, r"length 0 on DMA channel 5: the controller would move 128K"),
        (2, 0x0, 65537, LengthError, r"length 65537 on DMA channel 2 is over 64K"),
        (5, 0x0, 131074, LengthError, r"length 131074 on DMA channel 5 is over 128K"),
        (2, -1, 2, ValueError, r"address -1 is no physical address"),
        (2, 0x1000, -5, ValueError, r"length -5 is no number of bytes"),
    ],
)
def test_what_the_controller_cannot_do_is_refused_before_the_count_is_written(
    machine, dma, channel, address, count, error, message
):
    claim = dma.request_dma(channel, "x")
    traces = []

    def program():
        dma.set_dma_addr(claim, address)
        traces.append(machine.trace())
        dma.set_dma_count(claim, count)

    with dma.claim_dma_lock(), pytest.raises(error, match=message):
        program()
    assert machine.trace() == "".join(traces)  # the address, when that was good, and nothing more


@pytest.mark.parametrize(("channel", "length"), [(2, 65536), (5, 131072)])
def test_a_whole_block_inside_its_boundary_is_accepted(machine, dma, channel, length):
    claim = dma.request_dma(channel, "x")
    with dma.claim_dma_lock():
        dma.set_dma_addr(claim, 0x20000)
        machine.clear()
        dma.set_dma_count(claim, length)
    assert machine.trace() in ("05<ff 05<ff", "c6<ff c6<ff")


def test_a_crossing_is_caught_when_the_count_comes_before_the_address(machine, dma):
    claim = dma.request_dma(1, "x")
    with dma.claim_dma_lock():
        dma.set_dma_count(claim, 512)
        dma.set_dma_addr(claim, 0x1FF00)
    machine.clear()
    with pytest.raises(BoundaryError, match="64K boundary at 20000h"):
        dma.enable_dma(claim)
    assert machine.trace() == ""


def test_a_decrementing_transfer_is_checked_downwards(machine, dma):
    claim = dma.request_dma(1, "x")
    with dma.claim_dma_lock():
        dma.set_dma_mode(claim, DMA_MODE_READ | 0x20)
        dma.set_dma_addr(claim, 0x200FF)
        dma.set_dma_count(claim, 256)
        with pytest.raises(BoundaryError, match="1FFFFh to 200FFh on DMA channel 1 crosses the 64K boundary at 20000h"):
            dma.set_dma_count(claim, 257)


@pytest.mark.parametrize("setter", ["clear_dma_ff", "set_dma_mode", "set_dma_page", "set_dma_addr", "set_dma_count"])
def test_no_setter_runs_without_the_lock(machine, dma, setter):
    claim = dma.request_dma(2, "floppy")
    with pytest.raises(LockNotHeldError, match=f"{setter} on DMA channel 2 without the DMA lock"):
        getattr(dma, setter)(claim, *([] if setter == "clear_dma_ff" else [0]))
    assert machine.trace() == ""


EVERYTHING = [
    ("clear_dma_ff", ()),
    ("set_dma_mode", (0x44,)),
    ("set_dma_page", (2,)),
    ("set_dma_addr", (0x1000,)),
    ("set_dma_count", (2,)),
    ("enable_dma", ()),
    ("disable_dma", ()),
    ("get_dma_residue", ()),
    ("dma_finished", ()),
    ("dma_phase", ()),
    ("free_dma", ()),
]


@pytest.mark.parametrize(("name", "arguments"), EVERYTHING)
def test_nothing_is_programmed_without_owning_the_channel(machine, dma, name, arguments):
    stale = dma.request_dma(3, "gone")
    dma.channels.free_dma(stale)
    with dma.claim_dma_lock():
        for wrong, error in [(3, NotOwnerError), (4, NotOwnerError), (8, ValueError), (stale, NotOwnerError)]:
            with pytest.raises(error):
                getattr(dma, name)(wrong, *arguments)
    assert machine.trace() == ""


@pytest.mark.parametrize("mode", [0x46, 0x4C, 0x100, -4, True, None])
def test_a_mode_with_channel_bits_or_an_illegal_transfer_is_refused(machine, dma, mode):
    claim = dma.request_dma(2, "x")
    with dma.claim_dma_lock(), pytest.raises(ValueError, match="mode"):
        dma.set_dma_mode(claim, mode)
    assert machine.trace() == ""


def test_an_odd_page_on_a_16_bit_channel_is_refused(machine, dma):
    claim = dma.request_dma(6, "x")
    with dma.claim_dma_lock(), pytest.raises(ValueError, match=r"page 3h for DMA channel 6 is odd.*use 2h"):
        dma.set_dma_page(claim, 3)
    assert machine.trace() == ""


def test_an_xt_refuses_what_its_four_page_bits_would_cut_off():
    machine = RecordingMachine()
    dma = Dma(machine, board=XT)
    claim = dma.request_dma(1, "x")
    with dma.claim_dma_lock():
        with pytest.raises(AddressLimitError, match="address 100000h on DMA channel 1 is above 1 MB"):
            dma.set_dma_addr(claim, 0x100000)
        with pytest.raises(ValueError, match="page 16 for DMA channel 1: use 0 to Fh"):
            dma.set_dma_page(claim, 16)
        assert machine.trace() == ""
        dma.set_dma_addr(claim, 0xF0000)
    assert machine.trace() == "83<0f 02<00 02<00"


def test_the_lock_is_given_back_once_and_by_its_holder(dma):
    flags = dma.claim_dma_lock()
    dma.release_dma_lock(flags)
    with pytest.raises(LockNotHeldError, match="released twice"):
        dma.release_dma_lock(flags)
    others = []
    thread = threading.Thread(target=lambda: others.append(dma.claim_dma_lock()))
    thread.start()
    thread.join(timeout=10)
    with pytest.raises(LockNotHeldError, match="does not hold it"):
        dma.release_dma_lock(others[0])


def test_a_residue_with_no_count_set_is_an_error_and_no_number(machine, dma):
    claim = dma.request_dma(2, "x")
    with pytest.raises(DmaError, match="channel 2 has no transfer to ask about"):
        dma.get_dma_residue(claim)
    assert dma.dma_phase(claim) is Phase.IDLE
