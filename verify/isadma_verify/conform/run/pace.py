"""How many clocks a byte takes: measured beside the rules, and judged by none."""

# ruff: noqa: D103 - a bench's name is its sentence
from typing import Any

import cocotb

from isadma_verify.cosim.chip.stand import BLOCK, COMPRESSED, MEMORY_TO_MEMORY, READ, SINGLE, WRITE, Stand

#: Bytes of a measurement, within one page of A8-A15.
BYTES = 64

#: States after which a core that does not get there is given up.
PATIENCE = 2500

#: What is measured: its name, the command, the mode, and whether it is a copy.
PACES = {
    "block": (0, BLOCK | READ),
    "compressed": (COMPRESSED, BLOCK | READ),
    "single, DREQ held": (0, SINGLE | READ),
    "copy": (MEMORY_TO_MEMORY, BLOCK | READ),
}


@cocotb.test()
@cocotb.parametrize(pace=list(PACES))
async def how_many_clocks_a_byte_takes(dut: Any, pace: str) -> None:
    command, mode = PACES[pace]
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    await cpu.write(0x8, command)
    copy = command == MEMORY_TO_MEMORY
    await cpu.program(1, mode=BLOCK | WRITE if copy else mode, address=0x2000, count=BYTES - 1)
    if copy:
        await cpu.program(0, mode=BLOCK | READ, address=0x1000, count=0xFFFF)
    await cpu.unmask(1)
    stand.log.clear()
    if copy:
        await cpu.request(0)
    else:
        bench.dreq = 0b0010
    strobe = "memw_n" if copy else "memr_n"
    for _ in range(PATIENCE):
        await bench.states(1)
        if len(stand.log.rises[strobe]) == BYTES:
            break
    bench.dreq = 0
    ends = stand.log.rises[strobe]
    if bench.journal is not None and len(ends) == BYTES:
        bench.journal.measured(pace, (ends[-1] - ends[0]) / (BYTES - 1))
