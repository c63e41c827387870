"""A small system-on-chip around `WishboneDma`: two memories, a device on channel 1, and a program in hardware.

The program lets the DMA copy a text from one memory to the other, memory to memory, and then put the bytes of the
device behind it, by channel 1. Run it: ``python docs/examples/wishbone_soc.py``.
"""

# Ref: Intel 8237A data sheet 231466-005, pages 6 to 10 (memory-to-memory, registers); OpenCores, WISHBONE revision B4.

from amaranth import Array, Cat, Const, Module, Mux, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out, connect
from amaranth.sim import Simulator

from isadma.i8237.regs import CHANNELS, ReadPort, WritePort, address_port, count_port
from isadma.soc import Wishbone, WishboneDma
from isadma.soc.registers import ADDRESS_BITS, Register

#: A16 chooses the memory: A is at 0, B at 1_0000h.
MEMORY_SELECT_BIT = 16
#: 32-bit words of each memory.
WORDS = 64

SOURCE, DESTINATION, INBOX = 0x0_0010, 0x1_0020, 0x1_0080
TEXT, ARRIVING = b"from one memory to the other", b"and from a device"

#: What the registers take: see `isadma.i8237.regs`.
MEMORY_TO_MEMORY, BLOCK_READ, BLOCK_WRITE, SINGLE_WRITE = 0x01, 0x88, 0x84, 0x44
REQUEST_CHANNEL_0, TC_CHANNEL_1 = 0x04, 0x02


class Step(data.Struct):
    """A step of the program: write `value` to a register, or read it until all bits of `value` are on."""

    register: unsigned(ADDRESS_BITS)
    value: 16
    until: 1


def setup(channel, mode, address, size):
    """Return the writes that set up a channel for `size` bytes at a 32-bit address."""
    words = ((address_port(channel), address & 0xFFFF), (count_port(channel), size - 1))
    return [
        (WritePort.MODE, mode | channel),
        (WritePort.CLEAR_FLIP_FLOP, 0),
        *((port, value) for port, word in words for value in (word & 0xFF, word >> 8)),
        (Register.PAGE + channel, address >> 16),
    ]


#: What a processor would run. The last step of each half waits for channel 1's terminal count.
PROGRAM = [
    (WritePort.MASTER_CLEAR, 0),
    (WritePort.COMMAND, MEMORY_TO_MEMORY),
    *setup(0, BLOCK_READ, SOURCE, len(TEXT)),
    *setup(1, BLOCK_WRITE, DESTINATION, len(TEXT)),
    (WritePort.REQUEST, REQUEST_CHANNEL_0),
    (ReadPort.STATUS, TC_CHANNEL_1, "until"),
    (WritePort.COMMAND, 0),
    *setup(1, SINGLE_WRITE, INBOX, len(ARRIVING)),
    (WritePort.SINGLE_MASK, 1),  # bit 2 off: channel 1 is on
    (ReadPort.STATUS, TC_CHANNEL_1, "until"),
]


class Sequencer(wiring.Component):
    """A Wishbone master in place of a processor: one step after the other, then `done`."""

    bus: Out(Wishbone(ADDRESS_BITS))
    #: All steps are done, and the last terminal count was seen.
    done: Out(1)

    def elaborate(self, platform):
        m = Module()
        steps = Array(
            Step.const({"register": register, "value": value, "until": bool(until)}).as_value()
            for register, value, *until in PROGRAM
        )
        number = Signal(range(len(PROGRAM) + 1))
        step = Step(steps[number])
        m.d.comb += [
            self.done.eq(number == len(PROGRAM)),
            self.bus.cyc.eq(self.bus.stb),
            self.bus.adr.eq(step.register),
            self.bus.dat_w.eq(step.value),
            self.bus.we.eq(~step.until),
            self.bus.sel.eq(0b1111),
        ]
        with m.If(self.bus.stb & self.bus.ack):
            m.d.sync += self.bus.stb.eq(0)
            with m.If(~step.until | ((self.bus.dat_r & step.value) == step.value)):
                m.d.sync += number.eq(number + 1)
        with m.Elif(~self.bus.stb & ~self.bus.ack & ~self.done):
            m.d.sync += self.bus.stb.eq(1)
        return m


class Ram(wiring.Component):
    """A memory of 32-bit words with byte lanes; it answers a clock later.

    Parameters
    ----------
    content : bytes
        What it holds at power-up, from address 0 on.
    """

    bus: In(Wishbone(30))

    def __init__(self, content=b""):
        super().__init__()
        padded = content.ljust(4 * WORDS, b"\0")
        words = [int.from_bytes(padded[i : i + 4], "little") for i in range(0, 4 * WORDS, 4)]
        self.storage = Memory(shape=32, depth=WORDS, init=words)

    def elaborate(self, platform):
        m = Module()
        m.submodules.storage = self.storage
        write, read = self.storage.write_port(granularity=8), self.storage.read_port()
        bus = self.bus
        starts = Signal()
        m.d.comb += [
            starts.eq(bus.cyc & bus.stb & ~bus.ack),
            write.addr.eq(bus.adr),
            write.data.eq(bus.dat_w),
            write.en.eq(Mux(starts & bus.we, bus.sel, 0)),
            read.addr.eq(bus.adr),
            bus.dat_r.eq(read.data),
        ]
        m.d.sync += bus.ack.eq(starts)
        return m


class Device(wiring.Component):
    """Asks for service as long as it has bytes, and gives one while it is acknowledged and IOR# is low."""

    dreq: Out(1)
    dack_n: In(1)
    ior_n: In(1)
    byte: Out(8)

    def elaborate(self, platform):
        m = Module()
        number, giving = Signal(range(len(ARRIVING) + 1)), Signal()
        given = Signal()
        m.d.comb += [
            self.dreq.eq(number != len(ARRIVING)),
            self.byte.eq(Array(Const(byte, 8) for byte in ARRIVING)[number]),
            giving.eq(~self.dack_n & ~self.ior_n),
        ]
        m.d.sync += given.eq(giving)
        with m.If(given & ~giving):  # IOR# has risen: the byte is taken
            m.d.sync += number.eq(number + 1)
        return m


class Soc(wiring.Component):
    """The whole: the program on the DMA's registers, two memories on its bus, the device on channel 1."""

    #: Everything is moved.
    done: Out(1)

    def __init__(self):
        super().__init__()
        self.memory_a = Ram(bytes(SOURCE) + TEXT)
        self.memory_b = Ram()

    def elaborate(self, platform):
        m = Module()
        m.submodules.dma = dma = WishboneDma()
        m.submodules.program = program = Sequencer()
        m.submodules.device = device = Device()
        m.submodules.memory_a, m.submodules.memory_b = memories = self.memory_a, self.memory_b
        connect(m, program.bus, dma.registers)
        m.d.comb += self.done.eq(program.done)

        # The interconnect: one address bit.
        bus = dma.memory
        chosen = bus.adr[MEMORY_SELECT_BIT - 2]
        for number, ram in enumerate(memories):
            for name in ("adr", "dat_w", "sel", "stb", "we"):
                m.d.comb += getattr(ram.bus, name).eq(getattr(bus, name))
            m.d.comb += ram.bus.cyc.eq(bus.cyc & (chosen == number))
        m.d.comb += [
            bus.ack.eq(memories[0].bus.ack | memories[1].bus.ack),
            bus.dat_r.eq(Mux(chosen, memories[1].bus.dat_r, memories[0].bus.dat_r)),
        ]

        # Channel 1; nobody asks on the others.
        m.d.comb += [
            dma.dreq.eq(Cat(Const(0, 1), device.dreq, Const(0, CHANNELS - 2))),
            device.dack_n.eq(dma.dack[1]),
            device.ior_n.eq(dma.ior_n),
            dma.device_in.eq(device.byte),
        ]
        return m


def run(soc, max_clocks=5000):
    """Simulate the SoC until it is done.

    Returns
    -------
    clocks : int
        How long it took.
    memories : tuple of bytes
        What memory A and memory B hold then.

    Raises
    ------
    TimeoutError
        It is not done after `max_clocks`.
    """
    found = []

    async def testbench(ctx):
        for clocks in range(max_clocks):
            if ctx.get(soc.done):
                words = ([ctx.get(ram.storage.data[i]) for i in range(WORDS)] for ram in (soc.memory_a, soc.memory_b))
                found.append((clocks, tuple(b"".join(w.to_bytes(4, "little") for w in memory) for memory in words)))
                return
            await ctx.tick()
        raise TimeoutError(f"the SoC is not done after {max_clocks} clocks")

    simulator = Simulator(soc)
    simulator.add_clock(1e-7)
    simulator.add_testbench(testbench)
    simulator.run()
    return found[0]


if __name__ == "__main__":
    took, (_, memory) = run(Soc())
    place = DESTINATION & 0xFFFF
    print(f"after {took} clocks memory B holds, from {DESTINATION:05X}h on: {memory[place : place + len(TEXT)]!r}")
    place = INBOX & 0xFFFF
    print(f"                        and from {INBOX:05X}h on: {memory[place : place + len(ARRIVING)]!r}")
