"""The PC/AT's DMA on an FPGA with a serial line: board, memory, a device to try it with, and the bridge."""

from amaranth import Cat, Const, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from isadma.i8237.readport import read_registered
from isadma.pc import PcAt, PcXt

from .bridge import Bridge
from .pattern import PatternDevice

__all__ = ["DEVICE_PORT", "UartPc"]

#: The boards, in the order of bit 0 of `Get.BOARD`; bit 1 is on where transfers have no wait state.
BOARDS = {"at": PcAt, "xt": PcXt}
#: Address bits of the largest block of an ECP5's memory, one bit wide.
_BLOCK_BITS = 14
#: From this bit on an address of words stands through a service, but for S1.
_WORDS_STAND = 8
#: The device's first port; it has eight.
DEVICE_PORT = 0x300


class UartPc(wiring.Component):
    """Everything that is the same on all boards; the top adds pins and a clock.

    Memory begins at address 0. Cycles beyond its end are the host's, who sees and answers them over the serial line.

    Parameters
    ----------
    divisor : int
        Clocks per bit of the serial line.
    memory_bits : int
        The memory has 2 to the power of this many bytes, 8 to 16.
    storage : wiring.Component or None
        What holds it, with the ports of `BlockStorage`; block RAM unless told.
    device : bool
        Put a `PatternDevice` on it, at `DEVICE_PORT`.
    board : str
        ``"at"``, or ``"xt"`` where two controllers do not fit.
    **options
        Those of `PcAt` or `PcXt`.

    Raises
    ------
    ValueError
        When a parameter is out of its range.
    """

    #: The serial line in, idle high. Asynchronous.
    rx: In(1, init=1)
    #: The serial line out, idle high.
    tx: Out(1, init=1)
    #: Activity, high: a frame, the clock waits for the host, DMA has the bus, DRQ of the device, its interrupt.
    leds: Out(5)

    def __init__(self, *, divisor, memory_bits, storage=None, device=True, board="at", **options):
        if memory_bits not in range(8, 17):
            raise ValueError(f"memory_bits is {memory_bits!r}: a board's memory has 2**8 to 2**16 bytes")
        self._memory_bits = memory_bits
        self._storage = storage or BlockStorage(memory_bits, late=options.get("wait_states", 1) > 0)
        if board not in BOARDS:
            raise ValueError(f"board is {board!r}: there are {' and '.join(BOARDS)}")
        self.board = BOARDS[board](**options)
        kind = list(BOARDS).index(board) | (options.get("wait_states", 1) == 0) << 1
        self._device = PatternDevice() if device else None
        self.bridge = Bridge(divisor, memory_bits, all_channels=not device, board=kind)
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        m.submodules.board = board = self.board
        m.submodules.bridge = bridge = self.bridge
        m.submodules.storage = storage = self._storage
        isa = board.isa
        memr, memw, ior, iow = (line.oe & ~line.o for line in (isa.memr_n, isa.memw_n, isa.ior_n, isa.iow_n))
        word = Signal()
        within = Signal()
        comes_within = Signal()
        m.d.comb += [
            word.eq(~(isa.sbhe_n.o | isa.a.o[0])),
            comes_within.eq(isa.a.o[self._memory_bits :] == 0),
            within.eq(comes_within),
        ]
        if isinstance(board, PcAt) and self._memory_bits > _WORDS_STAND:
            # The upper part stands from S1 on, before any strobe. (The XT's page comes with DACK# only.)
            stood = Signal()
            m.d.sync += stood.eq(comes_within)
            m.d.comb += within.eq(stood)
        # The data bus: one of the board, memory, the device, and the bridge drives it. Bytes are on both halves.
        # Memory never takes what it gives itself. Whoever takes from the bus sees what was there a clock ago: each
        # driver has a register of its own, or it and its taker would be one path; and block RAM alone takes long.
        dack = ~isa.dack_n
        others = Signal(16)
        taken = Signal(16)
        m.d.comb += others.eq(bridge.d_out)  # which stands for longer than a clock
        if device := self._device:
            self._connect_device(m, device, word, others, taken, dack, ior, iow)
        given = Signal(8)
        gives = Signal()
        m.d.sync += [given.eq(isa.d.o[:8]), gives.eq(isa.d.oe & ~bridge.memory_write)]
        with m.If(gives):
            m.d.comb += others.eq(given.replicate(2))
        from_memory = Signal()
        odd = Signal()
        m.d.sync += [
            from_memory.eq((memr & within) | bridge.memory_access),
            odd.eq(Mux(bridge.memory_access, bridge.port[0], isa.a.o[0])),
        ]
        remembered = storage.read_data
        m.d.comb += taken.eq(Mux(from_memory, Cat(Mux(odd, remembered[8:], remembered[:8]), remembered[8:]), others))

        m.d.comb += bridge.uneventful.eq(self._uneventful(comes_within))

        accessing = bridge.memory_access | bridge.memory_write
        # Here too the upper part stands from S1 on.
        upper = Signal(16, reset_less=True)
        m.d.sync += upper.eq(isa.a.o[:16])
        dma_address = Cat(isa.a.o[: _WORDS_STAND + 1], upper[_WORDS_STAND + 1 :])
        address = Mux(accessing, bridge.port, dma_address)[: self._memory_bits]
        m.d.comb += [
            storage.address.eq(address[1:]),
            storage.write_data.eq(others),
            storage.write.eq(
                Mux(
                    bridge.memory_write | (memw & within),
                    Mux(bridge.memory_write | ~word, Cat(~address[0], address[0]), 3),
                    0,
                )
            ),
            board.clk_fall.eq(bridge.tick),
            board.clk_rise.eq(bridge.tick),
            board.reset.eq(bridge.reset),
            board.hlda.eq(bridge.hlda),
            isa.a.i.eq(bridge.port),
            isa.d.i.eq(taken),
            isa.ior_n.i.eq(bridge.ior_n),
            isa.iow_n.i.eq(bridge.iow_n),
            isa.sbhe_n.i.eq(1),
            isa.memr_n.i.eq(1),
            isa.memw_n.i.eq(1),
            isa.iochrdy.eq(1),
            isa.master_n.eq(1),
            isa.drq.eq(bridge.drq | (device.drq if device else 0)),
            bridge.rx.eq(self.rx),
            self.tx.eq(bridge.tx),
            bridge.hrq.eq(board.hrq),
            bridge.d.eq(taken),
            bridge.dack_n.eq(isa.dack_n),
            bridge.address.eq(isa.a.o),
            bridge.lines.eq(Cat(~memr, ~memw, ~ior, ~iow, isa.tc, isa.aen, board.hrq, isa.sbhe_n.o | ~isa.sbhe_n.oe)),
            bridge.written.eq(memw & within & isa.aen),
            bridge.beyond.eq(~within & (memr | memw)),
            self.leds[:3].eq(Cat(bridge.busy, bridge.attention, bridge.hlda)),
        ]
        return m

    def _uneventful(self, within):
        """Return whether the bus shows the host nothing new, if this clock of the board counts."""
        isa, bridge = self.board.isa, self.bridge
        if isinstance(self.board, PcAt):
            dma1, dma2 = self.board.chips
            # Channel 0 of DMA 2 is DMA 1.
            served = Mux(dma2.served == 0, dma1.served, 4 | dma2.served)
            stands = Const(1)
        else:
            served = self.board.chip.timing.service.channel
            # The page of channels 2 and 3 comes with DACK#, after S1.
            stands = ~(self.board.chip.adstb & served[1])
        # A channel is chosen long before its DACK#, which does not come before HLDA. There is no strobe in AEN's first
        # clock; and all of the address that is compared stands from S1 to the next, but for A8 of words.
        others = ~bridge.host_channels.bit_select(served, 1) | ~bridge.hlda
        quiet = ~self._device.ending if self._device else 1
        return others & quiet & (~isa.aen | (within & stands & (self._memory_bits > _WORDS_STAND)))

    def _connect_device(self, m, device, word, others, taken, dack, ior, iow):
        bridge = self.bridge
        m.submodules.device = device
        served = (dack & ~bridge.host_channels).any()
        at_device = bridge.port[3:10] == DEVICE_PORT >> 3
        given = Signal(16)
        gives = Signal()
        m.d.sync += [
            given.eq(Mux(bridge.ior_n, device.source, device.read_data.replicate(2))),
            gives.eq(((~bridge.ior_n & at_device) | (ior & served)) & ~bridge.memory_write),
        ]
        with m.If(gives):
            m.d.comb += others.eq(given)
        m.d.comb += [
            device.port.eq(bridge.port),
            device.write.eq(~bridge.iow_n & at_device),
            device.tick.eq(bridge.tick),
            device.d.eq(taken),
            device.word.eq(word),
            device.ior.eq(ior & served),
            device.iow.eq(iow & served),
            device.dack.eq(dack),
            device.tc.eq(self.board.isa.tc),
            bridge.irq.eq(device.irq),
            self.leds[3:].eq(Cat(device.drq.any(), device.irq)),
        ]


class BlockStorage(wiring.Component):
    """Memory in block RAM, sixteen bits wide.

    Parameters
    ----------
    memory_bits : int
        It has 2 to the power of this many bytes.
    late : bool
        What is read comes a clock later, the time of a wait state; and the address is no long way any more.
    """

    def __init__(self, memory_bits, *, late=False):
        super().__init__(
            {
                #: Address of a word.
                "address": In(memory_bits - 1),
                #: What was there two clocks before; three, if late.
                "read_data": Out(16),
                #: High: write D0-D7 (bit 0), D8-D15 (bit 1) at the end of the next clock.
                "write": In(2),
                #: D0-D15 to write, valid in the clock after ``write``.
                "write_data": In(16),
            }
        )
        self._bits, self._late = memory_bits - 1, late

    def elaborate(self, platform):
        m = Module()
        # Two memories, not one with byte enables: an iCE40's block RAM has those only when it is 256 deep, and the
        # multiplexer behind many of them would take more cells than the bridge. Nobody reads while one writes.
        # Each block that an ECP5 has for one bit has a register of its own, before what chooses between them.
        bits = min(self._bits, _BLOCK_BITS)
        place = Signal.like(self.address, reset_less=True)
        write_en = Signal(2)
        m.d.sync += [place.eq(self.address), write_en.eq(self.write)]
        read_at = place if self._late else self.address
        chosen = Signal(max(self._bits - bits, 1))
        before = Signal.like(chosen)
        m.d.sync += [chosen.eq(read_at[bits:]), before.eq(chosen)]
        for lane in range(2):
            read_data = self.read_data.word_select(lane, 8)
            for number in range(1 << self._bits - bits):
                block = Memory(shape=8, depth=1 << bits, init=[], attrs={"no_rw_check": True})
                m.submodules[f"lane{lane}_{number}"] = block
                write = block.write_port()
                kept = Signal(8, name=f"kept{lane}_{number}", reset_less=True)
                m.d.sync += kept.eq(read_registered(m, block, read_at[:bits]))
                m.d.comb += [
                    write.addr.eq(place[:bits]),
                    write.data.eq(self.write_data.word_select(lane, 8)),
                    write.en.eq(write_en[lane] & (place[bits:] == number)),
                ]
                with m.If(before == number):
                    m.d.comb += read_data.eq(kept)
        return m
