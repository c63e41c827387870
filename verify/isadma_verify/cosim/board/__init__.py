"""Pin-level cocotb benches of a PC/AT's DMA board, reusable on any RTL with these pins."""

#: The pin map of this project's `isadma.pc.PcAt`, as `BenchOptions` wants it.
AT_PINS = f"{__name__}.pins:AT_PINS"

#: The modules of benches; each runs on its own by `isadma_verify.cosim.common.run.run`.
BENCHES = tuple(
    f"{__name__}.benches.{name}"
    for name in (
        "program_side",
        "figures",
        "clocks",
        "priority",
        "memory_to_memory",
        "services",
        "lockstep",
    )
)
