"""A dump read back: every signal's value in each clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any

from vcd.reader import TokenKind, tokenize

__all__ = ["Sample", "every_clock", "samples"]

#: Clocks at the beginning of a dump, two of which follow each other.
_SETTLED = 64

Sample = dict[str, Any]
"""Values by name, without the top scope: a number, a word, or None for what floats; ``time`` is the clock's begin."""


def samples(vcd: Path) -> Iterator[Sample]:
    """Yield every signal in each clock that a dump shows, taken at the rising edge in its middle.

    Parameters
    ----------
    vcd : Path
        A VCD file that `isadma_sim.waves.dump.Waves` wrote.
    """
    names: dict[str, str] = {}
    scopes: list[str] = []
    now: Sample = {"time": 0}
    time = 0
    with vcd.open("rb") as stream:
        for token in tokenize(stream):
            if token.kind is TokenKind.SCOPE:
                scopes.append(token.scope.ident)
            elif token.kind is TokenKind.UPSCOPE:
                scopes.pop()
            elif token.kind is TokenKind.VAR:
                names[token.var.id_code] = ".".join([*scopes[1:], token.var.reference])
            elif token.kind is TokenKind.CHANGE_TIME:
                time = token.time_change
            elif token.kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR, TokenKind.CHANGE_STRING):
                name, value = names[token.data.id_code], token.data.value
                now[name] = _value(value, string=token.kind is TokenKind.CHANGE_STRING)
                if name == "clk":
                    if now["clk"] == 1:
                        yield dict(now)
                    else:
                        now["time"] = time
                elif name == "asleep" and now["asleep"] == 0:
                    now["time"] = time  # CLK has stood low since the last clock: this one begins here


def every_clock(found: Iterable[Sample], most: int = 256) -> Iterator[Sample]:
    """Yield the clocks that a dump skips too, in which nothing moves: each is as the one before it.

    Parameters
    ----------
    found : iterable of dict
        What `samples` yields.
    most : int
        Clocks of a longer pause that are given, after its beginning and before its end; those between are left out.
    """
    found = iter(found)
    first = list(islice(found, _SETTLED))
    # A clock of the board is the shortest step; some are a unit longer, where it is no whole number of them.
    period = min((after["time"] - now["time"] for now, after in pairwise(first)), default=1)
    last: Sample | None = None
    for now in chain(first, found):
        if last is not None:
            step = now["time"] - last["time"]
            skipped = round(step / period) - 1
            for number in range(1, skipped + 1):
                if number <= most or number > skipped - most:
                    yield {**last, "time": last["time"] + number * step // (skipped + 1)}
        yield now
        last = now


def _value(value: Any, *, string: bool) -> int | str | None:
    if string or isinstance(value, int):
        return value
    return int(value, 2) if set(value) <= {"0", "1"} else None
