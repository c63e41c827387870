"""Rules of the bus that a capture can break: those of the benches' checkers, as far as its lines reach."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6, figures 11 to 14.

from __future__ import annotations

from collections.abc import Iterator

from isadma_verify.captures.decode.events import Moment

__all__ = ["broken_rules"]

_STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")
_BAD_PAIRS = (("ior_n", "iow_n"), ("memr_n", "memw_n"), ("ior_n", "memr_n"), ("iow_n", "memw_n"))


def _name(line: str) -> str:
    return line.removesuffix("_n").upper() + "#" * line.endswith("_n")


def acknowledged(levels: dict[str, int]) -> list[int]:
    """Return the channels whose DACK# is low."""
    return [channel for channel in range(8) if levels.get(f"dack{channel}_n") == 0]


def broken_rules(moment: Moment) -> Iterator[str]:
    """
    Yield a sentence for each rule that is broken in a clock.

    `OneDack`, `Handshake`, `BusLent`, `StrobePair` and `SteadyIsa` are the checkers of the same names, in words.
    """
    now, before = moment.now, moment.before
    active = acknowledged(now)
    if len(active) > 1:
        yield f"OneDack: DACK of channels {active} low together"
    if "hlda" in now:
        if moment.fell("hrq") and not before["hlda"]:
            yield "Handshake: HRQ falls before HLDA came"
        if moment.rose("hrq") and before["hlda"]:
            yield "Handshake: HRQ rises again while HLDA is still high"
        for channel in set(active) - set(acknowledged(before)):
            if not before["hlda"]:
                yield f"BusLent: DACK{channel}# begins without HLDA"
    low = [line for line in _STROBES if moment.low(line)]
    if "aen" in now:
        if moment.high("tc") and moment.low("aen"):
            yield "BusLent: TC with AEN low"
        if active and moment.low("aen") and low:
            yield f"BusLent: {_name(low[0])} low under DACK{active[0]}# with AEN low"
    if active or moment.high("aen"):
        for one, other in _BAD_PAIRS:
            if moment.low(one) and moment.low(other):
                yield f"StrobePair: {_name(one)} and {_name(other)} low together"
    still = [line for line in low if before.get(line) == 0]
    if still and (active or moment.high("aen")):
        if "a" in now and now["a"] != before["a"]:
            moved = f"from {before['a']:05X}h to {now['a']:05X}h"
            yield f"SteadyIsa: the address moves {moved} while {_name(still[0])} is low"
        if active != acknowledged(before):
            yield f"SteadyIsa: DACK# moves while {_name(still[0])} is low"
