"""When DRQ rises and falls, so that single, demand and verify services move exactly the bytes there are.

# Ref: Intel 82077AA, order 290166, sections 4.2.3 to 4.2.5 (DMA mode, DRQ and DACK#, termination).
"""

import pytest

from isadma_sim.devices.floppy.host import Host


@pytest.fixture
def host():
    def make(*, to_host, depth=1, threshold=1):
        made = Host(lambda: None)
        made.start(to_host=to_host, depth=depth, threshold=threshold)
        return made

    return make


def asks(host):
    return host.wants(dma=True)


def test_without_the_fifo_the_request_falls_with_dack(host):
    made = host(to_host=True)
    assert not asks(made)
    made.push(0x5A, last=False)
    assert asks(made)
    made.dack(True)
    assert not asks(made)
    assert made.take() == 0x5A
    made.dack(False)
    assert not asks(made)
    assert made.empty


def test_a_dack_without_a_strobe_takes_one_byte(host):
    made = host(to_host=True, depth=16, threshold=14)
    made.push(1, last=False)
    made.push(2, last=False)
    made.dack(True)
    made.dack(False)
    assert made.take() == 2


def test_one_dack_can_frame_several_bytes(host):
    made = host(to_host=True, depth=16, threshold=13)
    for value in (1, 2, 3):
        made.push(value, last=False)
    made.dack(True)
    taken = []
    while asks(made):
        taken.append(made.take())
    made.dack(False)
    assert taken == [1, 2, 3]


def test_a_write_in_demand_mode_stops_asking_before_the_last_byte(host):
    # IOW# rises after DREQ was sampled for the next transfer: that one is already on its way.
    made = host(to_host=False, depth=16, threshold=1)
    made.grant(3)
    made.dack(True)
    assert asks(made)
    made.give(1)
    assert asks(made)
    made.give(2)
    assert not asks(made)
    made.give(3)
    made.dack(False)
    assert not asks(made)
    assert [made.pop(), made.pop(), made.pop(), made.pop()] == [1, 2, 3, None]


def test_the_host_can_send_no_more_than_was_asked_for(host):
    made = host(to_host=False)
    made.grant(1)
    made.give(1)
    made.give(2)
    assert made.pop() == 1
    assert not asks(made)
    made.give(3)
    assert made.pop() is None


def test_a_write_dack_without_a_strobe_sends_nothing(host):
    made = host(to_host=False)
    made.grant(2)
    made.dack(True)
    made.dack(False)
    assert asks(made)
    assert made.pop() is None


@pytest.mark.parametrize(("threshold", "bytes_in"), [(1, 15), (8, 8), (15, 1), (16, 1)])
def test_reading_asks_when_sixteen_less_the_threshold_are_in(host, threshold, bytes_in):
    made = host(to_host=True, depth=16, threshold=threshold)
    for count in range(1, bytes_in + 1):
        made.push(count, last=False)
        assert asks(made) == (count == bytes_in)


def test_the_last_bytes_of_a_sector_are_asked_for_below_the_threshold(host):
    made = host(to_host=True, depth=16, threshold=1)
    made.push(1, last=False)
    assert not asks(made)
    made.push(2, last=True)
    assert asks(made)


def test_writing_asks_again_when_the_threshold_is_left(host):
    made = host(to_host=False, depth=16, threshold=4)
    made.grant(100)
    for value in range(16):
        assert asks(made)
        made.give(value)
    assert not asks(made)
    for _ in range(11):
        made.pop()
    assert not asks(made)
    made.pop()
    assert asks(made)


def test_nothing_is_asked_for_after_the_end(host):
    made = host(to_host=True)
    made.push(1, last=True)
    made.stop()
    assert not asks(made)
    assert made.take() == 0xFF
