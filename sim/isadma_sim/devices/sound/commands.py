"""Every DSP command of every version: how many bytes follow it, and what it does here; no behaviour.

`docs/make_dsp_commands.py` makes the guide's table from this one.

# Ref: guide: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 6. firmware: the DSP 2.02's, as
#      disassembled in github.com/schlae/sb-firmware (sbv202.asm), which tells every code from its bits.
#      DOSBox-X: src/hardware/sblaster.cpp. 86Box: src/sound/snd_sb_dsp.c. list: the.earth.li/~tfm/oldpage/sb_dsp.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from isadma_sim.devices.sound.regs import Io

_NO_IO: Final = Io(0)


class Does(Enum):
    """What a command does; those of what is not modelled do `NOTHING`, and still take their bytes."""

    NOTHING = "nothing"
    TRANSFER = "transfer"  # `Entry.io`; counted: its own count, else that of 48h
    TRANSFER_AS_TOLD = "transfer as told"  # the same, with a byte of `IoMode` and a count
    DIRECT_OUT = "direct out"
    DIRECT_IN = "direct in"
    TIME_CONSTANT = "time constant"
    RATE = "rate"
    BLOCK_SIZE = "block size"
    SILENCE = "silence"
    PAUSE = "pause"
    GO_ON = "go on"
    LEAVE_AUTO = "leave auto-initialize"
    STAY_AUTO = "stay in auto-initialize"
    SPEAKER_ON = "speaker on"
    SPEAKER_OFF = "speaker off"
    SPEAKER_STATUS = "speaker status"
    INPUT_MONO = "input mono"
    INPUT_STEREO = "input stereo"
    INVERT = "invert"
    VERSION = "version"
    IDENTIFY = "identify by DMA"
    COPYRIGHT = "copyright"
    WRITE_TEST = "write test"
    READ_TEST = "read test"
    INTERRUPT = "interrupt"
    STATUS = "status"
    LAST_COMMAND = "last command"
    READ_RAM = "read RAM"
    WRITE_RAM = "write RAM"
    MIDI_WRITE = "MIDI write"
    MIDI_READ = "MIDI read"  # the next byte ends it, and is no command
    MIDI_UART = "MIDI UART"  # every byte until a reset goes to the wire
    DOWNLOAD = "download"  # so many bytes as its parameters say follow
    LOAD_SAMPLES = "load samples"  # the same, counted in its own way
    HALT = "halt"  # until a reset


@dataclass(frozen=True)
class Entry:
    """One command.

    Attributes
    ----------
    does : Does
        What it does here.
    parameters : int
        Bytes that follow it.
    what : str
        The same in words, for the table in the guide.
    source : str
        Where that is from; "choice" where nothing tells.
    bits : int
        Width of the stream it is about, 8 or 16.
    io : Io
        Of a transfer: direction, whether blocks repeat, FIFO.
    counted : bool
        Of a transfer: whether its parameters are the count.
    fast : bool
        Of a transfer: high-speed mode, in which the DSP hears no command.
    answer : bytes
        What it says, where that is always the same.
    """

    does: Does
    parameters: int = 0
    what: str = ""
    source: str = ""
    bits: int = 8
    io: Io = _NO_IO
    counted: bool = False
    fast: bool = False
    answer: bytes = field(default=b"")

    @property
    def starts_dma(self) -> bool:
        """Whether it makes the card request DMA."""
        return self.does in (Does.TRANSFER, Does.TRANSFER_AS_TOLD, Does.IDENTIFY)


#: A code that no source gives a meaning.
UNKNOWN: Final = Entry(Does.NOTHING, 0, "no command", "choice")
Rows = dict[int, Entry]


def _rows(codes: int | Iterable[int], entry: Entry) -> Rows:
    return dict.fromkeys((codes,) if isinstance(codes, int) else codes, entry)


def _table(*rows: Rows) -> tuple[Entry, ...]:
    """Return all 256; later rows replace earlier ones."""
    known: Rows = {}
    for row in rows:
        known |= row
    return tuple(known.get(code, UNKNOWN) for code in range(256))


def _adpcm(codes: int | Iterable[int], parameters: int, source: str) -> Rows:
    return _rows(codes, Entry(Does.NOTHING, parameters, "ADPCM: not there", source))


_GUIDE, _FIRMWARE = "guide", "firmware"
_PLAY = Entry(Does.TRANSFER, 2, "plays a block", _GUIDE, io=Io.FIFO, counted=True)
_RECORD = Entry(Does.TRANSFER, 2, "records a block", _GUIDE, io=Io.FIFO | Io.INPUT, counted=True)
_PLAY_AUTO = Entry(Does.TRANSFER, 0, "plays blocks of 48h", _GUIDE, io=Io.FIFO | Io.AUTO)
_RECORD_AUTO = Entry(Does.TRANSFER, 0, "records blocks of 48h", _GUIDE, io=Io.FIFO | Io.AUTO | Io.INPUT)
_MIDI_READ = Entry(Does.MIDI_READ, 0, "MIDI input: the next byte ends it", _FIRMWARE)
_MIDI_UART = Entry(Does.MIDI_UART, 0, "MIDI both ways: no command until a reset", _FIRMWARE)
_SINE = Entry(Does.NOTHING, 0, "sine wave: not there", _FIRMWARE)
_CHECKSUM = Entry(Does.NOTHING, 0, "checksum of the ROM", "firmware; the value: choice", answer=b"\0\0")
_RAM_TEST = Entry(Does.NOTHING, 0, "test of the RAM: passed", _FIRMWARE, answer=b"\0")

#: What every version has.
_FIRST: Final[Rows] = {
    **_rows(0x10, Entry(Does.DIRECT_OUT, 1, "one sample to the converter", _GUIDE)),
    **_rows(0x14, _PLAY),
    **_adpcm((0x16, 0x17), 2, _GUIDE),
    **_rows(0x20, Entry(Does.DIRECT_IN, 0, "answers one sample", _GUIDE)),
    **_rows(0x24, _RECORD),
    **_rows(range(0x30, 0x34), _MIDI_READ),
    **_rows(0x38, Entry(Does.MIDI_WRITE, 1, "MIDI output of a byte", _GUIDE)),
    **_rows(0x40, Entry(Does.TIME_CONSTANT, 1, "sets the time constant", _GUIDE)),
    **_adpcm(range(0x74, 0x78), 2, _GUIDE),
    **_rows(0x80, Entry(Does.SILENCE, 2, "silence of so many samples", _GUIDE)),
    **_rows(0xD0, Entry(Does.PAUSE, 0, "pauses the 8-bit stream", _GUIDE)),
    **_rows(0xD1, Entry(Does.SPEAKER_ON, 0, "speaker on", _GUIDE)),
    **_rows(0xD3, Entry(Does.SPEAKER_OFF, 0, "speaker off", _GUIDE)),
    **_rows(0xD4, Entry(Does.GO_ON, 0, "goes on after D0h", _GUIDE)),
    **_rows(0xE1, Entry(Does.VERSION, 0, "answers the version", _GUIDE)),
    **_rows(0xE2, Entry(Does.IDENTIFY, 1, "identifies itself: a byte by DMA to memory", _FIRMWARE)),
    **_rows(0xF0, _SINE),
    **_rows(0xF2, Entry(Does.INTERRUPT, 0, "raises the 8-bit interrupt", _FIRMWARE)),
    **_rows(0xF4, _CHECKSUM),
    **_rows(0xF8, _RAM_TEST),
}
#: What came with DSP 2.00.
_SECOND: Final[Rows] = {
    **_rows(0x04, Entry(Does.STATUS, 0, "answers what it does", _FIRMWARE)),
    **_rows(0x1C, _PLAY_AUTO),
    **_adpcm(0x1F, 0, _GUIDE),
    **_rows(0x2C, _RECORD_AUTO),
    **_rows(range(0x34, 0x38), _MIDI_UART),
    **_rows(0x48, Entry(Does.BLOCK_SIZE, 2, "sets the size of blocks", _GUIDE)),
    **_adpcm((0x7D, 0x7F), 0, _GUIDE),
    **_rows(0xD8, Entry(Does.SPEAKER_STATUS, 0, "answers FFh: speaker on, 00h: off", _GUIDE)),
    **_rows(0xDA, Entry(Does.LEAVE_AUTO, 0, "the present 8-bit block is the last", _GUIDE)),
    **_rows(0xE0, Entry(Does.INVERT, 1, "answers the byte inverted", _FIRMWARE)),
    **_rows(0xE4, Entry(Does.WRITE_TEST, 1, "writes the test register", _FIRMWARE)),
    **_rows(0xE8, Entry(Does.READ_TEST, 0, "answers the test register", _FIRMWARE)),
    **_rows(
        0xF1, Entry(Does.NOTHING, 0, "answers pins of the processor", "firmware; the value: choice", answer=b"\x12")
    ),
}


def _fast(auto: str, single: str, source: str, *, fast: bool) -> Rows:
    """Return 90h, 91h, 98h and 99h, which have no count of their own."""
    rows: Rows = {}
    for code, verb, io in ((0x90, "plays", Io.FIFO), (0x98, "records", Io.FIFO | Io.INPUT)):
        rows[code] = Entry(Does.TRANSFER, 0, f"{verb} blocks of 48h{auto}", source, io=io | Io.AUTO, fast=fast)
        rows[code + 1] = Entry(Does.TRANSFER, 0, f"{verb} a block of 48h{single}", source, io=io, fast=fast)
    return rows


_HIGH_SPEED: Final = _fast(", high-speed until a reset", ", high-speed to its end", "guide, firmware", fast=True)


def _decoded() -> Rows:
    """Return DSP 2.02's codes as its firmware decodes them: few of their bits count."""
    status, block, constant = _SECOND[0x04], _SECOND[0x48], _FIRST[0x40]
    load = Entry(Does.LOAD_SAMPLES, 4, "loads samples, that follow: plays none", _FIRMWARE)
    return {
        **_rows(range(0x04, 0x08), status),
        **_rows(range(0x08, 0x10), Entry(Does.HALT, 0, "stops the DSP until a reset", _FIRMWARE)),
        **_rows(range(0x10, 0x14), _FIRST[0x10]),
        **_rows((0x14, 0x15), _PLAY),
        **_adpcm((0x16, 0x17), 2, _FIRMWARE),
        **_rows((0x18, 0x19, 0x1C, 0x1D), _PLAY_AUTO),
        **_adpcm((0x1A, 0x1B, 0x1E, 0x1F), 0, _FIRMWARE),
        **_rows(range(0x20, 0x24), _FIRST[0x20]),
        **_rows(range(0x24, 0x28), _RECORD),
        **_rows(range(0x28, 0x30), _RECORD_AUTO),
        **_rows(range(0x38, 0x40), _FIRST[0x38]),
        **_rows(range(0x40, 0x48), constant),
        **_rows(range(0x48, 0x50), block),
        **_rows(range(0x50, 0x58), Entry(Does.NOTHING, 0, "loaded samples: not there", _FIRMWARE)),
        **_rows(range(0x58, 0x60), load),
        **_adpcm((*range(0x70, 0x74), *range(0x78, 0x80)), 0, _FIRMWARE),
        **_adpcm(range(0x74, 0x78), 2, _FIRMWARE),
        **_rows(range(0x80, 0x90), _FIRST[0x80]),
        **{code: _HIGH_SPEED[0x90 | code & 0x09] for code in range(0x90, 0xA0)},
        **_rows((0xD0, 0xD2), _FIRST[0xD0]),
        **_rows((*range(0xD4, 0xD8), *range(0xDC, 0xE0)), _FIRST[0xD4]),
        **_rows((0xD8, 0xD9), _SECOND[0xD8]),
        **_rows((0xDA, 0xDB), _SECOND[0xDA]),
        **_rows((0xE2, 0xE3), _FIRST[0xE2]),
        **_rows(range(0xE4, 0xE8), _SECOND[0xE4]),
        **_rows(range(0xE8, 0xF0), _SECOND[0xE8]),
        **_rows((0xF2, 0xF3), _FIRST[0xF2]),
        **_rows(range(0xF4, 0xF8), _CHECKSUM),
        **_rows(range(0xF8, 0x100), _RAM_TEST),
    }


def _sixteen() -> Rows:
    """Return what DSP 4 has beyond, or in other ways."""
    rows: Rows = {
        **_rows(0x01, Entry(Does.DOWNLOAD, 2, "code for the signal processor, that follows", "86Box")),
        **_rows(0x03, Entry(Does.NOTHING, 0, "signal processor: status", "86Box", answer=b"\0")),
        **_rows(0x04, Entry(Does.NOTHING, 1, "signal processor: mode", "86Box, DOSBox-X")),
        **_rows(0x05, Entry(Does.NOTHING, 2, "signal processor: parameter", "86Box, DOSBox-X")),
        **_rows(0x08, Entry(Does.NOTHING, 1, "signal processor: version; there is none", "DOSBox-X", answer=b"\xff")),
        **_rows(0x0E, Entry(Does.NOTHING, 2, "signal processor: writes a register", "86Box, DOSBox-X")),
        **_rows(0x0F, Entry(Does.NOTHING, 1, "signal processor: reads a register", "86Box; choice", answer=b"\xff")),
        **_rows(0x15, Entry(Does.TRANSFER, 2, "plays a block", "DOSBox-X", io=Io.FIFO, counted=True)),
        **_rows((0x41, 0x42), Entry(Does.RATE, 2, "sets the rate, high byte first", _GUIDE)),
        **_fast("", "", "DOSBox-X", fast=False),
        **_rows(0xE3, Entry(Does.COPYRIGHT, 0, "answers the copyright", "DOSBox-X")),
        **_rows(0xF9, Entry(Does.READ_RAM, 1, "answers a byte of the processor's RAM", "86Box, DOSBox-X")),
        **_rows(0xFA, Entry(Does.WRITE_RAM, 2, "writes a byte of the processor's RAM", "86Box, DOSBox-X")),
        **_rows((0xFB, 0xFC), Entry(Does.NOTHING, 0, "answers a status", "list; the value: choice", answer=b"\0")),
        **_rows(0xFD, Entry(Does.LAST_COMMAND, 0, "answers the command before", "list; the value: choice")),
    }
    for bits, first in ((16, 0xB0), (8, 0xC0)):
        for low in range(16):
            io = Io(low & (Io.FIFO | Io.AUTO | Io.INPUT))
            verb = "records" if io & Io.INPUT else "plays"
            blocks = "blocks" if io & Io.AUTO else "a block"
            what = f"{verb} {blocks} of {bits} bits, {'FIFO' if io & Io.FIFO else 'no FIFO'}"
            source = "choice: as without bit 0" if low & 1 else _GUIDE
            rows[first | low] = Entry(Does.TRANSFER_AS_TOLD, 3, what, source, bits=bits, io=io)
    words = {0xD5: _FIRST[0xD0], 0xD6: _FIRST[0xD4], 0xD9: _SECOND[0xDA], 0xF3: _FIRST[0xF2]}
    for code, like in words.items():
        what = like.what.replace("8-bit", "16-bit").replace("D0h", "D5h")
        rows[code] = Entry(like.does, 0, what, _GUIDE if code < 0xF0 else "86Box, DOSBox-X", bits=16)
    for code, bits in ((0x45, 8), (0x47, 16)):
        rows[code] = Entry(Does.STAY_AUTO, 0, f"takes back {'DAh' if bits == 8 else 'D9h'}, goes on", _GUIDE, bits=bits)
    return rows


_PRO: Final[Rows] = {
    **_rows(range(0x41, 0x48), Entry(Does.TIME_CONSTANT, 1, "sets the time constant", "DOSBox-X")),
    **_rows(0xA0, Entry(Does.INPUT_MONO, 0, "records mono", _GUIDE)),
    **_rows(0xA8, Entry(Does.INPUT_STEREO, 0, "records stereo", _GUIDE)),
}

#: All 256 commands of each version of the DSP.
COMMANDS: Final[dict[tuple[int, int], tuple[Entry, ...]]] = {
    (1, 5): _table(_FIRST),
    (2, 1): _table(_FIRST, _SECOND, _HIGH_SPEED, _decoded()),
    (3, 2): _table(_FIRST, _SECOND, _HIGH_SPEED, _PRO),
    (4, 5): _table({code: entry for code, entry in _FIRST.items() if code not in (0xF4, 0xF8)}, _SECOND, _sixteen()),
}
