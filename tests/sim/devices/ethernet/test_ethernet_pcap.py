"""Frames from and into pcap files.

# Ref: Wireshark wiki, Development/LibpcapFileFormat.
"""

from fractions import Fraction

import pytest

from isadma_sim.devices.ethernet import Packet, read_pcap, write_pcap

#: A file of one frame of four bytes at 1.5 s, written out.
FILE = bytes.fromhex(
    "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000"  # version 2.4, Ethernet
    "01000000 20a10700 04000000 04000000 01020304"
)
#: The same in the other byte order, with nanoseconds.
BIG = bytes.fromhex(
    "a1b23c4d 0002 0004 00000000 00000000 0000ffff 0000000100000001 1dcd6500 00000004 00000004 01020304"
)
#: The same as pcapng: a section, an interface with microseconds, a packet.
NEXT = bytes.fromhex(
    "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
    "01000000 14000000 0100 0000 ffff0000 14000000"
    "06000000 24000000 00000000 00000000 60e31600 04000000 04000000 01020304 24000000"
)


def test_a_file_is_written_as_the_format_has_it(tmp_path):
    write_pcap(tmp_path / "x.pcap", [Packet(Fraction(3, 2), b"\1\2\3\4")])
    assert (tmp_path / "x.pcap").read_bytes() == FILE


@pytest.mark.parametrize("content", [FILE, BIG, NEXT])
def test_either_byte_order_and_resolution_is_read(tmp_path, content):
    (tmp_path / "x.pcap").write_bytes(content)
    assert read_pcap(tmp_path / "x.pcap") == [Packet(Fraction(3, 2), b"\1\2\3\4")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no pcap file"),
        (b"\x00\x01\x02\x03" + bytes(40), "is no pcap file: save it as .*pcapng"),
        (b"\x0a\x0d\x0d\x0a" + bytes(40), "is a pcap file without its head"),
        (FILE[:20] + b"\x71" + FILE[21:], "has link type 113: use a capture of Ethernet frames"),
        (FILE[:-1], "is cut off after 0 frames"),
        (FILE[:-4], "is cut off after 0 frames"),
        (FILE + b"\0", "is cut off after 1 frames"),
        (NEXT[:-1], "is cut off after 0 frames"),
        (NEXT[:-20], "is cut off after 0 frames"),
        (NEXT[:30], "is cut off after 0 frames"),
        (NEXT[:36] + b"\x71" + NEXT[37:], "has link type 113"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path, content, message):
    (tmp_path / "x.pcap").write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.pcap " + message):
        read_pcap(tmp_path / "x.pcap")


def test_frames_come_when_the_card_is_ready_and_none_is_missed(rig, frame, tmp_path):
    frames = [frame(size) for size in (60, 200, 1514)]
    write_pcap(tmp_path / "in.pcap", [Packet(Fraction(0), data) for data in frames])
    etherlink = rig(frames_in=tmp_path / "in.pcap")
    etherlink.out(0x6, 0xA0)
    etherlink.pc.delay(0.01)
    got = []
    for _ in frames:
        etherlink.inp(0x6)
        etherlink.out(0xA, 0)
        etherlink.out(0xE, 0x48)
        etherlink.wait()
        got.append(etherlink.unload(etherlink.pointer(0xA)))
    assert got == frames
    assert etherlink.card.missed == 0


def test_frames_come_at_their_time_and_are_missed_by_a_card_that_does_not_listen(rig, frame, tmp_path):
    frames = [frame(60) for _ in range(3)]
    write_pcap(tmp_path / "in.pcap", [Packet(Fraction(7 + n, 100), data) for n, data in enumerate(frames)])
    etherlink = rig(frames_in=tmp_path / "in.pcap", arrivals="time")
    etherlink.pc.delay(0.005)
    etherlink.out(0x6, 0xA0)
    etherlink.out(0xE, 0x48)
    etherlink.wait()
    assert etherlink.pc.clocks == pytest.approx(40_269, abs=10)  # 10 ms and the frame's own 67.2 us
    etherlink.pc.delay(0.05)
    assert etherlink.card.missed == 2
    assert etherlink.unload(60) == frames[1]


def test_closing_the_pc_writes_what_was_sent_with_its_times(rig, frame, tmp_path):
    etherlink = rig(frames_out=tmp_path / "out.pcap")
    frames = [frame(60), frame(61)]
    for data in frames:
        etherlink.load(data)
        etherlink.out(0xE, 0x44)
        etherlink.pc.delay(0.001)
    etherlink.pc.close()
    packets = read_pcap(tmp_path / "out.pcap")
    assert [packet.frame for packet in packets] == frames
    assert packets[1].seconds - packets[0].seconds > Fraction(1, 1000)
