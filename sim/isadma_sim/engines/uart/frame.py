"""Frames of the bridge's protocol: put together and taken apart."""

# Ref: CRC-16/IBM-3740, which `binascii.crc_hqx` computes from FFFFh on.

from __future__ import annotations

from binascii import crc_hqx

from isadma_sim.engines.uart.codes import ESCAPE, ESCAPE_FLIP, LARGEST, SYNC

__all__ = ["Decoder", "encode"]

_CRC_INIT = 0xFFFF


def encode(sequence: int, body: bytes) -> bytes:
    """Make a frame.

    Parameters
    ----------
    sequence : int
        0..255.
    body : bytes
        What comes after it.

    Returns
    -------
    bytes
        SYNC, then LEN (itself, SEQ and the body), SEQ, body and CRC, with SYNC and ESCAPE escaped.

    Raises
    ------
    ValueError
        When the body does not fit in one.
    """
    if len(body) + 2 > LARGEST:
        raise ValueError(f"a frame of {len(body)} bytes: the bridge takes {LARGEST - 2}")
    plain = bytes([len(body) + 2, sequence]) + body
    plain += crc_hqx(plain, _CRC_INIT).to_bytes(2, "big")
    line = bytearray([SYNC])
    for byte in plain:
        line += bytes([ESCAPE, byte ^ ESCAPE_FLIP]) if byte in (SYNC, ESCAPE) else bytes([byte])
    return bytes(line)


class Decoder:
    """Takes bytes as they come, in pieces of any size, and gives frames whose CRC is right."""

    def __init__(self) -> None:
        self._frame: bytearray | None = None
        self._escaped = False

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Return the frames that end in `data`: sequence number and body of each."""
        found = []
        for byte in data:
            if byte == SYNC:
                self._frame, self._escaped = bytearray(), False
            elif self._frame is None:
                continue
            elif byte == ESCAPE:
                self._escaped = True
            else:
                self._frame.append(byte ^ ESCAPE_FLIP if self._escaped else byte)
                self._escaped = False
                if len(self._frame) == self._frame[0] + 2:
                    if len(self._frame) >= 4 and crc_hqx(self._frame, _CRC_INIT) == 0:
                        found.append((self._frame[1], bytes(self._frame[2:-2])))
                    self._frame = None
        return found
