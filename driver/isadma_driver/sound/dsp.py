"""The card as its driver sees it: the DSP's handshake with a time limit on every wait, and the mixer."""

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 2 (reset, handshake), chapter 4 (mixer).

from __future__ import annotations

from isadma_driver.errors import DmaTimeoutError, SoundError
from isadma_driver.machines.machine import Machine
from isadma_driver.sound.codes import (
    CONTINUE,
    EXIT_AUTO,
    IO,
    PAUSE,
    READY,
    STATUS_BIT,
    STATUS_BITS,
    Command,
    Io,
    Mixer,
    Port,
)
from isadma_driver.sound.pcm import Pcm

#: Time limits in seconds: the answer to a reset (100 us by the guide), one byte of the handshake.
RESET_SECONDS, BYTE_SECONDS = 0.002, 0.02
#: How long the reset bit is held (3 us by the guide), and the first pause between two looks.
RESET_PULSE_SECONDS, PAUSE_SECONDS = 4e-6, 2e-6


class Dsp:
    """A Sound Blaster's ports.

    Parameters
    ----------
    machine : Machine
        Where it is.
    base : int
        Its first port.
    """

    def __init__(self, machine: Machine, base: int) -> None:
        self._machine = machine
        self.base = base

    # The DSP --------------------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Reset the DSP, which ends whatever it did.

        Raises
        ------
        SoundError
            Nothing answers as a Sound Blaster does.
        """
        self._machine.outb(self.base + Port.RESET, 1)
        self._machine.delay(RESET_PULSE_SECONDS)
        self._machine.outb(self.base + Port.RESET, 0)
        where = f"no Sound Blaster at {self.base:X}h"
        try:
            answer = self.read(RESET_SECONDS)
        except DmaTimeoutError:
            raise SoundError(f"{where}: no answer to a reset within {1e3 * RESET_SECONDS:g} ms") from None
        if answer != READY:
            raise SoundError(f"{where}: it answers {answer:02X}h to a reset, not AAh; is the card at another address?")

    def version(self) -> tuple[int, int]:
        """Return the DSP's version, major and minor."""
        self.write(Command.VERSION)
        return self.read(), self.read()

    def write(self, *command: int) -> None:
        """Write the bytes of a command.

        Raises
        ------
        DmaTimeoutError
            The DSP stays busy.
        """
        for value in command:
            self._until(Port.COMMAND, 0, BYTE_SECONDS, f"the DSP took no byte of command {command[0]:02X}h")
            self._machine.outb(self.base + Port.COMMAND, value)

    def read(self, seconds: float = BYTE_SECONDS) -> int:
        """Read a byte of an answer.

        Raises
        ------
        DmaTimeoutError
            None came.
        """
        self._until(Port.READ_STATUS, STATUS_BIT, seconds, "the DSP gave no answer")
        return self._machine.inb(self.base + Port.READ_DATA)

    def _until(self, port: Port, wanted: int, seconds: float, what: str) -> None:
        waited, pause = 0.0, PAUSE_SECONDS
        while self._machine.inb(self.base + port) & STATUS_BIT != wanted:
            if waited > seconds:
                raise DmaTimeoutError(f"{what} for {seconds:g} s")
            self._machine.delay(pause)
            waited += pause
            pause = min(2 * pause, 1e-3)

    # Transfers ------------------------------------------------------------------------------------------------------

    def prepare(self, pcm: Pcm, *, record: bool) -> bool:
        """Set the card up for a format; return whether `one_byte` has to be played before it. A DSP 4 needs none."""
        return False

    def one_byte(self) -> None:
        """Play a block of one byte, where `prepare` asked for it."""
        raise NotImplementedError

    def start(self, pcm: Pcm, length: int, *, record: bool, auto: bool) -> None:
        """Begin a transfer of blocks of `length` bytes, or let a single one follow those that repeat."""
        samples = length // pcm.sample - 1
        io = Io.FIFO | (Io.INPUT if record else Io(0)) | (Io.AUTO if auto else Io(0))
        self.write(Command.IN_RATE if record else Command.OUT_RATE, pcm.rate >> 8, pcm.rate & 0xFF)
        self.write(IO[pcm.bits] | io, pcm.layout, samples & 0xFF, samples >> 8)

    def leave_auto(self, bits: int) -> None:
        """Let the present block be the last."""
        self.write(EXIT_AUTO[bits])

    def pause(self, bits: int) -> None:
        """Ask for no more data, and let no sample through."""
        self.write(PAUSE[bits])

    def go_on(self, bits: int) -> None:
        """Go on after a pause."""
        self.write(CONTINUE[bits])

    def speaker(self, on: bool) -> None:
        """Switch the output on or off, where the DSP has such a switch."""
        self.write(Command.SPEAKER_ON if on else Command.SPEAKER_OFF)

    def interrupting(self, bits: int) -> bool | None:
        """Return whether the interrupt of that width stands; None where no register tells."""
        return bool(self.mixer(Mixer.IRQ_STATUS) & STATUS_BITS[bits])

    def acknowledge(self, bits: int) -> None:
        """End the interrupt of that width."""
        self._machine.inb(self.base + (Port.ACK_16 if bits == 16 else Port.READ_STATUS))

    # The mixer ------------------------------------------------------------------------------------------------------

    def mixer(self, index: Mixer) -> int:
        """Read a mixer register."""
        self._machine.outb(self.base + Port.MIXER_INDEX, index)
        return self._machine.inb(self.base + Port.MIXER_DATA)

    def set_mixer(self, index: Mixer, value: int) -> None:
        """Write a mixer register.

        Raises
        ------
        SoundError
            The card does not keep it: somebody else drives that line, or it has jumpers instead.
        """
        self._machine.outb(self.base + Port.MIXER_INDEX, index)
        self._machine.outb(self.base + Port.MIXER_DATA, value)
        kept = self._machine.inb(self.base + Port.MIXER_DATA)
        if kept != value:
            raise SoundError(
                f"the card keeps {kept:02X}h in mixer register {index:02X}h, not {value:02X}h: "
                "another device drives that line, or the card has jumpers instead"
            )
