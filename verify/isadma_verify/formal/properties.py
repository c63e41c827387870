"""The list of what is proved: each property in both clockings, with its sentence, depth and reason."""

from collections.abc import Callable
from functools import partial

from .bus import WAITS, Handshake, NothingWithoutBus, OneDack, SingleGivesBack
from .environment import CLOCKINGS, Environment
from .liveness import BOUND, LATE, Answers
from .no_unknown import NO_UNKNOWN
from .programming import WritesRegisters, WritesWords
from .reading import ReadsRegisters
from .runner import Property
from .service import MaskedNeedsRequest, PassedByThree
from .transfers import StepsExactlyOnce, TerminalCount

_COMBINATIONAL = "DACK follows from the state of one clock; a second one only because a proof needs a step"
_LEMMAS = (
    "the lemmas make it inductive in one step; the chip and the specification look up to two clocks back, "
    "so three make every past clock a real one"
)
_ACCESS = "an access is its strobe, the clock that ends it and the clock in which the register shows it"


def _both(
    name: str, rules: Callable[[str], Environment], sentence: str, depth: int, why: str, states: int, halves: int
) -> list[Property]:
    """Return a property at one state per fabric clock, and at two or more; with the clocks that its covers need."""
    return [
        Property(f"{name}-{clocking}", sentence, partial(_build, rules, clocking), depth, why, clocks)
        for clocking, clocks in zip(CLOCKINGS, (states, halves), strict=True)
    ]


def _build(rules: Callable[[str], Environment], clocking: str, narrowed: bool) -> Environment:
    environment = rules(clocking)
    environment.narrowed = narrowed
    return environment


#: Every promise that is proved of the chip.
PROPERTIES: tuple[Property, ...] = (
    *_both("one-dack", OneDack, "At most one DACK is active, in either polarity.", 2, _COMBINATIONAL, 14, 26),
    *_both(
        "bus-owner",
        NothingWithoutBus,
        "No strobe, address, ADSTB, AEN, EOP# or DACK comes before HRQ and HLDA were high together, and no strobe is "
        "low without both.",
        3,
        _LEMMAS,
        14,
        28,
    ),
    *_both(
        "handshake",
        Handshake,
        "HRQ stays until HLDA has come, and does not rise again before HLDA has gone.",
        3,
        _LEMMAS,
        14,
        28,
    ),
    *_both(
        "single-release",
        SingleGivesBack,
        f"In single mode HRQ falls in the fourth state of a service, later only by its SW states (up to {WAITS} here).",
        3,
        _LEMMAS,
        16,
        32,
    ),
    *_both(
        "mask",
        MaskedNeedsRequest,
        "A service begins only for a channel that is not masked and has its DREQ active, or has its request bit on; "
        "so a masked channel is served by software request only.",
        3,
        _LEMMAS,
        14,
        28,
    ),
    *_both(
        "rotation",
        PassedByThree,
        "Under rotating priority a channel that keeps requesting sees at most three other services begin before its "
        "own.",
        3,
        _LEMMAS,
        30,
        60,
    ),
    *_both(
        "steps-once",
        StepsExactlyOnce,
        "Each transfer steps its channel's address exactly once, by its mode, and counts its word count down exactly "
        "once, unless it reloads.",
        3,
        _LEMMAS,
        18,
        36,
    ),
    *_both(
        "terminal-count",
        TerminalCount,
        "A transfer ends the process exactly when its word count was 0000h, or EOP# was low on the edge that "
        "enters S2; and only the first pulls EOP#, once, while its write strobe would be low.",
        3,
        _LEMMAS,
        18,
        36,
    ),
    *_both(
        "cpu-registers",
        WritesRegisters,
        "A CPU write changes the register of ports 8 to F that it names, to what it says, and no other; so do the "
        "flip-flop, Master Clear, RESET, a status read and the end of a process, and nothing else does.",
        3,
        _ACCESS,
        10,
        14,
    ),
    *_both(
        "cpu-words",
        WritesWords,
        "A CPU write changes the byte of address or word count that it names, in the channel's base and current "
        "registers, and no other byte of either.",
        3,
        _ACCESS,
        10,
        14,
    ),
    *_both(
        "cpu-registers-cmos",
        partial(WritesRegisters, variant="cmos"),
        "The same of the 82C37A, with its flip-flop set by a read and its mode counter.",
        3,
        _ACCESS,
        10,
        14,
    ),
    *_both(
        "cpu-reads",
        ReadsRegisters,
        "From the second clock of IOR# on the data pins show the register, or the half of a word, that address and "
        "flip-flop name, and FFh at ports without one.",
        3,
        _ACCESS,
        14,
        20,
    ),
    *_both(
        "cpu-reads-cmos",
        partial(ReadsRegisters, variant="cmos"),
        "The same of the 82C37A, whose command, modes, masks and requests can be read too.",
        3,
        _ACCESS,
        14,
        20,
    ),
    *_both(
        "answers",
        Answers,
        f"A request that is not masked, on a chip that is not disabled, lies beside an idle bus for at most {BOUND} "
        f"states, where HLDA follows HRQ within {LATE}: then a service is under way.",
        3,
        _LEMMAS,
        24,
        44,
    ),
    *NO_UNKNOWN,
)
