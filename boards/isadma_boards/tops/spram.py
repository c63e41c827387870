"""The UP5K's single-port RAM as the board's memory: 32 KB a block, and no block RAM spent."""

# Ref: Lattice TN-02022, iCE40 SPRAM Usage Guide.

from amaranth import ClockSignal, Const, Instance, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["SpramStorage"]

#: Address bits of one block: 16K words of 16 bits.
_BLOCK_BITS = 14


class SpramStorage(wiring.Component):
    """Memory of 32 or 64 KB, with the ports of `isadma.soc.uart_pc.BlockStorage`.

    Parameters
    ----------
    memory_bits : int
        15 or 16: it has 2 to the power of this many bytes.

    Raises
    ------
    ValueError
        For another size.
    """

    def __init__(self, memory_bits):
        if memory_bits not in (_BLOCK_BITS + 1, _BLOCK_BITS + 2):
            raise ValueError(f"memory_bits is {memory_bits!r}: SPRAM has 15 or 16")
        self._blocks = 1 << memory_bits - 1 - _BLOCK_BITS
        super().__init__(
            {
                "address": In(memory_bits - 1),
                "read_data": Out(16),
                "write": In(2),
                "write_data": In(16),
            }
        )

    def elaborate(self, platform):
        m = Module()
        read = [Signal(16, name=f"read{number}") for number in range(self._blocks)]
        kept = Signal(16, reset_less=True)
        upper = Signal()
        place = Signal.like(self.address, reset_less=True)
        write = Signal(2)
        m.d.sync += [place.eq(self.address), write.eq(self.write)]
        # One port: nobody reads while one writes.
        address = Mux(write.any(), place, self.address)
        for number, data in enumerate(read):
            chosen = address[_BLOCK_BITS:] == number
            m.submodules[f"block{number}"] = Instance(
                "SB_SPRAM256KA",
                i_CLOCK=ClockSignal(),
                i_ADDRESS=address[:_BLOCK_BITS],
                i_DATAIN=self.write_data,
                i_MASKWREN=write[0].replicate(2) | (write[1].replicate(2) << 2),
                i_WREN=write.any() & chosen,
                i_CHIPSELECT=Const(1, 1),
                i_STANDBY=Const(0, 1),
                i_SLEEP=Const(0, 1),
                i_POWEROFF=Const(1, 1),  # active low
                o_DATAOUT=data,
            )
        m.d.sync += upper.eq(address[_BLOCK_BITS:])
        m.d.sync += kept.eq(Mux(upper, read[-1], read[0]))
        m.d.comb += self.read_data.eq(kept)
        return m
