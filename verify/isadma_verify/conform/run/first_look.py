"""The first bench on a core: whether it comes out of RESET, and asks for the bus at all."""

# ruff: noqa: D103 - a bench's name is its sentence
from typing import Any

import cocotb

from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.chip.stand import READ, SINGLE, Stand

#: States within which a channel that is unmasked and requested has to raise HRQ.
PATIENCE = 60

#: What is measured: fabric clocks from the last edge of CLK to HRQ.
LATE = "late"

#: What is measured: whether a channel's address reads back.
READS_BACK = "reads back"

#: What is measured: pins of a chip that show after RESET what none does at rest, each by its name.
AT_REST = "at rest "

#: What is measured: strobes that are low before any transfer, and a first service that does not end.
LOW, STAYS = "low ", "stays"

#: What the lines begin with that end a judgement.
MUTE, UNKNOWN, HELD_UP = "HRQ never rose", "after RESET and a service", "the CPU never gets the bus"

#: What is said beside, where all was known until the CPU came.
PROGRAMMED = ", and none before the CPU wrote"


@cocotb.test()
async def the_core_wakes_and_asks_for_the_bus(dut: Any) -> None:
    if cocotb.top is not None and hasattr(dut, "isa_drq"):
        stand: Any = await BoardStand(dut).posted()
    else:
        stand = await Stand(dut).start()
    bench = stand.bench
    bench.levels.clear()
    await bench.states(2)
    known = not bench.levels
    if isinstance(stand, Stand):
        _at_rest(bench)
    if not await _has_the_bus(stand):
        high = [pin for pin in ("hrq", "aen") if getattr(bench.last.chip, pin)]
        raise AssertionError(f"{HELD_UP} after RESET: {' and '.join(high)} is high and nobody asked")
    await stand.cpu.program(1, mode=SINGLE | READ, address=0x1000, count=3)
    if bench.journal is not None and isinstance(stand, Stand):
        bench.journal.measured(READS_BACK, int(await stand.cpu.address(1) == 0x1000))
    await stand.cpu.unmask(1)
    bench.dreq = 0b0010
    for _ in range(PATIENCE * bench.clocking.per_state):
        await bench.tick()
        if bench.last.chip.hrq:
            break
    else:
        raise AssertionError(
            _unknown(bench, known) or f"{MUTE} within {PATIENCE} states of DREQ1, programmed and unmasked"
        )
    position = bench.last.count % bench.clocking.per_state
    if bench.journal is not None:
        bench.journal.measured(LATE, min(position, abs(position - bench.clocking.low_length)))
    bench.dreq = 0
    await _serves(bench, isinstance(stand, Stand))
    bench.levels.clear()
    await bench.states(4)
    if said := _unknown(bench, known):
        raise AssertionError(said)


def _at_rest(bench: Any) -> None:
    """Measure which outputs show after RESET, with nobody asking, what an 8237A does not show."""
    shown = bench.last.chip
    odd = [pin for pin in ("hrq", "aen", "adstb") if getattr(shown, pin)]
    odd += [pin for pin in ("ior_n", "iow_n", "memr_n", "memw_n", "a", "db") if getattr(shown, pin) is not None]
    odd += ["dack"] if not shown.dack else []
    odd += ["eop_n"] if shown.eop_n == 0 else []
    if bench.journal is None:
        return
    for pin in odd:
        bench.journal.measured(AT_REST + pin, 1)
    for pin in ("ior_n", "iow_n", "memr_n", "memw_n"):
        if getattr(shown, pin) == 0:
            bench.journal.measured(LOW + pin, 1)


async def _serves(bench: Any, is_chip: bool) -> None:
    """Let the first service pass, and measure what strobes show in it."""
    first: dict[str, int] = {}
    for _ in range(PATIENCE * bench.clocking.per_state):
        await bench.tick()
        shown = bench.last.chip
        for pin in ("ior_n", "iow_n", "memr_n", "memw_n") if is_chip and shown.aen else ():
            if getattr(shown, pin) is not None:
                first.setdefault(pin, getattr(shown, pin))
    if bench.journal is None:
        return
    for pin, level in first.items():
        if not level:
            bench.journal.measured(LOW + pin, 1)
    if bench.last.chip.hrq and bench.last.hlda:
        bench.journal.measured(STAYS, 1)


async def _has_the_bus(stand: Any) -> bool:
    """Wait until the core leaves the bus to the CPU, for as long as a service of its own may last."""
    for _ in range(PATIENCE):
        if stand.cpu.owns_bus():
            return True
        await stand.bench.states(1)
    return False


def _unknown(bench: Any, known: bool) -> str:
    """Return what is said of pins that show neither 0 nor 1, or nothing."""
    pins = ", ".join(f"{pin} shows {level}" for pin, level in bench.levels.items())
    return f"{pins} {UNKNOWN}{PROGRAMMED if known else ''}" if pins else ""
