"""Frames in files that Wireshark opens: the classic libpcap format.

# Ref: Wireshark wiki, Development/LibpcapFileFormat (global header, record header, magic numbers, link type 1).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

from isadma_tools.files.regular import read_regular
from isadma_tools.files.whole import write_whole

_MICROSECONDS: Final = 0xA1B2C3D4
_NANOSECONDS: Final = 0xA1B23C4D
_VERSION: Final = (2, 4)
_SNAPSHOT: Final = 0xFFFF
_ETHERNET: Final = 1
_HEADER: Final = "IHHiIII"
_RECORD: Final = "IIII"


class Packet(NamedTuple):
    """A frame and its time.

    Attributes
    ----------
    seconds : Fraction
        When it was on the wire, in seconds from the file's or the machine's beginning.
    frame : bytes
        From the destination address on, without checksum.
    """

    seconds: Fraction
    frame: bytes


def write_pcap(path: str | Path, packets: Iterable[Packet]) -> None:
    """Write frames to a file, with microseconds: whole, or not at all.

    Raises
    ------
    OSError
        It cannot be written.
    """
    data = bytearray(struct.pack("<" + _HEADER, _MICROSECONDS, *_VERSION, 0, 0, _SNAPSHOT, _ETHERNET))
    for seconds, frame in packets:
        whole, micros = divmod(int(seconds * 1_000_000), 1_000_000)
        data += struct.pack("<" + _RECORD, whole & 0xFFFFFFFF, micros, len(frame), len(frame)) + frame
    write_whole(path, bytes(data))


def read_pcap(path: str | Path) -> list[Packet]:
    """Read the frames of a file of either byte order, with microseconds or nanoseconds.

    Raises
    ------
    ValueError
        It is none, of another link than Ethernet, or cut off.
    OSError
        It cannot be read.
    """
    data = read_regular(path)
    size = struct.calcsize("<" + _HEADER)
    for order in "<>":
        if len(data) >= size:
            magic, _, _, _, _, _, link = struct.unpack_from(order + _HEADER, data)
            if magic in (_MICROSECONDS, _NANOSECONDS):
                break
    else:
        raise ValueError(f"{path} is no pcap file: save it as 'Wireshark/tcpdump - pcap', not as pcapng")
    if link != _ETHERNET:
        raise ValueError(f"{path} has link type {link}: use a capture of Ethernet frames, link type 1")
    unit = 1_000_000 if magic == _MICROSECONDS else 1_000_000_000
    packets: list[Packet] = []
    record = struct.calcsize("<" + _RECORD)
    while size < len(data):
        if size + record > len(data):
            raise ValueError(f"{path} is cut off after {len(packets)} frames: save it anew")
        whole, part, length, _ = struct.unpack_from(order + _RECORD, data, size)
        size += record
        if size + length > len(data):
            raise ValueError(f"{path} is cut off in frame {len(packets) + 1}: save it anew")
        packets.append(Packet(whole + Fraction(part, unit), data[size : size + length]))
        size += length
    return packets
