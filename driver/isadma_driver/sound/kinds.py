"""The Sound Blasters a driver may find, told apart by the version of the DSP: what each can do."""

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapters 1 and 3 (rates by version and mode).

from __future__ import annotations

from dataclasses import dataclass

from isadma_driver.checks.values import as_int
from isadma_driver.sound.codes import (
    BYTE_DMA_BITS,
    HIGHEST_RATE,
    IRQ_BITS,
    LOWEST_RATE,
    TIME_CONSTANT_HZ,
    WORD_DMA_BITS,
)
from isadma_driver.sound.pcm import Pcm

#: Samples a second from which a DSP 2.01 or 3 needs high-speed mode, playing; a DSP 2.01 when it records.
FAST_PLAY, FAST_RECORD = 23_000, 13_000


def constant_divisor(pcm: Pcm) -> int:
    """Return what a time constant divides 1 MHz by for a format."""
    return round(TIME_CONSTANT_HZ / (pcm.rate * pcm.channels))


@dataclass(frozen=True)
class CardKind:
    """One kind of card.

    Attributes
    ----------
    name : str
        For messages.
    since : tuple of int
        The first version of the DSP that is one.
    irqs, dmas : tuple of int
        Interrupt lines, the best first, and 8-bit channels.
    hdmas : tuple of int
        16-bit channels.
    told : bool
        Whether registers select wires; otherwise jumpers do.
    repeats : bool
        Whether blocks can follow one another by themselves.
    channels : int
        2 where it has stereo.
    play, record : int
        Samples a second of all channels together; of a card that is told, frames.
    fast_mode : bool
        Whether it has high-speed mode.
    record_fast_from : int
        Samples a second above which recording needs high-speed mode.
    """

    name: str
    since: tuple[int, int]
    irqs: tuple[int, ...]
    dmas: tuple[int, ...]
    hdmas: tuple[int, ...] = ()
    told: bool = False
    repeats: bool = True
    channels: int = 1
    play: int = 44_100
    record: int = 44_100
    fast_mode: bool = False
    record_fast_from: int = FAST_PLAY

    def check(self, pcm: Pcm, *, record: bool) -> None:
        """Raise ValueError for a format that the card does not have."""
        if pcm.bits == 16 and not self.told:
            raise ValueError(f"16 bits a sample on a {self.name}: use 8")
        if pcm.channels > self.channels:
            raise ValueError(f"{pcm.channels} channels on a {self.name}: use 1")
        highest = (self.record if record else self.play) // (1 if self.told else pcm.channels)
        if pcm.rate > highest:
            verb = "recording" if record else "playing"
            raise ValueError(f"rate {pcm.rate} on a {self.name}: {verb} goes from {LOWEST_RATE} to {highest} a second")

    def fast(self, pcm: Pcm, *, record: bool) -> bool:
        """Return whether it takes high-speed mode, in which the DSP hears no command; all of a Pro's stereo does."""
        samples = TIME_CONSTANT_HZ / constant_divisor(pcm)
        return self.fast_mode and (pcm.channels > 1 or samples > (self.record_fast_from if record else FAST_PLAY))

    def wire(self, number: int | None, wired: tuple[int, ...], what: str) -> None:
        """Raise ValueError for a line or channel that the card does not have."""
        if number is None:
            return
        text = f"no {what} {{}} on a {self.name}: use {', '.join(map(str, sorted(wired))) or 'none'}"
        if as_int(text, number, 0, 15) not in wired:
            raise ValueError(text.replace("{}", str(number)))


#: The newest first.
KINDS = (
    CardKind(
        *("Sound Blaster 16", (4, 0), tuple(IRQ_BITS), tuple(BYTE_DMA_BITS), tuple(WORD_DMA_BITS)),
        told=True,
        channels=2,
        play=HIGHEST_RATE,
        record=HIGHEST_RATE,
    ),
    CardKind("Sound Blaster Pro", (3, 0), (5, 7, 9, 10, 2), (1, 0, 3), channels=2, fast_mode=True),
    CardKind(
        *("Sound Blaster 2.0", (2, 1), (5, 7, 3, 9, 2), (1, 3)),
        record=15_000,
        fast_mode=True,
        record_fast_from=FAST_RECORD,
    ),
    CardKind("Sound Blaster with DSP 2.00", (2, 0), (5, 7, 3, 9, 2), (1, 3), play=FAST_PLAY, record=FAST_RECORD),
    CardKind("Sound Blaster 1.5", (0, 0), (5, 7, 3, 9, 2), (1,), repeats=False, play=FAST_PLAY, record=FAST_RECORD),
)


def kind_of(version: tuple[int, int]) -> CardKind:
    """Return what a DSP of a version is."""
    return next(kind for kind in KINDS if version >= kind.since)
