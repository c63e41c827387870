"""What a disk tells of itself: sense data, INQUIRY, MODE SENSE."""

# Ref: SCSI-2, X3.131-1994, 8.2.5 (INQUIRY), 8.2.14 (sense data), 8.2.10 and 9.3.3 (mode pages 3 and 4).

from __future__ import annotations

from isadma_sim.devices.scsi import codes
from isadma_sim.devices.scsi.codes import BLOCK_BYTES, Sense


def sense_data(sense: Sense, information: int | None = None) -> bytes:
    """Return the 18 bytes of sense data; `information` is the block it is about."""
    data = bytearray(codes.SENSE_BYTES)
    data[0] = codes.SENSE_CURRENT
    if information is not None:
        data[0] |= codes.SENSE_VALID
        data[codes.SENSE_INFORMATION : codes.SENSE_INFORMATION + 4] = (information & 0xFFFFFFFF).to_bytes(4, "big")
    data[codes.SENSE_KEY] = sense.key
    data[codes.SENSE_LENGTH] = codes.SENSE_MORE
    data[codes.SENSE_CODE] = sense.code
    data[codes.SENSE_QUALIFIER] = sense.value & 0xFF
    return bytes(data)


def inquiry() -> bytes:
    """Return the 36 bytes of INQUIRY: a disk, SCSI-2."""
    head = bytes((0, 0, codes.ANSI_VERSION, codes.RESPONSE_FORMAT, codes.INQUIRY_MORE, 0, 0, 0))
    return head + codes.VENDOR + codes.PRODUCT + codes.REVISION


def mode_sense(page: int, blocks: int, protected: bool, no_descriptor: bool) -> bytes | None:
    """Return the answer to MODE SENSE(6), None for a page or a kind of values there is not.

    Parameters
    ----------
    page : int
        Byte 2 of the command: page code, and in bits 7-6 which values.
    blocks : int
        Blocks of the disk.
    protected : bool
        Whether it refuses writes.
    no_descriptor : bool
        Leave the block descriptor out.
    """
    kind, code = page >> 6, page & codes.PAGE_MASK
    if kind == codes.PAGE_SAVED or code not in (codes.PAGE_FORMAT, codes.PAGE_GEOMETRY, codes.PAGE_ALL):
        return None
    body = b""
    for number, make in ((codes.PAGE_FORMAT, _format), (codes.PAGE_GEOMETRY, _geometry)):
        if code in (number, codes.PAGE_ALL):
            # Nothing can be changed, so a mask of what can be is all zeros.
            values = make(blocks) if kind != codes.PAGE_CHANGEABLE else bytes(len(make(blocks)))
            body += bytes((number, len(values))) + values
    descriptor = b"" if no_descriptor else b"\0" + min(blocks, 0xFFFFFF).to_bytes(3, "big") + bytes(1)
    descriptor += b"" if no_descriptor else BLOCK_BYTES.to_bytes(3, "big")
    rest = bytes((0, codes.MODE_PROTECTED if protected else 0, len(descriptor))) + descriptor + body
    return bytes((len(rest),)) + rest


def _format(blocks: int) -> bytes:
    """Page 3: tracks of 32 sectors of 512 bytes."""
    return bytes(8) + codes.SECTORS.to_bytes(2, "big") + BLOCK_BYTES.to_bytes(2, "big") + bytes(10)


def _geometry(blocks: int) -> bytes:
    """Page 4: cylinders, heads, turns a minute."""
    cylinders = -(-blocks // (codes.HEADS * codes.SECTORS))
    return cylinders.to_bytes(3, "big") + bytes((codes.HEADS,)) + bytes(14) + codes.RPM.to_bytes(2, "big") + bytes(2)
