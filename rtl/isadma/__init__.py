"""The hardware: an 8237A DMA controller and the PC boards around it, in Amaranth."""
