"""The PC/AT's DMA on an FPGA with a serial line: board, memory, a device to try it with, and the bridge."""

from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from isadma.pc import PcAt, PcXt

from .bridge import Bridge
from .pattern import PatternDevice

__all__ = ["DEVICE_PORT", "UartPc"]

#: The boards, in the order of bit 0 of `Get.BOARD`; bit 1 is on where transfers have no wait state.
BOARDS = {"at": PcAt, "xt": PcXt}
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
        self._storage = storage or BlockStorage(memory_bits)
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
        m.d.comb += [
            word.eq(~(isa.sbhe_n.o | isa.a.o[0])),
            within.eq(isa.a.o[self._memory_bits :] == 0),
        ]
        # The data bus: one of the board, memory, the device, and the bridge drives it. Bytes are on both halves.
        # Memory never takes what it gives itself.
        d = Signal(16)
        but_memory = Signal(16)
        dack = ~isa.dack_n
        from_memory = (memr & within) | bridge.memory_access
        odd = Mux(bridge.memory_access, bridge.port[0], isa.a.o[0])
        m.d.comb += but_memory.eq(bridge.d_out)
        if device := self._device:
            self._connect_device(m, device, word, but_memory, d, dack, ior, iow)
        with m.If(isa.d.oe):
            m.d.comb += but_memory.eq(Cat(isa.d.o[:8], isa.d.o[:8]))
        with m.If(bridge.memory_write):
            m.d.comb += but_memory.eq(bridge.d_out)
        m.d.comb += d.eq(but_memory)
        with m.If(from_memory):
            m.d.comb += d.eq(Cat(Mux(odd, storage.read_data[8:], storage.read_data[:8]), storage.read_data[8:]))

        # What the board and the bridge take from the bus: all of it stands for longer than a clock. Without this
        # register whatever drives the bus and whatever takes from it would be one path, and the clock slower by half.
        taken = Signal(16)
        m.d.sync += taken.eq(d)

        accessing = bridge.memory_access | bridge.memory_write
        address = Mux(accessing, bridge.port, isa.a.o[:16])[: self._memory_bits]
        m.d.comb += [
            storage.address.eq(address[1:]),
            storage.write_data.eq(but_memory),
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

    def _connect_device(self, m, device, word, given, d, dack, ior, iow):
        bridge = self.bridge
        m.submodules.device = device
        served = (dack & ~bridge.host_channels).any()
        at_device = bridge.port[3:10] == DEVICE_PORT >> 3
        with m.If(~bridge.ior_n & at_device):
            m.d.comb += given.eq(Cat(device.read_data, device.read_data))
        with m.If(ior & served):
            m.d.comb += given.eq(device.source)
        m.d.comb += [
            device.port.eq(bridge.port),
            device.write.eq(~bridge.iow_n & at_device),
            device.d.eq(d),
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
    """

    def __init__(self, memory_bits):
        super().__init__(
            {
                #: Address of a word.
                "address": In(memory_bits - 1),
                #: What was there in the clock before.
                "read_data": Out(16),
                #: High: write D0-D7 (bit 0), D8-D15 (bit 1) at the end of this clock.
                "write": In(2),
                #: D0-D15 to write, valid with ``write``.
                "write_data": In(16),
            }
        )
        self._depth = 1 << memory_bits - 1

    def elaborate(self, platform):
        m = Module()
        # Two memories, not one with byte enables: an iCE40's block RAM has those only when it is 256 deep, and the
        # multiplexer behind many of them would take more cells than the bridge. Nobody reads in the clock of a write.
        for lane in range(2):
            half = Memory(shape=8, depth=self._depth, init=[], attrs={"no_rw_check": True})
            m.submodules[f"lane{lane}"] = half
            read = half.read_port()
            write = half.write_port()
            m.d.comb += [
                read.addr.eq(self.address),
                self.read_data.word_select(lane, 8).eq(read.data),
                write.addr.eq(self.address),
                write.data.eq(self.write_data.word_select(lane, 8)),
                write.en.eq(self.write[lane]),
            ]
        return m
