"""What is not held against a core: strobes half a clock late, a polarity on its way, levels of illegal reads."""

from types import SimpleNamespace
from typing import Any

from isadma_verify.cosim.chip.bench import Bench, Sense
from isadma_verify.cosim.chip.checkers import OneDack, ReadyObeyed
from isadma_verify.cosim.chip.driving import WaitStates
from isadma_verify.cosim.common.clocking import Clocking
from isadma_verify.cosim.common.figure import Figure
from isadma_verify.cosim.common.stepping import Stepper


class Heard:
    """A bench that remembers which rules were broken."""

    def __init__(self) -> None:
        self.journal = None
        self.broken: list[str] = []

    def report(self, rule: str, sample: Any, said: str) -> None:
        self.broken.append(rule)


def moment(count: int, per_state: int = 2, drives: dict[str, int] | None = None, **levels: Any) -> SimpleNamespace:
    """Return a fabric clock in which nothing happens, but for what is given of the core's outputs and of the wires."""
    clocking = Clocking(per_state, count)
    quiet = {
        "reset": 0, "cs_n": 1, "ior_n": 1, "iow_n": 1, "hlda": 1, "ready": 1, "a": 0, "db": 0, "fights": (),
    }  # fmt: skip
    chip = dict.fromkeys(("ior_n", "iow_n", "memr_n", "memw_n"), 1) | {"dack": 0b1111, "hrq": 1, "aen": 1}
    place = {name: getattr(clocking, name) for name in ("count", "state", "high", "falls", "rises")}
    shown = SimpleNamespace(**(chip | (drives or {})))
    return SimpleNamespace(chip=shown, where="", **place, **(quiet | levels))


def ready_obeyed(low_until: int, ready_low: range, per_state: int = 2) -> list[str]:
    """Return what the checker says of a read strobe that is low from clock 4 to before another."""
    heard = Heard()
    checker = ReadyObeyed(Sense()).on(heard)
    for count in range(24):
        strobe = int(not 4 <= count < low_until)
        checker.watch(moment(count, per_state, {"memr_n": strobe}, ready=int(count not in ready_low)))
    return heard.broken


def test_a_strobe_that_ends_on_the_falling_edge_ends_in_the_state_before():
    # States begin in even clocks; READY is sampled in odd ones.
    assert ready_obeyed(9, range(6, 8)) == ["ready-holds-strobes"]  # in the middle of a state entered with READY low
    assert ready_obeyed(9, range(8, 10)) == []
    assert ready_obeyed(10, range(8, 10)) == []  # half a clock late: the state that ended had READY
    assert ready_obeyed(10, range(6, 10)) == ["ready-holds-strobes"]  # neither had
    assert ready_obeyed(9, range(8, 9), per_state=1) == ["ready-holds-strobes"]  # a clock that is a state is no half


def test_wait_states_are_counted_from_the_state_that_the_strobe_belongs_to():
    for first_low, waits_in in ((5, 3), (6, 3)):
        bench = SimpleNamespace(clocking=Clocking(2), ready=1, agents=[], add=lambda *agents: None)
        agent = WaitStates(bench, waits=1, compressed=False)
        low = []
        for count in range(12):
            bench.clocking.count = count
            agent.respond(bench, SimpleNamespace(ior_n=1, memr_n=int(count < first_low)))
            if not bench.ready:
                low.append(bench.clocking.state)
        assert set(low) == {waits_in}


def test_a_polarity_that_is_being_written_makes_no_dack_active():
    sense, heard = Sense(), Heard()
    checker = OneDack(sense).on(heard)
    # A write of 80h to the command register, which the core acts on while IOW# is low.
    for count, iow, dack in ((0, 1, 15), (1, 0, 15), (2, 0, 0), (3, 0, 0), (4, 1, 0), (5, 1, 0), (20, 1, 0)):
        sample = moment(count, 2, {"dack": dack}, iow_n=iow, cs_n=iow, hlda=0, a=8, db=0x80)
        checker.watch(sample)
        sense.watch(sample)
    assert heard.broken == []
    for count in range(21, 31):
        sample = moment(count, 2, {"dack": 0b0011}, hlda=0)
        checker.watch(sample)
        sense.watch(sample)
    assert heard.broken[-1] == "one-dack"


def test_a_table_that_takes_the_bus_from_a_core_that_still_asks_is_astray():
    def unlawful(level: int | None, *, hlda: int, hrq: int) -> bool:
        last = SimpleNamespace(chip=SimpleNamespace(hrq=hrq))
        figure: Any = SimpleNamespace(_bench=SimpleNamespace(hlda=hlda, last=last))
        row: Any = SimpleNamespace(drive={} if level is None else {"hlda": level})
        return Figure._unlawful(figure, row)

    assert unlawful(0, hlda=1, hrq=1)  # figure 11 is over, and a slower core is not
    assert unlawful(1, hlda=0, hrq=0)
    assert not unlawful(0, hlda=1, hrq=0)
    assert not unlawful(1, hlda=0, hrq=1)
    assert not unlawful(1, hlda=1, hrq=0)
    assert not unlawful(None, hlda=1, hrq=1)
    stepper: Any = SimpleNamespace(astray=True, journal=Heard())
    Stepper.report(stepper, "strobes-need-the-bus", None, "said")
    assert stepper.journal.broken == []


def test_only_reads_that_have_data_have_to_show_levels():
    def matters(port: int, variant: str = "nmos", pin: str = "db.o", **levels: int) -> bool:
        bench: Any = SimpleNamespace(options=SimpleNamespace(variant=variant))
        sample: Any = moment(4, **{"cs_n": 0, "ior_n": 0, "hlda": 0, "a": port, **levels})
        return Bench._matters(bench, None, sample, pin)

    assert not matters(0xC)
    assert not matters(0x9)
    assert matters(0x9, "cmos")
    assert matters(0x8)
    assert matters(0xC, ior_n=1)
    assert matters(0xC, pin="hrq")
