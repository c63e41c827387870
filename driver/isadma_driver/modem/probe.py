"""Which chip of the 8250 family answers at a port, if any does."""

# Ref: Linux 6.1 drivers/tty/serial/8250/8250_port.c, autoconfig (behaviour only); PC16550D data sheet, section 8.

from __future__ import annotations

from isadma_driver.errors import ModemError
from isadma_driver.machines.machine import Machine
from isadma_driver.modem.codes import IIR_FIFO, SCRATCH_PATTERNS, Fcr, Ier, Lcr, Reg


def probe(machine: Machine, base: int) -> str:
    """Return "8250", "16450" or "16550A"; the chip is left with interrupts and FIFO off.

    Raises
    ------
    ModemError
        No serial port answers there.
    """
    machine.outb(base + Reg.LCR, Lcr.EIGHT_N_ONE)  # DLAB off, or the divisor would answer
    for bits in (0, int(Ier.ALL), 0):
        machine.outb(base + Reg.IER, bits)
        answer = machine.inb(base + Reg.IER)
        if answer != bits:
            raise ModemError(
                f"no serial port at {base:X}h: its interrupt enable register read {answer:02X}h after {bits:02X}h"
            )
    for pattern in SCRATCH_PATTERNS:
        machine.outb(base + Reg.SCR, pattern)
        if machine.inb(base + Reg.SCR) != pattern:
            return "8250"
    machine.outb(base + Reg.FCR, Fcr.ENABLE)
    fifo = machine.inb(base + Reg.IIR) & IIR_FIFO
    machine.outb(base + Reg.FCR, 0)
    return "16550A" if fifo == IIR_FIFO else "16450"
