"""One wire for all: a frame is heard from its preamble on or not at all; the card waits its turn, or collides."""

# Ref: IEEE 802.3-1985, 4.4.2: a slot is 512 bits, the gap 96, sixteen attempts, backoff up to 2**10 slots. At 10 Mbit/s
#      and 4 MHz a slot is 204.8 clocks, and a frame of 60 bytes with preamble, checksum and gap 268.8.

from fractions import Fraction

import pytest

from isadma_sim.devices.ethernet import Packet, write_pcap

LISTEN, SEND, HOST = 0x48, 0x44, 0x00
FRAME, SLOT = 269, 204.8
#: Clocks from power-up to the second frame of `timed`.
DUE = 8000


@pytest.fixture
def timed(rig, frame, tmp_path):
    """Make a card on a wire where frames come 2 ms (8000 clocks) after power-up, and each `apart` clocks later."""

    def make(count=1, apart=100_000, **options):
        frames = [frame(60) for _ in range(count + 1)]
        times = [Fraction(0), *(Fraction(DUE + n * apart, 4_000_000) for n in range(count))]
        write_pcap(tmp_path / "in.pcap", [Packet(when, data) for when, data in zip(times, frames, strict=True)])
        etherlink = rig(frames_in=tmp_path / "in.pcap", arrivals="time", **options)
        etherlink.pc.run(clocks=2000)
        assert etherlink.card.missed == 1  # the one at power-up
        etherlink.out(0x6, 0xA0)
        return etherlink, frames[1:]

    return make


def until(etherlink, clock):
    etherlink.pc.run(clocks=clock - etherlink.pc.clocks)


@pytest.mark.parametrize("late", range(-40, 300, 20))
def test_a_receiver_that_starts_to_listen_behind_the_preamble_has_not_heard_the_frame(timed, late):
    etherlink, frames = timed()
    until(etherlink, DUE + late)
    etherlink.out(0xE, LISTEN)
    until(etherlink, DUE + 1000)
    heard = late < 0
    assert etherlink.card.missed == (1 if heard else 2)
    assert etherlink.inp(0x6) & 0x80 == (0x00 if heard else 0x80)
    if heard:
        assert etherlink.unload(60) == frames[0]


@pytest.mark.parametrize("at", range(20, 260, 30))
@pytest.mark.parametrize("how", [(0xE, HOST, 0xE, LISTEN), (0x6, 0x00, 0x6, 0xA0), (0xE, 0x80, 0xE, LISTEN)])
def test_a_receiver_that_looks_away_in_the_middle_has_not_heard_the_frame(timed, at, how):
    etherlink, _ = timed()
    etherlink.out(0xE, LISTEN)
    until(etherlink, DUE + at)
    etherlink.out(*how[:2])
    etherlink.out(*how[2:])
    etherlink.out(0x6, 0xA0)  # a reset clears it
    until(etherlink, DUE + 1000)
    assert etherlink.card.missed == 2
    assert etherlink.inp(0x6) & 0x80
    assert etherlink.pointer(0xA) == 0


@pytest.mark.parametrize("read_at", range(20, 260, 40))
def test_a_frame_that_begins_before_the_last_ones_status_is_read_is_missed(timed, read_at):
    etherlink, frames = timed(count=2, apart=400)
    etherlink.out(0xE, LISTEN)
    until(etherlink, DUE + 400 + read_at)
    assert etherlink.inp(0x6) == 0x30
    until(etherlink, DUE + 2000)
    assert etherlink.card.missed == 2
    assert etherlink.unload(60) == frames[0]


@pytest.mark.parametrize("at", range(20, 260, 40))
def test_where_others_wait_for_the_card_a_frame_it_looked_away_from_comes_again_whole(rig, frame, at):
    etherlink = rig()
    etherlink.out(0x6, 0xA0)
    etherlink.out(0xE, LISTEN)
    data = frame(60)
    etherlink.card.receive(data)
    etherlink.pc.run(clocks=at)
    etherlink.out(0xE, HOST)
    etherlink.out(0xE, LISTEN)
    again = etherlink.pc.clocks
    etherlink.wait()
    assert etherlink.pc.clocks - again >= FRAME - 10
    assert etherlink.unload(60) == data
    assert etherlink.card.missed == 0


@pytest.mark.parametrize("at", range(10, 260, 25))
def test_the_card_defers_to_a_frame_on_the_wire_and_begins_when_it_is_over(timed, frame, at):
    etherlink, _ = timed()
    data = frame(60)
    etherlink.load(data)
    etherlink.out(0x7, 0x0A)
    until(etherlink, DUE + at)
    etherlink.out(0xE, SEND)
    etherlink.wait()
    assert etherlink.pc.clocks - (DUE + 2 * FRAME) in range(-2, 10)
    assert etherlink.inp(0x7) == 0x08
    assert [packet.frame for packet in etherlink.card.sent] == [data]
    assert etherlink.card.missed == 2


@pytest.mark.parametrize("at", range(10, 260, 25))
def test_others_defer_to_the_cards_frame_and_are_heard_behind_it(timed, frame, at):
    etherlink, frames = timed()
    etherlink.load(frame(60))
    etherlink.out(0x7, 0x0A)
    until(etherlink, DUE - at)
    etherlink.out(0xE, SEND)
    begun = etherlink.pc.clocks
    etherlink.wait()
    assert etherlink.inp(0x7) == 0x08
    etherlink.wait()
    assert etherlink.pc.clocks - begun in range(2 * FRAME - 8, 2 * FRAME + 30)
    assert etherlink.inp(0x6) == 0x30
    assert etherlink.unload(60) == frames[0]
    assert etherlink.card.missed == 1


def test_two_that_waited_for_the_same_frame_collide_and_both_come_through_after_a_backoff(timed, frame):
    etherlink, _ = timed(count=2, apart=100)  # the second is due while the first is on the wire
    data = frame(60)
    etherlink.load(data)
    etherlink.out(0x7, 0x0A)
    until(etherlink, DUE + 50)
    etherlink.out(0xE, SEND)
    etherlink.wait()
    # Preamble and jam, 12 bytes, and the gap: 76.8 clocks.
    assert etherlink.pc.clocks - (DUE + FRAME + 77) in range(-2, 10)
    assert etherlink.inp(0x7) == 0x02
    assert etherlink.card.sent == []
    statuses = []
    for _ in range(16):
        etherlink.load(data)
        etherlink.out(0xE, SEND)
        etherlink.wait(seconds=0.2)
        statuses.append(etherlink.inp(0x7))
        if statuses[-1] == 0x08:
            break
    assert statuses[-1] == 0x08
    assert [packet.frame for packet in etherlink.card.sent] == [data]
    etherlink.out(0xE, LISTEN)
    etherlink.pc.delay(0.06)
    assert etherlink.card.missed == (2 if etherlink.inp(0x6) == 0x30 else 3)


def test_after_the_nth_collision_the_card_waits_up_to_2_to_the_n_slots(rig, frame):
    etherlink = rig()
    etherlink.card.collisions = 15
    etherlink.out(0x7, 0x0A)
    waited = []
    for _ in range(16):
        etherlink.load(frame(60))
        start = etherlink.pc.clocks
        etherlink.out(0xE, SEND)
        etherlink.wait(seconds=0.1)
        collided = etherlink.inp(0x7) & 0x02
        waited.append((etherlink.pc.clocks - start - (77 if collided else FRAME)) / SLOT)
    for number, slots in enumerate(waited):
        assert -0.05 <= slots <= 2 ** min(number, 10) - 1 + 0.1, f"attempt {number + 1}"
        assert abs(slots - round(slots)) < 0.1, f"attempt {number + 1}: whole slots"
    assert max(waited) > 7
    assert len(etherlink.card.sent) == 1


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_whenever_the_card_sends_every_frame_goes_out_once_and_comes_once(timed, frame, engine):
    for at in range(-300, 300, 37):
        etherlink, frames = timed(count=2, apart=300, engine=engine)
        data = frame(60)
        etherlink.load(data)
        etherlink.out(0x7, 0x0A)
        until(etherlink, DUE + at)
        got = []
        for _ in range(16):
            etherlink.out(0xE, SEND)
            for _ in range(1000):
                etherlink.pc.run(clocks=20)
                if not etherlink.inp(0xE) & 0x80:
                    break
            if etherlink.inp(0x7) == 0x08:
                break
            etherlink.load(data)
        for _ in range(100):  # what follows is heard: the card listens behind its own frame
            etherlink.pc.run(clocks=20)
            if etherlink.inp(0x6) & 0xA0 == 0x20:
                got.append(etherlink.unload(60))
                etherlink.out(0xA, 0)
                etherlink.out(0xE, LISTEN)
        assert [packet.frame for packet in etherlink.card.sent] == [data]
        assert len(got) + etherlink.card.missed == 3
        assert got == [each for each in frames if each in got]
        etherlink.pc.close()
