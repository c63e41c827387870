"""What is left out of a judgement for what a core lacks."""

import re
from collections.abc import Mapping, Sequence

from isadma_verify.conform.pins.expression import names
from isadma_verify.conform.rules.catalogue import AEN_PIN, CHIP_SELECT, EOP_IN, READY, WHOLE_STATES
from isadma_verify.conform.wrap.resolve import Laid

#: Benches of what no source says: this project's own choice, which nobody else has to share.
CHOICES = (
    r"\.a_switch_to_rotating_starts_from_the_last_service_in_fixed_priority$",
    r"\.row_10_status_shows_no_software_request$",
    # Mode bits 3 and 2 both set, which the data sheet calls illegal.
    r"\.row_1_verify_.*/transfer=12(/|$)",
)


def lacking(laid: Laid) -> set[str]:
    """Return the features that go with the pins that a core lacks."""
    used = {driver.pin for driver in laid.drivers.values()}
    used |= {name for driver in laid.drivers.values() if driver.expression for name in names(driver.expression)}
    of_chip = {"ready": READY, "eop_n": EOP_IN, "cs_n": CHIP_SELECT}
    missing = of_chip if laid.map.kind == "chip" else {"iochrdy": READY}
    features = {feature for pin, feature in missing.items() if pin not in used}
    if "aen" in laid.lacks:
        features.add(AEN_PIN)
    if laid.map.clock.per_state > 1:
        # In halves of a clock the shortest accesses of the benches are shorter than those of the data sheet.
        features.add(WHOLE_STATES)
    return features


def unreachable(laid: Laid) -> set[str]:
    """Return rules that a chip cannot come to break for what it lacks: they are left out unless something met them."""
    without_strobe = {"adstb-with-data", "data-steady"} if "adstb" in laid.lacks else set()
    return without_strobe | ({"data-floats"} if "db" in laid.gated else set())


def without_benches(judges: Mapping[tuple[str, str], str], leave_out: Sequence[str]) -> dict[str, str]:
    """Return rules all of whose benches are left out, for what the core lacks."""
    benches: dict[str, list[str]] = {}
    for (_, bench), rule in judges.items():
        benches.setdefault(rule, []).append(f".{bench}")
    return {
        rule: "its benches are left out"
        for rule, its in benches.items()
        if all(any(re.search(pattern, name) for pattern in leave_out) for name in its)
    }
