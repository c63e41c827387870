"""Frames in files that Wireshark opens: pcap and pcapng are read, by dpkt; the classic pcap is written.

# Ref: Wireshark wiki, Development/LibpcapFileFormat (global header, record header, magic numbers, link type 1);
#      IETF draft "PCAP Now Generic" (section header, magic).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

import dpkt

from isadma_sim.machine.checks import shown
from isadma_tools.files.names import as_path
from isadma_tools.files.regular import read_regular
from isadma_tools.files.whole import write_whole

_MICROSECONDS: Final = 0xA1B2C3D4
_NANOSECONDS: Final = 0xA1B23C4D
#: Type of pcapng's first block, the same in either byte order.
_SECTION: Final = b"\x0a\x0d\x0d\x0a"
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
    path = as_path(path)
    try:
        told = [(Fraction(seconds), bytes(memoryview(frame))) for seconds, frame in packets]
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"packets {shown(packets)}: give packets, of seconds and a frame") from None
    for seconds, frame in told:
        whole, micros = divmod(int(seconds * 1_000_000), 1_000_000)
        data += struct.pack("<" + _RECORD, whole & 0xFFFFFFFF, micros, len(frame), len(frame)) + frame
    write_whole(path, bytes(data))


class _Whole(io.BytesIO):
    """A file that says when it ends in the middle of what is read; dpkt takes what there is."""

    #: Bytes of the heads after which a file may end.
    _HEADS = (8, 16)

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = -1 if size is None else size
        if wanted < 0:
            raise dpkt.UnpackError("a block has no room for its own length")
        data = super().read(wanted)
        if len(data) < wanted and (data or wanted not in self._HEADS):
            raise EOFError
        return data


def read_pcap(path: str | Path) -> list[Packet]:
    """Read the frames of a pcap or pcapng file, of either byte order; times of pcapng to the microsecond.

    Raises
    ------
    ValueError
        It is none, of another link than Ethernet, or cut off.
    OSError
        It cannot be read.
    """
    file = _Whole(read_regular(path))
    packets: list[Packet] = []
    try:
        reader = _reader(path, file)
        for seconds, frame in reader:
            packets.append(Packet(_seconds(seconds), bytes(frame)))
    except (EOFError, dpkt.NeedData):
        raise ValueError(f"{path} is cut off after {len(packets)} frames: save it anew") from None
    except (dpkt.Error, struct.error) as error:
        raise ValueError(f"{path} is damaged after {len(packets)} frames: {error}; save it anew") from None
    return packets


def _reader(path: str | Path, file: _Whole) -> Any:
    magic = file.getvalue()[:4]
    classic = magic in (struct.pack(order + "I", known) for order in "<>" for known in (_MICROSECONDS, _NANOSECONDS))
    if not classic and magic != _SECTION:
        raise ValueError(f"{path} is no pcap file: save it as 'Wireshark/tcpdump - pcap' or 'Wireshark/... - pcapng'")
    try:
        reader = dpkt.pcap.Reader(file) if classic else dpkt.pcapng.Reader(file)
    except ValueError as error:
        raise ValueError(f"{path} is a pcap file without its head: {error}; save it anew") from None
    if reader.datalink() != _ETHERNET:
        raise ValueError(f"{path} has link type {reader.datalink()}: use a capture of Ethernet frames, link type 1")
    return reader


def _seconds(value: float | Decimal) -> Fraction:
    if isinstance(value, Decimal):
        return Fraction(value)
    return Fraction(round(value * 1_000_000), 1_000_000)
