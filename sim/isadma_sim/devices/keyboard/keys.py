"""The keys of an enhanced keyboard: scan codes of sets 1 and 2 by name, and which keys type a character (US layout)."""

# Ref: IBM Personal System/2 Hardware Interface Technical Reference, keyboard: scan code sets 1 and 2.

from __future__ import annotations

__all__ = ["CHARACTERS", "EXTENDED", "KEYS", "codes", "name_of"]

#: Keys whose codes are a prefix E0h and a code.
EXTENDED_CODE = 0xE0
BREAK_SET_2 = 0xF0
BREAK_SET_1 = 0x80

#: Name, and make code in set 1 and in set 2.
KEYS: dict[str, tuple[int, int]] = {
    **{"esc": (0x01, 0x76), "backspace": (0x0E, 0x66), "tab": (0x0F, 0x0D), "enter": (0x1C, 0x5A)},
    **{"ctrl": (0x1D, 0x14), "lshift": (0x2A, 0x12), "rshift": (0x36, 0x59), "alt": (0x38, 0x11)},
    **{"space": (0x39, 0x29), "capslock": (0x3A, 0x58), "numlock": (0x45, 0x77), "scrolllock": (0x46, 0x7E)},
    **{"1": (0x02, 0x16), "2": (0x03, 0x1E), "3": (0x04, 0x26), "4": (0x05, 0x25), "5": (0x06, 0x2E)},
    **{"6": (0x07, 0x36), "7": (0x08, 0x3D), "8": (0x09, 0x3E), "9": (0x0A, 0x46), "0": (0x0B, 0x45)},
    **{"-": (0x0C, 0x4E), "=": (0x0D, 0x55), "[": (0x1A, 0x54), "]": (0x1B, 0x5B), ";": (0x27, 0x4C)},
    **{"'": (0x28, 0x52), "`": (0x29, 0x0E), "\\": (0x2B, 0x5D), ",": (0x33, 0x41), ".": (0x34, 0x49)},
    **{"/": (0x35, 0x4A), "<": (0x56, 0x61)},
    **{"q": (0x10, 0x15), "w": (0x11, 0x1D), "e": (0x12, 0x24), "r": (0x13, 0x2D), "t": (0x14, 0x2C)},
    **{"y": (0x15, 0x35), "u": (0x16, 0x3C), "i": (0x17, 0x43), "o": (0x18, 0x44), "p": (0x19, 0x4D)},
    **{"a": (0x1E, 0x1C), "s": (0x1F, 0x1B), "d": (0x20, 0x23), "f": (0x21, 0x2B), "g": (0x22, 0x34)},
    **{"h": (0x23, 0x33), "j": (0x24, 0x3B), "k": (0x25, 0x42), "l": (0x26, 0x4B)},
    **{"z": (0x2C, 0x1A), "x": (0x2D, 0x22), "c": (0x2E, 0x21), "v": (0x2F, 0x2A), "b": (0x30, 0x32)},
    **{"n": (0x31, 0x31), "m": (0x32, 0x3A)},
    **{"f1": (0x3B, 0x05), "f2": (0x3C, 0x06), "f3": (0x3D, 0x04), "f4": (0x3E, 0x0C), "f5": (0x3F, 0x03)},
    **{"f6": (0x40, 0x0B), "f7": (0x41, 0x83), "f8": (0x42, 0x0A), "f9": (0x43, 0x01), "f10": (0x44, 0x09)},
    **{"f11": (0x57, 0x78), "f12": (0x58, 0x07)},
    **{"pad7": (0x47, 0x6C), "pad8": (0x48, 0x75), "pad9": (0x49, 0x7D), "pad-": (0x4A, 0x7B)},
    **{"pad4": (0x4B, 0x6B), "pad5": (0x4C, 0x73), "pad6": (0x4D, 0x74), "pad+": (0x4E, 0x79)},
    **{"pad1": (0x4F, 0x69), "pad2": (0x50, 0x72), "pad3": (0x51, 0x7A), "pad0": (0x52, 0x70)},
    **{"pad.": (0x53, 0x71), "pad*": (0x37, 0x7C)},
}
#: Keys with the prefix, likewise. An 83-key keyboard has none of them.
EXTENDED: dict[str, tuple[int, int]] = {
    **{"padenter": (0x1C, 0x5A), "rctrl": (0x1D, 0x14), "pad/": (0x35, 0x4A), "ralt": (0x38, 0x11)},
    **{"home": (0x47, 0x6C), "up": (0x48, 0x75), "pageup": (0x49, 0x7D), "left": (0x4B, 0x6B)},
    **{"right": (0x4D, 0x74), "end": (0x4F, 0x69), "down": (0x50, 0x72), "pagedown": (0x51, 0x7A)},
    **{"insert": (0x52, 0x70), "delete": (0x53, 0x71)},
}
#: On an 83-key keyboard the keypad is all the cursor keys there are.
_PAD = {"home": "pad7", "up": "pad8", "pageup": "pad9", "left": "pad4", "right": "pad6", "end": "pad1"}
_PAD |= {"down": "pad2", "pagedown": "pad3", "insert": "pad0", "delete": "pad.", "padenter": "enter"}
_PAD |= {"rctrl": "ctrl", "ralt": "alt", "pad/": "/", "f11": "f1", "f12": "f2", "<": "\\"}

#: Character, its key, and whether with shift.
CHARACTERS: dict[str, tuple[str, bool]] = {
    **{char: (char, False) for char in KEYS if len(char) == 1 and char != "<"},
    **{char.upper(): (char, True) for char in "abcdefghijklmnopqrstuvwxyz"},
    **{
        shifted: (plain, True) for plain, shifted in zip("1234567890-=[];'`\\,./", '!@#$%^&*()_+{}:"~|<>?', strict=True)
    },
    **{" ": ("space", False), "\n": ("enter", False), "\r": ("enter", False), "\t": ("tab", False)},
    **{"\b": ("backspace", False), "\x7f": ("backspace", False), "\x1b": ("esc", False)},
}


def name_of(name: str, *, old: bool = False) -> str:
    """Return the key of a name, on an 83-key keyboard the one that does its work; KeyError when there is none."""
    if old:
        name = _PAD.get(name, name)
    if name not in KEYS and (old or name not in EXTENDED):
        raise KeyError(name)
    return name


def codes(name: str, scan_set: int, *, make: bool) -> list[int]:
    """Return what a key sends when it goes down (`make`) or comes up, in set 1 or 2.

    The prefix and the shifts that an enhanced keyboard makes up around its cursor keys are left out: it sends none
    with Num Lock off and no shift held.
    """
    extended = name in EXTENDED
    first, second = EXTENDED[name] if extended else KEYS[name]
    prefix = [EXTENDED_CODE] if extended else []
    if scan_set == 1:
        return [*prefix, first if make else first | BREAK_SET_1]
    return [*prefix, second] if make else [*prefix, BREAK_SET_2, second]
