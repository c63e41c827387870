"""Memory above the 24 address lines of the bus, on every engine there is."""

from isadma_sim import PC


def test_memory_above_16_mib_is_the_processors_alone(engine):
    with PC(engine=engine, memory=(16 << 20) + 4096) as pc:
        pc.memory[0x1000000:0x1000010] = b"only a processor"
        for port, value in [(0x0B, 0x85), (0x83, 0xFF), (0x0C, 0), (0x02, 0xFC), (0x02, 0xFF), (0x03, 7), (0x03, 0)]:
            pc.outb(port, value)
        pc.outb(0x0A, 0x01)
        pc.outb(0x09, 0x05)  # a block write asked for by software: no device drives the bus, which floats high
        pc.run(clocks=100)
        assert pc.inb(0x08) & 0x02
        assert pc.memory[0xFFFFFB:0x1000000] == b"\0\xff\xff\xff\xff"
        assert pc.memory[0xFF0000:0xFF0005] == b"\xff\xff\xff\xff\0"  # the address wraps inside its page
        assert pc.memory[0x1000000:0x1000010] == b"only a processor"
