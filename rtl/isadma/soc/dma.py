"""The 8237A on Wishbone: a slave for its registers, a master for memory, and four device channels."""

# Ref: OpenCores, WISHBONE revision B4; Intel 8237A data sheet 231466-005.

from amaranth import Module, Mux
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out, connect, flipped

from isadma.i8237.regs import CHANNELS
from isadma.pc.address import AddressLatch
from isadma.pc.chip import BoardChip

from .burst import BurstReader
from .memory import LANE_BITS, MemoryMaster
from .registers import ADDRESS_BITS, RegisterSlave
from .wishbone import PipelinedMaster, PipelinedSlave, Wishbone

__all__ = ["WishboneDma"]

#: Memory-to-memory reads with channel 0's page and writes with channel 1's.
DESTINATION = 1


class WishboneDma(wiring.Component):
    """One 8237A with 32-bit addresses, at one state per clock.

    A program sees `Register`'s words. Memory is reached by bytes, each within the 64 KB that the channel's page
    chooses: the chip's sixteen bits wrap and carry nothing into the page. Memory-to-memory works across pages: it
    reads with the page of channel 0 and writes with that of channel 1.

    Devices see the 8237A's own signals: while its DACK is active a device gives its byte on ``device_in`` with IOR# low
    or takes ``device_out`` at the end of IOW#. Wait states are the memory's and the device's, as many as they need. A
    channel in cascade mode gets DACK and the bus stays reserved, but no memory transfer is made for it.

    A memory transfer that ends in err reads as FFh or is lost, sets the channel's error bit (channel 0's in
    memory-to-memory), and raises ``irq``. While that bit is on, EOP# is low for the channel and memory is not touched
    for it: at most one more transfer is made to or from the device, which ends the service as EOP# does.

    Parameters
    ----------
    variant : str
        ``"nmos"`` (8237A) or ``"cmos"`` (82C37A, with its read-back map).
    undefined_read : int
        What the 8237A's illegal reads return, 00h to FFh.
    pipelined : bool
        Both buses in pipelined mode, with STALL; one transfer at a time all the same.
    bursts : bool
        Memory is read by bursts of four words, with CTI and BTE, see `BurstReader`: it must be memory, which a read of
        the words around changes nothing in. Not with ``pipelined``.
    memory, mode_memory, uninitialized_memory
        The chip's memories, see `I8237`.

    Raises
    ------
    ValueError
        When a parameter is out of its range, or pipelined and bursts are both on.
    """

    def __init__(
        self,
        *,
        variant="nmos",
        undefined_read=0xFF,
        pipelined=False,
        bursts=False,
        memory=None,
        mode_memory=None,
        uninitialized_memory=False,
    ):
        # First: with both there is no such bus.
        memory_bus = Wishbone(32 - LANE_BITS, pipelined=pipelined, bursts=bursts)
        self._pipelined, self._bursts = pipelined, bursts
        self._chip = BoardChip(
            variant=variant,
            undefined_read=undefined_read,
            memory=memory,
            mode_memory=mode_memory,
            uninitialized_memory=uninitialized_memory,
        )
        super().__init__(
            {
                #: Registers.
                "registers": In(Wishbone(ADDRESS_BITS, pipelined=pipelined)),
                #: Memory.
                "memory": Out(memory_bus),
                #: Requests, high unless command bit 6 says low.
                "dreq": In(CHANNELS),
                #: Acknowledges, low unless command bit 7 says high.
                "dack": Out(CHANNELS, init=(1 << CHANNELS) - 1),
                #: Low: the acknowledged device drives device_in, by the end of the next clock.
                "ior_n": Out(1, init=1),
                #: Low: device_out is for the acknowledged device; it holds its byte when IOW# rises.
                "iow_n": Out(1, init=1),
                #: The device's byte, from the end of the clock after IOR# fell until IOR# rises.
                "device_in": In(8),
                #: The byte for the device, valid when IOW# rises, and until the next read of memory.
                "device_out": Out(8),
                #: High: the device is ready to end the transfer; in a transfer to memory, its byte is valid.
                "device_ready": In(1, init=1),
                #: High with the strobes of the last transfer, by word count.
                "tc": Out(1),
                #: Low ends the service, as EOP# does.
                "eop_n": In(1, init=1),
                #: Interrupt, high: an error bit is on, see `Register.ERROR`.
                "irq": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        m.submodules.chip = chip = self._chip
        m.submodules.slave = slave = RegisterSlave()
        m.submodules.master = master = MemoryMaster()
        m.submodules.latch = latch = AddressLatch()
        if self._pipelined:
            m.submodules.slave_adapter = slave_adapter = PipelinedSlave(ADDRESS_BITS)
            m.submodules.master_adapter = master_adapter = PipelinedMaster(32 - LANE_BITS)
            connect(m, slave_adapter.standard, slave.bus)
            connect(m, master.bus, master_adapter.standard)
            registers, memory = slave_adapter.bus, master_adapter.bus
        else:
            registers, memory = slave.bus, master.bus
        if self._bursts:
            m.submodules.reader = reader = BurstReader(32 - LANE_BITS)
            connect(m, master.bus, reader.standard)
            memory = reader.bus
        connect(m, flipped(self.registers), registers)
        connect(m, memory, flipped(self.memory))

        ior_n, iow_n, memr_n, memw_n = (pin.o | ~pin.oe for pin in (chip.ior_n, chip.iow_n, chip.memr_n, chip.memw_n))
        copying = (chip.served == 0) & ~memw_n & ior_n  # the writing half of memory-to-memory
        m.d.comb += [
            chip.clk_fall.eq(1),
            chip.clk_rise.eq(1),
            chip.cs_n.eq(slave.cs_n),
            chip.ior_n.i.eq(slave.ior_n),
            chip.iow_n.i.eq(slave.iow_n),
            chip.a.i.eq(slave.a),
            chip.db.i.eq(Mux(slave.accessing, slave.db_w, master.read_data)),
            chip.hlda.eq(master.hlda),
            chip.ready.eq(master.ready & self.device_ready),
            chip.dreq.eq(self.dreq),
            chip.eop_n.i.eq(self.eop_n & ~slave.stopped),
            latch.adstb.eq(chip.adstb),
            latch.db.eq(chip.db.o),
            slave.busy.eq(master.owner),
            slave.db_r.eq(chip.db.o),
            slave.failed.eq(master.failed),
            slave.serving.eq(chip.served),
            slave.channel.eq(Mux(copying, DESTINATION, chip.served)),
            master.hrq.eq(chip.hrq),
            master.accessing.eq(slave.accessing),
            master.memr_n.eq(memr_n),
            master.memw_n.eq(memw_n),
            master.page.eq(slave.page),
            master.address[:8].eq(chip.a.o),
            master.address[8:].eq(latch.high),
            master.write_data.eq(Mux(copying, chip.db.o, self.device_in)),
            master.valid.eq(copying | self.device_ready),
            master.suppress.eq(slave.stopped),
            self.irq.eq(slave.irq),
            self.dack.eq(chip.dack),
            self.ior_n.eq(ior_n),
            self.iow_n.eq(iow_n),
            self.device_out.eq(master.read_data),
            self.tc.eq(chip.eop_n.oe),
        ]
        return m
