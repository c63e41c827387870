"""The board's pins packed in two integers, so that a clock in which nothing changes costs one comparison.

Both words are fixed here for every engine. A line that the board does not drive shows the level it floats to (high).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One pin or bus in a packed word.

    Attributes
    ----------
    name : str
        Name in waveforms.
    low : int
        Its lowest bit.
    width : int
        Bits.
    """

    name: str
    low: int
    width: int = 1

    @property
    def mask(self) -> int:
        """The field's bits, in place."""
        return ((1 << self.width) - 1) << self.low

    def of(self, word: int) -> int:
        """Extract the field's value from a packed word."""
        return word >> self.low & ((1 << self.width) - 1)


class Out:
    """What the board shows: strobes first, because the loop looks at them most."""

    MEMR_N = Field("memr_n", 0)
    MEMW_N = Field("memw_n", 1)
    IOR_N = Field("ior_n", 2)
    IOW_N = Field("iow_n", 3)
    TC = Field("tc", 4)
    AEN = Field("aen", 5)
    HRQ = Field("hrq", 6)
    SBHE_N = Field("sbhe_n", 7)
    DACK_N = Field("dack_n", 8, 8)
    A = Field("a", 16, 24)
    D = Field("d", 40, 16)
    D_OE = Field("d_oe", 56)
    A_OE = Field("a_oe", 57)
    STROBES_OE = Field("strobes_oe", 58)
    REFRESH_N = Field("refresh_n", 59)

    FIELDS = (
        MEMR_N,
        MEMW_N,
        IOR_N,
        IOW_N,
        TC,
        AEN,
        HRQ,
        SBHE_N,
        DACK_N,
        A,
        D,
        D_OE,
        A_OE,
        STROBES_OE,
        REFRESH_N,
    )
    WIDTH = 60
    #: Nothing driven, nothing asked.
    IDLE = MEMR_N.mask | MEMW_N.mask | IOR_N.mask | IOW_N.mask | SBHE_N.mask | DACK_N.mask | REFRESH_N.mask


class In:
    """What the world shows the board."""

    IOR_N = Field("ior_n", 0)
    IOW_N = Field("iow_n", 1)
    MEMR_N = Field("memr_n", 2)
    MEMW_N = Field("memw_n", 3)
    HLDA = Field("hlda", 4)
    RESET = Field("reset", 5)
    IOCHRDY = Field("iochrdy", 6)
    MASTER_N = Field("master_n", 7)
    DRQ = Field("drq", 8, 8)
    A = Field("a", 16, 24)
    D = Field("d", 40, 16)
    SBHE_N = Field("sbhe_n", 56)
    OUT1 = Field("out1", 57)

    FIELDS = (IOR_N, IOW_N, MEMR_N, MEMW_N, HLDA, RESET, IOCHRDY, MASTER_N, DRQ, A, D, SBHE_N, OUT1)
    WIDTH = 58
    #: The CPU has the bus and does nothing.
    IDLE = IOR_N.mask | IOW_N.mask | MEMR_N.mask | MEMW_N.mask | IOCHRDY.mask | MASTER_N.mask | SBHE_N.mask
