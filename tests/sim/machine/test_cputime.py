"""What the processor's part costs: interrupts taken late, entry, port accesses, exit, and the clocks DMA takes."""

import pytest

from isadma_sim import PC, Costs, Device

#: Ports of the card below.
GO, ACK = 0x300, 0x301
#: Block mode, device to memory, channel 1.
BLOCK = 0x85


class Card(Device):
    """Raises its interrupt `wait` clocks after a write of GO, takes it back on ACK, and moves bytes on request."""

    name = "card"
    ports = (GO, ACK)

    def __init__(self, wait=1000):
        self.wait = wait
        self.raised = None

    def io_write(self, port, value):
        if port == ACK:
            self.lines.irq(False)
        elif value:
            self.lines.dreq(True)
        else:
            self.lines.after(self.wait, self._raise)

    def _raise(self):
        self.raised = self.lines.clock
        self.lines.irq(True)

    def tc(self):
        self.lines.dreq(False)


@pytest.fixture
def machine():
    with PC(engine="reference") as pc:
        card = Card()
        pc.attach(card, dma=1, irq=5)
        pc.outb(0x21, 0x00)
        yield pc, card


def handle(pc, entered):
    """Handle the card's interrupt: one access of the card, and the end of interrupt."""

    def handler(interrupt):
        entered.append(pc.clocks)
        pc.outb(ACK, 0)
        pc.outb(0x20, 0x65)

    return handler


def program(pc, count):
    for port, value in (
        (0x0B, BLOCK),
        (0x0C, 0),
        (0x02, 0),
        (0x02, 0),
        (0x03, count - 1 & 0xFF),
        (0x03, count - 1 >> 8),
    ):
        pc.outb(port, value)
    pc.outb(0x83, 0x02)
    pc.outb(0x0A, 0x01)


def test_every_part_of_an_interrupt_is_charged(machine):
    pc, _ = machine
    entered = []
    pc.on_irq(5, handle(pc, entered))
    pc.outb(GO, 0)
    account = pc.charge(Costs(entry=20, access=8, exit=18))
    pc.serve(clocks=5000)
    used = account.usage
    assert len(entered) == used.interrupts == 1
    assert (used.clocks, used.stolen) == (5000, 0)
    # Two port accesses of seven clocks each, with eight clocks of instructions around them.
    assert (used.entry, used.bus, used.instructions, used.exit) == (20, 14, 16, 18)
    assert used.busy == 68
    assert used.free == 5000 - 68
    assert used.share == 68 / 5000


@pytest.mark.parametrize(("seconds", "clocks"), [(0, 0), (2e-6, 8), (2e-3, 8000)])
def test_the_handler_runs_the_latency_after_the_request(machine, seconds, clocks):
    pc, card = machine
    entered = []
    pc.on_irq(5, handle(pc, entered))
    pc.outb(GO, 0)
    pc.charge(Costs(entry=20, latency=seconds))
    pc.serve(clocks=20_000)
    # INT stops the machine at the end of the clock in which it rises.
    assert entered[0] - card.raised in (clocks + 20, clocks + 21)


def test_latency_is_no_work(machine):
    pc, _ = machine
    pc.on_irq(5, handle(pc, []))
    pc.outb(GO, 0)
    account = pc.charge(Costs(latency=1e-3))
    pc.serve(clocks=20_000)
    assert account.usage.busy == 20 + 14 + 16 + 18


def test_latency_holds_for_a_program_that_waits_too(machine):
    pc, card = machine
    pc.outb(GO, 0)
    account = pc.charge(Costs(latency=1e-3))
    pc.wait_irq(5, clocks=20_000)
    assert pc.clocks - card.raised in (4000 + 20 + 18, 4001 + 20 + 18)
    assert account.usage.interrupts == 1


def test_what_waits_when_a_handler_ends_is_taken_at_once(machine):
    pc, card = machine
    second = Card()
    second.ports = (GO + 2, ACK + 2)
    pc.attach(second, irq=7)
    entered = []
    pc.on_irq(5, handle(pc, entered))
    pc.on_irq(7, lambda interrupt: (entered.append(pc.clocks), pc.outb(0x20, 0x67)))
    for port in (GO, GO + 2):
        pc.outb(port, 0)
    pc.charge(Costs(entry=20, latency=2e-3))
    pc.serve(clocks=30_000)
    # Both came within a few clocks: the first waits 2 ms, the second its handler's 68 clocks less its own entry, and
    # the entry of the second.
    assert entered[0] - card.raised in (8020, 8021)
    assert entered[1] - entered[0] == 2 * (7 + 8) + 18 + 20


def test_clocks_that_dma_takes_are_stolen_and_not_busy(machine):
    pc, _ = machine
    program(pc, 200)
    account = pc.charge(Costs())
    held = pc.stats.dma_clocks
    pc.outb(GO, 1)
    pc.run(clocks=5000)
    used = account.usage
    assert used.stolen == pc.stats.dma_clocks - held >= 200 * 4
    assert (used.bus, used.instructions) == (7, 8)
    assert used.free == used.clocks - used.stolen - 15


def test_work_stands_still_while_dma_has_the_bus(machine):
    pc, card = machine
    card.wait = 60
    entered = []
    pc.on_irq(5, handle(pc, entered))
    program(pc, 1000)
    account = pc.charge(Costs())
    pc.outb(GO, 0)
    pc.outb(GO, 1)
    pc.serve(clocks=20_000)
    # The block of 1,000 bytes was on the bus when the interrupt came: entry waited for its end.
    assert entered[0] - card.raised > 3000
    used = account.usage
    assert (used.entry, used.exit, used.instructions) == (20, 18, 4 * 8)
    assert used.clocks == used.free + used.busy + used.stolen


def test_costs_that_are_none_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^entry -1: give a number of clocks, 0 or more$"):
        Costs(entry=-1)
    with pytest.raises(ValueError, match=r"^latency -2.0: give seconds, 0 or more$"):
        Costs(latency=-2.0)


def test_without_charges_an_access_costs_its_bus_cycle_alone(machine):
    pc, _ = machine
    pc.charge(Costs())
    assert pc.charge(None) is None
    start = pc.clocks
    pc.inb(0x83)
    assert pc.clocks - start == 7


def test_bus_shares_add_to_one_and_name_who_had_it(machine):
    pc, _ = machine
    program(pc, 500)
    then = pc.stats.copy()
    pc.outb(GO, 1)
    pc.run(clocks=4000 - 7)
    shares = pc.stats.shares(then)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    # 500 bytes at S2 S3 SW S4, an S1 where A8 changes and at the start, in 4,000 clocks.
    assert 2000 / 4000 <= shares["channel 1"] <= 2010 / 4000
    assert shares["cpu"] == 5 / 4000  # address, three clocks of strobe, hold
    assert shares["refresh"] == 0
    assert 0 < shares["handover"] < 10 / 4000
    assert list(shares) == ["cpu", *(f"channel {n}" for n in range(8)), "refresh", "handover", "idle"]


def test_bus_shares_of_no_time_are_refused(machine):
    pc, _ = machine
    with pytest.raises(ValueError, match="0 clocks"):
        pc.stats.shares(pc.stats.copy())
