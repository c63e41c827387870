"""The serial port: registers, interrupts, modem lines, loopback.

# Ref: National Semiconductor PC16550D data sheet, June 1995, section 8 (registers); IBM PC AT Technical Reference,
#      serial adapter: OUT2 gates the interrupt.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import get_args

from isadma_sim.devices.serial import regs
from isadma_sim.devices.serial.frame import Frame, Wire
from isadma_sim.devices.serial.modem import Modem
from isadma_sim.devices.serial.receiver import Receiver
from isadma_sim.devices.serial.regs import Fcr, Ier, Iir, Lcr, Lsr, Mcr, Msr, Reg, Variant
from isadma_sim.devices.serial.transmitter import Transmitter
from isadma_sim.machine.checks import as_data, as_int, as_kind, as_number, one_of
from isadma_sim.machine.device import Device


class SerialPort(Device):
    """An 8250, 16450 or 16550A, baud-accurate against the 8237's clock.

    Parameters
    ----------
    port : int
        First of its eight ports.
    variant : str
        "16550A" (FIFOs), "16450" (none) or "8250" (none, and no scratch register).

    Attributes
    ----------
    sent : bytearray
        Every character that has left, in order.
    on_send : callable
        Called with each of them as well.

    Raises
    ------
    ValueError
        For a port range that does not exist, or another variant.

    Notes
    -----
    Attach with interrupt `regs.IRQ` (4). A character counts as received in the middle of its first stop bit. With a
    divisor of 0 no clock runs, and nothing moves.
    """

    name = "serial"

    def __init__(self, port: int = regs.COM1, *, variant: Variant = "16550A") -> None:
        text = "a serial port at {}: use a port of 0 to FFF8h, such as 3F8h"
        port = as_int(text, port, 0, 0x10000 - regs.PORT_COUNT)
        one_of(f"no serial chip {{}}: use {', '.join(get_args(Variant))}", variant, get_args(Variant))
        self._base = port
        self.ports = tuple(range(port, port + regs.PORT_COUNT))
        self.variant: Variant = variant
        self.sent = bytearray()
        self.on_send: Callable[[int], None] = lambda value: None
        self._rx_wire = Wire()
        self._receiver = Receiver(self, self._framing, self._update)
        self._transmitter = Transmitter(
            self, self._framing, self._receiver.look, self._character_out, self._holding_emptied
        )
        self._modem = Modem()
        self._divisor = 0
        self._irq = False
        self._clear_registers()

    def _clear_registers(self) -> None:
        self._ier = 0
        self._fcr = 0
        self._lcr = 0
        self._mcr = 0
        self._scratch = 0
        self._empty_pending = False

    def reset(self) -> None:
        """Bus RESET: all registers to their defaults; divisor and buffers keep no promise, here they clear."""
        self._clear_registers()
        self._modem.reset()
        self._divisor = 0
        self._transmitter.reset()
        self._receiver.reset()
        self._receiver.listen(self._rx_wire)
        self._update()

    # The outside

    def receive(
        self, data: bytes, *, baud: float, bits: int = 8, parity: str = "N", stop: float = 1, gap: float = 0
    ) -> int:
        """Let the far end send characters, after what it is sending already.

        Parameters
        ----------
        data : bytes
            The characters.
        baud : float
            The far end's own rate, bit/s.
        bits, parity, stop : int, str, float
            Its framing: 5 to 8 data bits; "N", "O", "E", "M" or "S"; 1, 1.5 or 2 stop bits.
        gap : float
            Idle bit times between characters.

        Returns
        -------
        int
            Clock at which the last stop bit ends.
        """
        baud = as_number("{} baud: use a positive rate", baud, 1e-3, 1e9)
        gap = as_number("a gap of {} bits: use 0 or more", gap, 0, 1e9)
        stop = as_number("{} stop bits: use 1, 1.5 or 2", stop, 1, 2)
        characters = as_data("data {}: give bytes", data)
        bit = Fraction(self.lines.clock_hz) / Fraction(baud)
        frame = Frame(bits, parity, Fraction(stop), bit)
        time = max(self._rx_wire.end, Fraction(self.lines.clock))
        for value in characters:
            time = self._rx_wire.send(time, frame, value) + Fraction(gap) * bit
            self._rx_wire.end = time
        self._receiver.look()
        return -int(-time // 1)

    def receive_break(self, seconds: float) -> None:
        """Let the far end hold the line low."""
        seconds = as_number("a break of {} seconds: use 0 to 1e6", seconds, 0, 1e6)
        start = max(self._rx_wire.end, Fraction(self.lines.clock))
        self._rx_wire.put(start, 0)
        self._rx_wire.put(start + Fraction(seconds) * self.lines.clock_hz, 1)
        self._receiver.look()

    def modem_inputs(self, *, cts: bool = False, dsr: bool = False, ri: bool = False, dcd: bool = False) -> None:
        """Set the four lines from the modem."""
        for name, level in (("cts", cts), ("dsr", dsr), ("ri", ri), ("dcd", dcd)):
            as_kind(f"{name} {{}}: give True or False", level, bool)
        levels = (Msr.CTS if cts else 0, Msr.DSR if dsr else 0, Msr.RI if ri else 0, Msr.DCD if dcd else 0)
        self._modem.pins = Msr(sum(levels))
        self._modem.update(self._mcr)
        self._update()

    @property
    def baud(self) -> float:
        """The rate that the divisor gives, bit/s; 0 with a divisor of 0."""
        return regs.CRYSTAL_HZ / regs.PRESCALE / self._divisor if self._divisor else 0.0

    @property
    def overruns(self) -> int:
        """Characters lost because nobody read in time."""
        return self._receiver.overruns

    @property
    def outputs(self) -> Mcr:
        """DTR, RTS, OUT1 and OUT2 as their pins show them: all off in loopback."""
        return Mcr(0) if self._mcr & Mcr.LOOP else Mcr(self._mcr & ~int(Mcr.LOOP))

    # Ports

    def io_read(self, port: int) -> int:
        """Read a register."""
        reg = port - self._base
        if reg in (Reg.DLL, Reg.DLM) and self._lcr & Lcr.DLAB:
            return self._divisor >> 8 * reg & 0xFF
        if reg == Reg.RBR:
            return self._receiver.read()
        if reg == Reg.IER:
            return self._ier
        if reg == Reg.IIR:
            return self._identify()
        if reg == Reg.LCR:
            return self._lcr
        if reg == Reg.MCR:
            return self._mcr
        if reg == Reg.LSR:
            return self._line_status()
        if reg == Reg.MSR:
            status = self._modem.read()
            self._update()
            return status
        return 0xFF if self.variant == "8250" else self._scratch

    def io_write(self, port: int, value: int) -> None:
        """Write a register; LSR and MSR take nothing."""
        reg = port - self._base
        if reg in (Reg.DLL, Reg.DLM) and self._lcr & Lcr.DLAB:
            shift = 8 * reg
            self._divisor = self._divisor & ~(0xFF << shift) | value << shift
            self._transmitter.go()
            self._receiver.look()
        elif reg == Reg.THR:
            self._empty_pending = False
            self._transmitter.write(value)
        elif reg == Reg.IER:
            self._write_ier(value)
        elif reg == Reg.FCR:
            self._write_fcr(value)
        elif reg == Reg.LCR:
            self._write_lcr(value)
        elif reg == Reg.MCR:
            self._write_mcr(value)
        elif reg == Reg.SCR:
            self._scratch = value
        self._update()

    def _write_ier(self, value: int) -> None:
        # Enabling the interrupt while the holding register is empty asks at once.
        if value & ~self._ier & Ier.EMPTY and self._transmitter.holding_empty:
            self._empty_pending = True
        self._ier = value & int(Ier.ALL)

    def _write_fcr(self, value: int) -> None:
        if self.variant != "16550A":
            return
        switched = (value ^ self._fcr) & Fcr.ENABLE
        # The other bits take effect only together with the enable bit.
        self._fcr = value if value & Fcr.ENABLE else 0
        depth = regs.FIFO_DEPTH if self._fcr else 1
        self._receiver.depth = self._transmitter.depth = depth
        if switched or self._fcr & Fcr.CLEAR_RECEIVER:
            self._receiver.clear()
        if switched or self._fcr & Fcr.CLEAR_TRANSMITTER:
            if not self._transmitter.holding_empty:
                self._empty_pending = True
            self._transmitter.clear()

    def _write_lcr(self, value: int) -> None:
        changed, self._lcr = value ^ self._lcr, value
        if changed & Lcr.BREAK:
            self._transmitter.space(bool(value & Lcr.BREAK))
            self._receiver.look()

    def _write_mcr(self, value: int) -> None:
        self._mcr = value & int(Mcr.ALL)
        loop = bool(self._mcr & Mcr.LOOP)
        self._receiver.listen(self._transmitter.wire if loop else self._rx_wire)
        self._modem.update(self._mcr)

    # Status

    def _framing(self) -> Frame | None:
        return Frame.of(self._lcr, self._divisor, self.lines.clock_hz) if self._divisor else None

    def _line_status(self) -> int:
        status = self._receiver.status()
        if len(self._receiver):
            status |= Lsr.READY
        if self._transmitter.holding_empty:
            status |= Lsr.HOLDING_EMPTY
        if self._transmitter.empty:
            status |= Lsr.EMPTY
        return int(status)

    # Interrupts

    @property
    def _source(self) -> Iir:
        """The pending interrupt of the highest priority."""
        trigger = regs.TRIGGERS[self._fcr >> regs.FCR_TRIGGER_SHIFT] if self._fcr else 1
        if self._ier & Ier.LINE and self._receiver.errors:
            return Iir.LINE
        if self._ier & Ier.RECEIVED and len(self._receiver) >= trigger:
            return Iir.RECEIVED
        if self._ier & Ier.RECEIVED and self._receiver.timed_out:
            return Iir.TIMEOUT
        if self._ier & Ier.EMPTY and self._empty_pending:
            return Iir.EMPTY
        if self._ier & Ier.MODEM and self._modem.changed:
            return Iir.MODEM
        return Iir.NONE

    def _identify(self) -> int:
        """Read IIR, which ends the interrupt of an empty holding register it reports."""
        source = self._source
        if source is Iir.EMPTY:
            self._empty_pending = False
        self._update()
        return source | (regs.IIR_FIFO if self._fcr else 0)

    def _holding_emptied(self) -> None:
        self._empty_pending = True
        self._update()

    def _character_out(self, value: int) -> None:
        if not self._mcr & Mcr.LOOP and not self._lcr & Lcr.BREAK:
            self.sent.append(value)
            self.on_send(value)

    def _update(self) -> None:
        """Drive the interrupt line, which OUT2 lets through."""
        irq = self._source is not Iir.NONE and bool(self.outputs & Mcr.OUT2)
        if irq != self._irq:
            self._irq = irq
            self.lines.irq(irq)
