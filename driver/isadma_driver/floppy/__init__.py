"""The floppy driver."""

from isadma_driver.floppy.drive import Floppy
from isadma_driver.floppy.formats import FORMATS, Format, format_for

__all__ = ["FORMATS", "Floppy", "Format", "format_for"]
