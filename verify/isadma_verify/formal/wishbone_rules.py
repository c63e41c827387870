"""What Wishbone B4 asks of a master and of a slave: one property module for both, to be bound to any bus."""

# Ref: OpenCores, WISHBONE System-on-Chip Interconnection Architecture, revision B4, rules 3.20, 3.25, 3.35, 3.45, 3.60
#      and chapter 3.1.3 (handshake), standard and pipelined; chapter 4, permissions 4.15 and 4.20 and rule 4.15 (ACK
#      without STB).

from typing import Any

from amaranth.hdl import Assert, Assume, Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from isadma.soc.wishbone import LANES

from .wishbone_burst_rules import BurstRules

#: Who may be on trial.
ROLES = ("master", "slave", "neither")

#: Clocks of an access that are counted.
LONGEST = 15


class WishboneRules(wiring.Component):
    """
    The rules of a bus between one master and one slave. Whoever has ``role`` is asserted, the other one is assumed.

    A master: STB only with CYC; both low in the first clock after reset; and what it asks for stands still until ACK or
    ERR (pipelined: while STALL is high), unless it gives up. A slave: ACK or ERR, never both, and only while CYC and
    STB are high (pipelined: for a request that has been taken, or is in this clock).

    With bursts what is asked for includes CTI and BTE, the master keeps `BurstRules` too, and the slave may raise ACK
    and ERR while STB is low, when they say nothing.

    Bind it with `watch`; no signal of the bus is driven.

    Parameters
    ----------
    address_width
        Bits of the word address.
    role
        One of `ROLES`: who is on trial. ``"neither"`` assumes both.
    pipelined
        Whether the bus has STALL.
    bursts
        Whether the bus has CTI and BTE.
    patient
        Whether the master also never gives up: STB stays until ACK or ERR (pipelined: until it is taken, and CYC until
        the last answer).
    within
        Clocks within which the slave answers a standard cycle, 1 (at once) to 15; None for as long as it likes.

    Raises
    ------
    ValueError
        There is no such role, or no such number of clocks.
    """

    def __init__(
        self,
        address_width: int,
        *,
        role: str,
        pipelined: bool = False,
        bursts: bool = False,
        patient: bool = False,
        within: int | None = None,
    ) -> None:
        if role not in ROLES:
            raise ValueError(f"role {role!r}: take one of {', '.join(ROLES)}")
        if within is not None and not 1 <= within <= LONGEST:
            raise ValueError(f"within {within!r} clocks: an answer comes in 1 to {LONGEST}")
        self._role, self._pipelined, self._patient, self._within = role, pipelined, patient, within
        widths = {"adr": address_width, "dat_w": 32, "sel": LANES, "cyc": 1, "stb": 1, "we": 1, "ack": 1, "err": 1}
        widths |= {"cti": 3, "bte": 2} if bursts else {}
        super().__init__(
            {
                **{name: In(width) for name, width in widths.items()},
                "stall": In(1),
                # Clocks for which the present access has been asked for, this one included, up to 15; 0 without one.
                "asking": Out(4),
                # Pipelined: requests taken before this clock and not answered yet, up to 15.
                "open": Out(4),
                # High in the first clock after an access that the master gave up.
                "given_up": Out(1),
            }
        )
        self._bursts = BurstRules(address_width, assumed=role != "master") if bursts else None

    @property
    def burst(self) -> BurstRules:
        """What has to be known of the present burst, for lemmas and covers; LookupError without bursts."""
        if self._bursts is None:
            raise LookupError("the rules are of a bus without bursts: make them with bursts=True")
        return self._bursts

    def watch(self, m: Module, bus: Any) -> None:
        """Look at a bus, by either of its ends."""
        names = ["adr", "dat_w", "sel", "cyc", "stb", "we", "ack", "err"] + ["stall"] * self._pipelined
        names += ["cti", "bte"] * (self._bursts is not None)
        m.d.comb += [getattr(self, name).eq(getattr(bus, name)) for name in names]

    def elaborate(self, platform: object) -> Module:
        """Write the rules as assertions and assumptions."""
        m = Module()
        master = Assert if self._role == "master" else Assume
        slave = Assert if self._role == "slave" else Assume
        asked = Signal()
        ended = Signal()
        # With bursts an answer that nobody asked for is none.
        counts = Signal(init=1) if self._bursts is None else asked
        m.d.comb += [asked.eq(self.cyc & self.stb), ended.eq((self.ack | self.err) & counts)]
        # What is asked for and not yet taken: until the answer, or, pipelined, while the slave stalls.
        taken = ~self.stall if self._pipelined else ended
        started = Signal()
        waiting = Signal()
        names = ["adr", "dat_w", "sel", "we"] + ["cti", "bte"] * (self._bursts is not None)
        before = {name: Signal(len(getattr(self, name)), name=f"before_{name}") for name in names}
        clocks = Signal(4)
        m.d.sync += [
            started.eq(1),
            waiting.eq(asked & ~taken),
            *(signal.eq(getattr(self, name)) for name, signal in before.items()),
            clocks.eq(Mux(asked & ~taken, self.asking, 0)),
        ]
        same = Cat(getattr(self, name) == signal for name, signal in before.items() if name != "dat_w").all()
        same_data = ~self.we | (self.dat_w == before["dat_w"])
        m.d.comb += [
            self.asking.eq(Mux(asked, Mux(clocks == LONGEST, LONGEST, clocks + 1), 0)),
            self.given_up.eq(waiting & ~asked),
            master(~self.stb | self.cyc),
            master(started | ~(self.cyc | self.stb)),
            master(~(waiting & asked) | (same & same_data)),
            slave(~(self.ack & self.err & counts)),
        ]
        if self._patient:
            m.d.comb += master(~waiting | asked)
        if self._bursts is not None:
            m.submodules.bursts = bursts = self._bursts
            names = ["adr", "sel", "cyc", "we", "cti", "bte"]
            m.d.comb += [getattr(bursts, name).eq(getattr(self, name)) for name in names]
            m.d.comb += [bursts.asked.eq(asked), bursts.ended.eq(ended)]
        if self._pipelined:
            self._count(m, master, slave, asked, ended)
        else:
            m.d.comb += slave(~ended | asked)
            if self._within is not None:
                m.d.comb += slave((self.asking < self._within) | ended)
        return m

    def _count(self, m: Module, master: Any, slave: Any, asked: Signal, ended: Signal) -> None:
        """Count the requests taken and not yet answered; the count ends what a proof can look at, at fifteen."""
        open_requests = Signal(4)
        now = Signal(5)
        m.d.comb += self.open.eq(open_requests)
        m.d.comb += [
            now.eq(open_requests + (asked & ~self.stall)),
            slave(~ended | (self.cyc & (now != 0))),
            Assume(now <= 15),
        ]
        m.d.sync += open_requests.eq(Mux(self.cyc, now - ended, 0))
        if self._patient:
            m.d.comb += master((open_requests == 0) | self.cyc)
