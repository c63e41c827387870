"""How samples lie in memory, as WAV files have them."""

from __future__ import annotations

from dataclasses import dataclass

from isadma_driver.checks.values import as_int
from isadma_driver.sound.codes import HIGHEST_RATE, LOWEST_RATE, Layout

#: Numbers that are numbers, and no rate.
MOST = 1 << 64


@dataclass(frozen=True)
class Pcm:
    """A format of samples: 8 bits are unsigned, 16 signed and little endian, left before right.

    Attributes
    ----------
    rate : int
        Frames a second, 4,000 to 45,454.
    bits : int
        8 or 16.
    channels : int
        1 or 2.

    Raises
    ------
    ValueError
        For what a Sound Blaster 16 cannot do.
    """

    rate: int
    bits: int = 8
    channels: int = 1

    def __post_init__(self) -> None:
        as_int("rate {}: give whole frames a second", self.rate, -MOST, MOST)
        as_int(f"rate {{}}: use {LOWEST_RATE} to {HIGHEST_RATE} frames a second", self.rate, LOWEST_RATE, HIGHEST_RATE)
        if as_int("{} bits a sample: use 8 or 16", self.bits, 8, 16) not in (8, 16):
            raise ValueError(f"{self.bits!r} bits a sample: use 8 or 16")
        as_int("{} channels: use 1 or 2", self.channels, 1, 2)

    @property
    def sample(self) -> int:
        """Bytes of a sample."""
        return self.bits // 8

    @property
    def frame(self) -> int:
        """Bytes of one sample of each channel."""
        return self.sample * self.channels

    @property
    def layout(self) -> Layout:
        """The mode byte of a transfer command."""
        return (Layout.SIGNED if self.bits == 16 else Layout(0)) | (Layout.STEREO if self.channels == 2 else Layout(0))

    def seconds(self, count: int) -> float:
        """Return how long so many bytes last."""
        return count / (self.frame * self.rate)
