"""Coverage merged over runs: a file that fuzz runs and benches add their bins to, one after the other or at once."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isadma_tools.files.regular import NotRegularError, read_regular
from isadma_tools.files.whole import write_whole
from isadma_verify.fuzz.coverage import Coverage

__all__ = ["MergeError", "Source", "add", "read", "total"]

_FORMAT = 1
_MOST_BYTES = 1 << 24


class MergeError(ValueError):
    """A file is no coverage, or of something else: one line, with the way out."""


@dataclass(frozen=True)
class Source:
    """What one kind of run has brought in: fabric clocks, and the times that each bin was met, by its name."""

    clocks: int
    bins: dict[str, int]


def read(path: Path, target: str, bins: Sequence[str]) -> dict[str, Source]:
    """Return what each kind of run has brought into a file; nothing where there is no file.

    Parameters
    ----------
    path : Path
        The file.
    target : str
        Of which it must be.
    bins : sequence of str
        Those that it must have.

    Raises
    ------
    MergeError
        It is no coverage file, or of another target or other bins.
    OSError
        It cannot be read.
    """
    try:
        text = read_regular(path, _MOST_BYTES)
    except FileNotFoundError:
        return {}
    except NotRegularError as error:
        raise MergeError(f"{str(path)!r}: {error}") from None
    told = _parsed(path, text)
    if told["target"] != target:
        raise MergeError(f"{str(path)!r} is the coverage of {told['target']!r}, not of {target}: name another file")
    sources = {}
    for name, source in told["sources"].items():
        wrong = sorted(set(source["bins"]) ^ set(bins))
        if wrong:
            raise MergeError(f"{str(path)!r} has other bins than this version counts ({wrong[0]!r}): name another file")
        sources[name] = Source(source["clocks"], source["bins"])
    return sources


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise MergeError(f"{str(path)!r} is no JSON: name another file for the coverage") from None
    sources = told.get("sources") if isinstance(told, dict) else None
    sound = isinstance(sources, dict) and all(_is_source(source) for source in sources.values())
    if not sound or told.get("format") != _FORMAT or not isinstance(told.get("target"), str):
        raise MergeError(f"{str(path)!r} is no coverage of format {_FORMAT}: name another file")
    return dict(told)


def _is_source(source: object) -> bool:
    if not isinstance(source, dict) or not isinstance(source.get("bins"), dict):
        return False
    return all(type(count) is int and count >= 0 for count in (source.get("clocks"), *source["bins"].values()))


def add(path: Path, target: str, kind: str, clocks: int, bins: Mapping[str, int]) -> dict[str, Source]:
    """Add a run to a file, which is made where there is none; return what it has then.

    Others may add to it at the same time. It is written whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    target : str
        What ran.
    kind : str
        What kind of run it was: ``fuzz``, ``benches``.
    clocks : int
        Fabric clocks.
    bins : mapping
        All bins of the target, and how often each was met.

    Raises
    ------
    MergeError
        As `read` does; the file stays as it was.
    OSError
        It cannot be read or written.
    """
    with _alone(path):
        sources = read(path, target, list(bins))
        before = sources.get(kind, Source(0, dict.fromkeys(bins, 0)))
        met = {name: before.bins[name] + count for name, count in bins.items()}
        sources[kind] = Source(before.clocks + clocks, met)
        told = {name: {"clocks": source.clocks, "bins": source.bins} for name, source in sources.items()}
        text = json.dumps({"format": _FORMAT, "target": target, "sources": told}, indent=1)
        write_whole(path, f"{text}\n".encode())
    return sources


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep others from adding meanwhile: the folder is locked, since the file is replaced by each."""
    folder = os.open(path.resolve().parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def total(target: str, sources: Mapping[str, Source]) -> Coverage:
    """Add up what all kinds of run have brought in."""
    coverage = Coverage(target)
    for source in sources.values():
        coverage.add(source.bins)
    return coverage
