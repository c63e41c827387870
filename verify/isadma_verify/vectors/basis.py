"""What says that a vector is right: the data sheet, a capture of a real machine, or a choice of this project's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from isadma_verify.fuzz.recording import Recording

__all__ = ["CHOICE", "DATA_SHEET", "SILICON", "basis"]

DATA_SHEET, SILICON, CHOICE = "data sheet", "silicon", "choice"

_ROTATING = 0x10
_CASCADE, _ILLEGAL_TYPE = 0xC0, 0x0C
_ILLEGAL = " | illegal | "
_WAITS = ("S13", "SW after S13", "S23", "SW after S23")
_CORNERS = {
    "a higher request in S0": "the winner is latched when HRQ is asked for: a higher request that comes later waits",
    "software request for a cascaded channel": "a software request on a channel in cascade mode is ignored",
    "row 10: status read, a software request pending": "status bits 4-7 are DREQ: software requests are not merged in",
    "row 13: software request in single mode": "a software request is taken in single mode too, and repeats",
    "row 13: software request in demand mode": "a software request is taken in demand mode too",
    "row 7: DREQ gone in S0": "DREQ that goes before HLDA, which the data sheet forbids: HRQ and the channel stay",
    "row 8: demand, DREQ gone in S4 only": "DREQ that goes within S4, of which the errata warn, stops nothing",
    "row 28: masked between HRQ and HLDA": "masked between HRQ and HLDA: one transfer, in block mode up to TC",
}


def basis(
    recording: Recording, variant: str, captured: str | None, dreq: NDArray[np.uint32]
) -> tuple[str, tuple[str, ...]]:
    """Say what a recording rests on.

    Parameters
    ----------
    recording : Recording
        Clocks of a chip.
    variant : str
        ``8237A`` or ``82C37A``.
    captured : str or None
        The capture that shows the same, if there is one.
    dreq : array of int
        DREQ3-0 as levels in each clock.

    Returns
    -------
    str
        The weakest of what it rests on: `CHOICE`, `SILICON` or `DATA_SHEET`.
    tuple of str
        The choices, or the capture.
    """
    choices = sorted({f"{reason} (decision 1)" for reason in _choices(recording, variant, dreq)})
    if choices:
        return CHOICE, tuple(choices)
    return (SILICON, (captured,)) if captured else (DATA_SHEET, ())


def _choices(recording: Recording, variant: str, dreq: NDArray[np.uint32]) -> Iterator[str]:
    copied = rotates = False
    for name in recording.bins:
        group, *values = name.split(" | ")
        if group.startswith("transfer") and _ILLEGAL in f"{name} | ":
            yield "transfer type 11 behaves as verify"
        elif group.startswith("memory to memory"):
            copied = True
        elif group.startswith("cascade"):
            yield "HRQ and DACK fall together in the clock after a cascade's last"
        elif group.startswith("READY low") and values[0] in _WAITS:
            yield "memory to memory: READY is sampled at the end of S13 and of S23"
        elif group.startswith("end of process") and values[0] != "TC" and values[1] == "memory to memory":
            yield "memory to memory: EOP# in either half ends the service after S24"
        elif group.startswith("written between"):
            yield "a register written between HRQ and HLDA counts for the service that then begins"
        elif group.startswith("illegal read") and variant == "8237A":
            yield "reads that the data sheet calls illegal return FFh"
        elif group == "corner":
            rotates |= "RESET" in values[0] or "Master Clear" in values[0]
            if values[0] in _CORNERS:
                yield _CORNERS[values[0]]
    if copied:
        yield from _of_a_copy(recording, dreq)
    rotating = (recording.before.command | recording.after.command) & _ROTATING
    if copied and rotating:
        yield "rotation counts memory to memory as channel 0's"
    if (rotates and rotating) or (recording.before.command ^ recording.after.command) & _ROTATING:
        yield "who was served last is known in fixed priority too; RESET and Master Clear make channel 0 highest"
    if _pulled_low_in_a_wait(recording):
        yield "EOP# stays low through the wait states of the last transfer"


def _of_a_copy(recording: Recording, dreq: NDArray[np.uint32]) -> Iterator[str]:
    modes = [int(snapshot.mode[c]) for snapshot in (recording.before, recording.after) for c in (0, 1)]
    if any(mode & _CASCADE == _CASCADE or mode & _ILLEGAL_TYPE == _ILLEGAL_TYPE for mode in modes):
        yield "memory to memory goes before cascade mode and the types of its channels"
    if np.ptp(dreq & 1):
        yield "DREQ0 begins memory to memory as a software request does"


def _pulled_low_in_a_wait(recording: Recording) -> bool:
    return any(eop and state == "SW" for eop, state in zip(recording.pins[:, _EOP], recording.states, strict=True))


_EOP = 4
"""Column of 'EOP# driven' in a recording."""
