"""Reads sigrok sessions (`.sr`): a zip with a list of probes and the samples in one or many chunks."""

# Ref: sigrok wiki, "File format:Sigrok/v2" (sigrok.org/wiki/File_format:Sigrok/v2).

from __future__ import annotations

import configparser
import errno
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.readers.block import BLOCK, Block, words

__all__ = ["SigrokFile"]

_UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9}
#: No analyzer has more: a larger number is a damaged file.
_MOST_BYTES = 64
#: What a zip raises whose end is right and whose inside is not: OSError where a place in it is none.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, OSError)
_METADATA_LIMIT = 1 << 20


class SigrokFile:
    """
    A sigrok session of version 2.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CaptureError
        It is cut off, has no logic samples, or is no session.
    OSError
        It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as session:
                text = self._metadata(session)
                self._open(session, text)
        except zipfile.BadZipFile:
            raise CaptureError(
                f"'{path}' is cut off, or no sigrok session: its zip has no end; save it again"
            ) from None

    def _metadata(self, session: zipfile.ZipFile) -> str:
        if "metadata" not in session.namelist():
            raise CaptureError(f"'{self.path}' has no 'metadata' in it: no sigrok session")
        with self._unpacking("metadata"), session.open("metadata") as file:
            return file.read(_METADATA_LIMIT).decode("utf-8", "replace")

    @contextmanager
    def _unpacking(self, entry: str) -> Iterator[None]:
        """Turn what a zip that is damaged inside raises into one line."""
        try:
            yield
        except _DAMAGED as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise
            raise CaptureError(f"'{self.path}' is damaged: '{entry}' does not unpack; save it again") from None

    def _open(self, session: zipfile.ZipFile, text: str) -> None:
        config = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            config.read_string(text)
            device = config["device 1"]
            self.unit = int(device["unitsize"])
            name = device.get("capturefile", "logic-1")
            count = int(device.get("total probes", str(8 * self.unit)))
        except (configparser.Error, KeyError, ValueError):
            raise CaptureError(f"'{self.path}' does not say what its samples are: no logic session") from None
        if not 1 <= self.unit <= _MOST_BYTES:
            raise CaptureError(f"'{self.path}' says that a sample has {self.unit} bytes: 1 to {_MOST_BYTES} can be")
        self.probes = [device.get(f"probe{n}", f"probe{n}") for n in range(1, min(count, 8 * self.unit) + 1)]
        self.rate = _rate(device.get("samplerate", ""))
        chunk = re.compile(re.escape(name) + r"(?:-(\d+))?$")
        found = [(int(at[1] or 0), entry) for entry in session.namelist() if (at := chunk.match(entry))]
        self._chunks = [entry for _, entry in sorted(found)]
        if not any(session.getinfo(entry).file_size for entry in self._chunks):
            raise CaptureError(f"'{self.path}' has no samples: the capture has length zero")

    def blocks(self) -> Iterator[Block]:
        """Read the levels, a few megabytes at a time."""
        left = b""
        for data in self._data():
            left += data
            if len(left) >= BLOCK * self.unit:
                whole = len(left) - len(left) % self.unit
                yield self._block(left[:whole])
                left = left[whole:]
        over = len(left) % self.unit
        if len(left) > over:
            yield self._block(left[: len(left) - over])
        if over:
            raise CaptureError(f"'{self.path}' is cut off in the middle of a sample: {over} of {self.unit} bytes")

    def _block(self, data: bytes) -> Block:
        return Block(words(np.frombuffer(data, np.uint8).reshape(-1, self.unit)))

    def _data(self) -> Iterator[bytes]:
        with zipfile.ZipFile(self.path) as session:
            for entry in self._chunks:
                with self._unpacking(entry), session.open(entry) as file:
                    while data := file.read(BLOCK * self.unit):
                        yield data


def _rate(text: str) -> float | None:
    found = re.fullmatch(r"\s*([0-9.]+)\s*([kKMG]?)(?:Hz)?\s*", text)
    return float(found[1]) * _UNITS[found[2].upper()] if found and float(found[1]) > 0 else None
