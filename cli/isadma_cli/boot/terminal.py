"""The user's own terminal as the PC's: its keys, one by one, typed on the machine's keyboard."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from isadma_sim.devices.keyboard.keys import CHARACTERS
from isadma_sim.devices.keyboard.typist import Stroke

__all__ = ["LEAVE", "TABLES", "interactive", "keys_pressed", "strokes_from", "waiting_input"]

#: Ctrl-] ends it; Ctrl-T shows the tables, or hides them.
LEAVE, TABLES = "\x1d", "\x14"
#: What terminals send for keys that are no characters.
_SEQUENCES = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1b[H": "home",
    "\x1b[F": "end",
    "\x1b[2~": "insert",
    "\x1b[3~": "delete",
    "\x1b[5~": "pageup",
    "\x1b[6~": "pagedown",
    "\x1bOP": "f1",
    "\x1bOQ": "f2",
    "\x1bOR": "f3",
    "\x1bOS": "f4",
    "\x1b[15~": "f5",
    "\x1b[17~": "f6",
    "\x1b[18~": "f7",
    "\x1b[19~": "f8",
    "\x1b[20~": "f9",
    "\x1b[21~": "f10",
}


def interactive() -> bool:
    """Whether a person sits there: both ends are a terminal, and one that can be read key by key."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        import termios  # noqa: F401
    except ImportError:
        return False
    return True


@contextmanager
def keys_pressed() -> Iterator[None]:
    """Let keys come as they are pressed, unseen; Ctrl-C stays what it is."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def waiting_input() -> str:
    """Return what was typed since the last call."""
    descriptor = sys.stdin.fileno()
    if not select.select([descriptor], [], [], 0)[0]:
        return ""
    return os.read(descriptor, 256).decode("utf-8", "ignore")


def strokes_from(text: str) -> list[Stroke]:
    """Return the keys that a terminal's text stands for; what no key types is left out."""
    found: list[Stroke] = []
    at = 0
    while at < len(text):
        sequence = next((known for known in _SEQUENCES if text.startswith(known, at)), None)
        if sequence is not None:
            found.append(Stroke(_SEQUENCES[sequence]))
            at += len(sequence)
            continue
        char = text[at]
        at += 1
        if char in CHARACTERS:
            key, shift = CHARACTERS[char]
            found.append(Stroke(key, ("lshift",) if shift else ()))
        elif "\x01" <= char <= "\x1a":
            found.append(Stroke(chr(ord(char) + 0x60), ("ctrl",)))
    return found
