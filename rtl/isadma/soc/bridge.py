"""The bridge: a computer at the end of a serial line is the processor of the board, and the devices it lacks."""

# Ref: docs/decisions/0001-the-clock-contract.md, "The program side"; the protocol is in bridge_codes.py.

from amaranth import Cat, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .bridge_codes import PROTOCOL, Action, Command, Get, Set
from .bridge_link import FrameLink

__all__ = ["Bridge"]

# A port access in clocks, as every engine makes it: address first, three clocks of strobe, address still, recovery.
_STROBE, _HOLD, _RECOVERY, _ACCESS = 1, 4, 5, 7


class Bridge(wiring.Component):
    """Carries out the commands of frames: clocks, port accesses, memory; and stops the clock where the host has to act.

    The board has no clock of its own: ``tick`` is high in the clocks that count. Between two frames it stands still.

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
                "rx": In(1, init=1),
                "tx": Out(1, init=1),
                #: A frame is being worked on, or answered.
                "busy": Out(1),
                #: The host has to act before the next clock.
                "attention": Out(1),
                #: This clock counts for the board.
                "tick": Out(1),
                "reset": Out(1),
                "hrq": In(1),
                "hlda": Out(1),
                #: The processor's cycle.
                "port": Out(16),
                "ior_n": Out(1, init=1),
                "iow_n": Out(1, init=1),
                #: What is on D0-D15 where nothing else drives it; what was on D0-D15 a clock ago.
                "d_out": Out(16),
                "d": In(16),
                "drq": Out(8),
                #: Channels whose device is the host.
                "host_channels": Out(8, init=0xFF),
                #: What the bus shows, as `Get` has it.
                "lines": In(8),
                "dack_n": In(8),
                "address": In(24),
                "irq": In(1),
                #: The DMA writes into the board's memory.
                "written": In(1),
                #: The address is beyond the board's memory: its cycles are the host's.
                "beyond": In(1),
                #: The host reads or writes memory at ``port``; data is on ``d`` two clocks after, or is ``d_out``.
                "memory_access": Out(1),
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
        mine = self._watch(m)
        with m.If(self.written & ~mine):
            m.d.sync += written.eq(1)
        self._grant(m)
        status = Cat(self.attention, aborted, self.hrq, self.hlda, self.irq, written)
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
                    m.d.comb += link.result.eq(value)

        command = link.command
        fresh = Signal()
        phase = Signal(range(_ACCESS))
        read_not_write = Signal()
        enough = count == 0
        m.d.comb += [
            self.ior_n.eq(~(self._strobing & read_not_write)),
            self.iow_n.eq(~(self._strobing & ~read_not_write)),
        ]
        with m.FSM(name="bridge"):
            with m.State("IDLE"), m.If(link.start):
                m.d.sync += aborted.eq(0)
                m.next = "FETCH"
            with m.State("FETCH"):  # the buffer looks the next byte up
                m.next = "DECODE"
            with m.State("DECODE"):
                m.d.comb += link.next.eq(1)
                m.d.sync += [register.eq(command[:4]), fresh.eq(1), phase.eq(0), read_not_write.eq(~command[1])]
                with m.Switch(command[4:6]):
                    with m.Case(Command.SET):
                        m.next = "OPERAND"
                    with m.Case(Command.GET):
                        m.next = "RESULT"
                    with m.Case(Command.DO), m.Switch(command[:3]):
                        with m.Case(Action.RUN):
                            m.next = "RUN"
                        with m.Case(Action.IN, Action.OUT):
                            m.next = "ACCESS"
                        with m.Case(Action.ACQUIRE):
                            m.next = "ACQUIRE"
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
            with m.State("OPERAND"):
                m.next = "ASSIGN"
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
                m.d.comb += link.put.eq(1)
                m.next = "FETCH"
            with m.State("RUN"):
                with m.If(enough | (self.attention & ~fresh)):
                    m.next = "FETCH"
                with m.Else():
                    m.d.comb += self.tick.eq(1)
                    m.d.sync += [count.eq(count - 1), fresh.eq(0)]
            with m.State("ACQUIRE"):
                with m.If(~(self.hrq | self.hlda)):
                    m.next = "FETCH"
                with m.Elif(enough | (self.attention & ~fresh)):
                    m.d.sync += [aborted.eq(1), register.eq(Get.STATUS)]
                    m.next = "CLOSE-STATUS"
                with m.Else():
                    m.d.comb += self.tick.eq(1)
                    m.d.sync += [count.eq(count - 1), fresh.eq(0)]
            with m.State("ACCESS"):
                m.d.comb += [
                    self.tick.eq(1),
                    self._strobing.eq((phase >= _STROBE) & (phase < _HOLD)),
                    self._holding.eq(phase < _RECOVERY),
                ]
                m.d.sync += [phase.eq(phase + 1), register.eq(Get.D0)]
                with m.If((phase == _HOLD - 1) & read_not_write):
                    m.d.comb += link.put.eq(1)
                with m.If(phase == _ACCESS - 1):
                    m.next = "FETCH"
            with m.State("READ"):
                m.d.comb += self.memory_access.eq(1)
                m.next = "READ-TAKE"
                with m.If(enough):
                    m.next = "FETCH"
            with m.State("READ-TAKE"):
                m.d.comb += self.memory_access.eq(1)
                m.next = "READ-PUT"
            with m.State("READ-PUT"):
                m.d.comb += link.put.eq(1)
                m.d.sync += [count.eq(count - 1), address.eq(address + 1)]
                m.next = "READ"
            with m.State("WRITE"):
                m.next = "WRITE-TAKE"
                with m.If(enough):
                    m.next = "FETCH"
            with m.State("WRITE-TAKE"):
                m.d.comb += link.next.eq(1)
                m.d.sync += self.d_out.eq(Cat(command, command))
                m.next = "WRITE-PUT"
            with m.State("WRITE-PUT"):
                m.d.comb += self.memory_write.eq(1)
                m.d.sync += [count.eq(count - 1), address.eq(address + 1)]
                m.next = "WRITE"
            with m.State("CLOSE-STATUS"):
                m.d.comb += link.put_status.eq(1)
                m.d.sync += [register.eq(Get.LENGTH), written.eq(0)]
                m.next = "CLOSE-LENGTH"
            with m.State("CLOSE-LENGTH"):
                m.d.comb += [link.put_length.eq(1), link.finish.eq(1)]
                m.next = "IDLE"
        return m

    def _watch(self, m):
        """Compare what the host has to see with what it was in the clock before."""
        mine = Signal()
        m.d.comb += mine.eq((~self.dack_n & self.host_channels).any())
        # MEMR#, MEMW#, IOR#, IOW# of cycles in which the host takes part; DACK# and TC of its own. No channel's DACK#
        # follows another's without a clock between them.
        watched = Cat(~self.lines[:4] & (mine | self.beyond).replicate(4), self.lines[4] & mine, mine, self.irq)
        seen = Signal(len(watched))
        with m.If(self.tick):
            m.d.sync += seen.eq(watched)
        m.d.comb += self.attention.eq(seen != watched)
        return mine

    def _grant(self, m):
        """HLDA follows HRQ by a clock, but not into a cycle of the processor."""
        self._strobing = Signal(name="strobing")
        self._holding = Signal(name="holding")
        with m.If(self.tick):
            with m.If(~self.hrq):
                m.d.sync += self.hlda.eq(0)
            with m.Elif(~self._holding):
                m.d.sync += self.hlda.eq(1)
