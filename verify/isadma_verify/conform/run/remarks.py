"""What a core's owner may want to look at in the map, beside the verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

from isadma_verify.conform.pins.expression import names
from isadma_verify.conform.pins.mapfile import Clock
from isadma_verify.conform.run.first_look import AT_REST, LATE, LOW, READS_BACK, STAYS
from isadma_verify.conform.wrap.resolve import Laid


def of_first_look(lines: Sequence[Mapping[str, Any]], clock: Clock) -> list[str]:
    """Return what its owner may want to look at in the map: where nothing reads back, and where all comes late."""
    said = []
    if any(line.get("measured") == READS_BACK and not line["value"] for line in lines):
        said.append(
            "an address does not read back as it was written: if the core means it to, look at the polarity of cs_n, "
            "ior_n and iow_n, and at db's oe, in the map"
        )
        if clock.fabric is None:
            said[-1] += "; where it moves with one edge of CLK only, write fabric in place of pin in [clock]"
    late = next((int(line["value"]) for line in lines if line.get("measured") == LATE), 0)
    # On a core that looks for CLK's edges all comes a little later.
    if late and clock.fabric is not None and clock.pin is not None:
        clocks = f"{late} fabric clock{'s' if late > 1 else ''}"
        way = f"if that is its way, late = {clock.late + late} in [clock] says so"
        said.append(f"HRQ comes {clocks} after an edge of CLK: {way}")
    return said


def at_rest(lines: Sequence[Mapping[str, Any]], laid: Laid) -> list[str]:
    """Return what at rest and in a service looks like a mistake in the map: a polarity, a Z that is none."""
    measured = {str(line["measured"]) for line in lines if "measured" in line}
    odd = {pin for pin in laid.map.pins if AT_REST + pin in measured}
    said = []
    never = [pin for pin in laid.map.pins if pin in odd and getattr(laid.map.pins[pin], "shows_z", False)]
    if never:
        said.append(
            f'{", ".join(never)}: no Z after RESET, and the map has oe = "z": where that is the core\'s way, leave oe '
            "out, and AEN gates it"
        )
    turned = {
        "dack": "every DACK is low after RESET, which is active: where the core means high by active, turn it in the "
        'map, as dack = "!PORT"',
        "eop_n": "EOP# is low after RESET: look at the polarity of eop_n in the map",
        "hrq": "HRQ is high after RESET, and nobody asked: look at the polarity of hrq and dreq in the map",
        "aen": "AEN is high after RESET: look at the polarity of aen in the map",
        "adstb": "ADSTB is high after RESET: look at the polarity of adstb in the map",
    }
    said += [words for pin, words in turned.items() if pin in odd]
    low = [pin for pin in laid.map.pins if LOW + pin in measured]
    # Where HLDA stands for AEN, the strobes of a core may begin with it.
    if low and "aen" not in laid.lacks:
        said.append(f"{', '.join(low)}: low before any transfer, which is active: look at its polarity in the map")
    if STAYS in measured:
        said.append("the first service, of one byte, does not end: look at the polarity of ready and eop_n in the map")
    return said


def of_map(laid: Laid) -> list[str]:
    """Return which pins of a chip or board go to the core through lines that its own outputs can hold up."""
    outputs = {port.name for port in laid.core.ports.values() if port.direction != "in"}
    plain = {driver.pin for driver in laid.drivers.values()}
    said: dict[str, str] = {}
    for (port, _), driver in laid.drivers.items():
        used = set(names(driver.expression)) if driver.expression else set()
        for pin in sorted(used & {"hlda", "ready"} - plain):
            if used & outputs:
                said.setdefault(pin, port)
    return [
        f"{pin.upper()} goes to {port} through a line under [drive] that is made of the core's outputs too: where a "
        f"rule of {pin.upper()} is broken, look at that line first"
        for pin, port in said.items()
    ]
