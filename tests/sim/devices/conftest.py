"""A device's right to change its mind: withdraw its request at every clock of a transfer's life, and account for it.

A test of a device gives the sweep two things.

A *work*: the device under test in a machine, with

- `pc`, `device`, `channel`, `to_memory`;
- `begin()`: set the channel up, let the device begin; the data is a sequence in which every byte tells its place;
- `sent`: what the source has, from its first byte on (memory, or what the device reads from its medium);
- `arrived()`: what has come to the other end since `begin`, in order; for the device's side, what it has taken;
- `waiting()`: bytes that are in the device, on their way there, 0 for most;
- `lost()`: bytes that the device itself says it threw away since `begin`, 0 for most;
- `skipped()`: what the medium went past while nobody fetched it, 0 where a medium waits;
- `settle()`: let all that is under way come to its end.

And *ways* to withdraw: `Way(name, withdraw, ...)`.

What must hold: as many bytes have arrived or were thrown away as the 8237A has counted, and those that arrived are
the source's, in order, without a hole (unless the way is not `exact`, or the medium went on) and with nothing among
them that the source does not have.
"""

import collections
import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from isadma_sim.machine.schedule import Schedule


@dataclasses.dataclass(frozen=True)
class Way:
    """One way to withdraw a request.

    `withdraw(work, out)` writes to ports with `out(port, value)`: a CPU's port cycle, or, where the sweep is *inside*,
    the device's own `io_write` at any clock, those of the transfer's bus cycles included. `prepare(work)` comes right
    after the beginning, `resume(work)` after the request was down for a while.
    """

    name: str
    withdraw: Callable[[Any, Callable[[int, int], None]], None]
    prepare: Callable[[Any], None] = lambda work: None
    resume: Callable[[Any], None] = lambda work: None
    #: Only a CPU can do it: a register of the 8237A or of the machine.
    outside: bool = False
    #: Nothing may be missing; else the device may throw away what it says that it did.
    exact: bool = True

    def __str__(self) -> str:
        return self.name


class Withdrawals:
    """Runs sweeps; `cases` counts the moments that were tried, by way."""

    def __init__(self) -> None:
        self.cases: collections.Counter[str] = collections.Counter()

    def sweep(self, work, way, clocks, *, inside=False, pause=60):
        """Withdraw at each of `clocks` after the beginning, a transfer for each of them."""
        assert not (inside and way.outside)
        for clock in clocks:
            self.cases[f"{way}, {'inside' if inside else 'by the CPU'}"] += 1
            try:
                self._once(work, way, clock, inside, pause)
            except AssertionError as error:
                where = "inside" if inside else "by the CPU"
                raise AssertionError(f"{way} {where}, {clock} clocks after the beginning: {error}") from None

    def _once(self, work, way, clock, inside, pause):
        pc = work.pc
        work.begin()
        before = pc.stats.bytes[work.channel]
        way.prepare(work)
        if inside:
            work.device.lines.after(clock + 1, lambda: way.withdraw(work, work.device.io_write))
            pc.run(clocks=clock + 1)
        else:
            pc.run(clocks=clock)
            way.withdraw(work, pc.outb)
        pc.run(clocks=pause)
        self.account(work, before, exact=way.exact)
        way.resume(work)
        work.settle()
        self.account(work, before, exact=way.exact)

    @staticmethod
    def account(work, before, *, exact):
        """Compare what the 8237A has counted with what came; `before` is the count at the beginning."""
        counted = work.pc.stats.bytes[work.channel] - before
        arrived, waiting, lost = bytes(work.arrived()), work.waiting(), work.lost()
        there = len(arrived) + waiting + lost
        assert there == counted, f"counted {counted}, arrived {arrived.hex(' ')}, waiting {waiting}, thrown away {lost}"
        if exact:
            assert lost == 0, f"{lost} bytes thrown away"
        if exact and not work.skipped():
            assert arrived == work.sent[: len(arrived)], f"arrived {arrived.hex(' ')}"
        else:
            rest = iter(work.sent)
            assert all(byte in rest for byte in arrived), f"made up among {arrived.hex(' ')}"


@pytest.fixture
def withdrawals(record_property):
    made = Withdrawals()
    yield made
    record_property("cases", json.dumps(made.cases))
    print(made.cases.total(), "cases")


@pytest.fixture(scope="session")
def way_to_withdraw():
    """The class `Way`, for tests that make their own."""
    return Way


class Slot:
    """A slot without a machine: one device, its interrupt line, and time that goes on from event to event."""

    def __init__(self, device, clock_hz=4_000_000, behind=None):
        self.clock = 0
        self.clock_hz = clock_hz
        self.level = False
        self.rises = 0
        self._behind = behind
        self._schedule = Schedule()
        self.device = device
        device.lines = self
        device.reset()

    # what the device sees
    def irq(self, level):
        self.rises += level and not self.level
        self.level = level

    def after(self, clocks, fn):
        assert clocks >= 1
        return self._schedule.at(self.clock + clocks, fn)

    def cancel(self, handle):
        self._schedule.cancel(handle)

    def behind(self, port):
        return self._behind

    # what the test does
    def run(self, clocks):
        end = self.clock + clocks
        while self._schedule.due <= end:
            self.clock = self._schedule.due
            self._schedule.run(self.clock)
        self.clock = end

    def step(self, end):
        """Go on to the next event, or to a clock."""
        self.run(min(max(self._schedule.due - self.clock, 1), end - self.clock))

    def delay(self, seconds):
        self.run(round(seconds * self.clock_hz))

    def inb(self, port):
        self.run(7)
        return self.device.io_read(port)

    def outb(self, port, value):
        self.run(7)
        self.device.io_write(port, value)

    def wait_irq(self, seconds):
        end = self.clock + round(seconds * self.clock_hz)
        while not self.level:
            assert self.clock < end, "no interrupt"
            self.step(end)


@pytest.fixture(scope="session")
def slot():
    """The class `Slot`."""
    return Slot
