"""How a DSP proves that it is one: the byte that command E2h sends by DMA.

# Ref: firmware of DSP 2.02, disassembled in github.com/schlae/sb-firmware (sbv202.asm), command group E.
"""

from __future__ import annotations

from isadma_sim.devices.sound.link import DmaLink
from isadma_sim.devices.sound.run import Program, Run
from isadma_sim.devices.sound.samples import Format

#: What the two registers hold after power-up and after a reset.
_SUM, _MASK = 0xAA, 0x96


class Identity:
    """Answers challenges, a byte each, to memory (`isadma_sim.devices.sound.link.DmaUser`).

    A stream that uses the channel has it back when the byte is fetched.
    """

    def __init__(self) -> None:
        self._link: DmaLink | None = None
        self._run: Run | None = None
        self._byte = 0
        self.clear()

    def clear(self) -> None:
        """Begin anew: a reset of the DSP. A byte that was asked to be fetched can still be."""
        self._sum, self._mask = _SUM, _MASK
        self._give_back()

    def challenge(self, value: int, link: DmaLink, form: Format) -> None:
        """Take a challenge, and ask for the answer to be fetched."""
        self._sum = self._sum + (value ^ self._mask) & 0xFF
        self._mask = self._mask >> 2 | self._mask << 6 & 0xFF
        self._byte = self._sum
        self._give_back()
        self._run = Run(Program(form, to_host=True, block=1, auto=False, depth=1))
        self._link = link
        link.lend(self)

    def _give_back(self) -> None:
        self._run = None
        link, self._link = self._link, None
        if link is not None:
            link.lend(None)

    # The channel's side

    @property
    def run(self) -> Run | None:
        """The byte under way."""
        return self._run

    def ready(self, width: int) -> int:
        """One transfer, until it has come."""
        return int(self._run is not None)

    def take(self, data: bytes, run: Run) -> int:
        """Take nothing: the channel is programmed the other way. The answer is lost."""
        if run is self._run:
            self._give_back()
        return len(data)

    def give(self, width: int, run: Run) -> int:
        """Give the answer."""
        if run is self._run:
            self._give_back()
        return self._byte

    def give_way(self) -> None:
        """Let a stream have the channel: the answer is lost."""
        self._give_back()
