"""The DSPs before version 4: time constants, 8 bits, and nothing that tells which interrupt stands."""

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 3 (high-speed mode, the Pro's stereo).

from __future__ import annotations

from isadma_driver.machines.machine import Machine
from isadma_driver.sound.codes import PRO_STEREO, Command, Mixer, Port
from isadma_driver.sound.dsp import Dsp
from isadma_driver.sound.kinds import CardKind, constant_divisor
from isadma_driver.sound.pcm import Pcm

#: Normal commands and those of high-speed mode, for playing and recording.
_SINGLE = {False: Command.OUT, True: Command.IN}
_AUTO = {False: Command.OUT_AUTO, True: Command.IN_AUTO}
_FAST = {False: Command.OUT_FAST, True: Command.IN_FAST}


class EightBitDsp(Dsp):
    """A Sound Blaster's ports, as long as it is none of the 16s.

    Parameters
    ----------
    machine : Machine
        Where it is.
    base : int
        Its first port.
    kind : CardKind
        What it can do.
    """

    def __init__(self, machine: Machine, base: int, kind: CardKind) -> None:
        super().__init__(machine, base)
        self._kind = kind

    def prepare(self, pcm: Pcm, *, record: bool) -> bool:
        """Set mono or stereo, and the speaker; return whether a byte has to be played first, so that left is left."""
        self.speaker(not record)
        if self._kind.channels == 1:
            return False
        if record:
            self.write(Command.INPUT_STEREO if pcm.channels == 2 else Command.INPUT_MONO)
            return False
        others = self.mixer(Mixer.PRO_OUTPUT) & ~PRO_STEREO
        self._machine.outb(self.base + Port.MIXER_DATA, others | (PRO_STEREO if pcm.channels == 2 else 0))
        return pcm.channels == 2

    def one_byte(self) -> None:
        """Play a block of one byte."""
        self.write(Command.OUT, 0, 0)

    def start(self, pcm: Pcm, length: int, *, record: bool, auto: bool) -> None:
        """Begin a transfer of blocks of `length` bytes, or let a single one follow those that repeat."""
        count = (length - 1 & 0xFF, length - 1 >> 8)
        self.write(Command.TIME_CONSTANT, 256 - constant_divisor(pcm))
        if self._kind.fast(pcm, record=record):
            self.write(Command.BLOCK_SIZE, *count)
            self.write(_FAST[record])
        elif auto:
            self.write(Command.BLOCK_SIZE, *count)
            self.write(_AUTO[record])
        else:
            self.write(_SINGLE[record], *count)

    def interrupting(self, bits: int) -> bool | None:
        """Return None: no register tells."""
        return None
