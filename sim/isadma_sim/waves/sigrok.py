"""Waveforms as a sigrok session (`.sr`): what a logic analyzer on the board would have seen, for PulseView."""

# Ref: sigrok wiki, "File format:Sigrok/v2" (sigrok.org/wiki/File_format:Sigrok/v2).

from __future__ import annotations

import zipfile
from pathlib import Path

__all__ = ["SigrokFile"]

#: Scopes below the top whose lines have pins, and beginnings of the names of those in the last one.
_PINS = {"": ("clk",), "cpu": ("",), "isa": ("",), "dma": ("drq", "dack")}
#: Raw bytes in a chunk.
_CHUNK = 1 << 20
#: The most samples for a time in which nothing moves: the format has no gaps.
_MOST_STILL = 1 << 20
#: What a chunk's raw bytes may take when packed: a bound for the size, far above what they do.
_PACKED = 4


class SigrokFile:
    """
    A session with two samples to a clock, so that each half of CLK is one.

    Lines inside the chips, and words, have no probe. A line that floats shows high. A long time in which nothing moves
    is cut short, for the format cannot leave a gap.

    Parameters
    ----------
    path
        The file.
    timescale
        Unit of the times, ``"1 ns"`` or ``"1 ps"``.
    start
        Time of the first sample.
    rate
        Samples a second.
    """

    def __init__(self, path: Path, timescale: str, start: int, rate: int) -> None:
        self._session = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._start, self._rate = start, rate
        self._per_second = {"1 ns": 10**9, "1 ps": 10**12}[timescale]
        self._probes: list[str] = []
        self._level = 0
        self._sample = 0
        self._chunks = 0
        self._written = 0
        self._pending = bytearray()
        self._closed = False

    def add(self, scope: str, name: str, width: int) -> tuple[int, int] | None:
        """Declare a line or a bus; None for what has no pin."""
        begins = _PINS.get(scope.partition(".")[2])
        if not width or begins is None or not name.startswith(begins):
            return None
        first = len(self._probes)
        spelt = name.removesuffix("_n").upper()
        mark = "#" if name.endswith("_n") else ""
        self._probes += [f"{spelt}{mark}"] if width == 1 else [f"{spelt}{bit}{mark}" for bit in range(width)]
        return first, width

    def change(self, handle: tuple[int, int] | None, time: int, value: int | str | None) -> None:
        """Record a change."""
        if handle is None or isinstance(value, str):
            return
        self._upto(time)
        first, width = handle
        mask = (1 << width) - 1
        self._level = self._level & ~(mask << first) | ((mask if value is None else value) & mask) << first

    def _upto(self, time: int) -> None:
        """Write the level for every sample before a time."""
        sample = round((time - self._start) * self._rate / self._per_second)
        count = sample - self._sample
        if count > 0:
            self._sample = sample
            one = self._level.to_bytes(self._unit, "little")
            left = min(count, _MOST_STILL)
            while left:
                now = min(left, _CHUNK // self._unit)
                self._pending += one * now
                left -= now
                if len(self._pending) >= _CHUNK:
                    self._flush()

    @property
    def _unit(self) -> int:
        return max(1, -(-len(self._probes) // 8))

    def _flush(self) -> None:
        if self._pending:
            self._chunks += 1
            name = f"logic-1-{self._chunks}"
            self._session.writestr(name, bytes(self._pending))
            self._written += self._session.getinfo(name).compress_size + 2 * len(name) + 100
            self._pending.clear()

    def size(self) -> int:
        """Bytes on the disk and, as yet unpacked, in memory."""
        if len(self._pending) > _CHUNK // 16:
            self._flush()
        return self._written + len(self._pending) // _PACKED

    def close(self, time: int) -> None:
        """End the session."""
        if self._closed:
            return
        self._closed = True
        try:
            self._upto(time)
            self._flush()
            lines = ["[global]", "sigrok version=0.5.2", "", "[device 1]", "capturefile=logic-1"]
            lines += [f"total probes={len(self._probes)}", f"samplerate={self._rate} Hz", "total analog=0"]
            lines += [f"probe{number}={name}" for number, name in enumerate(self._probes, start=1)]
            self._session.writestr("version", "2")
            self._session.writestr("metadata", "\n".join([*lines, f"unitsize={self._unit}", ""]))
        finally:
            self._session.close()
