"""The Intel 8237A DMA controller."""
