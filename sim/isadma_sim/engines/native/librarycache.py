"""Built libraries in the user's cache: found, judged, and loaded as the very bytes that were judged."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from isadma_sim.engines.base import EngineError
from isadma_tools.cache.folders import CacheError, private_folder, trouble
from isadma_tools.cache.trust import objection, objection_to
from isadma_tools.files.whole import on_disk
from isadma_tools.messages.say import say
from isadma_tools.toolchain import ToolFailedError, ToolMissingError

__all__ = ["CACHE", "Library", "cached_library"]

#: Environment variable that names the cache folder.
CACHE = "ISADMA_CACHE"
#: Seconds to wait for another process that builds the same library.
_BUILD_TIMEOUT = 600
#: Largest library that is taken for one, in bytes: those that are built have some 100,000.
_LARGEST = 64 << 20
#: A library that nobody has used for this long goes when another one is built, in seconds.
_UNUSED = 30 * 86400.0
#: What is ours in a folder that may have other files: a word, a hash, and one of these endings.
_OURS = re.compile(r"[a-z][a-z0-9_-]*-[0-9a-f]{16,64}\.((so|wasm)(\.sha256)?|lock)")
#: What a WebAssembly module begins with: its magic number, and version 1.
_WASM = b"\0asm\1\0\0\0"
#: Ending of the file beside a library that has its SHA-256, as ``sha256sum -c`` reads it.
_SUM = ".sha256"


@dataclass(frozen=True)
class Library:
    """A library that was found good.

    Attributes
    ----------
    path : Path
        Where it is kept.
    loads : str
        What to give to the system's loader: a copy in memory that nobody can change any more, where the system has
        such copies; else its path.
    """

    path: Path
    loads: str


_NO_SURPRISE = sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))

#: Copies in memory by digest; their descriptors stay open, because the loader takes a name it knows for the same file.
_copies: dict[str, str] = {}


def cached_library(name: str, build: Callable[[Path], Path], *, ending: str = ".so") -> Library:
    """
    Return a library, building it first where the cache has none that is whole, and trusted, and loads.

    Nothing is loaded from a folder, or out of a file, that another user could have written: such a cache is said not
    to be used, and a private folder is. A cache that cannot be written is used for what it has.

    Parameters
    ----------
    name
        Its file name without the ending: says what it is, and has the hash of all that decides what it does.
    build
        Makes it in the folder it is given, and returns its path there; the folder goes afterwards.
    ending
        ``".so"`` for the system's loader, or ``".wasm"`` for a browser's.

    Raises
    ------
    EngineError
        What `build` raises, another process did not finish its build in time, or there is no folder to write to.
    """
    chosen = _chosen_folder()
    reason = "there is no home folder" if chosen is None else None
    if chosen is not None:
        found = _found(chosen / f"{name}{ending}")
        if found is not None:
            return found
        reason = trouble(chosen)
        if reason is None:
            return _built(chosen / f"{name}{ending}", build)
    try:
        folder = private_folder(CACHE, where=tempfile.gettempdir)
    except CacheError as error:
        raise EngineError(f"cannot use the cache '{chosen}': {reason}; {error}") from None
    say(f"cannot use the cache '{chosen}': {reason}; using '{folder}', set {CACHE} to choose another")
    return _found(folder / f"{name}{ending}") or _built(folder / f"{name}{ending}", build)


def _chosen_folder() -> Path | None:
    """Return the folder that was chosen, else the user's cache folder; None where there is no home."""
    chosen = os.environ.get(CACHE)
    if chosen:
        return Path(chosen).absolute()
    folder = user_cache_path("isadma")
    return folder if folder.is_absolute() else None


def _found(path: Path) -> Library | None:
    """Return the library that is there, or None: it is not whole, not to be trusted, or does not load."""
    try:
        if objection(path.parent) is not None:
            return None  # whoever builds says so
        said = objection_to(path, os.lstat(path)) if hasattr(os, "getuid") else None
        if said is not None:
            say(f"not loading '{path}': {said}; building it anew")
            return None
        data = _read(path)
    except OSError:
        return None
    if data is None:
        return None
    library = Library(path, _loadable(path, data))
    if not _is_good(library):
        return None
    with suppress(OSError):  # what is used stays; a cache that cannot be written is not tidied either
        os.utime(path)
    return library


def _read(path: Path) -> bytes | None:
    """Read a library once, of a file that is this user's or root's; None where it is not what its sum says."""
    # No link, and no pipe that somebody would have to open at its other end.
    descriptor = os.open(path, os.O_RDONLY | _NO_SURPRISE)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return None
        if hasattr(os, "getuid") and objection_to(path, status) is not None:
            return None
        data = file.read(_LARGEST)
    wanted = path.with_name(path.name + _SUM).read_text(encoding="ascii", errors="replace").partition(" ")[0]
    return data if hashlib.sha256(data).hexdigest() == wanted else None


def _loadable(path: Path, data: bytes) -> str:
    """Return a name under which the loader finds these bytes, whatever becomes of the file."""
    digest = hashlib.sha256(data).hexdigest()
    if digest in _copies:
        return _copies[digest]
    try:
        import fcntl

        descriptor = os.memfd_create(path.name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    except (ImportError, AttributeError, OSError):
        # No Linux: the folder is nobody else's, and the file was whole a moment ago.
        return str(path)
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    _copies[digest] = f"/proc/self/fd/{descriptor}"
    return _copies[digest]


def _is_good(library: Library) -> bool:
    if library.path.suffix == ".wasm":
        with open(library.loads, "rb") as file:
            return file.read(len(_WASM)) == _WASM
    try:
        ctypes.CDLL(library.loads)
    except OSError:
        return False
    return True


# ---------------------------------------------------------------- building
def _built(path: Path, build: Callable[[Path], Path]) -> Library:
    """Build a library unless another process just did; one at a time."""
    lock = path.with_suffix(".lock")
    way_out = f"remove it, or set {CACHE} to another folder"
    try:
        status = os.lstat(lock) if os.path.lexists(lock) else None
        if status is not None and not stat.S_ISREG(status.st_mode):
            raise EngineError(f"the cache's lock '{lock}' is no file: {way_out}")
        # The system lets go of this lock when its holder dies, so a killed build holds nobody up.
        holder = FileLock(str(lock))
        try:
            holder.acquire(timeout=0)
        except Timeout:
            say(f"another process builds {path.name}: waiting for it, up to {_BUILD_TIMEOUT} s")
            holder.acquire(timeout=_BUILD_TIMEOUT)
    except Timeout as error:
        raise EngineError(
            f"another process has been building {path} for {_BUILD_TIMEOUT} s: end it, or wait"
        ) from error
    except OSError as error:
        raise EngineError(f"cannot take the cache's lock '{lock}' ({error.strerror or error}): {way_out}") from None
    try:
        return _found(path) or _build(build, path)
    except OSError as error:
        raise EngineError(
            f"cannot write the cache '{path.parent}' ({error.strerror or error}): make room, or set {CACHE} to another"
            " folder"
        ) from error
    except (ToolFailedError, ToolMissingError) as error:
        raise EngineError(str(error)) from error
    finally:
        holder.release()


def _build(build: Callable[[Path], Path], path: Path) -> Library:
    prefix = f"{path.stem}.build-"
    for left_by_a_killed_build in path.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_by_a_killed_build, ignore_errors=True)
    _tidy(path.parent)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=path.parent, ignore_cleanup_errors=True) as name:
        made = build(Path(name))
        data = made.read_bytes()
        library = Library(path, _loadable(made, data))
        if not _is_good(library):
            raise EngineError(f"what the compiler made of {path.stem} is no library that loads: set CXX to another one")
        summary = made.with_name(made.name + _SUM)
        summary.write_text(f"{hashlib.sha256(data).hexdigest()}  {path.name}\n", encoding="ascii")
        # A library without its sum is none, so the order does not matter: only that both are whole.
        for file, final in ((made, path), (summary, path.with_name(path.name + _SUM))):
            file.chmod(0o644)
            on_disk(file)
            os.replace(file, final)
    with suppress(OSError):
        on_disk(path.parent)
    return library


def _tidy(folder: Path) -> None:
    """Take away what nobody has used for a month: libraries of older versions, their sums and locks."""
    before = time.time() - _UNUSED
    for path in folder.iterdir():
        if not _OURS.fullmatch(path.name):
            continue
        with suppress(OSError):
            used = path.with_suffix("") if path.suffix == _SUM else path
            if (used if used.exists() else path).lstat().st_mtime < before:
                path.unlink()
