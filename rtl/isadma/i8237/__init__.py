"""The Intel 8237A DMA controller."""

from .controller import I8237

__all__ = ["I8237"]
