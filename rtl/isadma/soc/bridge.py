"""The bridge: a computer at the end of a serial line is the processor of the board, and the devices it lacks."""

# Ref: docs/decisions/0001-the-clock-contract.md, "The program side"; the protocol is in bridge_codes.py.

from amaranth import Cat, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .bridge_codes import PROTOCOL, Action, Command, Get, Set
from .bridge_link import FrameLink
from .pace import Pace

__all__ = ["Bridge"]

# A port access in clocks, as every engine makes it: address first, three clocks of strobe, address still, recovery.
_STROBE, _HOLD, _RECOVERY, _ACCESS = 1, 4, 5, 7


class Bridge(wiring.Component):
    """Carries out the commands of frames: clocks, port accesses, memory; and stops the clock where the host has to act.

    The board has no clock of its own: ``tick`` is high in the clocks that count (see `Pace`). Between two frames it
    stands still.

    Parameters
    ----------
    divisor : int
        Clocks per bit of the serial line.
    memory_bits : int
        The board's memory has 2 to the power of this many bytes.
    all_channels : bool
        Every channel is the host's: there is no register to say so.
    board : int
        What `Get.BOARD` reads.
    """

    def __init__(self, divisor, memory_bits, *, all_channels=False, board=0):
        self._board = board
        self._divisor, self._memory_bits, self._all_channels = divisor, memory_bits, all_channels
        super().__init__(
            {
                #: The serial line in, idle high. Asynchronous.
                "rx": In(1, init=1),
                #: The serial line out, idle high.
                "tx": Out(1, init=1),
                #: High: a frame is being worked on, or answered.
                "busy": Out(1),
                #: High: the host has to act before the next clock. Valid from the second clock after ``tick`` on.
                "attention": Out(1),
                #: High: this clock counts for the board.
                "tick": Out(1),
                #: RESET of the board, high; changes between two clocks of the board.
                "reset": Out(1),
                #: HRQ of the board, high.
                "hrq": In(1),
                #: HLDA to the board, high: a clock of the board after HRQ, not within a cycle of the processor.
                "hlda": Out(1),
                #: A0-A15 of the processor's port access, from a clock before its strobe to a clock after it; and the
                #: address of the host's own access to memory.
                "port": Out(16),
                #: IOR# of the processor, low for three clocks of the board.
                "ior_n": Out(1, init=1),
                #: IOW# of the processor, low for three clocks of the board.
                "iow_n": Out(1, init=1),
                #: D0-D15 where nothing else drives them; what the host writes, to a port or to memory.
                "d_out": Out(16),
                #: What was on D0-D15 a fabric clock ago.
                "d": In(16),
                #: DRQ of the host's channels, one bit a channel, high; changes between two clocks of the board.
                "drq": Out(8),
                #: Channels whose device is the host, one bit a channel, high.
                "host_channels": Out(8, init=0xFF),
                #: What the bus shows in this clock, as `Get` has it: bits 0-3 MEMR#, MEMW#, IOR# and IOW#, low.
                "lines": In(8),
                #: DACK0#-DACK7#, low.
                "dack_n": In(8),
                #: A0-A23 of the DMA, valid while a strobe of it is low.
                "address": In(24),
                #: Interrupt request of the device on the board, high.
                "irq": In(1),
                #: High: the DMA writes into the board's memory in this clock.
                "written": In(1),
                #: High: the DMA's address is beyond the board's memory, so its cycle is the host's. Low with no strobe.
                "beyond": In(1),
                #: High: if this clock counts, no channel of the host gets DACK#, no strobe falls at an address beyond
                #: the board's memory, and ``irq`` stays as it is.
                "uneventful": In(1),
                #: High for three clocks: the host reads memory at ``port``; the byte is on ``d`` in the clock after.
                "memory_access": Out(1),
                #: High for one clock: the host writes ``d_out`` to memory at ``port`` at the end of it.
                "memory_write": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        m.submodules.link = link = FrameLink(self._divisor)
        m.d.comb += [link.rx.eq(self.rx), self.tx.eq(link.tx), self.busy.eq(link.busy)]
        count = Signal(16)
        register = Signal(4)
        address = self.port[: self._memory_bits]
        aborted = Signal()
        written = Signal()
        pace, mine = self._watch(m)
        with m.If(self.written & ~mine):
            m.d.sync += written.eq(1)
        self._grant(m)
        m.d.comb += self.attention.eq(pace.attention)
        status = Cat(pace.attention, aborted, self.hrq, self.hlda, self.irq, written)
        # A clock later than they are asked for.
        m.d.sync += [flag.eq(0) for flag in (link.put, link.put_status, link.put_length, link.finish)]
        with m.Switch(register):
            for source, value in (
                (Get.STATUS, status),
                (Get.LINES, self.lines),
                (Get.DACK, self.dack_n),
                (Get.A0, self.address[:8]),
                (Get.A1, self.address[8:16]),
                (Get.A2, self.address[16:]),
                (Get.D0, self.d[:8]),
                (Get.D1, self.d[8:]),
                (Get.N0, count[:8]),
                (Get.N1, count[8:]),
                (Get.DIVISOR, self._divisor if self._divisor < 1 << 8 else 0),
                (Get.BOARD, self._board),
                (Get.LENGTH, link.length),
                (Get.PROTOCOL, PROTOCOL),
                (Get.MEMORY, self._memory_bits),
            ):
                with m.Case(source):
                    m.d.sync += link.result.eq(value)

        command = link.command
        fresh = Signal()
        phase = Signal(range(_ACCESS))
        read_not_write = Signal()
        enough = count == 0
        running, accessing, strobing = (Signal(name=name) for name in ("running", "accessing", "strobing"))
        m.d.comb += [
            self.tick.eq(accessing | (running & pace.go)),
            pace.count.eq(count),
            pace.fresh.eq(fresh),
            pace.free.eq(~(self.hrq | self.hlda)),
        ]
        m.d.sync += [
            self.ior_n.eq(~(strobing & read_not_write)),
            self.iow_n.eq(~(strobing & ~read_not_write)),
            self.memory_access.eq(0),
            self.memory_write.eq(0),
        ]
        with m.FSM(name="bridge") as states:
            with m.State("IDLE"), m.If(link.start):
                m.d.sync += aborted.eq(0)
                m.next = "FETCH"
            for state, after in (("FETCH", "DECODE"), ("OPERAND", "ASSIGN"), ("WRITE", "WRITE-TAKE")):
                with m.State(state):  # the buffer looks the next byte up
                    m.next = f"{state}-COMES"
                with m.State(f"{state}-COMES"):
                    m.d.sync += fresh.eq(1)
                    m.next = after
            with m.State("DECODE"):
                m.d.comb += link.next.eq(1)
                m.d.sync += [register.eq(command[:4]), phase.eq(0), read_not_write.eq(~command[1])]
                with m.Switch(command[4:6]):
                    with m.Case(Command.SET):
                        m.next = "OPERAND"
                    with m.Case(Command.GET):
                        m.next = "RESULT"
                    with m.Case(Command.DO), m.Switch(command[:3]):
                        with m.Case(Action.RUN):
                            m.d.sync += running.eq(1)
                            m.next = "RUN"
                        with m.Case(Action.IN, Action.OUT):
                            m.d.sync += accessing.eq(1)
                            m.next = "ACCESS"
                        with m.Case(Action.ACQUIRE):
                            m.next = "LOOK"
                        with m.Case(Action.READ):
                            m.d.sync += register.eq(Get.D0)
                            m.next = "READ"
                        with m.Case(Action.WRITE):
                            m.next = "WRITE"
                        with m.Default():
                            m.next = "FETCH"
                    with m.Default():
                        m.d.sync += register.eq(Get.STATUS)
                        m.next = "CLOSE-STATUS"
            with m.State("ASSIGN"):
                m.d.comb += link.next.eq(1)
                with m.Switch(register):
                    for target, name in (
                        (Set.A0, self.port[:8]),
                        (Set.A1, self.port[8:]),
                        (Set.D0, self.d_out[:8]),
                        (Set.D1, self.d_out[8:]),
                        (Set.N0, count[:8]),
                        (Set.N1, count[8:]),
                        (Set.DRQ, self.drq),
                        *([] if self._all_channels else [(Set.HOST, self.host_channels)]),
                        (Set.CONTROL, self.reset),
                    ):
                        with m.Case(target):
                            m.d.sync += name.eq(command)
                m.next = "FETCH"
            with m.State("RESULT"):
                m.d.sync += link.put.eq(1)
                m.next = "FETCH"
            with m.State("RUN"), m.If(~pace.go & pace.settled):
                m.d.sync += running.eq(0)
                m.next = "FETCH"
            with m.State("LOOK"):  # whether the bus is free
                m.d.sync += running.eq(1)
                m.next = "ACQUIRE"
            with m.State("ACQUIRE"), m.If(~pace.go & pace.settled):
                m.d.sync += running.eq(0)
                m.next = "FETCH"
                with m.If(~pace.free):
                    m.d.sync += [aborted.eq(1), register.eq(Get.STATUS)]
                    m.next = "CLOSE-STATUS"
            with m.State("ACCESS"):
                m.d.comb += [
                    strobing.eq((phase >= _STROBE - 1) & (phase < _HOLD - 1)),
                    self._holding.eq(phase < _RECOVERY),
                ]
                m.d.sync += [phase.eq(phase + 1), register.eq(Get.D0)]
                with m.If((phase == _HOLD - 1) & read_not_write):
                    m.d.sync += link.put.eq(1)
                with m.If(phase == _ACCESS - 1):
                    m.d.sync += accessing.eq(0)
                    m.next = "FETCH"
            with m.State("READ"):
                m.d.sync += self.memory_access.eq(1)
                m.next = "READ-LOOK"
                with m.If(enough):
                    m.d.sync += self.memory_access.eq(0)
                    m.next = "FETCH"
            for state, after in (("READ-LOOK", "READ-COMES"), ("READ-COMES", "READ-TAKE")):
                with m.State(state):
                    m.d.sync += self.memory_access.eq(1)
                    m.next = after
            with m.State("READ-TAKE"):
                m.next = "READ-PUT"
            with m.State("READ-PUT"):
                m.d.sync += link.put.eq(1)
                m.d.sync += [count.eq(count - 1), address.eq(address + 1)]
                m.next = "READ"
            with m.State("WRITE-TAKE"):
                with m.If(enough):
                    m.next = "FETCH"
                with m.Else():
                    m.d.comb += link.next.eq(1)
                    m.d.sync += [self.d_out.eq(Cat(command, command)), self.memory_write.eq(1)]
                    m.next = "WRITE-PUT"
            with m.State("WRITE-PUT"):
                m.d.sync += [count.eq(count - 1), address.eq(address + 1)]
                m.next = "WRITE"
            with m.State("CLOSE-STATUS"):
                m.d.sync += link.put_status.eq(1)
                m.d.sync += [register.eq(Get.LENGTH), written.eq(0)]
                m.next = "CLOSE-LENGTH"
            with m.State("CLOSE-LENGTH"):
                m.d.sync += [link.put_length.eq(1), link.finish.eq(1)]
                m.next = "IDLE"
        m.d.comb += pace.acquiring.eq(states.ongoing("LOOK") | states.ongoing("ACQUIRE"))
        with m.If(running & pace.go):
            m.d.sync += [count.eq(count - 1), fresh.eq(0)]
        return m

    def _watch(self, m):
        """Let the pace see what the host has to; return it, and whether DACK# is the host's."""
        mine = Signal()
        m.d.comb += mine.eq((~self.dack_n & self.host_channels).any())
        m.submodules.pace = pace = Pace()
        m.d.comb += [
            pace.tick.eq(self.tick),
            # MEMR#, MEMW#, IOR#, IOW# of cycles in which the host takes part; DACK# and TC of its own. No channel's
            # DACK# follows another's without a clock between them.
            pace.watched.eq(
                Cat(~self.lines[:4] & (mine | self.beyond).replicate(4), self.lines[4] & mine, mine, self.irq)
            ),
            # RESET takes every DACK# away; and the host may have had one all the time, where DACK is active high.
            pace.uneventful.eq(self.uneventful & ~mine & ~self.reset),
        ]
        return pace, mine

    def _grant(self, m):
        """HLDA follows HRQ by a clock, but not into a cycle of the processor."""
        self._holding = Signal(name="holding")
        with m.If(self.tick):
            with m.If(~self.hrq):
                m.d.sync += self.hlda.eq(0)
            with m.Elif(~self._holding):
                m.d.sync += self.hlda.eq(1)
