"""Hands on the keyboard: text becomes keys that go down and come up, in the machine's own time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from isadma_sim.devices.alarm import Alarm
from isadma_sim.devices.keyboard.keyboard import Keyboard
from isadma_sim.devices.keyboard.keys import CHARACTERS, name_of
from isadma_sim.machine.device import Device

__all__ = ["Stroke", "Typist", "strokes_of"]

#: A key is down for so long, and the next one comes so long after it: some 16 keys a second, fewer than repeat.
DOWN_SECONDS = UP_SECONDS = 0.03
#: Between two looks whether the keyboard is free.
LOOK_SECONDS = 0.01
_MODIFIERS = {"CTRL": "ctrl", "ALT": "alt", "SHIFT": "lshift"}
_NAMES = {"PGUP": "pageup", "PGDN": "pagedown", "DEL": "delete", "INS": "insert", "ESCAPE": "esc", "RETURN": "enter"}


class Stroke(NamedTuple):
    """One key, with those that are held meanwhile; or, without a key, a rest.

    Attributes
    ----------
    key : str
        Name of the key, empty for a rest.
    held : tuple of str
        Names of keys that go down before and come up after it.
    seconds : float
        Length of a rest.
    """

    key: str
    held: tuple[str, ...] = ()
    seconds: float = 0.0


def strokes_of(text: str) -> list[Stroke]:
    r"""Return the keys of a text: characters, ``\n`` ``\t`` ``\e`` ``\\``, and names in braces.

    ``{F1}``, ``{UP}``, ``{CTRL+C}``, ``{ALT+SHIFT+F2}``, ``{WAIT 1.5}`` (seconds of the machine), ``{{`` for a brace.

    Raises
    ------
    ValueError
        For a key that is not on the keyboard, and a brace that nothing closes; the message names it.
    """
    strokes: list[Stroke] = []
    for part in re.findall(r"\{\{|\}\}|\{[^{}]*\}|\\[nrte\\]|.", text, re.DOTALL):
        if part in ("{{", "}}"):
            strokes.append(_character(part[0]))
        elif len(part) > 1 and part[0] == "{":
            strokes.append(_named(part[1:-1]))
        elif part == "{":
            raise ValueError(f"a brace is not closed in {text!r}: write {{ENTER}} for a key, {{{{ for a brace")
        elif len(part) == 2:
            strokes.append(_character({"n": "\n", "r": "\n", "t": "\t", "e": "\x1b"}.get(part[1], part[1])))
        else:
            strokes.append(_character(part))
    return strokes


def _character(char: str) -> Stroke:
    if char not in CHARACTERS:
        raise ValueError(
            f"no key types {char!r}: the keyboard is a US one; name other keys, as in {{F1}} or {{CTRL+C}}"
        )
    key, shift = CHARACTERS[char]
    return Stroke(key, ("lshift",) if shift else ())


def _named(words: str) -> Stroke:
    rest = re.fullmatch(r"WAIT\s+([0-9]{1,6}(?:\.[0-9]{1,6})?)", words.strip(), re.IGNORECASE)
    if rest:
        return Stroke("", (), float(rest[1]))
    *held, name = [word.strip() for word in words.split("+")] if words.strip("+ ") else [""]
    try:
        keys = tuple(_MODIFIERS[word.upper()] for word in held)
        key = name_of(_MODIFIERS.get(name.upper()) or _NAMES.get(name.upper(), name.lower()))
    except KeyError:
        raise ValueError(
            f"no key {{{words}}}: write {{F1}} to {{F12}}, {{UP}}, {{HOME}}, {{CTRL+C}}, {{WAIT 2}}; {{{{ for a brace"
        ) from None
    return Stroke(key, keys)


class Typist:
    """Types what it is given, one stroke after another, while the machine runs.

    Parameters
    ----------
    device : Device
        The keyboard's controller, which has its lines.
    keyboard : Keyboard
        Its keyboard.

    Notes
    -----
    It waits until the keyboard is enabled and has sent all before, so nothing is lost before the guest is there; a
    guest that throws its own buffer away loses what is in it.
    """

    def __init__(self, device: Device, keyboard: Keyboard) -> None:
        self._device = device
        self._keyboard = keyboard
        self._strokes: list[Stroke] = []
        self._down: list[str] = []
        self._alarm = Alarm(device, self._go_on)

    @property
    def done(self) -> bool:
        """Whether all has been typed."""
        return not self._strokes and not self._down

    def type(self, strokes: Sequence[Stroke]) -> None:
        """Add strokes to those to come."""
        self._strokes += strokes
        if self._alarm.due is None:
            self._in(LOOK_SECONDS)

    def _in(self, seconds: float) -> None:
        lines = self._device.lines
        self._alarm.set(lines.clock + max(1, round(seconds * lines.clock_hz)))

    def _go_on(self) -> None:
        if self._down:
            for name in reversed(self._down):
                self._keyboard.release(name)
            self._down = []
            self._in(UP_SECONDS)
        elif self._strokes:
            if not self._keyboard.listened_to:
                self._in(LOOK_SECONDS)
                return
            stroke = self._strokes.pop(0)
            if stroke.seconds or not stroke.key:
                self._in(stroke.seconds)
                return
            self._down = [*stroke.held, stroke.key]
            for name in self._down:
                self._keyboard.press(name)
            self._in(DOWN_SECONDS)
