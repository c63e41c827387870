"""The hardware: an 8237A DMA controller and the PC boards around it, in Amaranth."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("isadma")
except PackageNotFoundError:  # a tree that is on the path without being installed
    __version__ = "0+unknown"
