"""What every engine promises a device that withdraws its request, and what refresh is in it."""

import pytest

from isadma_sim import PC, Device

AT = 0x20000
#: Mode bits of the 8237A: single and demand.
MODES = {"single": 0x40, "demand": 0x00}


class Card(Device):
    """Gives 1, 2, 3 .. or takes; it lowers its request whenever it is told to, and counts the cycles after that."""

    name = "card"

    def __init__(self):
        self.moved, self.late = bytearray(), 0
        self.level = False

    def ask(self, level):
        self.level, self.late = level, 0
        self.lines.dreq(level)

    def dma_read(self):
        self.moved.append(len(self.moved) + 1 & 0xFF)
        self.late += not self.level
        return self.moved[-1]

    def dma_write(self, value):
        self.moved.append(value)
        self.late += not self.level


def start(engine, mode, to_memory, **options):
    pc, card = PC(engine=engine, **options), Card()
    pc.attach(card, dma=1)
    pc.memory[AT : AT + 256] = bytes(256) if to_memory else bytes(range(1, 256)) + b"\0"
    for port, value in (
        *((0x0C, 0), (0x0B, MODES[mode] | (0x45 if to_memory else 0x49) & 0x0F), (2, 0), (2, 0), (0x83, 2)),
        *((3, 0xFF), (3, 0), (0x0A, 1)),
    ):
        pc.outb(port, value)
    return pc, card


def sweep(engine, mode, to_memory, clocks, **options):
    told = []
    for clock in clocks:
        pc, card = start(engine, mode, to_memory, **options)
        with pc:
            card.ask(True)
            card.lines.after(clock + 1, lambda card=card: card.ask(False))
            pc.run(clocks=clock + 60)
            count = pc.stats.transfers[1]
            assert len(card.moved) == count
            # A request is latched once, and a write's byte comes a clock before the next is asked for.
            assert card.late <= (1 if mode == "single" or to_memory else 2), f"{card.late} cycles at {clock}"
            expected = bytes(range(1, count + 1))
            assert (pc.memory[AT : AT + count] if to_memory else bytes(card.moved)) == expected
            assert pc.memory[AT + count] == (0 if to_memory else count + 1)
            told.append((count, card.late, pc.stats.dma_clocks))
    assert any(late for _, late, _ in told)
    return told


@pytest.mark.parametrize(
    ("mode", "to_memory"),
    [
        pytest.param(
            *(mode, to_memory),
            id=f"{mode}-{'to' if to_memory else 'from'} memory",
            marks=[] if to_memory == (mode == "demand") else pytest.mark.long,
        )
        for mode in MODES
        for to_memory in (True, False)
    ],
)
def test_a_withdrawn_request_brings_a_cycle_at_most_at_the_same_clocks_on_every_engine(mode, to_memory):
    told = sweep("reference", mode, to_memory, range(40))
    assert sweep("native", mode, to_memory, range(40)) == told
    assert sweep("amaranth", mode, to_memory, range(5, 13, 2)) == told[5:13:2]


@pytest.mark.parametrize("engine", ["reference", "native"])
@pytest.mark.parametrize("board", ["at", "xt"])
def test_refresh_stopped_at_every_clock_costs_a_transfer_nothing(engine, board):
    seen = set()
    for clock in range(0, 75, 2):
        pc, card = start(engine, "demand", True, refresh=True, board=board)
        with pc:
            log = pc.trace()
            pc.run(clocks=clock)
            card.ask(True)
            pc.outb(0x43, 0x50)  # counter 1 to mode 0: OUT1 rises once more at most
            pc.run(clocks=40)
            card.ask(False)
            pc.run(clocks=60)
            count = pc.stats.transfers[1]
            assert pc.memory[AT : AT + 256] == bytes(range(1, count + 1)).ljust(256, b"\0")
            assert len(card.moved) == count
            rows = [cycle.address for cycle in log if cycle.kind == "refresh"]
            assert rows == list(range(rows[0], rows[0] + len(rows))) if rows else True
            before = pc.stats.refreshes
            pc.run(clocks=500)
            assert pc.stats.refreshes - before <= 1
            seen.add(len(rows))
    assert len(seen) > 1
