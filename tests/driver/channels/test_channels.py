"""Owning channels: the vector, the errors, and the text of /proc/dma."""

import contextlib
import threading

import pytest

from isadma_driver import AT, XT, Channels, Dma, Kind, RecordingMachine, Wiring
from isadma_driver.errors import ChannelBusyError, NotOwnerError


def test_the_cascade_owns_channel_4_from_the_start():
    assert Channels().proc_dma() == " 4: cascade\n"


def test_proc_dma_prints_one_line_for_each_owned_channel_in_order():
    channels = Channels()
    channels.request_dma(5, "sound 16")
    channels.request_dma(2, "floppy")
    assert channels.proc_dma() == " 2: floppy\n 4: cascade\n 5: sound 16\n"


def test_a_busy_channel_is_refused_with_its_owner_and_the_free_ones():
    channels = Channels()
    channels.request_dma(2, "floppy")
    with pytest.raises(
        ChannelBusyError,
        match=r"^DMA channel 2, wanted by 'tape', is held by 'floppy'; free channels: 0, 1, 3, 5, 6, 7$",
    ):
        channels.request_dma(2, "tape")


def test_the_cascade_channel_cannot_be_taken():
    with pytest.raises(ChannelBusyError, match="held by 'cascade'"):
        Channels().request_dma(4, "floppy")


@pytest.mark.parametrize("channel", [-1, 8, 255, True, 2.0, "2", None])
def test_a_channel_that_does_not_exist_is_a_value_error_that_names_it(channel):
    with pytest.raises(ValueError, match=r"no DMA channel .* on the AT: use 0 to 7"):
        Channels().request_dma(channel, "floppy")


@pytest.mark.parametrize("owner", ["", "  ", "two\nlines"])
def test_an_owner_needs_a_name_of_one_line(owner):
    with pytest.raises(ValueError, match="give a name of one line"):
        Channels().request_dma(2, owner)


def test_freeing_a_free_channel_is_an_error():
    channels = Channels()
    claim = channels.request_dma(2, "floppy")
    channels.free_dma(claim)
    with pytest.raises(NotOwnerError, match="channel 2 was given back by 'floppy' and is now free: request it again"):
        channels.free_dma(claim)


def test_freeing_by_number_is_refused_also_for_the_cascade():
    channels = Channels()
    with pytest.raises(NotOwnerError, match="channel 4 is held by 'cascade': only its claim"):
        channels.free_dma(4)
    with pytest.raises(NotOwnerError, match="channel 1 is free: take it with request_dma"):
        channels.free_dma(1)
    with pytest.raises(ValueError, match="no DMA channel 9"):
        channels.free_dma(9)
    assert channels.proc_dma() == " 4: cascade\n"


def test_a_stale_claim_does_not_free_the_next_owners_channel():
    channels = Channels()
    stale = channels.request_dma(2, "floppy")
    channels.free_dma(stale)
    channels.request_dma(2, "tape")
    with pytest.raises(NotOwnerError, match="given back by 'floppy' and is now held by 'tape'"):
        channels.free_dma(stale)
    assert channels.owner(2) == "tape"


def test_a_claim_on_another_machine_is_refused():
    claim = Channels().request_dma(2, "floppy")
    with pytest.raises(NotOwnerError, match="claim on another machine"):
        Channels().free_dma(claim)


def test_an_xt_has_four_channels_and_refreshes_with_the_first():
    channels = Channels(XT)
    assert channels.proc_dma() == " 0: refresh\n"
    with pytest.raises(ValueError, match="no DMA channel 4 on the PC/XT: use 0 to 3"):
        channels.request_dma(4, "floppy")


def test_of_many_threads_that_want_one_channel_exactly_one_gets_it():
    channels = Channels()
    won, barrier = [], threading.Barrier(16)

    def want(number):
        barrier.wait(timeout=10)
        with contextlib.suppress(ChannelBusyError):
            won.append(channels.request_dma(3, f"driver {number}"))

    threads = [threading.Thread(target=want, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert [claim.owner for claim in won] == [channels.owner(3)]


def test_freeing_a_channel_masks_it_first():
    machine = RecordingMachine()
    dma = Dma(machine, board=AT)
    claim = dma.request_dma(6, "sound")
    dma.free_dma(claim)
    assert machine.trace() == "d4<06"
    assert dma.proc_dma() == " 4: cascade\n"


def test_owning_touches_no_port():
    machine = RecordingMachine()
    dma = Dma(machine)
    dma.request_dma(2, "floppy")
    with pytest.raises(ChannelBusyError):
        dma.request_dma(2, "tape")
    with pytest.raises(NotOwnerError):
        dma.free_dma(2)
    assert machine.trace() == ""


def test_software_may_choose_the_lowest_free_channel_of_its_width():
    channels = Channels()
    assert [channels.request_free(Kind.WORD, "x").channel for _ in range(3)] == [5, 6, 7]
    with pytest.raises(ChannelBusyError, match=r"no free word DMA channel on the AT: 4 by .cascade., 5 by .x., 6"):
        channels.find_free(Kind.WORD)
    assert channels.find_free(Kind.BYTE) == 0
    assert Channels(XT).find_free(Kind.BYTE) == 1
    with pytest.raises(ChannelBusyError, match=r"no free word DMA channel on the PC/XT: none"):
        Channels(XT).request_free(Kind.WORD, "x")


@pytest.mark.parametrize(
    ("wiring", "advice"),
    [
        (Wiring.FIXED, "held by 'tape'; and it is wired to it: stop 'tape' first"),
        (Wiring.JUMPER, r"held by 'tape'; and it is set to it by jumper: move it to a free one \(0, 1, 3, 5, 6, 7\)"),
        (Wiring.SOFTWARE, "held by 'tape'; free channels: 0, 1, 3, 5, 6, 7"),
    ],
)
def test_the_way_out_of_a_conflict_depends_on_the_wiring(wiring, advice):
    channels = Channels()
    channels.request_dma(2, "tape")
    with pytest.raises(ChannelBusyError, match=advice):
        channels.request_dma(2, "floppy", wiring)


def test_a_card_wired_to_some_channels_gets_a_free_one_of_those():
    channels = Channels()
    channels.request_dma(0, "floppy")
    channels.request_dma(1, "scanner")
    assert channels.find_free(Kind.BYTE, among=(0, 1, 3)) == 3
    with pytest.raises(ChannelBusyError, match=r"no free byte DMA channel on the AT: 0 by 'floppy', 1 by 'scanner'$"):
        channels.request_free(Kind.BYTE, "sound", among=(0, 1))
