"""Services by channel, and requests granted in the captured clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from isadma_verify.captures.check.replay import Span

__all__ = ["Services"]

Levels = np.ndarray[Any, np.dtype[np.uint8]]


class Services:
    """
    Counts what the bench served, and what of it the capture shows in the same clock.

    Attributes
    ----------
    served : Counter
        Services by channel.
    clocks : Counter
        Clocks with DACK# by channel.
    requests, granted : int
        Grants that the capture shows, by DREQ0 falling (DACK0# clears it) and by the DACK lines it has; and how many
        of them come in the very clock of the bench's.
    offset : int
        Clocks by which the capture's probe is late, where that is known.
    """

    def __init__(self) -> None:
        self.served: Counter[int] = Counter()
        self.clocks: Counter[int] = Counter()
        self.terminal_counts = 0
        self.requests = self.granted = 0
        self._dack = 0xFF
        self._tc = 0
        self._last: dict[str, tuple[int, int]] = {}

    def add(self, span: Span, judged: Levels) -> None:
        """Take some clocks more."""
        width = span.bench.fields_out["dack_n"][1]
        dack = span.field("dack_n")
        for channel in range(width):
            low = ((dack >> np.uint64(channel)) & np.uint64(1)) == 0
            before = np.append(not self._dack >> channel & 1, low[:-1])
            self.served[channel] += int(np.count_nonzero(low & ~before))
            self.clocks[channel] += int(np.count_nonzero(low))
        tc = span.field("tc")
        self.terminal_counts += int(np.count_nonzero((tc == 1) & (np.append(self._tc, tc[:-1]) == 0)))
        self._dack, self._tc = int(dack[-1]), int(tc[-1])
        self._grants(span, judged)

    def _grants(self, span: Span, judged: Levels) -> None:
        lines: Mapping[str, Levels] = span.clocks.lines
        dack = span.field("dack_n")
        pairs = {}
        if "dreq0" in lines and "dreq0" in span.bench.fields_out:
            pairs["dreq0"] = lines["dreq0"], span.field("dreq0").astype(np.uint8)
        for channel in range(span.bench.fields_out["dack_n"][1]):
            line = f"dack{channel}_n"
            if line in lines and not (channel == 0 and "dreq0" in pairs):
                pairs[line] = lines[line], ((dack >> np.uint64(channel)) & np.uint64(1)).astype(np.uint8)
        for line, (captured, shown) in pairs.items():
            seen, ours = self._last.get(line, (int(captured[0]), int(shown[0])))
            fell = (captured == 0) & (np.append(np.uint8(seen), captured[:-1]) == 1) & (judged == 1)
            falls = (shown == 0) & (np.append(np.uint8(ours), shown[:-1]) == 1)
            self.requests += int(np.count_nonzero(fell))
            self.granted += int(np.count_nonzero(fell & falls))
            self._last[line] = int(captured[-1]), int(shown[-1])
