"""A registered read port of a memory, for which read-write collisions and the power-up value are of no interest."""

from amaranth import Signal
from amaranth.back.rtlil import Undef

__all__ = ["read_registered"]


def read_registered(m, memory, addr, *, en=1, zero=0):
    """Return what `memory` holds at `addr`, from the next clock on.

    `en` low keeps what was read before. `zero` high with `en` reads zero instead: no cost where the register is made of
    flip-flops, but some logic where it is a block RAM's.

    Amaranth's own synchronous port promises the old value when the word is written in the same clock, and block RAMs
    that cannot keep the promise get logic around them, a third of this chip's area. A register after a combinational
    port is merged into the memory by every tool, and obeys its ``no_rw_check``. But then the register's power-up value
    must be undefined, which a block RAM's output is, and which Amaranth has no official way to say.
    """
    port = memory.read_port(domain="comb")
    shape = port.data.shape()
    shown = Signal(shape, name="shown", reset_less=True, attrs={"init": Undef(shape.width)})
    m.d.comb += port.addr.eq(addr)
    with m.If(en):
        m.d.sync += shown.eq(port.data)
        with m.If(zero):
            m.d.sync += shown.eq(0)
    return shown
