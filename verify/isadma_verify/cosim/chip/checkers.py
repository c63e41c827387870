"""Rules that hold at the pins in every fabric clock: who may drive, handshakes, and READY."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6; figures 11 to 14.
from typing import Any

from isadma_verify.cosim.chip.bench import Agent, Sample, Sense
from isadma_verify.cosim.common.wires import STROBES


def strobes_low(sample: Any) -> list[str]:
    """Return the command lines that the chip itself holds low."""
    return [name for name in STROBES if getattr(sample.chip, name) == 0]


class Checker(Agent):
    """A rule. `check` sees each fabric clock and the one before it, and raises AssertionError by `fail`."""

    def __init__(self, sense: Sense) -> None:
        self.sense = sense
        self._before: Any = None

    def watch(self, sample: Any) -> None:
        """Check this clock, unless RESET is on."""
        before, self._before = self._before, sample
        if before is None or sample.reset or before.reset:
            return
        self.check(before, sample)

    def check(self, before: Any, now: Any) -> None:
        """Raise AssertionError where the rule is broken."""
        raise NotImplementedError

    @staticmethod
    def fail(now: Any, what: str) -> None:
        """Report a broken rule with its place in time."""
        raise AssertionError(f"{now.where}: {what}")


class OneDriver(Checker):
    """No wire ever has two drivers, not even two that agree."""

    def check(self, before: Any, now: Any) -> None:
        """Look at the fights that the bus holder saw."""
        if now.fights:
            self.fail(now, "; ".join(now.fights))


class BusOwner(Checker):
    """No strobe, address, ADSTB, AEN or DACK without the bus."""

    def check(self, before: Sample, now: Sample) -> None:
        """Compare each clock with the one before: what begins needs HRQ and HLDA, what is driven needs AEN."""
        chip, was = now.chip, before.chip
        driven = [name for name in ("ior_n", "iow_n", "memr_n", "memw_n", "a") if getattr(chip, name) is not None]
        if driven and not chip.aen:
            self.fail(now, f"drives {', '.join(driven)} with AEN low")
        if strobes_low(now) and not (now.hlda and chip.hrq):
            self.fail(now, f"holds {', '.join(strobes_low(now))} low with HRQ={chip.hrq} HLDA={now.hlda}")
        if chip.adstb and not (chip.aen and chip.db is not None):
            self.fail(now, f"ADSTB high with AEN={chip.aen}, DB {'floating' if chip.db is None else 'driven'}")
        if chip.aen and not was.aen and not (before.hlda and was.hrq):
            self.fail(now, f"AEN rises after HRQ={was.hrq} HLDA={before.hlda}")
        begun = set(self.sense.active_dacks(chip.dack)) - set(self.sense.active_dacks(was.dack))
        if begun and chip.dack != was.dack and not (before.hlda and was.hrq):
            self.fail(now, f"DACK{min(begun)} begins after HRQ={was.hrq} HLDA={before.hlda}")
        if chip.db is not None and not chip.aen and not self._cpu_reads(now) and not self._cpu_reads(before):
            self.fail(now, "drives DB with neither AEN nor a CPU read")

    @staticmethod
    def _cpu_reads(sample: Sample) -> bool:
        return not sample.cs_n and not sample.ior_n and not sample.hlda


class OneDack(Checker):
    """At most one DACK is active."""

    def check(self, before: Any, now: Any) -> None:
        """Count active DACK pins."""
        active = self.sense.active_dacks(now.chip.dack)
        if len(active) > 1:
            self.fail(now, f"DACK of channels {active} active together")


class Handshake(Checker):
    """HRQ waits for HLDA: it stays until HLDA comes, and does not return before HLDA has gone."""

    def check(self, before: Any, now: Any) -> None:
        """Look at HRQ's edges."""
        if before.chip.hrq and not now.chip.hrq and not before.hlda:
            self.fail(now, "HRQ falls before HLDA came")
        if now.chip.hrq and not before.chip.hrq and before.hlda:
            self.fail(now, "HRQ rises again while HLDA is still high")


class ReadyObeyed(Checker):
    """A strobe ends only in a state that was entered with READY high."""

    def __init__(self, sense: Sense) -> None:
        super().__init__(sense)
        self._ready = 1

    def check(self, before: Any, now: Any) -> None:
        """Remember READY at each CLK falling edge; compare where a strobe rises."""
        if before.falls:
            self._ready = before.ready
        ended = [name for name in strobes_low(before) if getattr(now.chip, name) != 0]
        if ended and not self._ready:
            self.fail(now, f"{', '.join(ended)} ends in a state entered with READY low")
