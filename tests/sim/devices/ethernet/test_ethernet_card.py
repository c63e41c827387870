"""The EtherLink's registers, transmitter, receiver, loopback and DMA.

# Ref: SEEQ 8001 EDLC data sheet, 1982; Linux drivers/net/3c501.h (values of the commands that drivers use).
"""

import pytest

from isadma_sim.devices.ethernet import EtherLink

AT = 0x20000
#: Auxiliary commands: host has the buffer, send then receive, receive, loopback; all with 40h, enable.
SYSTEM, SEND, RECEIVE, LOOP = 0x40, 0x44, 0x48, 0x4C
ALL_STATIONS = b"\xff" * 6


def test_the_address_prom_is_read_where_the_buffer_pointer_points(rig):
    etherlink = rig()
    prom = []
    for at in range(10):
        etherlink.point(at)
        prom.append(etherlink.inp(0xC))
    assert bytes(prom) == bytes.fromhex("02608c1234560000 0260")


def test_the_pointer_has_twelve_bits_and_moves_with_each_byte_of_the_buffer(rig):
    etherlink = rig()
    etherlink.point(0xFFFE)
    assert etherlink.pointer() == 0xFFE
    etherlink.out(0xF, 0x11)
    etherlink.out(0xF, 0x22)
    etherlink.out(0xF, 0x33)
    assert etherlink.pointer() == 0x001
    etherlink.point(0x7FE)
    assert [etherlink.inp(0xF) for _ in range(3)] == [0x11, 0x22, 0x33]
    etherlink.point(0)
    assert etherlink.inp(0xF) == 0x33


def test_a_frame_goes_out_in_its_time_on_the_wire_and_interrupts(rig, frame):
    etherlink = rig()
    data = frame(60)
    etherlink.load(data)
    etherlink.out(0x7, 0x08)
    etherlink.out(0xE, SEND)
    start = etherlink.pc.clocks
    etherlink.wait()
    # 8 + 60 + 4 bytes and a gap of 96 bits at 10 Mbit/s are 67.2 us.
    assert 250 <= etherlink.pc.clocks - start <= 275
    assert [packet.frame for packet in etherlink.card.sent] == [data]
    assert etherlink.inp(0xE) & 0x81 == 0x01
    assert etherlink.inp(0x7) == 0x08
    assert etherlink.pointer() == 0x800


def test_a_collision_is_reported_and_the_sixteenth_as_such(rig, frame):
    etherlink = rig()
    etherlink.card.collisions = 17
    etherlink.out(0x7, 0x0A)
    statuses = []
    for _ in range(18):
        etherlink.load(frame(60))
        etherlink.out(0xE, SEND)
        etherlink.wait()
        statuses.append(etherlink.inp(0x7))
    assert statuses == [0x02] * 15 + [0x06, 0x02, 0x08]
    assert len(etherlink.card.sent) == 1


def test_a_frame_taken_back_before_its_end_was_never_sent(rig, frame):
    etherlink = rig()
    etherlink.load(frame(1000))
    etherlink.out(0xE, SEND)
    etherlink.pc.run(clocks=1000)
    etherlink.out(0xE, SYSTEM)
    etherlink.pc.run(clocks=10_000)
    assert etherlink.card.sent == []


@pytest.mark.parametrize(
    ("command", "received"),
    [(0xA0, [0, 1]), (0x60, [0, 1, 2, 3]), (0xE0, [0, 1, 2]), (0x20, [])],  # broadcast, all, multicast, nothing
)
def test_the_receive_command_chooses_whose_frames_come(rig, frame, command, received):
    etherlink = rig()
    others = [bytes.fromhex("02608c123456"), ALL_STATIONS, bytes.fromhex("01005e000001"), bytes.fromhex("02608c999999")]
    frames = [frame(64, to) for to in others]
    etherlink.out(0x6, command)
    got = []
    for number, data in enumerate(frames):
        etherlink.out(0xA, 0)
        etherlink.out(0xE, RECEIVE)
        etherlink.card.receive(data)
        etherlink.pc.run(clocks=400)
        if etherlink.inp(0x6) == 0x30:
            assert etherlink.unload(64) == data
            got.append(number)
    assert got == received


def test_a_frame_waits_in_the_buffer_until_its_status_is_read(rig, frame):
    etherlink = rig()
    first, second = frame(64), frame(100)
    etherlink.out(0x6, 0xA8)
    etherlink.out(0xE, RECEIVE)
    assert etherlink.inp(0xE) & 0x01
    etherlink.card.receive(first)
    etherlink.card.receive(second)
    etherlink.wait()
    etherlink.pc.run(clocks=5_000)
    assert not etherlink.inp(0xE) & 0x01
    assert etherlink.pointer(0xA) == 64
    assert (etherlink.inp(0x6), etherlink.inp(0x6)) == (0x30, 0xB0)
    assert etherlink.unload(64) == first
    etherlink.out(0xA, 0)
    etherlink.out(0xE, RECEIVE)
    etherlink.wait()
    assert etherlink.pointer(0xA) == 100
    assert etherlink.unload(100) == second


def test_a_runt_and_an_overflow_are_told_apart_from_good_frames(rig, frame):
    etherlink = rig()
    etherlink.out(0x6, 0xA9)
    etherlink.out(0xE, RECEIVE)
    etherlink.card.receive(frame(40))
    etherlink.pc.run(clocks=400)
    assert etherlink.inp(0x6) == 0x18
    etherlink.out(0xE, SYSTEM)
    etherlink.out(0xE, RECEIVE)
    for data in (frame(1500), frame(1500)):  # behind the runt
        etherlink.card.receive(data)
        etherlink.wait()
        status = etherlink.inp(0x6)
    assert status == 0x01
    assert etherlink.pointer(0xA) == 2048


@pytest.mark.parametrize(("aux", "size", "status"), [(LOOP, 60, 0x30), (LOOP, 59, 0x18), (LOOP | 0x02, 60, 0x12)])
def test_loopback_receives_what_it_sends_and_shows_errors(rig, frame, aux, size, status):
    etherlink = rig()
    data = frame(size)
    etherlink.load(data)
    etherlink.out(0xA, 0)
    etherlink.out(0x6, 0xBF)
    etherlink.out(0xE, aux)
    etherlink.wait()
    assert etherlink.inp(0x6) == status
    assert etherlink.unload(size) == data
    assert etherlink.card.sent == []


@pytest.mark.parametrize("channel", [1, 2, 3])
def test_dma_fills_the_buffer_and_empties_it_on_the_channel_of_the_jumper(rig, frame, channel):
    etherlink = rig(dma=channel)
    data = frame(200)
    etherlink.pc.memory[AT : AT + 200] = data
    etherlink.out(0xE, SYSTEM)
    etherlink.point(2048 - 200)
    etherlink.program(channel, 200, 0x48)
    etherlink.out(0xE, 0x60)
    etherlink.wait()
    assert etherlink.inp(0xE) == 0xF0  # sending is told of while the host has the buffer
    etherlink.out(0xE, SYSTEM)
    assert etherlink.inp(0xE) == 0xC0
    etherlink.pc.memory[AT : AT + 200] = bytes(200)
    etherlink.point(2048 - 200)
    etherlink.program(channel, 200, 0x44)
    etherlink.out(0xE, 0x60)
    etherlink.wait()
    assert etherlink.pc.memory[AT : AT + 200] == data


def test_without_the_enable_bit_neither_requests_nor_interrupts_leave_the_card(rig, frame):
    etherlink = rig()
    etherlink.program(1, 60, 0x48)
    etherlink.out(0xE, 0x20)
    etherlink.pc.run(clocks=1_000)
    assert etherlink.pc.inb(0x08) & 0x22 == 0
    etherlink.load(frame(60))
    etherlink.out(0x7, 0x08)
    etherlink.out(0xE, 0x04)
    with pytest.raises(TimeoutError):
        etherlink.wait(seconds=0.001)
    etherlink.out(0xE, 0x05)
    etherlink.wait()


def test_a_request_stands_on_the_jumpers_channel_alone(rig):
    etherlink = rig(dma=3)
    etherlink.out(0xE, 0x60)
    assert etherlink.pc.inb(0x08) >> 4 == 0x8
    etherlink.out(0xE, 0xE0)
    assert etherlink.pc.inb(0x08) >> 4 == 0x0


def test_a_software_reset_keeps_buffer_pointers_and_station(rig, frame):
    etherlink = rig()
    data = frame(64)
    etherlink.load(data)
    etherlink.out(0x6, 0xA8)
    etherlink.out(0xE, 0x80)
    etherlink.out(0xE, 0x00)
    assert etherlink.inp(0xE) == 0x80
    assert (etherlink.inp(0x6), etherlink.inp(0x7)) == (0x80, 0x00)
    assert etherlink.pointer() == 2048 - 64
    assert bytes(etherlink.inp(0xF) for _ in range(64)) == data
    etherlink.out(0x6, 0xA0)
    etherlink.out(0xE, RECEIVE)
    etherlink.card.receive(data)
    etherlink.wait()


def test_without_jumpers_the_card_drives_no_line(rig, frame):
    etherlink = rig(dma=None, irq=None)
    etherlink.load(frame(60))
    etherlink.out(0x7, 0x08)
    etherlink.out(0xE, SEND | 0x20)
    etherlink.pc.run(clocks=1_000)
    assert len(etherlink.card.sent) == 1
    assert etherlink.pc.inb(0x08) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"port": 0x330}, "no jumper for address 816: use 280h, 300h, 310h, 320h"),
        ({"dma": 5}, "no jumper for DMA channel 5: use None, 1, 2, 3"),
        ({"irq": 10}, "no jumper for interrupt 10: use None, 3, 4, 5, 6, 7, 9"),
        ({"station": b"\x01\2\3\4\5\6"}, "station address 01:02:03:04:05:06: give six bytes, the first of them even"),
        ({"arrivals": "soon"}, "no arrivals 'soon': use ready or time"),
    ],
)
def test_a_card_that_cannot_be_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        EtherLink(**options)


def test_a_jumper_on_a_taken_channel_is_named_when_the_card_is_plugged_in(rig):
    etherlink = rig(dma=3)
    with pytest.raises(ValueError, match="DMA channel 3 for etherlink is taken by etherlink"):
        etherlink.pc.attach(EtherLink(0x280, dma=3, irq=5))
    with pytest.raises(ValueError, match="IRQ 3 for etherlink is taken by etherlink"):
        etherlink.pc.attach(EtherLink(0x280, dma=1, irq=3))
    etherlink.pc.attach(EtherLink(0x280, dma=1, irq=5))


@pytest.mark.parametrize("engine", ["amaranth", "native"])
def test_on_the_hardware_itself_a_frame_goes_out_by_dma(rig, frame, engine):
    etherlink = rig(engine)
    data = frame(60)
    etherlink.pc.memory[AT : AT + 60] = data
    etherlink.point(2048 - 60)
    etherlink.program(1, 60, 0x48)
    etherlink.out(0xE, 0x60)
    etherlink.wait()
    etherlink.point(2048 - 60)
    etherlink.out(0xE, SEND)
    etherlink.pc.run(clocks=400)
    assert [packet.frame for packet in etherlink.card.sent] == [data]
