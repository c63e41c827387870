"""The software: a driver that owns the DMA channels as an operating system would."""
