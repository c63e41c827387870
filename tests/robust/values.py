"""Wrong arguments for anything callable, one at a time, and what may come of them: one clear line, or it works."""

import inspect
import math
import random
import traceback
from fractions import Fraction
from pathlib import Path

import numpy as np

from isadma_driver import DmaError
from isadma_sim import Device, EngineError

LONGEST_MESSAGE = 300
#: Whose lines may say what is wrong.
OURS = tuple(Path(__file__).parents[2] / folder for folder in ("driver", "sim", "tools"))


class Odd:
    """Says something long and of several lines of itself."""

    def __repr__(self):
        return "odd\n" * 500


VALUES = [
    *(True, False, None, 0, 1, -1, 3, 7, 16, 255, 256, 0x300, 0xFFFF, 0x10000, 1 << 64, -(1 << 70)),
    *(0.0, 0.5, 1e300, -1.0, math.nan, math.inf, 1j, Fraction(1, 3)),
    *("", "x", "a\nb", "\x1b[2J", "x" * 10_000, "a\0b", "/nonexistent/\x07file", "6"),
    *(b"", b"x", bytearray(10), memoryview(b"xy"), [], [1], {}, (), {1: 2}, range(3), slice(0, 1 << 70)),
    *(object(), Odd(), Odd, lambda: None, Device(), Exception("e")),
    *(np.int64(3), np.int64(-1), np.uint8(200), np.uint64(1 << 63), np.float64(0.5), np.bool_(True)),
    *(np.array([1, 2]), np.zeros(3, dtype=np.uint8)),
]

#: Parameters whose large values are right, and take as long as they say.
WAITS = {"seconds", "count", "sectors", "frames", "swap_pages"}


def is_long(value):
    """Tell whether a number is one that would be waited for."""
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and 2 < value < 1 << 40


def said_well(error):
    """Tell whether an exception is a documented one with one short, printable line that this project wrote."""
    if isinstance(error, OSError) and error.filename is not None:
        return True  # the system's own words, with the name of the file that it was given
    if not isinstance(error, (ValueError, TypeError, OSError, DmaError, EngineError)):
        return False
    text = str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    ours = any(Path(last.filename).is_relative_to(folder) for folder in OURS)
    raised = (last.line or "").startswith(("raise ", "f", '"', ")", "return as_", "_"))
    return text.isprintable() and 0 < len(text) < LONGEST_MESSAGE and ours and (raised or isinstance(error, DmaError))


def parameters(call):
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return [parameter for parameter in inspect.signature(call).parameters.values() if parameter.kind not in kinds]


def attempts(call, right, dice):
    """Yield arguments: each parameter with each value, the others right where that is known."""
    for parameter in parameters(call):
        for value in VALUES:
            if (parameter.name in WAITS and is_long(value)) or (parameter.name == "progress" and callable(value)):
                continue  # right, and long; what a program's own function does is the program's
            chosen = {other.name: dice.choice(VALUES) for other in parameters(call) if other.default is other.empty}
            yield parameter.name, {**chosen, **right, parameter.name: value}


def try_all(name, call, right=None, seed=0):
    """Call with every wrong value; returns how many calls that were, and every answer that was not clear."""
    count, wrong = 0, []
    for parameter, arguments in attempts(call, right or {}, random.Random(seed)):
        by_place = []
        for each in parameters(call):
            if each.kind is each.POSITIONAL_ONLY:
                by_place.append(arguments.pop(each.name))
        count += 1
        try:
            call(*by_place, **arguments)
        except Exception as error:
            if not said_well(error):
                last = traceback.extract_tb(error.__traceback__)[-1]
                shown = " ".join(repr(arguments.get(parameter)).split())[:40]
                told = f"{type(error).__name__}: {str(error)[:80]!r} ({Path(last.filename).name}:{last.lineno})"
                wrong.append(f"{name}({parameter}={shown}): {told}")
    return count, wrong


def methods(thing, without=()):
    """Yield name and method of all that is public, but for some."""
    for name, method in inspect.getmembers(type(thing), callable):
        if not name.startswith("_") and name not in without and not isinstance(method, type):
            yield name, getattr(thing, name)
