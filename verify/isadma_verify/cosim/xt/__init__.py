"""Pin-level cocotb benches of a PC/XT's DMA board, on the pins of the AT's: one chip, and bytes alone."""

#: The modules of benches; each runs on its own by `isadma_verify.cosim.common.run.run`.
BENCHES = tuple(f"{__name__}.benches.{name}" for name in ("program_side", "clocks", "services", "lockstep"))
