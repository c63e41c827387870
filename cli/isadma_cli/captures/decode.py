"""`isadma decode`: what a capture shows, as text, CSV or JSON, event by event as it is read."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from isadma_cli.captures.opening import opened
from isadma_cli.errors import CommandError, UsageError
from isadma_verify.captures.clocks import Clocks, clocks_of
from isadma_verify.captures.decode.decoder import decode
from isadma_verify.captures.decode.events import Event
from isadma_verify.captures.pins import guessed, read_pins
from isadma_verify.captures.readers import open_capture

__all__ = ["FORMATS", "decode_capture"]


def decode_capture(
    capture: Path, *, pins: Path | None, until: int | None, form: str, kinds: str | None, strict: bool
) -> None:
    """
    Print what a capture shows.

    Raises
    ------
    UsageError
        An option cannot be, or a file is missing.
    CommandError
        The capture cannot be used; or a rule is broken, and that shall count.
    """
    if form not in FORMATS:
        raise UsageError(f"--format '{form}': choose one of {', '.join(FORMATS)}")
    if until is not None and until < 1:
        raise UsageError(f"--until {until}: at least one clock is needed")
    wanted = None if kinds is None else {kind.strip() for kind in kinds.split(",")}
    counted: Counter[str] = Counter()
    with opened(capture, pins):
        reader = open_capture(capture)
        mapped = guessed(reader.probes) if pins is None else read_pins(pins, reader.probes)
        edge = "rise" if "s0" in mapped.lines else "fall"
        events = decode(_until(clocks_of(reader, mapped, edge=edge), until))
        FORMATS[form](_counting(events, counted, wanted))
    said = ", ".join(f"{kind} {number:,}" for kind, number in sorted(counted.items())) or "nothing"
    print(f"isadma: seen: {said}", file=sys.stderr)
    if strict and counted["broken"]:
        raise CommandError(f"{counted['broken']:,} times a rule of the bus is broken: see the events 'broken'")


def _until(blocks: Iterator[Clocks], until: int | None) -> Iterator[Clocks]:
    for clocks in blocks:
        left = clocks.count if until is None else min(until - clocks.first, clocks.count)
        yield Clocks(clocks.first, left, {line: levels[:left] for line, levels in clocks.lines.items()})
        if until is not None and clocks.first + clocks.count >= until:
            return


def _counting(events: Iterator[Event], counted: Counter[str], wanted: set[str] | None) -> Iterator[Event]:
    for event in events:
        counted[event.kind] += 1
        if wanted is None or event.kind in wanted:
            yield event


def _text(events: Iterator[Event]) -> None:
    for event in events:
        channel = "" if event.channel is None else f"channel {event.channel}"
        digits = 3 if event.kind in ("in", "out") else 5
        address = "" if event.address is None else f"{event.address:0{digits}X}h"
        data = "" if event.data is None else f"{event.data:02X}h"
        words = " ".join(word for word in (channel, address, data, event.text) if word)
        print(f"{event.clock:>10}  {event.kind:<12} {words}".rstrip())


def _csv(events: Iterator[Event]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["clock", "kind", "channel", "address", "data", "text"])
    for event in events:
        numbers = ["" if number is None else number for number in (event.channel, event.address, event.data)]
        writer.writerow([event.clock, event.kind, *numbers, event.text])


def _json(events: Iterator[Event]) -> None:
    between = "[\n"
    for event in events:
        print(between + json.dumps(event.as_json()), end="")
        between = ",\n"
    print("[]" if between == "[\n" else "\n]")


FORMATS: dict[str, Callable[[Iterator[Event]], None]] = {"text": _text, "csv": _csv, "json": _json}
