"""A serial line for one side at a time: eight data bits, no parity, one stop bit, one shift register for both ways."""

from amaranth import Cat, Const, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.cdc import FFSynchronizer
from amaranth.lib.wiring import In, Out

__all__ = ["FEWEST_CLOCKS", "HalfDuplexUart"]

#: Clocks per bit below which the middle of a bit cannot be found.
FEWEST_CLOCKS = 4
#: Start bit and data bits; the stop bit is the one after.
_BITS = 9


class HalfDuplexUart(wiring.Component):
    """Receives while it does not send; what comes in meanwhile is lost, and so is a byte that sending cuts short.

    Parameters
    ----------
    divisor : int
        Clocks per bit, at least 4.

    Raises
    ------
    ValueError
        With fewer clocks per bit.
    """

    #: The line in, idle high. Asynchronous.
    rx: In(1, init=1)
    #: The line out, idle high.
    tx: Out(1, init=1)
    #: High for one clock: take ``data`` and send it; only while ``busy`` is low.
    send: In(1)
    #: The byte to send, valid with ``send``.
    data: In(8)
    #: High: a byte is going out.
    busy: Out(1)
    #: High for one clock: ``byte`` came in whole.
    received: Out(1)
    #: High for one clock: something came in that has no stop bit.
    broken: Out(1)
    #: The byte received, until the next start bit; the byte being sent, in the first clock of ``busy``.
    byte: Out(8)

    def __init__(self, divisor):
        if not isinstance(divisor, int) or divisor < FEWEST_CLOCKS:
            raise ValueError(f"divisor is {divisor!r}: a bit takes {FEWEST_CLOCKS} clocks or more")
        self._divisor = divisor
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        rx = Signal(init=1)
        m.submodules.rx = FFSynchronizer(self.rx, rx, init=1)
        shift = Signal(_BITS, reset_less=True)
        count = Signal(range(_BITS + 1))
        timer = Signal(range(self._divisor))
        receiving = Signal()
        m.d.comb += [self.byte.eq(shift[1:]), self.tx.eq(shift[0] | ~self.busy)]
        m.d.sync += [self.received.eq(0), self.broken.eq(0)]
        with m.If(self.send & ~self.busy):  # whatever is coming in: the other side speaks out of turn
            m.d.sync += [
                self.busy.eq(1),
                receiving.eq(0),
                count.eq(0),
                shift.eq(Cat(Const(0, 1), self.data)),
                timer.eq(self._divisor - 1),
            ]
        with m.Elif(~(receiving | self.busy)):
            m.d.sync += [count.eq(0), timer.eq(self._divisor // 2 - 1), receiving.eq(~rx)]
        with m.Elif(timer != 0):
            m.d.sync += timer.eq(timer - 1)
        with m.Else():
            m.d.sync += [timer.eq(self._divisor - 1), count.eq(count + 1)]
            with m.If(count == _BITS):  # the stop bit: in its middle when receiving, at its end when sending
                m.d.sync += [
                    receiving.eq(0),
                    self.busy.eq(0),
                    self.received.eq(receiving & rx),
                    self.broken.eq(receiving & ~rx),
                ]
            with m.Else():
                m.d.sync += shift.eq(Cat(shift[1:], rx | self.busy))
                with m.If(receiving & (count == 0) & rx):  # too short for a start bit
                    m.d.sync += receiving.eq(0)
        return m
