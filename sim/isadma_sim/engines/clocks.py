"""How many 8237 clocks the parts of a CPU port cycle take, and how long the bus is waited for."""

# Ref: docs/decisions/0001-the-clock-contract.md; Intel 8237A data sheet 231466-005.

from __future__ import annotations

# A CPU port cycle, in 8237 clocks. The clock contract asks for an address one clock ahead of the strobe and one
# behind it; register data is valid in the third clock of IOR# low; the data sheet wants 400 ns between accesses.
SETUP_CLOCKS = 1
STROBE_CLOCKS = 3
HOLD_CLOCKS = 1
RECOVERY_CLOCKS = 2
#: A whole cycle.
ACCESS_CLOCKS = SETUP_CLOCKS + STROBE_CLOCKS + HOLD_CLOCKS + RECOVERY_CLOCKS
#: Clocks without a change on any pin and without HRQ after which nothing can change any more by itself: the longest
#: way from a pin to HRQ is DREQ, or a write's end, through DMA 1 and DMA 2, three clocks.
SETTLE_CLOCKS = 5
#: How long the CPU waits for the bus before it gives up, in clocks: twice the longest memory-to-memory block.
BUS_TIMEOUT = 2_000_000
