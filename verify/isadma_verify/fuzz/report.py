"""A difference told: a reproducer in JSON, the waveforms of both sides, and the first differing clock in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vcd import VCDWriter

from isadma_tools.files.whole import whole_file, write_whole
from isadma_verify.fuzz.library import Clock, Difference, Library
from isadma_verify.fuzz.scenario import Scenario

__all__ = ["explain", "write_reproducer", "write_waves"]

#: Clocks shown before the difference.
SHOWN = 8


def explain(library: Library, scenario: Scenario, difference: Difference) -> list[str]:
    """Say what the first differing clock shows, what led to it, and the scenario's steps, a line each."""
    trace = library.trace(scenario)
    at = trace[difference.clock]
    lines = [
        f"clock {difference.clock}, state {difference.state}: {difference.pin} is {difference.got:X}h,"
        f" the golden model has {difference.expected:X}h"
    ]
    also = [f"{pin} {at.got[pin]:X}h for {want:X}h" for pin, want in _wrong(at) if pin != difference.pin]
    if also:
        lines.append(f"in the same clock: {', '.join(also)}")
    lines.append(
        f"the {min(SHOWN, difference.clock)} clocks before it, and it: inputs that moved; the model's pins that moved"
    )
    start = max(0, difference.clock - SHOWN)
    for number in range(start, difference.clock + 1):
        lines.append(f"  {number:5} {'/'.join(dict.fromkeys(trace[number].states)):>4}  {_moved(trace, number)}")
    lines.append(f"the scenario, {len(scenario.steps)} steps:")
    lines += [f"  {number:3} {step.words()}" for number, step in enumerate(scenario.steps)]
    return lines


def _wrong(clock: Clock) -> list[tuple[str, int]]:
    return [(pin, want) for pin, want in clock.expected.items() if (clock.got[pin] ^ want) & clock.care[pin]]


def _moved(trace: Sequence[Clock], number: int) -> str:
    now, before = trace[number], trace[number - 1] if number else None
    told = []
    for name, values in (("inputs", now.inputs), ("expected", now.expected)):
        old = getattr(before, name) if before else {}
        told.append(" ".join(f"{pin}={value:X}" for pin, value in values.items() if old.get(pin) != value) or "-")
    return " ; ".join(told)


def write_waves(library: Library, scenario: Scenario, path: Path) -> None:
    """Write the waveforms of inputs, design and golden model as VCD; ``differs`` is 1 where they differ."""
    trace = library.trace(scenario)
    with (
        whole_file(path) as place,
        place.open("w") as file,
        VCDWriter(file, timescale="1 ns", comment="design and golden model side by side") as vcd,
    ):
        sides = {"inputs": library.inputs, "design": library.pins, "golden_model": library.pins}
        variables = {
            (side, pin): vcd.register_var(side, _plain(pin), "wire", size=library.widths[pin])
            for side, pins in sides.items()
            for pin in pins
        }
        states = [vcd.register_var("golden_model", f"state{n}", "string") for n in (1, 2)]
        differs = vcd.register_var("", "differs", "wire", size=1)
        for number, clock in enumerate(trace):
            time = 100 * number
            for side, values in (("inputs", clock.inputs), ("design", clock.got), ("golden_model", clock.expected)):
                for pin, value in values.items():
                    vcd.change(variables[side, pin], time, value)
            for state, name in zip(states, clock.states, strict=True):
                vcd.change(state, time, name)
            vcd.change(differs, time, int(bool(_wrong(clock))))
        vcd.close(100 * len(trace))


def _plain(pin: str) -> str:
    return pin.replace("#", "_n").replace(" ", "_").replace("-", "_")


def write_reproducer(
    library: Library, scenario: Scenario, difference: Difference, folder: Path, name: str
) -> list[Path]:
    """Write ``NAME.json`` (for ``isadma fuzz --replay``), ``NAME.vcd`` and ``NAME.txt``; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    told, waves, words = (folder / f"{name}{suffix}" for suffix in (".json", ".vcd", ".txt"))
    first = {
        "clock": difference.clock,
        "pin": difference.pin,
        "design": difference.got,
        "golden model": difference.expected,
    }
    scenario.write(told, first_difference=first)
    write_waves(library, scenario, waves)
    write_whole(words, ("\n".join(explain(library, scenario, difference)) + "\n").encode())
    return [told, waves, words]
