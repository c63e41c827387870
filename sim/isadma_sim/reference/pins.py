"""The pins of the golden models, one plain object per direction; `_n` pins are 0 when active."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ChipInputs:
    """What an 8237A sees during one clock. The defaults are an idle bus."""

    reset: int = 0
    cs_n: int = 1
    ready: int = 1
    hlda: int = 0
    dreq: int = 0
    """DREQ0-3, 4 bits, as the pins are: polarity is the command register's business."""
    ior_n: int = 1
    iow_n: int = 1
    eop_n: int = 1
    db: int = 0
    """DB0-7, 8 bits."""
    a: int = 0
    """A0-A3, 4 bits."""


@dataclass(slots=True)
class ChipOutputs:
    """What an 8237A drives during one clock. The chip owns this object and changes it: copy what you keep."""

    hrq: int = 0
    dack: int = 0xF
    """DACK0-3, 4 bits, as the pins are."""
    aen: int = 0
    adstb: int = 0
    ior_n: int = 1
    iow_n: int = 1
    memr_n: int = 1
    memw_n: int = 1
    strobes_oe: int = 0
    """1 = all four strobes are driven; IOR#/IOW# and MEMR#/MEMW# are always driven together."""
    eop_oe: int = 0
    """1 = EOP# is pulled low (open collector)."""
    db: int = 0
    db_oe: int = 0
    a: int = 0
    """A0-A7, 8 bits."""
    a_oe: int = 0
    state: str = "SI"
    """The data sheet's name of the state: SI S0 S1 S2 S3 SW S4 SC S11 ... S24."""


@dataclass(slots=True)
class BoardInputs:
    """What a board sees during one clock. The defaults are an idle bus."""

    reset: int = 0
    hlda: int = 0
    a: int = 0
    """A0-A23, 24 bits."""
    sbhe_n: int = 1
    d: int = 0
    """D0-D15, 16 bits."""
    ior_n: int = 1
    iow_n: int = 1
    memr_n: int = 1
    memw_n: int = 1
    drq: int = 0
    """DRQ0-7, 8 bits; DRQ4 does not exist."""
    iochrdy: int = 1
    master_n: int = 1
    out1: int = 0
    """OUT of the timer's counter 1, which asks for refresh (PC/XT)."""


@dataclass(slots=True)
class BoardOutputs:
    """What a board drives during one clock. The board owns this object and changes it: copy what you keep."""

    hrq: int = 0
    a: int = 0
    """A0-A23, 24 bits."""
    a_oe: int = 0
    """1 = A0-A23 and SBHE# are driven."""
    sbhe_n: int = 1
    d: int = 0
    """D0-D15, 16 bits; the board only ever puts something on D0-D7."""
    d_oe: int = 0
    ior_n: int = 1
    iow_n: int = 1
    memr_n: int = 1
    memw_n: int = 1
    strobes_oe: int = 0
    """1 = all four strobes are driven."""
    aen: int = 0
    dack_n: int = 0xFF
    """DACK0-7, 8 bits; DACK4 stays high."""
    tc: int = 0
    refresh_n: int = 1
    state1: str = "SI"
    """State of DMA 1, or of the PC/XT's only controller."""
    state2: str = "SI"
    """State of DMA 2."""
