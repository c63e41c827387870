"""Waveform files behind one small interface: VCD by pyvcd, FST by GTKWave's own writer, sigrok sessions."""

# Ref: IEEE 1364-2005, clause 18 (VCD); GTKWave 3.3 user's guide, "String variables".

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from vcd.writer import VCDWriter

from isadma_sim.waves.fstblocks import is_complete
from isadma_sim.waves.sigrok import SigrokFile


class WaveFile(Protocol):
    """One dump being written. Values are ints, None (floating) or, for width 0, strings without blanks."""

    def add(self, scope: str, name: str, width: int) -> Any:
        """Declare a variable (width 0: a string) before the first change; returns its handle."""
        ...

    def change(self, handle: Any, time: int, value: int | str | None) -> None:
        """Record a change; times never go back."""
        ...

    def size(self) -> int:
        """Bytes on the disk so far, about."""
        ...

    def close(self, time: int) -> None:
        """Write what is left; `time` is the end of the dump. OSError where it did not all reach the file."""
        ...


def full_name(name: str, width: int) -> str:
    """Return the name with its bit range, as both formats and GTKWave spell it."""
    return f"{name} [{width - 1}:0]" if width > 1 else name


class VcdFile:
    """Value change dump, text."""

    def __init__(self, path: Path, timescale: str, start: int) -> None:
        self._file = open(path, "w", encoding="ascii", newline="\n")  # noqa: SIM115 - closed by close()
        self._writer = VCDWriter(
            self._file, timescale=timescale, version="isadma", check_values=False, init_timestamp=start
        )
        self._widths: dict[Any, int] = {}

    def add(self, scope: str, name: str, width: int) -> Any:
        """Declare a variable."""
        if width:
            handle = self._writer.register_var(scope, full_name(name, width), "wire", size=width, init="x")
        else:
            handle = self._writer.register_var(scope, name, "string", init="-")
        return handle

    def change(self, handle: Any, time: int, value: int | str | None) -> None:
        """Record a change."""
        self._writer.change(handle, time, "z" if value is None else value)

    def size(self) -> int:
        """Bytes written."""
        return self._file.tell()

    def close(self, time: int) -> None:
        """End the dump."""
        try:
            self._writer.close(time)
        finally:
            self._file.close()


#: Bytes of changes after which a block is compressed and written when the size is asked for.
_FST_BLOCK = 1 << 20


#: What the library keeps in mapped temporary files, at least, in bytes.
_FST_ROOM = 1 << 20
#: Where it has them: the C library's `tmpfile` knows no TMPDIR.
_FST_PLACE = "/tmp"


def check_fst_room() -> None:
    """Raise OSError where the library's temporary files have no room: it maps them, and would end by SIGBUS."""
    with suppress(ImportError, AttributeError, FileNotFoundError):  # a system without one of these is not asked
        import resource

        most = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
        if most != resource.RLIM_INFINITY and most < _FST_ROOM:
            raise OSError(errno.EFBIG, f"files of {most} bytes are too small for the FST library: use .vcd")
        place = os.statvfs(_FST_PLACE)
        if place.f_bavail * place.f_frsize < _FST_ROOM:
            raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)} in {_FST_PLACE}, which the FST library needs")


class FstFile:
    """Fast signal trace, compressed binary."""

    def __init__(self, path: Path, timescale: str, start: int) -> None:
        from pylibfst import ffi, lib  # a compiled library: only an FST pays for loading it

        self._ffi, self._lib = ffi, lib
        check_fst_room()
        # The library reports no reason of its own: this open raises the system's. It also begins by removing what has
        # the name, which must never be a device.
        with open(path, "ab") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(errno.EINVAL, "an FST goes to a regular file: name one, or use .vcd", str(path))
        self._path = path
        self._context = lib.fstWriterCreate(str(path).encode(), 1)
        if self._context == ffi.NULL:
            raise OSError(f"cannot write {path}")
        lib.fstWriterSetTimescaleFromString(self._context, timescale.replace(" ", "").encode())
        lib.fstWriterSetVersion(self._context, b"isadma")
        self._scope: list[str] = []
        self._time = start
        self._started = False
        self._vars: dict[int, int] = {}
        self._pending = 0  # bytes given to the library since it last wrote

    def _enter(self, scope: str) -> None:
        wanted = scope.split(".") if scope else []
        common = 0
        while common < min(len(wanted), len(self._scope)) and wanted[common] == self._scope[common]:
            common += 1
        for _ in self._scope[common:]:
            self._lib.fstWriterSetUpscope(self._context)
        for name in wanted[common:]:
            self._lib.fstWriterSetScope(self._context, self._lib.FST_ST_VCD_MODULE, name.encode(), self._ffi.NULL)
        self._scope = wanted

    def add(self, scope: str, name: str, width: int) -> int:
        """Declare a variable."""
        self._enter(scope)
        kind = self._lib.FST_VT_VCD_WIRE if width else self._lib.FST_VT_GEN_STRING
        handle: int = self._lib.fstWriterCreateVar(
            self._context, kind, self._lib.FST_VD_IMPLICIT, max(width, 1), full_name(name, width).encode(), 0
        )
        self._vars[handle] = width
        return handle

    def change(self, handle: int, time: int, value: int | str | None) -> None:
        """Record a change."""
        lib, context = self._lib, self._context
        if time != self._time or not self._started:
            self._started = True
            self._time = time
            lib.fstWriterEmitTimeChange(context, time)
        width = self._vars[handle]
        self._pending += max(width, 8)
        if isinstance(value, str):
            lib.fstWriterEmitVariableLengthValueChange(context, handle, value.encode(), len(value))
        else:
            text = "z" * width if value is None else f"{value:0{width}b}"
            lib.fstWriterEmitValueChange(context, handle, text.encode())

    def calls(self) -> dict[str, Any]:
        """Return the library's calls as addresses, and where it is: fields of the native engine's ``isadma_dump``."""
        ffi, lib = self._ffi, self._lib

        def address(of: Any) -> int:
            return int(ffi.cast("uintptr_t", of))

        return {
            "context": address(self._context),
            "emit_time": address(ffi.addressof(lib, "fstWriterEmitTimeChange")),
            "emit_value": address(ffi.addressof(lib, "fstWriterEmitValueChange")),
            "emit_text": address(ffi.addressof(lib, "fstWriterEmitVariableLengthValueChange")),
            "flush": address(ffi.addressof(lib, "fstWriterFlushContext")),
            "path": os.fsencode(self._path),
            "block": _FST_BLOCK,
            "time": self._time,
            "started": self._started,
            "pending": self._pending,
        }

    def came_to(self, time: int, started: bool, pending: int) -> None:
        """Go on after somebody who wrote by `calls`."""
        self._time, self._started, self._pending = time, started, pending

    def size(self) -> int:
        """Bytes on the disk and, as yet uncompressed, in memory."""
        if self._pending > _FST_BLOCK:
            self._pending = 0
            self._lib.fstWriterFlushContext(self._context)
        return self._path.stat().st_size + self._pending

    def close(self, time: int) -> None:
        """End the dump."""
        if self._context is not None:
            if time > self._time or not self._started:
                self._lib.fstWriterEmitTimeChange(self._context, time)
            self._enter("")
            self._lib.fstWriterClose(self._context)
            self._context = None
            check_fst_room()
            if not is_complete(self._path):  # the library does not look whether what it writes is taken
                raise OSError(errno.ENOSPC, "the file did not take all of it", str(self._path))


#: By ending, from path, unit of times, first time and half clocks a second.
FORMATS: dict[str, Callable[[Path, str, int, int], WaveFile]] = {
    ".vcd": lambda path, timescale, start, rate: VcdFile(path, timescale, start),
    ".fst": lambda path, timescale, start, rate: FstFile(path, timescale, start),
    ".sr": SigrokFile,
}


def open_wave_file(
    path: str | Path, timescale: str, start: int, *, rate: int = 0, ending: str | None = None
) -> WaveFile:
    """Start a dump in the format of the file's ending.

    Parameters
    ----------
    path : str or Path
        Ends in ``.vcd``, ``.fst`` or ``.sr``.
    ending : str or None
        The ending that counts, for a file under another name until it is complete.
    timescale : str
        Unit of all times (``"1 ns"``).
    start : int
        Time of the first change.
    rate : int
        Half clocks a second, for a format of samples.

    Raises
    ------
    ValueError
        For any other ending.
    OSError
        When the file cannot be written.
    """
    path = Path(path)
    return FORMATS[format_of(path) if ending is None else ending](path, timescale, start, rate)


def format_of(path: Path) -> str:
    """Return the ending, a key of `FORMATS`; raises ValueError for any other."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise ValueError(
            f"{' '.join(str(path).split())[-120:]}: a waveform file ends in {', '.join(FORMATS)}: its format"
        )
    return ending
