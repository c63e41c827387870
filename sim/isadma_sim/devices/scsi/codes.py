"""Operation codes, status bytes and sense codes of a SCSI disk; no logic."""

# Ref: SCSI-2, X3.131-1994, chapters 7 (status), 8 (all devices, sense) and 9 (direct access).

from __future__ import annotations

from enum import IntEnum

#: Bytes of a block unless an image says otherwise.
BLOCK_BYTES = 512


class Scsi(IntEnum):
    """Operation codes a disk knows."""

    TEST_UNIT_READY = 0x00
    REZERO = 0x01
    REQUEST_SENSE = 0x03
    READ_6 = 0x08
    WRITE_6 = 0x0A
    SEEK_6 = 0x0B
    INQUIRY = 0x12
    MODE_SENSE_6 = 0x1A
    START_STOP = 0x1B
    READ_CAPACITY = 0x25
    READ_10 = 0x28
    WRITE_10 = 0x2A
    SEEK_10 = 0x2B
    VERIFY_10 = 0x2F
    SYNCHRONIZE_CACHE = 0x35


#: Bytes of a command block by group (bits 7-5 of its operation code).
GROUP_BYTES = {0: 6, 1: 10, 2: 10, 5: 12}


class ScsiStatus(IntEnum):
    """Status byte of a command."""

    GOOD = 0x00
    CHECK_CONDITION = 0x02


class Sense(IntEnum):
    """Sense key and additional sense code with its qualifier: KKAAQQh."""

    NONE = 0x000000
    MEDIUM_ERROR_WRITE = 0x030C00
    MEDIUM_ERROR_READ = 0x031100
    INVALID_OPCODE = 0x052000
    LBA_OUT_OF_RANGE = 0x052100
    INVALID_FIELD = 0x052400
    NO_SUCH_UNIT = 0x052500
    RESET_OCCURRED = 0x062900
    WRITE_PROTECTED = 0x072700
    MISCOMPARE = 0x0E1D00

    @property
    def key(self) -> int:
        """The sense key."""
        return self.value >> 16

    @property
    def code(self) -> int:
        """Additional sense code."""
        return self.value >> 8 & 0xFF


#: Sense data: response code (70h, and bit 7 where the information field is valid), bytes after the eighth, all.
SENSE_CURRENT, SENSE_VALID, SENSE_MORE, SENSE_BYTES = 0x70, 0x80, 10, 18
#: Offsets in it.
SENSE_KEY, SENSE_INFORMATION, SENSE_LENGTH, SENSE_CODE, SENSE_QUALIFIER = 2, 3, 7, 12, 13
#: INQUIRY: no such unit; SCSI-2; its response format; bytes of the answer, and those after the fifth.
NO_UNIT, ANSI_VERSION, RESPONSE_FORMAT, INQUIRY_BYTES, INQUIRY_MORE = 0x7F, 2, 2, 36, 31
VENDOR, PRODUCT, REVISION = b"ISADMA  ", b"DISK IMAGE      ", b"1.0 "
#: MODE SENSE: write protect in the device byte, no block descriptors, pages.
MODE_PROTECTED, MODE_NO_DESCRIPTOR = 0x80, 0x08
PAGE_MASK, PAGE_FORMAT, PAGE_GEOMETRY, PAGE_ALL = 0x3F, 0x03, 0x04, 0x3F
PAGE_CURRENT, PAGE_CHANGEABLE, PAGE_DEFAULT, PAGE_SAVED = 0, 1, 2, 3
#: A made-up geometry: heads, sectors of a track, turns a minute.
HEADS, SECTORS, RPM = 64, 32, 3600
#: VERIFY: compare with data; INQUIRY: vital product data.
BYTE_CHECK, VITAL_DATA = 0x02, 0x01
#: A six-byte READ or WRITE of 0 blocks moves this many.
BLOCKS_OF_ZERO = 256
