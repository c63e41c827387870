"""The host adapter as its driver sees it: bytes to ports, bytes from ports, and a time limit on every wait."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 4 (ports, handshake) and 5 (adapter commands);
# Linux 6.1 drivers/scsi/aha1542.c (behaviour only): the lock of the 1542C's mailboxes.

from __future__ import annotations

from isadma_driver.errors import DmaTimeoutError, ScsiError
from isadma_driver.machines.machine import Machine
from isadma_driver.scsi import codes
from isadma_driver.scsi.codes import Command, Control, Interrupt, Port, Status

#: Time limits in seconds: a byte of the handshake, a whole command, a reset with its self test.
BYTE_SECONDS, COMMAND_SECONDS, RESET_SECONDS = 0.1, 1.0, 5.0
#: The first pause between two looks at a port, and the longest, in seconds.
FIRST_PAUSE, LONGEST_PAUSE = 2e-6, 1e-3


class Board:
    """An AHA-154x at its four ports.

    Parameters
    ----------
    machine : Machine
        Whose ports.
    base : int
        First port.
    """

    def __init__(self, machine: Machine, base: int = codes.BASE) -> None:
        self._machine = machine
        self.base = base

    def status(self) -> int:
        """Return the status port."""
        return self._machine.inb(self.base + Port.STATUS)

    def interrupt(self) -> int:
        """Return the interrupt flags, and reset them if there are any."""
        flags = self._machine.inb(self.base + Port.INTERRUPT)
        if flags & Interrupt.ANY:
            self.control(Control.INTERRUPT_RESET)
        return flags

    def control(self, value: Control) -> None:
        """Write the control port."""
        self._machine.outb(self.base + Port.CONTROL, value)

    def reset(self) -> None:
        """Reset the adapter, hard, and wait for the end of its self test.

        Raises
        ------
        ScsiError
            Nothing there, or the self test failed: most often another card drives the same channel or interrupt.
        DmaTimeoutError
            It does not come back.
        """
        self.control(Control.HARD_RESET)
        self._wait(Status.IDLE | Status.MAILBOX_NEEDED, Status.SELF_TEST, "the reset", RESET_SECONDS)
        if self.status() & Status.DIAGNOSTIC_FAILURE:
            raise ScsiError(
                f"SCSI adapter at {self.base:X}h failed its self test:"
                " see whether another card has its channel or interrupt"
            )

    def command(self, *given: int, reply: int = 0) -> bytes:
        """Send an adapter command with its parameters, read its answer, and see it end.

        Parameters
        ----------
        *given : int
            The command and its parameter bytes.
        reply : int, optional
            Bytes of its answer.

        Raises
        ------
        ScsiError
            The adapter does not know the command, or refuses a parameter.
        DmaTimeoutError
            It stopped in the middle.
        """
        what = f"adapter command {given[0]:02X}h"
        self.interrupt()
        self.send(*given)
        data = bytearray()
        for _ in range(reply):
            if not self._wait(Status.DATA_FULL, 0, what, BYTE_SECONDS, unless=Status.INVALID_COMMAND):
                break
            data.append(self._machine.inb(self.base + Port.DATA))
        waited, pause = 0.0, FIRST_PAUSE
        while not self.interrupt() & Interrupt.COMMAND_COMPLETE:
            waited, pause = self._pause(waited, pause, COMMAND_SECONDS, what)
        if self.status() & Status.INVALID_COMMAND:
            raise ScsiError(f"SCSI adapter at {self.base:X}h refuses {what} {bytes(given[1:]).hex(' ')}".rstrip())
        return bytes(data)

    def send(self, *given: int) -> None:
        """Send bytes to the command port, each when the one before was taken."""
        for value in given:
            self._wait(0, Status.COMMAND_FULL, f"adapter command {given[0]:02X}h", BYTE_SECONDS)
            self._machine.outb(self.base + Port.COMMAND, value)

    def configuration(self) -> tuple[int, int, int]:
        """Return the DMA channel, the interrupt and the SCSI address the board is set to.

        Raises
        ------
        ScsiError
            It names none, or several.
        """
        channels, irqs, address = self.command(Command.CONFIGURATION, reply=codes.CONFIGURATION_BYTES)
        if channels.bit_count() != 1 or irqs.bit_count() != 1:
            raise ScsiError(
                f"SCSI adapter at {self.base:X}h is set to no one channel and interrupt: {channels:02X}h, {irqs:02X}h"
            )
        return channels.bit_length() - 1, irqs.bit_length() - 1 + codes.FIRST_IRQ, address

    def unlock_mailboxes(self) -> bool:
        """Let MAILBOX INIT through on a board of the C kind, which its own BIOS may have locked; say whether it was."""
        _, code = self.command(Command.EXTENDED_BIOS, reply=codes.EXTENDED_BIOS_BYTES)
        if code:
            self.command(Command.MAILBOX_ENABLE, 0, code)
        return bool(code)

    def choose_channel(self, channel: int) -> None:
        """Set the board to another channel, which a hard reset makes it use."""
        lines = self.command(Command.READ_EEPROM, 0, 1, codes.EEPROM_LINES, reply=1)[0]
        lines = channel << codes.EEPROM_DMA_SHIFT | lines & ~(7 << codes.EEPROM_DMA_SHIFT)
        given = bytes((lines,)).ljust(codes.EEPROM_BYTES, b"\0")
        self.command(Command.WRITE_EEPROM, 0, 1, codes.EEPROM_LINES, *given)
        self.reset()

    def _wait(self, high: int, low: int, what: str, seconds: float, unless: int = 0) -> bool:
        """Wait for status bits; False when a bit of `unless` came instead."""
        waited, pause = 0.0, FIRST_PAUSE
        while True:
            status = self.status()
            if status & (high | low) == high:
                return True
            if status & unless:
                return False
            if status == 0xFF:
                raise ScsiError(f"no SCSI adapter at {self.base:X}h: nothing answers")
            waited, pause = self._pause(waited, pause, seconds, what)

    def _pause(self, waited: float, pause: float, limit: float, what: str) -> tuple[float, float]:
        if waited > limit:
            status, flags = self.status(), self._machine.inb(self.base + Port.INTERRUPT)
            raise DmaTimeoutError(
                f"SCSI adapter at {self.base:X}h does not go on with {what}:"
                f" status {status:02X}h, interrupt {flags:02X}h for {limit:g} s"
            )
        self._machine.delay(pause)
        return waited + pause, min(2 * pause, LONGEST_PAUSE)
