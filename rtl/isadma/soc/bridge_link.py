"""The bridge's serial side: takes frames off the line into a buffer, and sends the answer from there."""

from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from isadma.i8237.readport import read_registered

from .bridge_codes import ESCAPE, ESCAPE_FLIP, SYNC
from .bridge_crc import Crc16
from .uart import HalfDuplexUart

__all__ = ["FIRST_COMMAND", "FIRST_RESULT", "FrameLink"]

#: Where the commands begin in a frame, and the results in an answer: LEN and SEQ come before, in an answer STATUS too.
FIRST_COMMAND, FIRST_RESULT = 2, 3
_LENGTH_AT, _SEQUENCE_AT, _STATUS_AT = 0, 1, 2


class FrameLink(wiring.Component):
    """Everything between the line and the commands.

    A frame whose CRC is right raises ``start``; then ``command`` gives its bytes, one for each ``next``, zeros behind
    the last. Results go in with ``put``, and ``finish`` sends the answer. A frame with the sequence number of the one
    before gets the same answer again and raises nothing.

    Parameters
    ----------
    divisor : int
        Clocks per bit.
    """

    #: The serial line in, idle high. Asynchronous.
    rx: In(1, init=1)
    #: The serial line out, idle high.
    tx: Out(1, init=1)
    #: High for one clock: a new frame is there.
    start: Out(1)
    #: The next byte of the commands, from three clocks after ``start`` or ``next`` on.
    command: Out(8)
    #: High for one clock: go to the byte after.
    next: In(1)
    #: High for one clock: append ``result`` to the answer.
    put: In(1)
    #: High for one clock: put ``result`` in the place of the answer's status.
    put_status: In(1)
    #: High for one clock: put ``result`` in the place of the answer's length.
    put_length: In(1)
    #: The byte to put, valid in the clock of the put.
    result: In(8)
    #: What ``put_length`` has to put: how many bytes the answer has so far.
    length: Out(8)
    #: High for one clock: send the answer.
    finish: In(1)
    #: High: a frame is being worked on, or answered.
    busy: Out(1)

    def __init__(self, divisor):
        self._uart = HalfDuplexUart(divisor)
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        m.submodules.uart = uart = self._uart
        m.submodules.crc = crc = Crc16()
        # Frames in the lower half, answers in the upper.
        m.submodules.buffer = buffer = Memory(shape=8, depth=512, init=[], attrs={"no_rw_check": True})
        write = buffer.write_port()
        position = Signal(8)
        answering = Signal()
        escaped = Signal()
        value = Signal(8)
        arrived = Signal()
        ahead = Signal(8)
        # Block RAM alone takes long.
        m.d.sync += ahead.eq(read_registered(m, buffer, Cat(position, answering)))
        m.d.comb += [
            uart.rx.eq(self.rx),
            self.tx.eq(uart.tx),
            value.eq(uart.byte ^ Mux(escaped, ESCAPE_FLIP, 0)),
            self.command.eq(ahead),
            crc.data.eq(value),
            write.addr.eq(Cat(position, answering)),
            write.data.eq(value),
        ]
        with m.If(uart.received):
            m.d.sync += escaped.eq(uart.byte == ESCAPE)
            m.d.comb += arrived.eq((uart.byte != SYNC) & (uart.byte != ESCAPE))
        sent = Signal()
        m.d.sync += sent.eq(0)
        with m.If(sent):  # the byte is in the shift register now
            m.d.comb += crc.take.eq(1)
            m.d.sync += escaped.eq(0)
        self._wires = uart, crc, write, position, answering, escaped, value, arrived, sent
        self._ahead = ahead
        self._give(m, uart, escaped, sent)
        with m.FSM(name="link") as fsm:
            self._take_frame(m)
            self._work(m)
            self._send_answer(m)
        m.d.comb += self.busy.eq(answering | fsm.ongoing("WORK"))
        return m

    def _begin_anew(self, m):
        # Wherever a frame is, SYNC begins another one.
        uart, crc, _, position, *_ = self._wires
        with m.If(uart.broken):
            m.next = "HUNT"
        with m.If(uart.received & (uart.byte == SYNC)):
            m.d.comb += crc.start.eq(1)
            m.d.sync += position.eq(_LENGTH_AT)
            m.next = "LENGTH"

    def _take_frame(self, m):
        _, crc, write, position, answering, _, value, arrived, _ = self._wires
        again = Signal()
        sequence = Signal(8)

        def keep():
            m.d.comb += [write.en.eq(1), crc.take.eq(1)]
            m.d.sync += position.eq(position + 1)

        with m.State("HUNT"):
            self._begin_anew(m)
        with m.State("LENGTH"):
            m.d.sync += self.length.eq(value)
            with m.If(arrived):
                keep()
                m.next = "BODY"
            self._begin_anew(m)
        with m.State("BODY"):
            with m.If(position == self.length):
                m.next = "CRC-HIGH"
            with m.If(arrived):
                keep()
                with m.If(position == _SEQUENCE_AT):
                    m.d.sync += again.eq(value == sequence)
            self._begin_anew(m)
        # The CRC itself is kept as zeros, which end the commands.
        with m.State("CRC-HIGH"):
            m.d.comb += write.data.eq(0)
            with m.If(arrived):
                keep()
                m.next = "CRC-LOW"
            self._begin_anew(m)
        with m.State("CRC-LOW"):
            m.d.comb += write.data.eq(0)
            with m.If(arrived):
                keep()
                m.d.sync += position.eq(_SEQUENCE_AT)
                m.next = "CHECK"
            self._begin_anew(m)
        with m.State("CHECK"):
            m.next = "LOOK"
            with m.If(crc.crc != 0):
                m.next = "HUNT"
        with m.State("LOOK"):
            m.next = "SEQUENCE"
        with m.State("SEQUENCE"):
            # The answer has the frame's sequence number.
            m.d.comb += [write.addr.eq(Cat(position, 1)), write.data.eq(self._ahead), write.en.eq(1)]
            m.d.sync += sequence.eq(self._ahead)
            with m.If(again):
                m.d.sync += [position.eq(_LENGTH_AT), answering.eq(1)]
                m.next = "SYNC"
            with m.Else():
                m.d.comb += self.start.eq(1)
                m.d.sync += [position.eq(FIRST_COMMAND), self.length.eq(FIRST_RESULT)]
                m.next = "WORK"

    def _work(self, m):
        _, _, write, position, answering, *_ = self._wires
        with m.State("WORK"):
            place = Signal(8)
            m.d.comb += [
                place.eq(Mux(self.put_status, _STATUS_AT, Mux(self.put_length, _LENGTH_AT, self.length))),
                write.addr.eq(Cat(place, 1)),
                write.data.eq(self.result),
                write.en.eq(self.put | self.put_status | self.put_length),
            ]
            with m.If(self.put):
                m.d.sync += self.length.eq(self.length + 1)
            with m.If(self.next):
                m.d.sync += position.eq(position + 1)
            with m.If(self.finish):
                m.d.sync += [position.eq(_LENGTH_AT), answering.eq(1)]
                m.next = "SYNC"

    def _send_answer(self, m):
        uart, crc, _, position, answering, escaped, *_ = self._wires
        free, outgoing, give, given = self._outgoing
        with m.State("SYNC"):
            m.d.comb += [uart.data.eq(SYNC), uart.send.eq(1), crc.start.eq(1)]
            m.d.sync += escaped.eq(0)  # bytes that came out of turn may have ended in one
            m.next = "OPEN"
        with m.State("OPEN"):
            m.d.sync += self.length.eq(self._ahead)
            with m.If(free):
                m.next = "BYTES"
        with m.State("BYTES"), m.If(free):
            with m.If(position == self.length):
                m.next = "SEND-CRC-HIGH"
            with m.Else():
                m.d.comb += [outgoing.eq(self._ahead), give.eq(1)]  # looked up long before the one ahead of it has gone
                with m.If(given):
                    m.d.sync += position.eq(position + 1)
        for state, after in (("SEND-CRC-HIGH", "SEND-CRC-LOW"), ("SEND-CRC-LOW", "CLOSE")):
            with m.State(state):
                m.d.comb += [outgoing.eq(crc.crc[8:]), give.eq(free)]
                with m.If(given):
                    m.next = after
        with m.State("CLOSE"), m.If(free):
            m.d.sync += answering.eq(0)
            m.next = "HUNT"

    def _give(self, m, uart, escaped, sent):
        """Send a byte, in two where it has to be escaped."""
        free = Signal()
        outgoing = Signal(8)
        give = Signal()
        given = Signal()
        self._outgoing = free, outgoing, give, given
        rare = Signal()
        m.d.comb += [
            free.eq(~uart.busy & ~sent),
            rare.eq(((outgoing == SYNC) | (outgoing == ESCAPE)) & ~escaped),
            given.eq(give & ~rare),
        ]
        with m.If(give):
            m.d.comb += [
                uart.send.eq(1),
                uart.data.eq(Mux(rare, ESCAPE, outgoing ^ Mux(escaped, ESCAPE_FLIP, 0))),
            ]
            with m.If(rare):
                m.d.sync += escaped.eq(1)
            with m.Else():
                m.d.sync += sent.eq(1)
