"""8259As, timer and port 61h in C++ beside their models: random programs, at random times, saved and loaded halfway."""

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isadma_sim import PC
from isadma_sim.bench.load import start
from isadma_sim.engines.native.compiler import missing
from isadma_sim.machine.device import Device

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

#: Each board with and without refresh, and a port that is only decoded in part.
MACHINES = [("at", False), ("at", True), ("xt", False), ("xt", True)]
PORTS = {
    "at": [0x20, 0x21, 0xA0, 0xA1, 0x40, 0x41, 0x42, 0x43, 0x61],
    "xt": [0x20, 0x21, 0x3E, 0x40, 0x41, 0x42, 0x43, 0x5D, 0x61, 0x62, 0x7D],
}
LINES = {"at": [1, 3, 7, 9, 12, 15], "xt": [1, 3, 7]}


class Card(Device):
    """A card that drives its interrupt line as it is told."""

    def __init__(self, line):
        self.name = f"card {line}"

    def save_state(self):
        return 0

    def load_state(self, state):
        pass


def steps(board):
    # Words that begin something are more likely than by chance: an 8259A's initialization, an 8254's small counts.
    value = st.one_of(
        st.integers(0, 255),
        st.integers(0, 12),
        st.sampled_from([0x11, 0x13, 0x1B, 0x20, 0x0C, 0x68, 0xA0, 0x80, 0xC2, 0x0B]),
        st.sampled_from([0x10, 0x30, 0x34, 0x36, 0x54, 0x58, 0x76, 0x7A, 0x92, 0xB0, 0xB3, 0xB6, 0xBA, 0xE2, 0xDE]),
    )
    port = st.sampled_from(PORTS[board])
    return st.lists(
        st.one_of(
            st.tuples(st.just("outb"), port, value),
            st.tuples(st.just("outb"), port, value),
            st.tuples(st.just("inb"), port),
            st.tuples(st.just("inb"), port),
            st.tuples(st.just("run"), st.one_of(st.integers(1, 40), st.integers(1, 300_000))),
            st.tuples(st.just("until"), st.integers(1, 5000)),
            st.tuples(st.just("irq"), st.sampled_from(LINES[board]), st.booleans()),
            st.tuples(st.just("inta")),
            st.tuples(st.just("busy")),
        ),
        max_size=60,
    )


class Side:
    """A machine of one engine, told what to do."""

    def __init__(self, engine, board, refresh):
        self.pc = PC(engine=engine, board=board, refresh=refresh, memory=1 << 18)
        self.cards = {line: Card(line) for line in LINES[board]}
        for line, card in self.cards.items():
            self.pc.attach(card, irq=line)
        self.load = None

    def do(self, what, *more):
        pc = self.pc
        if what == "irq":
            self.cards[more[0]].lines.irq(more[1])
        elif what == "until":
            pc.run(more[0], until_intr=True)
        elif what == "busy":
            if self.load is None:
                self.load = start(pc)
        else:
            return getattr(pc, what)(*more)
        return None

    def seen(self):
        pc = self.pc
        return pc.clocks, pc.intr, pc.next_event

    def kept(self):
        """What a saved machine has of the chips."""
        with zipfile.ZipFile(io.BytesIO(self.pc.save())) as archive:
            machine = json.loads(archive.read("machine.json"))
        chips = [card["state"] for card in machine["cards"] if card["name"] in ("timer", "system control port")]
        # What floats on the bus is not the same on both.
        lines = {name: value for name, value in machine["engine"]["lines"].items() if name not in ("_in", "_out")}
        return machine["pics"], chips, machine["int_since"], lines, machine["engine"]["stats"]

    def again(self):
        """Save it, and go on with what is loaded."""
        cards = {line: Card(line) for line in self.cards}
        pc = PC.load(self.pc.save(), cards=list(cards.values()))
        self.pc.close()
        self.pc, self.cards = pc, cards


@pytest.mark.parametrize(("board", "refresh"), MACHINES)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_chips_in_cpp_do_what_their_models_do(board, refresh, data):
    alike(board, refresh, data)


@pytest.mark.long
@pytest.mark.parametrize(("board", "refresh"), MACHINES)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_chips_in_cpp_do_what_their_models_do_for_long(board, refresh, data):
    alike(board, refresh, data)


def alike(board, refresh, data):
    """Hold the engines against each other through one program."""
    program = data.draw(steps(board))
    halfway = data.draw(st.integers(0, 60))
    native, model = Side("native", board, refresh), Side("reference", board, refresh)
    try:
        for number, step in enumerate(program):
            if number == halfway and native.load is None:
                native.again()
            if step == "busy" or step == "inta":
                step = (step,)
            assert native.do(*step) == model.do(*step)
            assert native.seen() == model.seen()
        if native.load is None:
            assert native.kept() == model.kept()
        assert native.pc.stats == model.pc.stats
    finally:
        native.pc.close()
        model.pc.close()
