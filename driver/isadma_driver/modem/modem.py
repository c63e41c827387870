"""The modem driver: characters in by interrupt to a ring, out by interrupt from a queue, what is lost counted."""

# Ref: National Semiconductor PC16550D data sheet, June 1995, section 8; Linux 6.1 drivers/tty/serial/8250 (behaviour).

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from isadma_driver.checks.values import as_data, as_int, as_kind, as_seconds
from isadma_driver.driver import Driver
from isadma_driver.errors import DmaTimeoutError, ModemError
from isadma_driver.kernel import Kernel
from isadma_driver.modem.baud import divisor_of
from isadma_driver.modem.codes import (
    BASE_BAUD,
    COM1,
    COM1_IRQ,
    FIFO_DEPTH,
    IIR_WHY,
    TRIGGERS,
    Fcr,
    Ier,
    Iir,
    Lcr,
    Lsr,
    Mcr,
    Reg,
)
from isadma_driver.modem.probe import probe
from isadma_driver.modem.ring import Ring

#: Bits of a character with start and stop.
BITS = 10
#: Causes handled in one interrupt, and characters read for one cause, before the handler gives up for now.
PASSES, BURST = 64, 256


@dataclass
class Counters:
    """What a serial port did; errors as the line status register told them.

    Attributes
    ----------
    received, sent : int
        Characters.
    overruns : int
        Times LSR bit 1 was seen: each is one character lost, or more.
    parity, framing, breaks : int
        Characters that came with these errors.
    """

    received: int = 0
    sent: int = 0
    overruns: int = 0
    parity: int = 0
    framing: int = 0
    breaks: int = 0


class Modem(Driver):
    """A serial port at 8 bits, no parity, 1 stop bit. Use it in a `with` block.

    Parameters
    ----------
    kernel : Kernel
        Ports and interrupts.
    base, irq : int, optional
        First port and interrupt; COM1 unless told otherwise.
    baud : int, optional
        Bits a second: 115,200 over a whole number, at most 2 % off.
    fifo : int, optional
        Received characters at which a 16550A interrupts, 1, 4, 8 or 14; 0 leaves its FIFO off. Other chips have none.
    ring : int, optional
        Received characters held for the program.

    Attributes
    ----------
    variant : str
        "8250", "16450" or "16550A".
    fifo : int
        The trigger level in use, 0 without a FIFO.
    counters : Counters
        What it did.

    Raises
    ------
    ValueError
        No such baud rate, trigger or ring.
    ModemError
        No serial port answers.
    DmaError
        The interrupt belongs to someone else.

    Notes
    -----
    `interrupt` is the handler: hand it to the machine (`pc.on_irq(4, modem.interrupt)`), and characters come in while
    the program does something else. Without that they come in while `read` or `write` waits.
    """

    def __init__(
        self,
        kernel: Kernel,
        *,
        base: int = COM1,
        irq: int = COM1_IRQ,
        baud: int = 9600,
        fifo: int = 14,
        ring: int = 4096,
    ) -> None:
        as_kind("kernel", kernel, Kernel, "give a Kernel")
        text = f"fifo {{}}: use 0 for none, or {', '.join(map(str, TRIGGERS))} characters"
        fifo = as_int(text, fifo, 0, 16)
        if fifo and fifo not in TRIGGERS:
            raise ValueError(text.replace("{}", str(fifo)))
        base = as_int("no serial port at", base, 0, 0xFFF8)
        divisor = divisor_of(baud)
        self._machine = kernel.machine
        self._base = base
        self._ring = Ring(ring)
        self._queue: deque[int] = deque()
        self._ier = Ier(0)
        self._closed = False
        self._character = BITS * divisor / BASE_BAUD  # seconds
        self.counters = Counters()
        self.variant = probe(self._machine, base)
        self.fifo = fifo if self.variant == "16550A" else 0
        self._line = kernel.interrupts.request_irq(irq, "serial")
        self._set_up(divisor)

    # Life -----------------------------------------------------------------------------------------------------------

    def _set_up(self, divisor: int) -> None:
        self._out(Reg.LCR, Lcr.DLAB | Lcr.EIGHT_N_ONE)
        self._out(Reg.DLL, divisor & 0xFF)
        self._out(Reg.DLM, divisor >> 8)
        self._out(Reg.LCR, Lcr.EIGHT_N_ONE)
        if self.variant == "16550A":
            clear = Fcr.ENABLE | Fcr.CLEAR_RECEIVER | Fcr.CLEAR_TRANSMITTER
            self._out(Reg.FCR, clear | TRIGGERS[self.fifo] if self.fifo else 0)
        for stale in (Reg.LSR, Reg.RBR, Reg.IIR, Reg.MSR):  # what was left from before
            self._in(stale)
        self._out(Reg.MCR, Mcr.DTR | Mcr.RTS | Mcr.OUT2)
        self._enable(Ier.RECEIVED | Ier.LINE)

    def close(self) -> None:
        """Let the chip interrupt no more, and give the line back. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._enable(Ier(0))
        self._out(Reg.MCR, 0)
        self._out(Reg.FCR, 0)
        self._line.free()

    # Characters -----------------------------------------------------------------------------------------------------

    @property
    def available(self) -> int:
        """Received characters that wait in the ring."""
        return len(self._ring)

    @property
    def dropped(self) -> int:
        """Received characters that found the ring full."""
        return self._ring.dropped

    @property
    def interrupts(self) -> int:
        """Interrupts handled."""
        return self._line.taken

    @property
    def unsent(self) -> int:
        """Characters not yet given to the chip."""
        return len(self._queue)

    def take(self) -> bytes:
        """Return what the ring holds, without waiting."""
        return self._ring.take(len(self._ring))

    def read(self, count: int, *, seconds: float) -> bytes:
        """Wait for characters.

        Parameters
        ----------
        count : int
            How many; no more than the ring holds.
        seconds : float
            Longest silence, in the machine's time.

        Raises
        ------
        ValueError
            The ring is smaller than that.
        DmaTimeoutError
            No character came for that time; those before stay in the ring.
        """
        count = as_int("read of {} characters: give a number, 0 or more", count, 0, 1 << 64)
        if count > self._ring.size:
            raise ValueError(f"read of {count} characters: the ring holds {self._ring.size}, read less at a time")
        self._wait(lambda: len(self._ring) >= count, seconds, f"read of {count} characters")
        return self._ring.take(count)

    def put(self, data: bytes) -> None:
        """Give characters to the chip, one interrupt after the other; returns at once."""
        self._check_open()
        self._queue.extend(as_data("data", data))
        if self._queue:
            # The chip interrupts as soon as this is on while its holding register is empty.
            self._enable(self._ier | Ier.EMPTY)

    def write(self, data: bytes, *, seconds: float) -> None:
        """Send characters and wait until the last bit has left.

        Raises
        ------
        DmaTimeoutError
            No character left for that long.
        """
        data, seconds = as_data("data", data), as_seconds(seconds)
        self.put(data)
        self._wait(lambda: not self._queue, seconds, f"write of {len(data)} characters")
        # No interrupt tells that the last bit has left: what the chip still holds is a FIFO and a shift register.
        for _ in range(FIFO_DEPTH + 2):
            if self._status() & Lsr.EMPTY:
                return
            self._machine.delay(self._character)
        raise DmaTimeoutError(f"write of {len(data)} characters: the last one has not left")

    # The handler ----------------------------------------------------------------------------------------------------

    def interrupt(self, _interrupt: object = None) -> None:
        """Handle the interrupt, and end it."""
        self._service()
        self._line.end()

    def _service(self) -> bool:
        """Handle whatever the chip asks for; return whether a character moved."""
        before = self.counters.received + self.counters.sent
        # The line is edge-triggered: it must have been low once before the next interrupt can come.
        for _ in range(PASSES):
            why = self._in(Reg.IIR) & IIR_WHY
            if why == Iir.NONE:
                break
            if why in (Iir.RECEIVED, Iir.TIMEOUT, Iir.LINE):
                self._receive()
            elif why == Iir.EMPTY:
                self._refill()
            else:
                self._in(Reg.MSR)
        return self.counters.received + self.counters.sent > before

    def _receive(self) -> None:
        for _ in range(BURST):
            if not self._status() & Lsr.READY:
                return
            self._ring.put(self._in(Reg.RBR))
            self.counters.received += 1

    def _status(self) -> Lsr:
        """Read the line status, which clears the errors in it: each is counted here or nowhere."""
        status = Lsr(self._in(Reg.LSR))
        self.counters.overruns += bool(status & Lsr.OVERRUN)
        self.counters.parity += bool(status & Lsr.PARITY)
        self.counters.breaks += bool(status & Lsr.BREAK)
        self.counters.framing += bool(status & Lsr.FRAMING) and not status & Lsr.BREAK
        return status

    def _refill(self) -> None:
        for _ in range(min(FIFO_DEPTH if self.fifo else 1, len(self._queue))):
            self._out(Reg.THR, self._queue.popleft())
            self.counters.sent += 1
        if not self._queue:
            self._enable(self._ier & ~Ier.EMPTY)

    # Below ----------------------------------------------------------------------------------------------------------

    def _wait(self, there: Callable[[], bool], seconds: float, what: str) -> None:
        self._check_open()
        try:
            self._line.handle(seconds=seconds, service=self._service, done=there, what=what)
        except DmaTimeoutError as error:
            raise DmaTimeoutError(f"{error}; {self.available} received, {self.unsent} not sent") from None

    def _check_open(self) -> None:
        if self._closed:
            raise ModemError(f"the serial port at {self._base:X}h was closed: open it again")

    def _enable(self, bits: Ier) -> None:
        self._ier = bits
        self._out(Reg.IER, bits)

    def _in(self, reg: Reg) -> int:
        return self._machine.inb(self._base + reg)

    def _out(self, reg: Reg, value: int) -> None:
        self._machine.outb(self._base + reg, value)
