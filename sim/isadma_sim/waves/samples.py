"""A dump read back: every signal's value in each clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vcd.reader import TokenKind, tokenize

__all__ = ["Sample", "samples"]

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


def _value(value: Any, *, string: bool) -> int | str | None:
    if string or isinstance(value, int):
        return value
    return int(value, 2) if set(value) <= {"0", "1"} else None
