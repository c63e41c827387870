"""The 8237A on a system-on-chip's buses."""

from .dma import WishboneDma
from .wishbone import Wishbone

__all__ = ["Wishbone", "WishboneDma"]
