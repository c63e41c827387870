"""Rules that hold at the pins in every fabric clock: who may drive, handshakes, and READY."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6; figures 11 to 14.
from typing import Any

from isadma_verify.cosim.chip.bench import Agent, Sample, Sense
from isadma_verify.cosim.common.wires import STROBES, named


def strobes_low(sample: Any) -> list[str]:
    """Return the command lines that the chip itself holds low."""
    return [name for name in STROBES if getattr(sample.chip, name) == 0]


class Checker(Agent):
    """A few rules. `check` sees each fabric clock and the one before it, and says by `fail` which rule is broken."""

    def __init__(self, sense: Sense) -> None:
        self.sense = sense
        self._before: Any = None
        self._bench: Any = None

    def on(self, bench: Any) -> "Checker":
        """Report to a bench from now on, which may write down what it hears and go on."""
        self._bench = bench
        return self

    def watch(self, sample: Any) -> None:
        """Check this clock, unless RESET is on."""
        before, self._before = self._before, sample
        if before is None or sample.reset or before.reset:
            return
        self.check(before, sample)

    def check(self, before: Any, now: Any) -> None:
        """Call `met` where what a rule speaks of has happened, and `fail` where the rule is broken."""
        raise NotImplementedError

    def met(self, *rules: str) -> None:
        """Note that these rules had something to judge."""
        if self._bench is not None and self._bench.journal is not None:
            self._bench.journal.met(*rules)

    def fail(self, now: Any, rule: str, what: str) -> None:
        """
        Report a broken rule with its place in time.

        Raises
        ------
        AssertionError
            Nobody writes it down.
        """
        if self._bench is None:
            raise AssertionError(f"{now.where}: {what}")
        self._bench.report(rule, now, what)


class OneDriver(Checker):
    """No wire ever has two drivers, not even two that agree."""

    def check(self, before: Any, now: Any) -> None:
        """Look at the fights that the bus holder saw."""
        self.met("one-driver")
        if now.fights:
            self.fail(now, "one-driver", "; ".join(now.fights))


class BusOwner(Checker):
    """No strobe, address, ADSTB, AEN or DACK without the bus."""

    def check(self, before: Sample, now: Sample) -> None:
        """Compare each clock with the one before: what begins needs HRQ and HLDA, what is driven needs AEN."""
        self._driven(before, now)
        self._begun(before.chip, before, now)

    def _driven(self, before: Sample, now: Sample) -> None:
        """Look at what the chip drives in this clock."""
        chip = now.chip
        framed = "aen" not in self.sense.lacks
        driven = [name for name in ("ior_n", "iow_n", "memr_n", "memw_n", "a") if getattr(chip, name) is not None]
        if driven and framed:
            self.met("bus-floats")
            if not chip.aen:
                self.fail(now, "bus-floats", f"drives {named(*driven)} with AEN low")
        if strobes_low(now):
            self.met("strobes-need-the-bus")
            if not (now.hlda and chip.hrq):
                said = f"holds {named(*strobes_low(now))} low with HRQ={chip.hrq} HLDA={now.hlda}"
                self.fail(now, "strobes-need-the-bus", said)
        if chip.adstb:
            self.met("adstb-with-data")
            if not (chip.aen and chip.db is not None):
                said = f"ADSTB high with AEN={chip.aen}, DB {'floating' if chip.db is None else 'driven'}"
                self.fail(now, "adstb-with-data", said)
        if chip.db is not None:
            self.met("data-floats")
            if framed and not chip.aen and not self._cpu_reads(now) and not self._cpu_reads(before):
                self.fail(now, "data-floats", "drives DB with neither AEN nor a CPU read")

    def _begun(self, was: Any, before: Sample, now: Sample) -> None:
        """Look at what begins in this clock."""
        chip = now.chip
        if chip.aen and not was.aen and "aen" not in self.sense.lacks:
            self.met("bus-after-hlda")
            if not (before.hlda and was.hrq):
                self.fail(now, "bus-after-hlda", f"AEN rises {self._early(before, now)}")
        begun = set(self.sense.settled_dacks(chip.dack)) - set(self.sense.settled_dacks(was.dack))
        if begun and chip.dack != was.dack:
            self.met("bus-after-hlda")
            if not (before.hlda and was.hrq):
                self.fail(now, "bus-after-hlda", f"DACK{min(begun)} begins {self._early(before, now)}")

    @staticmethod
    def _early(before: Sample, now: Sample) -> str:
        """Return how what begins in this clock stands to HRQ and HLDA."""
        if now.hlda and now.chip.hrq:
            return "in the half clock in which HLDA comes, and not after it"
        return f"with HRQ={now.chip.hrq} HLDA={now.hlda}, after HRQ={before.chip.hrq} HLDA={before.hlda}"

    @staticmethod
    def _cpu_reads(sample: Sample) -> bool:
        return not sample.cs_n and not sample.ior_n and not sample.hlda


class OneDack(Checker):
    """At most one DACK is active."""

    def check(self, before: Any, now: Any) -> None:
        """Count active DACK pins."""
        active = self.sense.settled_dacks(now.chip.dack)
        if active:
            self.met("one-dack")
        if len(active) > 1:
            self.fail(now, "one-dack", f"DACK of channels {active} active together")


class Handshake(Checker):
    """HRQ waits for HLDA: it stays until HLDA comes, and does not return before HLDA has gone."""

    def check(self, before: Any, now: Any) -> None:
        """Look at HRQ's edges."""
        if before.chip.hrq != now.chip.hrq:
            self.met("hrq-waits-for-hlda")
        if before.chip.hrq and not now.chip.hrq and not before.hlda:
            self.fail(now, "hrq-waits-for-hlda", "HRQ falls before HLDA came")
        if now.chip.hrq and not before.chip.hrq and before.hlda:
            self.fail(now, "hrq-waits-for-hlda", "HRQ rises again while HLDA is still high")


class ReadyObeyed(Checker):
    """A strobe ends only in a state that was entered with READY high."""

    def __init__(self, sense: Sense) -> None:
        super().__init__(sense)
        self._ready = 1

    def check(self, before: Any, now: Any) -> None:
        """Remember READY at each CLK falling edge; compare where a strobe rises."""
        earlier = self._ready
        if before.falls:
            self._ready = before.ready
        ended = [name for name in strobes_low(before) if getattr(now.chip, name) != 0]
        if ended:
            self.met("ready-holds-strobes")
        # Strobes that end on the falling edge itself are half a clock late: the state that just went may have let them.
        allowed = self._ready or (before.falls and not now.high and earlier)
        if ended and not allowed:
            self.fail(now, "ready-holds-strobes", f"{named(*ended)} ends in a state entered with READY low")
