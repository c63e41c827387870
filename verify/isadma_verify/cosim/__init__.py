"""Pin-level cocotb drivers, monitors and checkers, reusable on any 8237 RTL."""

#: The modules of benches that any 8237A passes; each runs on its own by `isadma_verify.cosim.run.run`.
BENCHES = tuple(
    f"{__name__}.benches.{name}"
    for name in (
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
