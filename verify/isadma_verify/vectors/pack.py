"""A pack of vectors: a folder of compressed JSON lines, a file a variant and theme, and an index of what is in it."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from isadma_tools.files.whole import whole_file, write_whole
from isadma_verify.fuzz.coverage import Coverage
from isadma_verify.fuzz.library import load
from isadma_verify.fuzz.targets import target
from isadma_verify.spread.workers import Processes, Workers
from isadma_verify.vectors.generate import TARGETS, make, theme_of
from isadma_verify.vectors.pins import OUTPUTS
from isadma_verify.vectors.shim import header
from isadma_verify.vectors.vector import Vector, VectorError

__all__ = ["FORMAT", "Pack", "PackError", "read_pack", "write_pack"]

FORMAT = 1
"""Version of the files."""
BATCH = 250
"""Vectors that a worker makes at once."""
INDEX = "index.json"


class PackError(Exception):
    """A folder that is no pack: a message in one line."""


@dataclass
class Pack:
    """What is in a pack.

    Attributes
    ----------
    folder : Path
        Where it is.
    count : int
        Vectors.
    basis : dict
        How many rest on what.
    themes : dict
        How many of each theme.
    coverage : dict
        By variant: the bins, with how often the vectors reach them.
    halves : dict
        By output pin: in how many vectors the first half of a clock shows it otherwise than the second.
    size : int
        Bytes of all files.
    """

    folder: Path
    count: int = 0
    basis: dict[str, int] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    halves: dict[str, int] = field(default_factory=lambda: {pin.name: 0 for pin in OUTPUTS})
    size: int = 0


@dataclass(frozen=True)
class _Batch:
    first: int
    count: int
    seed: int


@dataclass(frozen=True)
class _Lines:
    first: int
    lines: list[tuple[str, str, str, str]]  # variant, theme, basis, JSON
    bins: dict[str, dict[str, int]]
    halves: dict[str, int]


def write_pack(
    folder: Path,
    count: int,
    *,
    seed: int = 1,
    jobs: int = 0,
    workers: Workers | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Pack:
    """Make vectors and write them; the same count and seed give the same bytes.

    Parameters
    ----------
    folder : Path
        Where they go; made if it is not there.
    count : int
        How many.
    seed : int
        What their random parts follow.
    jobs : int
        Processes; 0: one a processor.
    workers : Workers, optional
        Who works instead.
    progress : callable
        Told how many are made.

    Raises
    ------
    FuzzError
        RTL and golden model differ in one, or cannot be compiled here.
    OSError
        A file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pack = Pack(folder)
    for variant, name in TARGETS.items():
        pack.coverage[variant] = Coverage(name, dict.fromkeys(load(target(name)).bins, 0))
    todo = (_Batch(first, min(BATCH, count - first), seed) for first in range(0, count, BATCH))
    with ExitStack() as stack:
        files = _Files(stack, folder)
        waiting: dict[int, _Lines] = {}

        def take(made: _Lines) -> None:
            waiting[made.first] = made
            while (ready := waiting.pop(pack.count, None)) is not None:
                _add(pack, files, ready)
            progress(pack.count)

        (workers or Processes(jobs)).play(_make, todo, take)
        files.close()
    _finish(pack, seed, sorted(files.names))
    return pack


class _Files:
    # One compressed file for each variant and theme, none of them there before all are whole.
    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self._open: dict[str, gzip.GzipFile] = {}

    @property
    def names(self) -> list[str]:
        return list(self._open)

    def write(self, variant: str, theme: str, line: str) -> None:
        name = f"{variant}-{theme}.jsonl.gz"
        if name not in self._open:
            path = self._stack.enter_context(whole_file(self._folder / name))
            raw = self._stack.enter_context(path.open("wb"))
            self._open[name] = gzip.GzipFile("", "wb", 9, raw, mtime=0)
        self._open[name].write(line.encode() + b"\n")

    def close(self) -> None:
        for file in self._open.values():
            file.close()


def _make(batch: _Batch) -> _Lines:
    made = _Lines(batch.first, [], {variant: {} for variant in TARGETS}, {})
    for number in range(batch.first, batch.first + batch.count):
        one = make(number, batch.seed)
        made.lines.append((one.vector.variant, theme_of(number), one.vector.basis, one.vector.line()))
        bins = made.bins[one.vector.variant]
        for name, times in one.bins.items():
            bins[name] = bins.get(name, 0) + times
        for pin in {pin for _, pin, _ in one.vector.mid or ()}:
            made.halves[pin] = made.halves.get(pin, 0) + 1
    return made


def _add(pack: Pack, files: _Files, made: _Lines) -> None:
    for variant, theme, basis, line in made.lines:
        files.write(variant, theme, line)
        pack.basis[basis] = pack.basis.get(basis, 0) + 1
        pack.themes[theme] = pack.themes.get(theme, 0) + 1
        pack.count += 1
    for variant, bins in made.bins.items():
        pack.coverage[variant].add(bins)
    for pin, vectors in made.halves.items():
        pack.halves[pin] += vectors


def _finish(pack: Pack, seed: int, names: list[str]) -> None:
    own = resources.files("isadma_verify.vectors")
    write_whole(pack.folder / "schema.json", (own / "schema.json").read_bytes())
    write_whole(pack.folder / "isadma_vectors.h", header().encode())
    files = {}
    for name in names:
        data = (pack.folder / name).read_bytes()
        pack.size += len(data)
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    coverage = {
        variant: {
            "reached": covered.reached,
            "reachable": covered.reachable,
            "holes": {group.name: list(group.holes) for group in covered.groups() if group.holes},
            "unreachable": covered.excluded(),
        }
        for variant, covered in pack.coverage.items()
    }
    told: dict[str, Any] = {"format": FORMAT, "isadma": metadata.version("isadma"), "seed": seed, "vectors": pack.count}
    told |= {"basis": pack.basis, "themes": pack.themes, "coverage": coverage}
    told |= {"first halves that differ": pack.halves, "files": files}
    write_whole(pack.folder / INDEX, (json.dumps(told, indent=1) + "\n").encode())


def read_pack(folder: Path, themes: Collection[str] = ()) -> Iterator[Vector]:
    """Read the vectors of a pack, file by file; of these themes only, if there are any.

    Raises
    ------
    PackError
        The folder is no pack, or a file of it is missing or damaged.
    """
    index = folder / INDEX
    try:
        told = json.loads(index.read_text())
        files = dict(told["files"])
        version = told["format"]
    except FileNotFoundError:
        raise PackError(f"{str(folder)!r} has no {INDEX}: isadma vectors -o {folder} makes a pack") from None
    except (ValueError, KeyError, TypeError) as error:
        raise PackError(f"{str(index)!r} is no index of vectors ({error!r}); make the pack anew") from None
    except OSError as error:
        raise PackError(f"{str(index)!r}: {error.strerror or error}") from None
    if version != FORMAT:
        raise PackError(f"{str(index)!r} has format {version!r}, and {FORMAT} is read: make the pack anew")
    for name, facts in sorted(files.items()):
        if themes and name.partition("-")[2].partition(".")[0] not in themes:
            continue
        yield from _read_file(folder / name, facts)


def _read_file(path: Path, facts: Any) -> Iterator[Vector]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PackError(f"{str(path)!r}: {error.strerror or error}") from None
    if not isinstance(facts, dict) or hashlib.sha256(data).hexdigest() != facts.get("sha256"):
        raise PackError(f"{str(path)!r} is not the file of the index: its SHA-256 differs; make the pack anew")
    try:
        lines = gzip.decompress(data).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise PackError(f"{str(path)!r} is cut short or damaged ({error}); make the pack anew") from None
    for number, line in enumerate(lines):
        try:
            yield Vector.read(line)
        except VectorError as error:
            raise PackError(f"{str(path)!r}, line {number + 1}: {error}") from None
