"""Pin-level cocotb benches of an 8237A: drivers, monitors and checkers, reusable on any RTL with its pins."""

#: The pin map of this project's `isadma.i8237.I8237`, as `BenchOptions` wants it.
I8237_PINS = f"{__name__}.pins:I8237_PINS"

#: The modules of benches that any 8237A passes; each runs on its own by `isadma_verify.cosim.common.run.run`.
BENCHES = tuple(
    f"{__name__}.benches.{name}"
    for name in (
        "elements",
        "figures",
        "memory_to_memory",
        "clocks",
        "rows_services",
        "rows_program",
        "program_side",
        "priority",
        "random_services",
        "cmos",
    )
)
