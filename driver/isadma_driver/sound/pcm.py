"""How samples lie in memory, as WAV files have them."""

from __future__ import annotations

from dataclasses import dataclass

from isadma_driver.sound.codes import HIGHEST_RATE, LOWEST_RATE, Layout


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
        if isinstance(self.rate, bool) or not isinstance(self.rate, int):
            raise ValueError(f"rate {self.rate!r}: give whole frames a second")
        if not LOWEST_RATE <= self.rate <= HIGHEST_RATE:
            raise ValueError(f"rate {self.rate}: use {LOWEST_RATE} to {HIGHEST_RATE} frames a second")
        if self.bits not in (8, 16):
            raise ValueError(f"{self.bits!r} bits a sample: use 8 or 16")
        if self.channels not in (1, 2):
            raise ValueError(f"{self.channels!r} channels: use 1 or 2")

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
