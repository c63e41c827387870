"""The pins of a vector: their names, widths, idle levels, and where the golden model's recording has them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["INPUTS", "LEVELS", "OUTPUTS", "Input", "Output"]


@dataclass(frozen=True)
class Input:
    """An input pin.

    Attributes
    ----------
    name : str
        The data sheet's.
    width : int
        Lines.
    idle : int
        Its level when nobody does anything.
    recorded : str
        Its name in a recording.
    """

    name: str
    width: int
    idle: int
    recorded: str


@dataclass(frozen=True)
class Output:
    """An output pin.

    Attributes
    ----------
    name : str
        The data sheet's.
    width : int
        Lines.
    value : str
        Its level's name in a recording; of EOP#, which is open drain, whether it is pulled low.
    driven : str or None
        Name of what says whether it is driven; None: it always is.
    place, driven_place : int
        Where the shim's struct has level and driver; -1 for none.
    bit : int
        The shim's bit for a model that has this pin.
    """

    name: str
    width: int
    value: str
    driven: str | None
    place: int
    driven_place: int
    bit: int


INPUTS = (
    Input("RESET", 1, 0, "RESET"),
    Input("CS#", 1, 1, "CS#"),
    Input("READY", 1, 1, "READY"),
    Input("HLDA", 1, 0, "HLDA"),
    Input("DREQ", 4, 0, "DREQ"),
    Input("IOR#", 1, 1, "IOR# in"),
    Input("IOW#", 1, 1, "IOW# in"),
    Input("EOP#", 1, 1, "EOP# in"),
    Input("DB", 8, 0xFF, "DB in"),
    Input("A0-A3", 4, 0, "A0-A3"),
)
"""In the order of the shim's struct."""

OUTPUTS = (
    Output("HRQ", 1, "HRQ", None, 0, -1, 1),
    Output("DACK", 4, "DACK", None, 1, -1, 2),
    Output("AEN", 1, "AEN", None, 2, -1, 4),
    Output("ADSTB", 1, "ADSTB", None, 3, -1, 8),
    Output("EOP#", 1, "EOP# driven", None, -1, 4, 16),
    Output("IOR#", 1, "IOR#", "IOR# driven", 6, 5, 32),
    Output("IOW#", 1, "IOW#", "IOW# driven", 7, 5, 32),
    Output("MEMR#", 1, "MEMR#", "MEMR# driven", 8, 5, 32),
    Output("MEMW#", 1, "MEMW#", "MEMW# driven", 9, 5, 32),
    Output("DB", 8, "DB", "DB driven", 11, 10, 64),
    Output("A0-A7", 8, "A0-A7", "A0-A7 driven", 13, 12, 128),
)

LEVELS = 14
"""Bytes of the shim's output struct."""
