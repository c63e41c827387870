"""What stands between an 8088 in maximum mode and the PC/XT's arbiter: bus controller and clock generator."""

# Ref: Intel 8288 data sheet (commands from T2 to T4; enable delay after AEN#); Intel 8284A data sheet (READY with
#      ASYNC# low: two stages on the way up, one on the way down); netlist of the IBM 5150 (U6, U11).

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["IO_READ", "IO_WRITE", "PASSIVE", "BusController", "ReadyCircuit"]

#: Codes of S2#, S1# and S0#.
IO_READ, IO_WRITE, PASSIVE = 0b001, 0b010, 0b111


class BusController(wiring.Component):
    """An 8288, as far as I/O goes: a command begins with T2, and comes back a clock after AEN has gone."""

    def __init__(self) -> None:
        super().__init__(
            {
                #: The end of this fabric clock is the rising or falling edge of the processor's CLK.
                "cpu_rise": In(1),
                "cpu_fall": In(1),
                #: S0# (bit 0), S1#, S2#.
                "s": In(3, init=PASSIVE),
                #: The address with the status' first clock.
                "a": In(20),
                #: AEN of the slot: commands are off.
                "aen": In(1),
                #: I/O commands, low.
                "ior_n": Out(1, init=1),
                "iow_n": Out(1, init=1),
                #: The latched address.
                "address": Out(20),
            }
        )

    def elaborate(self, platform: object) -> Module:
        """Take the status on rising edges, and give the command on falling ones."""
        m = Module()
        status = Signal(3, init=PASSIVE)
        command = Signal(3, init=PASSIVE)
        enabled = Signal(init=1)
        with m.If(self.cpu_rise):
            m.d.sync += [status.eq(self.s), enabled.eq(~self.aen)]
            with m.If((status == PASSIVE) & (self.s != PASSIVE)):
                m.d.sync += self.address.eq(self.a)
        with m.If(self.cpu_fall):
            m.d.sync += command.eq(status)
        on = enabled & ~self.aen
        m.d.comb += [
            self.ior_n.eq(~(on & (command == IO_READ))),
            self.iow_n.eq(~(on & (command == IO_WRITE))),
        ]
        return m


class ReadyCircuit(wiring.Component):
    """The 8284's way to READY: a falling edge passes on what is not ready, a rising and a falling one what is."""

    def __init__(self) -> None:
        super().__init__(
            {
                #: The end of this fabric clock is the rising or falling edge of the processor's CLK.
                "cpu_rise": In(1),
                "cpu_fall": In(1),
                #: DMA WAIT, and RDY/WAIT# of the board; high is not ready.
                "dma_wait": In(1),
                "cpu_wait": In(1),
                #: READY of the processor, high.
                "ready": Out(1, init=1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        """Put one flip-flop behind the other."""
        m = Module()
        first = Signal(init=1)
        now = Signal()
        m.d.comb += now.eq(~self.dma_wait & ~self.cpu_wait)
        with m.If(self.cpu_rise):
            m.d.sync += first.eq(now)
        with m.If(self.cpu_fall):
            m.d.sync += self.ready.eq(first & now)
        return m
