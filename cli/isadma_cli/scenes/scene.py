"""What a scene is: a machine, what happens on it, and the clocks worth looking at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from isadma_sim import PC

__all__ = ["LINES", "Line", "Scene", "Stage"]


class Stage(Protocol):
    """Where a scene is played.

    Attributes
    ----------
    pc : PC
        The machine.
    """

    pc: PC

    def begin(self) -> None:
        """Begin the waveforms: what came before was preparation."""


@dataclass(frozen=True)
class Line:
    """One line of a scene's picture.

    Attributes
    ----------
    label : str
        The data sheet's name.
    signal : str
        Its name in the dump.
    kind : str
        ``clock``, ``bit``, ``word``, ``address`` or ``data``.
    """

    label: str
    signal: str
    kind: str = "bit"


LINES = {
    line.label: line
    for line in (
        Line("CLK", "clk", "clock"),
        Line("DMA", "dma.state", "word"),
        Line("DMA 1", "dma1.state", "word"),
        Line("DMA 2", "dma2.state", "word"),
        Line("RESET", "cpu.reset"),
        Line("HRQ", "cpu.hrq"),
        Line("HLDA", "cpu.hlda"),
        Line("OUT1", "cpu.out1"),
        Line("AEN", "isa.aen"),
        Line("A23-A0", "isa.a", "address"),
        Line("IOR#", "isa.ior_n"),
        Line("IOW#", "isa.iow_n"),
        Line("MEMR#", "isa.memr_n"),
        Line("MEMW#", "isa.memw_n"),
        Line("SBHE#", "isa.sbhe_n"),
        Line("D15-D0", "isa.d", "data"),
        Line("TC", "isa.tc"),
        Line("IOCHRDY", "isa.iochrdy"),
        Line("MASTER#", "isa.master_n"),
        Line("REFRESH#", "isa.refresh_n"),
        Line("CPU", "cpu.access", "word"),
        Line("bus", "isa.master", "word"),
        *(Line(f"DRQ{channel}", f"dma.drq{channel}") for channel in (0, 1, 2, 3, 5, 6, 7)),
        *(Line(f"DACK{channel}#", f"dma.dack{channel}_n") for channel in (0, 1, 2, 3, 5, 6, 7)),
    )
}
"""By label."""


@dataclass(frozen=True)
class Scene:
    """A scene.

    Attributes
    ----------
    name : str
        As the command line has it.
    about : str
        What it shows, in a line.
    play : callable
        Prepares, calls `Stage.begin`, and lets it happen.
    lines : tuple of str
        Labels of the picture's lines, from the top.
    event : (str, int or str)
        Signal and level: the first clock in which it has that level is the scene's event.
    before, clocks : int
        The picture begins so many clocks before the event, and is that long.
    options : mapping
        More arguments of `PC`; one that is a function is given a folder and returns the argument.
    """

    name: str
    about: str
    play: Callable[[Stage], None]
    lines: tuple[str, ...]
    event: tuple[str, int | str]
    before: int = 8
    clocks: int = 28
    options: Mapping[str, Any] = field(default_factory=dict)
