"""The mixers: volumes that are kept but change no sample, and the registers that do something.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 4, CT1345 and CT1745 (registers,
#      defaults); DOSBox-X, src/hardware/sblaster.cpp, notes on a CT1600 (bits that read 1, registers not there).
"""

from __future__ import annotations

from collections.abc import Callable

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.regs import Mixer
from isadma_sim.machine.checks import one_of

#: Register: bits it has, and what a reset puts there.
VOLUMES: dict[int, tuple[int, int]] = {
    **dict.fromkeys(range(0x30, 0x36), (0xF8, 0xC0)),  # master, voice, MIDI, left and right
    **dict.fromkeys(range(0x36, 0x3B), (0xF8, 0x00)),  # CD and line, left and right; microphone
    0x3B: (0xC0, 0x00),  # PC speaker
    0x3C: (0x1F, 0x1F),  # output switches
    0x3D: (0x7F, 0x15),  # input switches, left and right
    0x3E: (0x7F, 0x0B),
    **dict.fromkeys(range(0x3F, 0x43), (0xC0, 0x00)),  # input and output gain
    0x43: (0x01, 0x00),  # automatic gain of the microphone
    **dict.fromkeys(range(0x44, 0x48), (0xF0, 0x80)),  # treble and bass
}
#: The Sound Blaster Pro's registers: upper half left, lower half right, of the two registers from here on.
PAIRS = {0x04: 0x32, 0x22: 0x30, 0x26: 0x34, 0x28: 0x36, 0x2E: 0x38}


class MixerChip:
    """The Sound Blaster 16's, a CT1745: index and data port.

    Parameters
    ----------
    selected : callable
        Called with `Mixer.IRQ_SELECT` or `Mixer.DMA_SELECT` and the byte written there; returns the byte to keep.
    irq_status : callable
        Reads `Mixer.IRQ_STATUS`.
    """

    def __init__(self, selected: Callable[[Mixer, int], int], irq_status: Callable[[], int]) -> None:
        self._selected = selected
        self._irq_status = irq_status
        self._selection = {Mixer.IRQ_SELECT: 0, Mixer.DMA_SELECT: 0}
        self._volumes: dict[int, int] = {}
        self.index = 0
        self.reset()

    def reset(self) -> None:
        """Put the volumes back; interrupt and channels stay."""
        self._volumes = {index: default for index, (_, default) in VOLUMES.items()}

    def select(self, register: Mixer, value: int) -> None:
        """Write one of the two selecting registers."""
        self._selection[register] = self._selected(register, value)

    def read(self) -> int:
        """Read the register that the index names."""
        index = self.index
        if index == Mixer.IRQ_STATUS:
            return self._irq_status()
        if index in (Mixer.IRQ_SELECT, Mixer.DMA_SELECT):
            return self._selection[Mixer(index)]
        if index in PAIRS:
            left, right = self._volumes[PAIRS[index]], self._volumes[PAIRS[index] + 1]
            return left & 0xF0 | right >> 4
        return self._volumes.get(index, 0)

    def write(self, value: int) -> None:
        """Write the register that the index names; those there are not take nothing."""
        index = self.index
        if index == Mixer.RESET:
            self.reset()
        elif index in (Mixer.IRQ_SELECT, Mixer.DMA_SELECT):
            self.select(Mixer(index), value)
        elif index in PAIRS:
            self._volumes[PAIRS[index]] = value & 0xF0
            self._volumes[PAIRS[index] + 1] = value << 4 & 0xF0
        elif index in VOLUMES:
            self._volumes[index] = value & VOLUMES[index][0]


#: The Pro's registers: bits that can be written, and what a reset puts there.
PRO_REGISTERS: dict[int, tuple[int, int]] = {
    0x04: (0xEE, 0x88),  # voice
    0x0A: (0x06, 0x00),  # microphone
    0x0C: (0x2E, 0x00),  # input and its filter
    0x0E: (0x22, 0x00),  # output filter, stereo
    0x22: (0xEE, 0x88),  # master
    0x26: (0xEE, 0x88),  # FM
    0x28: (0xEE, 0x00),  # CD
    0x2E: (0xEE, 0x00),  # line
}


class ProMixer:
    """The Sound Blaster Pro's, a CT1345."""

    def __init__(self) -> None:
        self._values: dict[int, int] = {}
        self.index = 0
        self.reset()

    @property
    def stereo(self) -> bool:
        """Whether output is stereo."""
        return bool(self._values[Mixer.PRO_OUTPUT] & regs.PRO_STEREO)

    def reset(self) -> None:
        """Put every register back."""
        self._values = {index: default for index, (_, default) in PRO_REGISTERS.items()}

    def read(self) -> int:
        """Read the register that the index names; all ones where there is none."""
        value = self._values.get(self.index)
        return 0xFF if value is None else value | regs.PRO_ONES

    def write(self, value: int) -> None:
        """Write the register that the index names; those there are not take nothing."""
        if self.index == Mixer.RESET:
            self.reset()
        elif self.index in PRO_REGISTERS:
            self._values[self.index] = value & PRO_REGISTERS[self.index][0]


def select_bit(number: int | None, meaning: dict[int, int], what: str) -> int:
    """Return the bit of 80h or 81h that selects a line or a channel, 0 for none; ValueError where none does."""
    if number is None:
        return 0
    known = one_of(
        f"no {what} {{}} on a Sound Blaster 16: use {', '.join(map(str, meaning.values()))}", number, meaning.values()
    )
    return next(bit for bit, means in meaning.items() if means == known)
