"""A machine in which every kind of callback is always under way, and each of them shows when it was torn."""

from isadma_sim import PC, Device

#: Channels and what is on them: bytes one by one, and a block.
BYTES, BLOCK = 1, 3
PAGE = 0x20000


class Whole(Device):
    """Counts what it begins and what it ends, in each callback: torn is where they differ."""

    name = "whole"
    ports = (0x300,)

    def __init__(self):
        self.begun = dict.fromkeys(("event", "read", "dack", "tc", "in", "out"), 0)
        self.ended = dict(self.begun)
        self.beats = 0

    def start(self):
        self.lines.dreq(True)
        self.lines.after(7, self._beat)

    def _work(self, what):
        self.begun[what] += 1
        for _ in range(8):  # long enough to be met in the middle
            pass
        self.ended[what] += 1

    def _beat(self):
        self._work("event")
        self.beats += 1
        self.lines.after(7, self._beat)

    def io_read(self, port):
        self._work("in")
        return 0x5A

    def io_write(self, port, value):
        self._work("out")

    def dma_read(self):
        self._work("read")
        return self.ended["read"] & 0xFF

    def dack(self, active):
        self._work("dack")

    def tc(self):
        self._work("tc")


class Blocks(Device):
    """Hands over one block after the other."""

    name = "blocks"

    def __init__(self):
        self.done = 0

    def start(self):
        self.lines.start_block(bytearray(range(256)), to_host=True, done=self._done)

    def _done(self, moved, counted):
        self.done += 1
        self.start()


def program(pc, channel, page, address=PAGE):
    """Autoinitialize 256 bytes to memory."""
    pc.outb(0x0C, 0)
    pc.outb(0x0B, 0x54 | channel)
    for port, value in ((2 * channel, 0), (2 * channel, 0), (2 * channel + 1, 0xFF), (2 * channel + 1, 0)):
        pc.outb(port, value)
    pc.outb(page, address >> 16)
    pc.outb(0x0A, channel)


def busy(engine, **options):
    """Return a PC in the middle of its work, and its devices."""
    pc = PC(engine=engine, **options)
    whole, blocks = Whole(), Blocks()
    pc.attach(whole, dma=BYTES)
    pc.attach(blocks, dma=BLOCK)
    pc.outb(0x08, 0x10)  # rotating priority: both have the bus
    program(pc, BYTES, 0x83)
    program(pc, BLOCK, 0x82, PAGE + 0x10000)
    whole.start()
    blocks.start()
    return pc, whole, blocks


def wounds(pc, whole, blocks):
    """Say what is not whole any more; lets clocks go by to see that every chain of events goes on."""
    found = [f"{what} torn" for what in whole.begun if whole.begun[what] != whole.ended[what]]
    before = whole.beats, whole.ended["read"], blocks.done
    pc.run(clocks=8000)
    after = whole.beats, whole.ended["read"], blocks.done
    found += [
        f"{what} dead"
        for what, old, new in zip(("events", "bytes", "blocks"), before, after, strict=True)
        if old == new
    ]
    if pc.inb(0x300) != 0x5A:
        found.append("port 300h")
    pc.outb(0x83, 0x02)
    if pc.inb(0x83) != 0x02:
        found.append("port 83h")
    return found
