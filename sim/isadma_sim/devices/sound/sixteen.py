"""The Sound Blaster 16: its mixer selects the wires.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 4 (80h to 82h).
"""

from __future__ import annotations

from pathlib import Path

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.card import SoundBlaster
from isadma_sim.devices.sound.link import DmaLink
from isadma_sim.devices.sound.mixer import MixerChip, select_bit
from isadma_sim.devices.sound.models import SOUND_BLASTER_16
from isadma_sim.devices.sound.regs import Mixer
from isadma_sim.devices.sound.samples import Tape


class SoundBlaster16(SoundBlaster):
    """A Sound Blaster 16, DSP version 4.05: attach it with `pc.attach(card)`; it brings its channels and its line.

    The mixer's registers 80h and 81h select them from those it is wired to: IRQ 5, 7, 9 or 10, DMA 0, 1 or 3 for
    8-bit samples, and DMA 5, 6 or 7 for 16-bit samples, which take the 8-bit channel, a byte at a time, where none of
    these is selected. What another device drives cannot be selected: its bit reads 0 then, and `conflicts` names it;
    at power-up that is a ValueError.

    Parameters
    ----------
    port : int
        As of `SoundBlaster`, with `record_from` and `play_to`.
    irq, dma, hdma : int or None
        What is selected at power-up.

    Attributes
    ----------
    conflicts : list of str
        What software selected and another device drives, with its name.

    Raises
    ------
    ValueError
        For a port, channel or line the card does not have, or a file that cannot be heard.

    Notes
    -----
    Volumes change no sample. FM synthesis, MIDI, joystick, CD-ROM, ADPCM and the signal processor are not there.
    When more than one bit of a kind is set in 80h or 81h, the lowest counts (choice).
    """

    def __init__(
        self,
        port: int = regs.BASE,
        *,
        irq: int | None = 5,
        dma: int | None = 1,
        hdma: int | None = 5,
        record_from: str | Path | Tape | None = None,
        play_to: str | Path | None = None,
    ) -> None:
        self._chip = MixerChip(self._select, lambda: self._status)
        super().__init__(SOUND_BLASTER_16, port, mixer=self._chip, record_from=record_from, play_to=play_to)
        self._power_up = {
            Mixer.IRQ_SELECT: select_bit(irq, regs.IRQ_LINES, "IRQ"),
            Mixer.DMA_SELECT: select_bit(dma, regs.BYTE_CHANNELS, "8-bit DMA channel")
            | select_bit(hdma, regs.WORD_CHANNELS, "16-bit DMA channel"),
        }
        self.conflicts: list[str] = []
        self._plugged = False

    def _connect(self) -> None:
        known = len(self.conflicts)
        for register, value in self._power_up.items():
            self._chip.select(register, value)
        conflicts = self.conflicts[known:]
        if conflicts and not self._plugged:  # not a card that software turned, but one that does not fit
            del self.conflicts[known:]
            for register in self._power_up:
                self._chip.select(register, 0)
            raise ValueError("; ".join(conflicts))
        self._plugged = True

    def close(self) -> None:
        """Write the file of what was played."""
        self._plugged = False
        super().close()

    # Wires

    def _select(self, register: Mixer, value: int) -> int:
        """Drive what a selecting register names; return the bits that took effect."""
        if register == Mixer.IRQ_SELECT:
            value = self._select_irq(value & sum(regs.IRQ_LINES))
            self.lines.irq(bool(self._status))
            return value
        known = 0
        for link, channels in ((self._byte_link, regs.BYTE_CHANNELS), (self._word_link, regs.WORD_CHANNELS)):
            known |= self._select_dma(link, channels, value & sum(channels))
        for stream in (self._byte_stream, self._word_stream):
            stream.relink()
        return known

    def _select_irq(self, value: int) -> int:
        bit = _lowest(value)
        try:
            self.lines.select_irq(regs.IRQ_LINES[bit] if bit else None)
        except ValueError as error:
            self.conflicts.append(str(error))
            self.lines.select_irq(None)
            value, bit = value & ~bit, 0
        self._irq = regs.IRQ_LINES[bit] if bit else None
        return value

    def _select_dma(self, link: DmaLink, channels: dict[int, int], value: int) -> int:
        bit = _lowest(value)
        wanted = channels[bit] if bit else None
        if wanted != link.channel:
            try:
                link.select(wanted, self.lines)
            except ValueError as error:
                self.conflicts.append(str(error))
                value &= ~bit
        return value


def _lowest(value: int) -> int:
    return value & -value
