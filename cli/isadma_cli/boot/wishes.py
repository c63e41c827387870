"""What a command line asks of `isadma boot`, checked before anything starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.files import check_output, read_input, reason, size_of
from isadma_cli.images import FloppyImage
from isadma_driver.floppy.formats import FORMATS
from isadma_sim.boot.bios import SEABIOS, Bios
from isadma_sim.boot.errors import BiosError
from isadma_sim.devices.keyboard.typist import Stroke, strokes_of

__all__ = ["BUILT_IN", "DISPLAYS", "SPEEDS", "Screen", "Until", "check_image", "choose_bios", "keys_of"]

#: As a BIOS: the one of this package.
BUILT_IN = "builtin"
#: A guest that nobody watches may run for so long, in its own seconds; and until a text comes: some floppies take it.
LIMIT_SECONDS, TEXT_SECONDS = 60.0, 120.0
#: The longest that may be asked for: an hour.
_LONGEST = 3600.0
DISPLAYS = ("cga", "mda")
SPEEDS = ("real", "full")
_SIGNATURE = b"\x55\xaa"


def check_image(image: Path) -> None:
    """Refuse what does not boot.

    Raises
    ------
    UsageError
        No floppy has its size, or its first sector has no boot signature.
    CommandError
        It cannot be read.
    """
    _check_size(image)
    sector = read_input(image, limit=4 << 20)[:512]
    if sector[510:] != _SIGNATURE:
        found = sector[510:].hex(" ").upper()
        raise UsageError(f"'{image}' does not boot: its first sector ends with {found}, and not with 55 AA")


def _check_size(image: Path) -> None:
    try:
        FloppyImage.check(image)
    except UsageError as error:
        size = size_of(image)
        larger = [floppy for floppy in FORMATS.values() if floppy.size > size]
        if not size or not larger:
            raise
        # Loaders write their images without the empty sectors at the end.
        short = min(larger, key=lambda floppy: floppy.size)
        raise UsageError(f"{error}; a {short.name} one without its end gets it by: truncate -s {short.size}") from None


def choose_bios(name: str | None, board: str, *, demo: bool) -> Bios:
    """Return the BIOS asked for: a file; Debian's SeaBIOS where it is; else the built-in one.

    Raises
    ------
    UsageError
        It is no BIOS for this board.
    CommandError
        It cannot be read, or the built-in one cannot be assembled.
    """
    try:
        if name is None and board == "at" and not demo and SEABIOS.is_file():
            return Bios.from_file(SEABIOS, board)
        if name is None or name == BUILT_IN:
            return Bios.own(board)
    except BiosError as error:
        raise CommandError(str(error)) from None
    path = Path(name)
    read_input(path, limit=0)
    try:
        return Bios.from_file(path, board)
    except BiosError as error:
        raise UsageError(f"--bios {error}") from None
    except OSError as error:
        raise CommandError(f"cannot read '{path}': {reason(error)}") from None


def keys_of(text: str | None) -> list[Stroke]:
    """Return what ``--keys`` types; UsageError for a key that does not exist."""
    try:
        return strokes_of(text or "")
    except ValueError as error:
        raise UsageError(f"--keys: {error}") from None


@dataclass(frozen=True)
class Until:
    """When it is over.

    Attributes
    ----------
    text : str or None
        When this is on the screen, or was printed by a debug port or COM1.
    seconds : float
        Of the machine's time, at most.
    chosen : bool
        Whether those seconds were asked for: then their end is no failure.
    """

    text: str | None = None
    seconds: float = LIMIT_SECONDS
    chosen: bool = False

    @classmethod
    def asked(cls, word: str | None) -> Until:
        """Take the value of ``--until``: a number is seconds, anything else is text."""
        if word is None:
            return cls()
        if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", word):
            seconds = float(word)
            if not 0 < seconds <= _LONGEST:
                raise UsageError(f"--until {word}: a guest runs for more than 0, and at most {_LONGEST:g} seconds")
            return cls(None, seconds, True)
        if not word.strip():
            raise UsageError("--until is empty: give a text to wait for, or seconds")
        return cls(word, TEXT_SECONDS)


@dataclass(frozen=True)
class Screen:
    """Where the screen goes at the end.

    Attributes
    ----------
    text : bool
        To standard output.
    png : Path or None
        Into a picture.
    """

    text: bool
    png: Path | None = None

    @classmethod
    def asked(cls, word: str) -> Screen:
        """Take the value of ``--screen``.

        Raises
        ------
        UsageError
            It is neither ``text`` nor ``none`` nor a PNG file.
        CommandError
            That file cannot be written.
        """
        if word in ("text", "none"):
            return cls(word == "text")
        if not word.lower().endswith(".png"):
            raise UsageError(f"--screen {word}{nearest(word, ('text', 'none'))}: use text, none, or a .png file")
        path = Path(word)
        check_output(path, "--screen", pipes=False)
        return cls(False, path)
