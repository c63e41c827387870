"""Short captures of a PC, made from what is known of the real one: no RTL, no model, only its clock counts."""

import random
import zipfile
from dataclasses import dataclass, field

import pytest

PASSIVE, MEMORY, IO_READ, IO_WRITE = 0b111, (0b100, 0b101, 0b110), 0b001, 0b010


@dataclass
class Capture:
    """One row a clock: `s`, `ready`, `dreq0`, `a`; and when each request was made and found the processor passive."""

    rows: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    grants: list = field(default_factory=list)

    def probes(self):
        """Names and levels, in the order of the probes: CLK is high in the first of two samples."""
        names = [
            "RDY",
            "S0",
            "S1",
            "S2",
            "DR0",
            "CLK",
            *[f"AD{bit}" for bit in range(8)],
            *[f"A{b}" for b in range(8, 20)],
        ]
        samples = []
        for row in self.rows:
            bits = [row["ready"], *(row["s"] >> bit & 1 for bit in range(3)), row["dreq0"]]
            address = [row["a"] >> bit & 1 for bit in range(20)]
            samples += [[*bits, 1, *address], [*bits, 0, *address]]
        return names, samples


def refreshing(clocks=2000, *, period=72, seed=1):
    """Capture an 8088 at random work, and its refreshes.

    From captures of an IBM 5150: with t the first clock of DREQ0 and p the first passive one from t + 1 on, DREQ0 falls
    in p + 4, and READY is low from p + 3 for six clocks, for seven beside an I/O cycle. An I/O cycle has one wait.
    """
    r, made = random.Random(seed), Capture()
    low, dreq_until = set(), None
    status, begun, idle = PASSIVE, 0, 5
    address, waiting, next_request = 0, None, 40
    for clock in range(clocks):
        ready = int(clock not in low)
        if status != PASSIVE and clock >= begun + 2 and ready:
            status, idle = PASSIVE, 2 + r.choice((0, 0, 0, 1, 2, 7))
        elif status == PASSIVE:
            idle -= 1
            if idle <= 0:
                status, begun = r.choice((*MEMORY, *MEMORY, IO_READ, IO_WRITE)), clock
                address = r.randrange(0x1000, 0xA0000) if status in MEMORY else r.randrange(0x40, 0x400)
                if status in (IO_READ, IO_WRITE):
                    held = made.grants and begun <= made.grants[-1] + 7
                    low.add(made.grants[-1] + 9 if held else begun + 2)
        if clock == next_request:
            made.requests.append(clock)
            waiting, next_request = clock, next_request + period
        if waiting is not None and clock > waiting and status == PASSIVE:
            made.grants.append(clock)
            low.update(range(clock + 3, clock + 9))
            dreq_until, waiting = clock + 4, None
        dreq0 = int(waiting is not None or (dreq_until is not None and clock < dreq_until))
        made.rows.append({"s": status, "ready": int(clock not in low), "dreq0": dreq0, "a": address})
    return made


def write_sr(path, names, samples, *, unit=None, chunk=700, rate="9.545454 MHz"):
    """Write a sigrok session in chunks."""
    unit = unit or -(-len(names) // 8)
    raw = [sum(bit << place for place, bit in enumerate(sample)).to_bytes(unit, "little") for sample in samples]
    probes = "".join(f"probe{number}={name}\n" for number, name in enumerate(names, start=1))
    metadata = (
        "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\n"
        f"total probes={len(names)}\nsamplerate={rate}\n{probes}unitsize={unit}\n"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as session:
        session.writestr("version", "2")
        session.writestr("metadata", metadata)
        for number, start in enumerate(range(0, len(raw), chunk), start=1):
            session.writestr(f"logic-1-{number}", b"".join(raw[start : start + chunk]))
    return path


@pytest.fixture
def refresh_capture():
    """Make a capture with refreshes: `refresh_capture(clocks=2000, period=72, seed=1)`."""
    return refreshing


@pytest.fixture
def sigrok_file():
    """Write one: `sigrok_file(path, names, samples, unit=None, chunk=700)`."""
    return write_sr
