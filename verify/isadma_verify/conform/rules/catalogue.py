"""What a rule is, and the rules of one kind of core together."""

from collections.abc import Sequence
from dataclasses import dataclass

from isadma_verify.conform.errors import ConformError


@dataclass(frozen=True)
class Rule:
    """
    One rule.

    Parameters
    ----------
    name
        For the command line.
    sentence
        What has to hold.
    place
        Where the data sheet says so: its pages and figures.
    needs
        Features without which nothing of it is left.
    """

    name: str
    sentence: str
    place: str
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Profile:
    """
    What a core sets out to be.

    Parameters
    ----------
    name
        For the command line.
    variant
        Whose benches it runs: ``"nmos"`` or ``"cmos"``.
    without
        Features left out on purpose.
    """

    name: str
    variant: str
    without: frozenset[str] = frozenset()


PROFILES = {
    "nmos": Profile("nmos", "nmos", frozenset({"read-back"})),
    "cmos": Profile("cmos", "cmos", frozenset({"illegal-reads"})),
    "core-only": Profile("core-only", "nmos", frozenset({"read-back", "memory-to-memory", "cascade", "compressed"})),
}

#: What of a chip's pins a core may lack, by the feature that goes with it.
READY, EOP_IN, CHIP_SELECT, AEN_PIN = "the READY pin", "EOP# as an input", "CS#", "the AEN pin"

#: What a core has that is clocked once a state: accesses as short as two of its clocks are then the data sheet's own.
WHOLE_STATES = "a fabric clock that is a state"

#: Rules that a checker holds at the pins in every fabric clock, whatever the bench.
ALWAYS = (
    Rule("known-levels", "After RESET every output shows 0 or 1, and never X.", "DS p.2, p.14"),
    Rule("one-driver", "No wire ever has two drivers, not even two that agree.", "DS p.2, p.11"),
    Rule(
        "bus-floats",
        "Address and command lines are driven only while AEN is high.",
        "DS p.3, F11",
        frozenset({AEN_PIN}),
    ),
    Rule("strobes-need-the-bus", "No strobe of the core is low without HRQ and HLDA.", "DS p.4, F11"),
    Rule("adstb-with-data", "ADSTB is high only with AEN, and with A8-A15 on DB.", "DS p.3, p.7, F11"),
    Rule("data-floats", "DB is driven only under AEN or in a CPU read.", "DS p.2, F10, F11"),
    Rule("bus-after-hlda", "AEN and DACK begin only after HRQ and HLDA were high together.", "DS p.4, F11"),
    Rule("one-dack", "At most one DACK is active.", "DS p.3"),
    Rule("hrq-waits-for-hlda", "HRQ stays until HLDA comes, and returns only after HLDA has gone.", "DS p.6, p.19"),
    Rule(
        "ready-holds-strobes",
        "A strobe ends only in a state that was entered with READY high.",
        "DS p.2, F13",
        frozenset({READY}),
    ),
    Rule("strobe-pairs", "IOR# goes with MEMW#, MEMR# with IOW#, and I/O strobes with one DACK.", "DS p.6, F11"),
    Rule("write-ends-first", "A write strobe ends no later than its read strobe (TWR >= 0).", "DS p.13"),
    Rule("strobe-width", "Strobes and ADSTB last a whole clock at least.", "DS p.14 note 3"),
    Rule("address-steady", "A0-A7 hold still under a strobe, and for two half clocks after it.", "DS p.13"),
    Rule("data-steady", "A8-A15 hold under ADSTB, and memory-to-memory data around MEMW#'s end.", "DS p.13, F12"),
)


def chosen(rules: Sequence[Rule], names: Sequence[str]) -> list[Rule]:
    """
    Return the rules that were asked for; all where none was.

    Raises
    ------
    ConformError
        There is no such rule.
    """
    from difflib import get_close_matches

    known = [rule.name for rule in rules]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.4)
            meant = f" (did you mean {near[0]!r}?)" if near else ""
            raise ConformError(f"no rule {name!r}{meant}; there are {', '.join(known)}")
    return [rule for rule in rules if not names or rule.name in names]
