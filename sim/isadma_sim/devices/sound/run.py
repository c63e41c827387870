"""What a transfer command asks for, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

from isadma_sim.devices.sound.samples import Format


@dataclass(frozen=True)
class Program:
    """What a command asks for.

    Attributes
    ----------
    format : Format
        Of the samples; the rate in it is that of the moment, and the card's may change while it runs.
    to_host : bool
        Whether it records.
    block : int
        Bytes after which the interrupt comes.
    auto : bool
        Whether the next block follows by itself.
    depth : int
        Bytes of the FIFO.
    """

    format: Format
    to_host: bool
    block: int
    auto: bool
    depth: int


class Run:
    """A program under way. It outlives its end: a DMA cycle that it asked for may still come.

    Attributes
    ----------
    program : Program
        What runs.
    left : int
        Bytes of the present block that DMA has not moved.
    last : bool
        Whether the present block is the last one.
    ended : bool
        Whether DMA has moved all of it.
    void : bool
        Whether a reset of the DSP ended it: what comes now goes nowhere.
    """

    __slots__ = ("ended", "last", "left", "program", "void")

    def __init__(self, program: Program) -> None:
        self.program = program
        self.left = program.block
        self.last = not program.auto
        self.ended = False
        self.void = False
