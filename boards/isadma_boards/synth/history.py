"""What each core took and how fast it was, commit by commit: the figures that `isadma synth --history` writes."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from isadma_boards.synth.report import Report
from isadma_tools import toolchain
from isadma_tools.files.whole import write_whole

__all__ = ["ALLOWED_LOSS", "TRACKED", "Entry", "HistoryError", "append", "last", "losses", "read", "stamp"]

#: What a figure may lose against the last entry: 3 %, which is about what another seed or tool release moves it by.
ALLOWED_LOSS = 0.03
#: What is measured where nothing else is asked for: core and device.
TRACKED: Sequence[tuple[str, str]] = (
    ("i8237", "hx8k"),
    ("i8237", "up5k"),
    ("i8237", "ecp5-25k"),
    ("at", "hx1k"),
    ("at", "hx8k"),
    ("at", "ecp5-25k"),
)


class HistoryError(ValueError):
    """The file is no history, or nothing tells which commit is measured."""


@dataclass(frozen=True)
class Entry:
    """One core on one device at one commit.

    ``commit`` is Git's short name, with a ``+`` where the working tree had changes on top; ``date`` is the commit's,
    as ``2026-11-29``; ``yosys`` is the version that synthesized it. The rest is `Report`'s, ``fmax_mhz`` the median.
    """

    commit: str
    date: str
    yosys: str
    core: str
    device: str
    lut4: int
    ff: int
    bram: int
    cells: int
    fmax_mhz: float
    seeds: int
    fmax_by_seed: Sequence[float]


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise HistoryError(f"'{folder}' is not in a Git working tree, so no commit can be named") from error
    return done.stdout.strip()


def stamp(folder: Path) -> tuple[str, str, str]:
    """Return the commit that a folder's working tree is at, its date, and the version of Yosys.

    Raises
    ------
    HistoryError
        There is no Git, or no working tree.
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys is not there, or does not run.
    """
    commit, date = _git(folder, "log", "-1", "--format=%h %cs").split()
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ":/rtl", ":/boards")
    version = toolchain.run("yosys", ["-V"], cwd=folder).split()
    return commit + ("+" if changed else ""), date, version[1] if len(version) > 1 else "unknown"


def read(path: Path) -> list[Entry]:
    """Return the entries of a file, the oldest first; none where there is no file.

    Raises
    ------
    HistoryError
        It is something else.
    """
    if not path.exists():
        return []
    try:
        return [Entry(**entry) for entry in json.loads(path.read_text())]
    except (ValueError, TypeError) as error:
        raise HistoryError(f"'{path}' is no history of figures: {error}") from error


def append(path: Path, reports: Iterable[Report], stamped: tuple[str, str, str]) -> list[Entry]:
    """Write reports behind the entries of a file, which is made where it is not there; one line each.

    A core on a device that the file has for this very commit already is measured anew: its entry is replaced.

    Parameters
    ----------
    path
        The file.
    reports
        What `measure` returned.
    stamped
        What `stamp` returned before they were measured.

    Returns
    -------
    list of Entry
        The new entries.
    """
    commit, date, yosys = stamped
    fresh = [Entry(commit=commit, date=date, yosys=yosys, **asdict(report)) for report in reports]
    replaced = {(entry.commit, entry.core, entry.device) for entry in fresh}
    kept = [entry for entry in read(path) if (entry.commit, entry.core, entry.device) not in replaced]
    lines = ",\n".join(json.dumps(asdict(entry)) for entry in [*kept, *fresh])
    write_whole(path, f"[\n{lines}\n]\n".encode())
    return fresh


def last(entries: Iterable[Entry], core: str, device: str) -> Entry | None:
    """Return the newest entry of a core on a device; None where there is none."""
    found = [entry for entry in entries if (entry.core, entry.device) == (core, device)]
    return found[-1] if found else None


def losses(before: Entry, *, lut4: int, ff: int, fmax_mhz: float | None = None) -> list[str]:
    """Say what is worse than an entry by more than `ALLOWED_LOSS`.

    Parameters
    ----------
    before
        The entry.
    lut4, ff, fmax_mhz
        What was measured now; None: the speed was not.

    Returns
    -------
    list of str
        A sentence for each figure that lost too much.
    """
    found = []
    for name, was, now in (("LUT4", before.lut4, lut4), ("flip-flops", before.ff, ff)):
        if now > was * (1 + ALLOWED_LOSS):
            found.append(f"{name}: {now}, and {was} at {before.commit}")
    if fmax_mhz is not None and fmax_mhz < before.fmax_mhz * (1 - ALLOWED_LOSS):
        found.append(f"MHz: {fmax_mhz}, and {before.fmax_mhz} at {before.commit}")
    return found
