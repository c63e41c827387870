"""What a command's waveforms go into, and which part of the run they show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from isadma_cli.errors import UsageError
from isadma_cli.files import STDOUT, check_output, check_waves
from isadma_sim.waves.window import Mark, as_mark

if TYPE_CHECKING:
    from isadma_sim import PC
    from isadma_sim.waves.dump import Waves

__all__ = ["Dump", "save_file"]

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
#: Below this a file has no room for its own head.
_SMALLEST = 64 << 10


def save_file(path: Path) -> Path | None:
    """Return GTKWave's save file beside a dump; None for a sigrok session, which PulseView opens as it is."""
    return None if path.suffix.lower() == ".sr" else path.with_suffix(".gtkw")


@dataclass
class Dump:
    """A dump that a command was asked for.

    Attributes
    ----------
    path : Path
        The file; its ending is the format.
    first, last : int, str or None
        Clock or event that it begins and ends with.
    limit : int or None
        Bytes that it does not pass.
    """

    path: Path
    first: Mark | None = None
    last: Mark | None = None
    limit: int | None = None
    _waves: Waves | None = field(default=None, repr=False)

    @classmethod
    def asked(
        cls,
        path: Path | None,
        *,
        begin: str | None = None,
        until: str | None = None,
        limit: str | None = None,
        inputs: tuple[Path | None, ...] = (),
    ) -> Dump | None:
        """Check the options and return what they mean; None without ``--waves``.

        Parameters
        ----------
        path, begin, until, limit
            Values of ``--waves``, ``--from``, ``--until`` and ``--waves-limit``.
        inputs
            Files that must not be overwritten.

        Raises
        ------
        UsageError
            One of them cannot be, or there is no ``--waves`` for the others.
        CommandError
            The file cannot be written.
        """
        if path is None:
            for option, value in (("--from", begin), ("--until", until), ("--waves-limit", limit)):
                if value is not None:
                    raise UsageError(f"{option} {value} is about waveforms: name a file for them with --waves")
            return None
        check_waves(path)
        others = tuple(other for other in inputs if other not in (None, STDOUT))
        for written in filter(None, (path, save_file(path))):
            check_output(written, "--waves", inputs=others, pipes=False)
        first, last = _mark("--from", begin), _mark("--until", until)
        if isinstance(first, int) and isinstance(last, int) and last < first:
            raise UsageError(f"--until {last} is before --from {first}: swap them")
        return cls(path, first, last, _size(limit))

    @property
    def said(self) -> str:
        """Where it is, and its save file where the format has one."""
        return f"waveforms '{self.path}'" + (f", signals grouped in '{save}'" if (save := save_file(self.path)) else "")

    def watch(self, pc: PC) -> None:
        """Begin, on a PC that was just switched on."""
        options = {} if self.limit is None else {"limit": self.limit}
        self._waves = pc.waves(self.path, first=self.first, last=self.last, **options)

    @property
    def remark(self) -> str | None:
        """What the user should know of a dump that is not what was asked for; None when it is."""
        waves = self._waves
        if waves is None:
            return None
        if waves.begun is None:
            return f"the waveforms are empty: --from {self.first} never came"
        if waves.full:
            return (
                f"the waveforms end before clock {waves.ended:,}: the file is full; give --from, or more --waves-limit"
            )
        if waves.ended is None and isinstance(self.last, str):
            return f"the waveforms go on to the end: --until {self.last} never came"
        return None


def _mark(option: str, text: str | None) -> Mark | None:
    try:
        return None if text is None else as_mark(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _size(text: str | None) -> int | None:
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]+)\s*([KMG]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if found is None:
        raise UsageError(f"--waves-limit '{text}' is no size: write 500K, 20M or bytes")
    size = int(found[1]) * _UNITS[found[2].upper()]
    if size < _SMALLEST:
        raise UsageError(f"--waves-limit {text} leaves no room for a dump: give {_SMALLEST >> 10}K or more")
    return size
