"""Files the command reads and writes: checked before the work starts, replaced whole when it is done."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError
from isadma_tools.files.regular import NotRegularError, open_regular, read_regular
from isadma_tools.files.whole import write_whole

__all__ = [
    "STDOUT",
    "check_output",
    "check_waves",
    "fill",
    "read_input",
    "reason",
    "same_file",
    "size_of",
    "temporary_folder",
    "write_atomically",
]

#: As an output file name: standard output.
STDOUT = Path("-")

#: The waveform formats, by ending.
WAVE_ENDINGS = (".vcd", ".fst", ".sr")


def reason(error: OSError) -> str:
    """Return the system's own words for an error, without errno or path."""
    return error.strerror or str(error)


def size_of(path: Path) -> int:
    """Return the size of a file that the user named, in bytes.

    Raises
    ------
    UsageError
        It is missing, or is no file: a directory, a pipe, a device.
    CommandError
        It exists and cannot be read.
    """
    with _naming(path):
        descriptor = open_regular(path)
    try:
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def read_input(path: Path, limit: int) -> bytes:
    """Read a whole file that the user named, but no more than `limit` bytes and one.

    Raises
    ------
    UsageError
        It is missing, or is no file: a directory, a pipe, a device.
    CommandError
        It exists and cannot be read.
    """
    with _naming(path):
        return read_regular(path, limit + 1)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn the system's errors on an input file into ours."""
    try:
        yield
    except FileNotFoundError:
        raise UsageError(f"no such file: '{path}'; check the name and the folder") from None
    except IsADirectoryError:
        raise UsageError(f"'{path}' is a folder; name a file in it") from None
    except NotRegularError as error:
        if path.is_dir():
            raise UsageError(f"'{path}' is a folder; name a file in it") from None
        raise UsageError(str(error)) from None
    except OSError as error:
        raise CommandError(f"cannot read '{path}': {reason(error)}; check its permissions") from None


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two names reach one file, through links too."""
    try:
        return one.samefile(other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)  # `resolve` stumbles over a loop of links


def check_output(path: Path, option: str, *, inputs: tuple[Path, ...] = (), pipes: bool = True) -> None:
    """Refuse an output file that cannot be written, before any work is done for it.

    Parameters
    ----------
    path
        The file named by the user. It may exist; then it is replaced.
    option
        How the user named it, for the message: ``-o``, ``--waves``.
    inputs
        Files of the same command which the output may not replace.
    pipes
        Whether it may be a named pipe.

    Raises
    ------
    UsageError
        The file is one of the inputs, or is a directory.
    CommandError
        Its folder does not exist or cannot be written.
    """
    for other in inputs:
        if same_file(path, other):
            raise UsageError(f"{option} '{path}' is '{other}' itself; name another file")
    if path.is_dir():
        raise UsageError(f"{option} '{path}' is a folder; name a file in it")
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if not isinstance(error, (FileNotFoundError, NotADirectoryError, PermissionError)):
            raise CommandError(f"cannot write '{path}': {reason(error)}; name another with {option}") from None
    else:
        if stat.S_ISSOCK(mode) or stat.S_ISBLK(mode) or (stat.S_ISFIFO(mode) and not pipes):
            raise UsageError(f"{option} '{path}' is no file; name a regular file")
    folder = path.parent
    if not folder.is_dir():
        raise CommandError(f"cannot write '{path}': there is no folder '{folder}'; create it or name another")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"cannot write '{path}': folder '{folder}' is not writable; name another with {option}")
    if path.exists() and not os.access(path, os.W_OK):
        raise CommandError(f"cannot write '{path}': it is read-only; name another file with {option}")


def check_waves(path: Path) -> None:
    """Refuse a waveform file whose ending names no format.

    Raises
    ------
    UsageError
        The ending is none of ``.vcd``, ``.fst`` and ``.sr``.
    """
    if path.suffix.lower() not in WAVE_ENDINGS:
        ending = f"ends in '{path.suffix}'" if path.suffix else "has no ending"
        raise UsageError(f"--waves '{path}' {ending}; the format goes by the ending: use .vcd, .fst or .sr")


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    A temporary file in the same folder is written, forced to disk, and renamed over `path`, so no reader ever
    meets half a file and a failure leaves the old one. A file that exists keeps its permissions, a link keeps
    pointing where it did, and a pipe's reader is waited for, ten seconds.

    Raises
    ------
    CommandError
        The system refused; the message has its reason.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        raise CommandError(f"cannot write '{path}': {reason(error)}; name another file") from None


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that goes at the end, for what is not the user's.

    Raises
    ------
    CommandError
        There is no place for one, or none left.
    """
    try:
        place = tempfile.TemporaryDirectory(prefix="isadma-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CommandError(f"no folder for temporary files: {reason(error)}; set TMPDIR to one") from None
    with place as name:
        yield Path(name)


def fill(path: Path, data: bytes) -> None:
    """Write a file in a temporary folder.

    Raises
    ------
    CommandError
        There is no room; the message names the folder.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        where = tempfile.gettempdir()
        raise CommandError(f"cannot write temporary files in '{where}': {reason(error)}; set TMPDIR") from None
