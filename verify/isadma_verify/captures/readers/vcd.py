"""Reads value change dumps (`.vcd`), by pyvcd's reader: a sample wherever anything changes."""

# Ref: IEEE 1364-2005, clause 18.

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from vcd.reader import TokenKind, VCDParseError, tokenize

from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.readers.block import BLOCK, WORD, Block

__all__ = ["VcdDump"]

_PER_NS = {"s": 1e9, "ms": 1e6, "us": 1e3, "ns": 1.0, "ps": 1e-3, "fs": 1e-6}
_CHANGES = (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR)


class VcdDump:
    """
    A value change dump. A bus is as many probes as it has bits, ``a[0]`` first; what is x or z counts as 1.

    Lines have their name alone where it is the only one, else with its scope: ``isa.a[0]``.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CaptureError
        It is cut off, empty or no dump.
    OSError
        It cannot be opened.
    """

    rate: float | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self._first: dict[str, tuple[int, int]] = {}  # id code: first probe and width
        self._unit = 1.0
        full: list[tuple[list[str], str, int, str]] = []
        scopes: list[str] = []
        complete = False
        for token in self._tokens():
            if token.kind is TokenKind.TIMESCALE:
                self._unit = token.timescale.magnitude.value * _PER_NS[token.timescale.unit.value]
            elif token.kind is TokenKind.SCOPE:
                scopes.append(token.scope.ident)
            elif token.kind is TokenKind.UPSCOPE:
                scopes = scopes[:-1]
            elif token.kind is TokenKind.VAR and token.var.type_.value not in ("string", "real"):
                full.append(
                    (list(scopes), token.var.reference.split("[")[0].strip(), token.var.size, token.var.id_code)
                )
            elif token.kind is TokenKind.ENDDEFINITIONS:
                complete = True
                break
        if not complete or not full:
            raise CaptureError(f"'{path}' has no signals, or is cut off before the first change: no dump to use")
        names = [name for _, name, _, _ in full]
        self.probes: list[str] = []
        for path_to, name, width, code in full:
            alone = name if names.count(name) == 1 else ".".join([*path_to[1:], name])
            self._first.setdefault(code, (len(self.probes), width))
            self.probes += [alone] if width == 1 else [f"{alone}[{bit}]" for bit in range(width)]

    def _tokens(self) -> Iterator[Any]:
        try:
            with self.path.open("rb") as stream:
                yield from tokenize(stream)
        except (VCDParseError, ValueError, IndexError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise CaptureError(f"'{self.path}' is cut off or no value change dump: {said}") from None

    def blocks(self) -> Iterator[Block]:
        """Read the levels after each moment at which something changes."""
        width = -(-len(self.probes) // WORD)
        now, time, touched, found = 0, 0, False, False
        rows: list[bytes] = []
        times: list[float] = []

        def block() -> Block:
            levels = np.frombuffer(b"".join(rows), "<u8").reshape(-1, width).copy()
            return Block(levels, np.array(times))

        for token in self._tokens():
            if token.kind is TokenKind.CHANGE_TIME:
                if touched and token.time_change != time:
                    rows.append(now.to_bytes(8 * width, "little"))
                    times.append(time * self._unit)
                    touched = False
                    if len(rows) >= BLOCK:
                        yield block()
                        rows.clear()
                        times.clear()
                time = token.time_change
            elif token.kind in _CHANGES:
                code, value = token.data.id_code, token.data.value
                if code in self._first:
                    first, size = self._first[code]
                    level = _level(value, size)
                    now = now & ~(((1 << size) - 1) << first) | level << first
                    touched = found = True
        if touched:
            rows.append(now.to_bytes(8 * width, "little"))
            times.append(time * self._unit)
        if not found:
            raise CaptureError(f"'{self.path}' has no change in it: the capture has length zero")
        if rows:
            yield block()


def _level(value: object, size: int) -> int:
    """Return the number of a change; x and z read as ones, for lines that float are pulled up."""
    if isinstance(value, int):
        return value & ((1 << size) - 1)
    text = "".join("0" if bit == "0" else "1" for bit in str(value))
    return int(text or "1", 2) & ((1 << size) - 1)
