"""The Sound Blasters with jumpers: 1.5, 2.0 and Pro, for a PC/XT as well as an AT.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 3 (high-speed mode, the Pro's stereo).
"""

from __future__ import annotations

from pathlib import Path

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.card import MixerPorts, SoundBlaster
from isadma_sim.devices.sound.mixer import ProMixer
from isadma_sim.devices.sound.models import SOUND_BLASTER, SOUND_BLASTER_2, SOUND_BLASTER_PRO, Model
from isadma_sim.devices.sound.samples import Tape
from isadma_sim.machine.checks import one_of


class _Jumpered(SoundBlaster):
    """A card whose line and channel are jumpers, that no software sees."""

    def __init__(
        self,
        model: Model,
        port: int,
        irq: int,
        dma: int,
        *,
        mixer: MixerPorts | None = None,
        record_from: str | Path | Tape | None,
        play_to: str | Path | None,
    ) -> None:
        _check(irq, model.irqs, "IRQ", model)
        _check(dma, model.dmas, "DMA channel", model)
        super().__init__(model, port, mixer=mixer, record_from=record_from, play_to=play_to)
        self._jumpers = irq, dma

    def _connect(self) -> None:
        if self._irq is not None:
            return  # jumpers stay where they are
        irq, dma = self._jumpers
        self._byte_link.select(dma, self.lines)
        try:
            self.lines.select_irq(irq)
        except ValueError:
            self._byte_link.unplug()
            raise
        self._irq = irq

    def close(self) -> None:
        """Write the file of what was played."""
        self._irq = None
        super().close()


class SoundBlaster1(_Jumpered):
    """A Sound Blaster 1.5, DSP version 1.05: single blocks of 8-bit mono, up to 23,000 samples a second.

    Parameters
    ----------
    port : int
        As of `SoundBlaster`, with `record_from` and `play_to`.
    irq : int
        2 on a PC/XT, which is 9 on an AT, 3, 5 or 7.
    dma : int
        1.

    Raises
    ------
    ValueError
        For what the card does not have.
    """

    def __init__(
        self,
        port: int = regs.BASE,
        *,
        irq: int = 5,
        dma: int = 1,
        record_from: str | Path | Tape | None = None,
        play_to: str | Path | None = None,
    ) -> None:
        super().__init__(SOUND_BLASTER, port, irq, dma, record_from=record_from, play_to=play_to)


class SoundBlaster2(_Jumpered):
    """A Sound Blaster 2.0, DSP version 2.01: 8-bit mono, blocks that repeat, high-speed mode, no FIFO, no mixer.

    Parameters
    ----------
    port : int
        As of `SoundBlaster`, with `record_from` and `play_to`.
    irq : int
        2 on a PC/XT, which is 9 on an AT, 3, 5 or 7.
    dma : int
        1 or 3.

    Raises
    ------
    ValueError
        For what the card does not have.
    """

    def __init__(
        self,
        port: int = regs.BASE,
        *,
        irq: int = 5,
        dma: int = 1,
        record_from: str | Path | Tape | None = None,
        play_to: str | Path | None = None,
    ) -> None:
        super().__init__(SOUND_BLASTER_2, port, irq, dma, record_from=record_from, play_to=play_to)


class SoundBlasterPro(_Jumpered):
    """A Sound Blaster Pro 2, DSP version 3.02: what a 2.0 does, stereo by bit 1 of mixer register 0Eh, and no FIFO.

    Parameters
    ----------
    port : int
        220h or 240h, with `record_from` and `play_to` as of `SoundBlaster`.
    irq : int
        2 on a PC/XT, which is 9 on an AT, 5, 7 or 10.
    dma : int
        0, 1 or 3.

    Raises
    ------
    ValueError
        For what the card does not have.
    """

    def __init__(
        self,
        port: int = regs.BASE,
        *,
        irq: int = 5,
        dma: int = 1,
        record_from: str | Path | Tape | None = None,
        play_to: str | Path | None = None,
    ) -> None:
        self._chip = ProMixer()
        super().__init__(SOUND_BLASTER_PRO, port, irq, dma, mixer=self._chip, record_from=record_from, play_to=play_to)

    def _output_stereo(self) -> bool:
        return self._chip.stereo


def _check(number: int, choices: tuple[int, ...], what: str, model: Model) -> None:
    one_of(f"no {what} {{}} on a {model.name}: use {', '.join(map(str, choices))}", number, choices)
