"""The tour: each sentence of the chapter on DMA as an experiment on the RTL, with what it measured."""
