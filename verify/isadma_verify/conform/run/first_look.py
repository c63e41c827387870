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

#: What the lines begin with that end a judgement.
MUTE, UNKNOWN = "HRQ never rose", "after RESET and a service"


@cocotb.test()
async def the_core_wakes_and_asks_for_the_bus(dut: Any) -> None:
    if cocotb.top is not None and hasattr(dut, "isa_drq"):
        stand: Any = await BoardStand(dut).posted()
    else:
        stand = await Stand(dut).start()
    bench = stand.bench
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
        raise AssertionError(_unknown(bench) or f"{MUTE} within {PATIENCE} states of DREQ1, programmed and unmasked")
    position = bench.last.count % bench.clocking.per_state
    if bench.journal is not None:
        bench.journal.measured(LATE, min(position, abs(position - bench.clocking.low_length)))
    bench.dreq = 0
    await bench.states(PATIENCE)
    bench.levels.clear()
    await bench.states(4)
    if said := _unknown(bench):
        raise AssertionError(said)


def _unknown(bench: Any) -> str:
    """Return what is said of pins that show neither 0 nor 1, or nothing."""
    pins = ", ".join(f"{pin} shows {level}" for pin, level in bench.levels.items())
    return f"{pins} {UNKNOWN}" if pins else ""
