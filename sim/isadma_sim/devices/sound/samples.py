"""Samples outside the card: what it played, as takes, and what it hears, as a tape; both are WAV files."""

from __future__ import annotations

import io
import struct
import sys
import wave
from array import array
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from isadma_sim.machine.checks import as_data, as_kind
from isadma_tools.files.regular import read_regular
from isadma_tools.files.whole import write_whole


@dataclass(frozen=True)
class Format:
    """How samples are laid out.

    Attributes
    ----------
    rate : Fraction
        Frames a second.
    bits : int
        8 or 16.
    channels : int
        1 or 2.
    signed : bool
        Whether zero is silence; unsigned samples are silent half way up.
    """

    rate: Fraction
    bits: int
    channels: int
    signed: bool

    @property
    def frame(self) -> int:
        """Bytes of one sample of each channel."""
        return self.bits // 8 * self.channels

    @property
    def silence(self) -> bytes:
        """A silent frame."""
        low = b"\0" * (self.bits // 8 - 1)
        return (low + (b"\0" if self.signed else b"\x80")) * self.channels

    def at(self, rate: Fraction) -> Format:
        """Return the same at another rate."""
        return self if rate == self.rate else replace(self, rate=rate)

    def alike(self, other: Format) -> bool:
        """Return whether samples of both lie in the same way, whatever their rates."""
        return (self.bits, self.channels, self.signed) == (other.bits, other.channels, other.signed)

    @property
    def wav(self) -> Format:
        """The same as WAV files have it: 8 bits are unsigned, 16 signed."""
        return Format(self.rate, self.bits, self.channels, self.bits == 16)


def converted(data: bytes | bytearray, old: Format, new: Format) -> bytes:
    """Return samples in another width, sign and number of channels; the rate is nobody's business here.

    Two channels become their mean, one becomes two alike; eight bits become the upper ones of sixteen.
    """
    if old.alike(new):
        return bytes(data)
    values = _values(data, old)
    if old.channels > new.channels:
        values = [(left + right) >> 1 for left, right in zip(values[::2], values[1::2], strict=True)]
    elif old.channels < new.channels:
        values = [value for value in values for _ in range(2)]
    if new.bits == 8:
        offset = 0 if new.signed else 0x80
        return bytes(((value >> 8) + offset) & 0xFF for value in values)
    offset = 0 if new.signed else 0x8000
    words = array("H", [(value + offset) & 0xFFFF for value in values])
    if sys.byteorder == "big":
        words.byteswap()
    return words.tobytes()


def _values(data: bytes | bytearray, form: Format) -> list[int]:
    """Whole samples as signed 16-bit numbers."""
    if form.bits == 8:
        offset = 0 if form.signed else 0x80
        return [(((byte - offset) + 0x80 & 0xFF) - 0x80) << 8 for byte in data]
    words = array("H", bytes(data[: len(data) // 2 * 2]))
    if sys.byteorder == "big":
        words.byteswap()
    offset = 0x8000 if form.signed else 0
    return [((word + offset) & 0xFFFF) - 0x8000 for word in words]


@dataclass
class Take:
    """What came out of the speakers in one format.

    Attributes
    ----------
    format : Format
        How `data` is laid out.
    data : bytearray
        The frames, one after the other.
    held : list of int
        Numbers of the frames that DMA did not bring: the one before, again, as it was late; or silence by command.
    """

    format: Format
    data: bytearray = field(default_factory=bytearray)
    held: list[int] = field(default_factory=list)

    @property
    def brought(self) -> bytes:
        """The frames without those that were held."""
        size, start, parts = self.format.frame, 0, []
        for number in self.held:
            parts.append(self.data[start : number * size])
            start = (number + 1) * size
        parts.append(self.data[start:])
        return b"".join(parts)

    def save(self, path: str | Path) -> None:
        """Write a WAV file: whole, or not at all.

        Raises
        ------
        OSError
            It cannot be written.
        """
        form = self.format.wav
        made = io.BytesIO()
        with wave.open(made, "wb") as file:
            file.setnchannels(form.channels)
            file.setsampwidth(form.bits // 8)
            file.setframerate(round(form.rate))
            file.writeframes(converted(self.data, self.format, form))
        write_whole(path, made.getvalue())


class Tape:
    """What the card hears when it records; silence after its end.

    Parameters
    ----------
    data : bytes
        Frames.
    form : Format
        How they are laid out.
    """

    def __init__(self, data: bytes, form: Format) -> None:
        as_kind("form {}: give a Format", form, Format)
        data = as_data("data {}: give frames", data)
        self._data = data[: len(data) // form.frame * form.frame]  # a file cut off ends inside a frame
        self.format = form
        self._position = Fraction(0)
        self._format: Format | None = None
        self._frames = b""

    @classmethod
    def open(cls, path: str | Path) -> Tape:
        """Read a WAV file.

        Raises
        ------
        ValueError
            It is no WAV file, or none of 8 or 16 bits and one or two channels.
        OSError
            It cannot be read.
        """
        try:
            with wave.open(io.BytesIO(read_regular(path)), "rb") as file:
                bits, channels = 8 * file.getsampwidth(), file.getnchannels()
                rate, data = file.getframerate(), file.readframes(file.getnframes())
        except (wave.Error, EOFError, RuntimeError, struct.error) as error:
            # `wave` ends in a bare RuntimeError where a chunk's length leads out of the file.
            reason = str(error) or "its chunks are damaged"
            raise ValueError(f"{path}: {reason}: give an uncompressed WAV file") from None
        if bits not in (8, 16) or channels not in (1, 2):
            raise ValueError(f"{path} has {bits} bits and {channels} channels: use 8 or 16 bits, and 1 or 2 channels")
        if rate < 1:
            raise ValueError(f"{path} has {rate} frames a second: give a WAV file with 1 or more")
        return cls(data, Format(Fraction(rate), bits, channels, bits == 16))

    def rewind(self) -> None:
        """Go back to the first frame."""
        self._position = Fraction(0)

    def next(self, form: Format) -> bytes:
        """Return the frame that is heard now, in another format, and let one sample time of that go by."""
        if self._format is None or form != self._format:
            as_kind("form {}: give a Format", form, Format)
            self._format = form
            self._frames = converted(self._data, self.format, form)
        start = int(self._position) * form.frame
        self._position += self.format.rate / form.rate
        return self._frames[start : start + form.frame] or form.silence
