"""The 8237A-5's AC characteristics as data: every line of the two tables, and the notes below them that are limits."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 13 (DMA mode), page 14 (peripheral mode) and their notes.
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

__all__ = ["TABLE", "UNCONFIRMED", "Limit", "Parameter", "Side"]


class Side(Enum):
    """Whose duty a line is."""

    #: The part's: measured on what it drives.
    PART = "part"
    #: The system's: measured on what it gives the part, which has to do right at the limit.
    SYSTEM = "system"


@dataclass(frozen=True)
class Limit:
    """
    A time, as the data sheet writes it.

    Parameters
    ----------
    ns
        Nanoseconds; what is added to the cycles.
    cycles
        Periods of CLK (TCY).
    """

    ns: float
    cycles: int = 0

    def __str__(self) -> str:
        """Write it as the data sheet does: ``2TCY-50``."""
        if not self.cycles:
            return f"{self.ns:g}"
        return f"{self.cycles if self.cycles > 1 else ''}TCY{f'{self.ns:+g}' if self.ns else ''}"


@dataclass(frozen=True)
class Parameter:
    """
    One line.

    Parameters
    ----------
    text
        What is measured, from where to where.
    side
        Whose duty it is.
    minimum, maximum
        The limits there are. Both count the same number of cycles.
    page
        The data sheet's.
    """

    text: str
    side: Side
    minimum: Limit | None
    maximum: Limit | None
    page: int

    @property
    def cycles(self) -> int:
        """How many periods of CLK are taken off what is measured, so that every CLK gives the same figure."""
        limit = self.minimum or self.maximum
        return limit.cycles if limit else 0

    def holds(self, ns: float) -> bool:
        """Whether a time, less `cycles` periods of CLK, is within both limits."""
        low = self.minimum is None or ns >= self.minimum.ns
        return low and (self.maximum is None or ns <= self.maximum.ns)


def _part(text: str, *, least: Limit | None = None, most: float | None = None, page: int = 13) -> Parameter:
    return Parameter(text, Side.PART, least, None if most is None else Limit(most), page)


def _system(text: str, least: float, page: int, *, cycles: int = 0) -> Parameter:
    return Parameter(text, Side.SYSTEM, Limit(least, cycles), None, page)


#: By the data sheet's symbol; what has none there has a word.
TABLE: Mapping[str, Parameter] = {
    "TAEL": _part("AEN high after CLK low (S1)", most=200),
    "TAET": _part("AEN low after CLK high (SI)", most=130),
    "TAFAB": _part("A0-A7 float after CLK high", most=90),
    "TAFC": _part("strobes float after CLK high", most=120),
    "TAFDB": _part("DB floats after CLK high", most=170),
    "TAHR": _part("address holds after a read strobe", least=Limit(-100, 1)),
    "TAHS": _part("DB holds after ADSTB low", least=Limit(30)),
    "TAHW": _part("address holds after a write strobe", least=Limit(-50, 1)),
    "TAK (DACK)": _part("DACK valid after CLK low", most=170),
    "TAK (EOP#)": _part("EOP# low or released after CLK high", most=170),
    "TASM": _part("address stable after CLK high", most=170),
    "TASS": _part("DB set up to ADSTB low", least=Limit(100)),
    "TDCL": _part("read or write low after CLK high", most=190),
    "TDCTR": _part("read high after CLK high (S4)", most=190),
    "TDCTW": _part("write high after CLK high (S4)", most=130),
    "TDQ": _part("HRQ valid after CLK high", most=120),
    "TFAAB": _part("A0-A7 driven after CLK high", most=170),
    "TFAC": _part("strobes driven after CLK high", most=150),
    "TFADB": _part("DB driven after CLK high", most=200),
    "TODH": _part("DB holds after MEMW# high", least=Limit(10)),
    "TODV": _part("DB valid before MEMW# high", least=Limit(125)),
    "TSTL": _part("ADSTB high after CLK high", most=130),
    "TSTT": _part("ADSTB low after CLK high", most=90),
    "TWR": _part("read high after write high", least=Limit(0)),
    "read width": _part("read strobe low", least=Limit(-50, 2), page=14),
    "compressed read width": _part("read strobe low, compressed timing", least=Limit(-50, 1), page=14),
    "write width": _part("write strobe low", least=Limit(-100, 1), page=14),
    "extended write width": _part("write strobe low, extended write", least=Limit(-100, 2), page=14),
    "TRDE": _part("DB valid after IOR# low", most=140, page=14),
    "TRDF": _part("DB floats after IOR# high", least=Limit(0), most=70, page=14),
    "TCY": _system("CLK's period", 200, 13),
    "TCH": _system("CLK high", 80, 13),
    "TCL": _system("CLK low", 68, 13),
    "TEPS": _system("EOP# low set up to CLK low", 40, 13),
    "TEPW": _system("EOP# low", 220, 13),
    "THS": _system("HLDA set up to CLK high", 75, 13),
    "TIDH": _system("DB holds after MEMR# high", 0, 13),
    "TIDS": _system("DB set up to MEMR# high", 170, 13),
    "TQS": _system("DREQ set up to CLK low (SI, S4)", 0, 13),
    "TRH": _system("READY holds after CLK low", 20, 13),
    "TRS": _system("READY set up to CLK low", 60, 13),
    "TAR": _system("address and CS# set up to IOR# low", 50, 14),
    "TAW": _system("address set up to IOW# high", 130, 14),
    "TCW": _system("CS# set up to IOW# high", 130, 14),
    "TDW": _system("DB set up to IOW# high", 130, 14),
    "TRA": _system("address and CS# hold after IOR# high", 0, 14),
    "TRSTW": _system("RESET high", 300, 14),
    "TRSTS": _system("RESET low to the first access", 0, 14, cycles=2),
    "TRW": _system("IOR# low", 200, 14),
    "TWA": _system("address holds after IOW# high", 20, 14),
    "TWC": _system("CS# holds after IOW# high", 20, 14),
    "TWD": _system("DB holds after IOW# high", 30, 14),
    "TWWS": _system("IOW# low", 160, 14),
    "recovery": _system("between accesses, and from one to a transfer", 400, 15),
}

#: Lines whose figures no copy of the data sheet at hand confirms (choice: the figures that are commonly quoted). The
#: others were read from it; the four widths also from the copy in the Tandy 1000 Technical Reference Manual, page 215.
UNCONFIRMED = frozenset(
    {"TAFAB", "TAFC", "TAHR", "TAHW", "TASS", "TIDH", "TIDS", "TODH", "TODV", "TRA", "TRDF", "TWA", "TWC"}
)
