"""A PC with a SCSI host adapter, driven as its manual says: bytes to ports, mailboxes and CCBs in memory."""

import random

import pytest

from isadma_sim import PC
from isadma_sim.devices.scsi import HostAdapter, ScsiDisk

BLOCKS = 256
#: Where the rig keeps mailboxes, the CCB, a scatter/gather list and data.
MAILBOXES, CCB, LIST, DATA = 0x20000, 0x20100, 0x20200, 0x30000
COUNT = 2


class Rig:
    """The host's side: polls every handshake bit, and gives up after a bounded time."""

    def __init__(self, pc, adapter, disk):
        self.pc = pc
        self.adapter = adapter
        self.disk = disk
        self.base = adapter.ports[0]

    def until(self, condition, what, seconds=0.1):
        for _ in range(int(seconds * 1e5)):
            if condition():
                return
            self.pc.run(clocks=40)
        raise AssertionError(f"{what} did not come: status {self.status:02X}h, interrupt {self.flags:02X}h")

    @property
    def status(self):
        return self.pc.inb(self.base)

    @property
    def flags(self):
        return self.pc.inb(self.base + 2)

    def control(self, value):
        self.pc.outb(self.base, value)

    def reset(self, value=0x80):
        self.control(value)
        self.until(lambda: self.status & 0x90 == 0x10, "IDLE after reset")

    def send(self, *values):
        for value in values:
            self.until(lambda: not self.status & 0x08, "CDF low")
            self.pc.outb(self.base + 1, value)
        self.until(lambda: not self.status & 0x08, "CDF low")

    def command(self, *values, reply=0):
        """Send an adapter command, read its reply, and acknowledge HACC."""
        self.send(*values)
        data = bytearray()
        while len(data) < reply:
            self.until(lambda: self.status & 0x04, "DF")
            data.append(self.pc.inb(self.base + 1))
        self.until(lambda: self.flags & 0x04, "HACC")
        self.control(0x20)
        return bytes(data)

    def cascade(self, channel=5):
        mode, mask = (0xD6, 0xD4) if channel > 4 else (0x0B, 0x0A)
        self.pc.outb(mode, 0xC0 | channel & 3)
        self.pc.outb(mask, channel & 3)

    def start(self):
        """Reset, cascade mode, mailboxes."""
        self.reset()
        self.cascade(self.adapter.dma)
        self.pc.memory[MAILBOXES : MAILBOXES + 8 * COUNT] = bytes(8 * COUNT)
        self.command(0x01, COUNT, *MAILBOXES.to_bytes(3, "big"))
        self.box = 0
        self.out = 0

    def ccb(self, cdb, *, length=0, pointer=DATA, opcode=0, direction=0, target=0, lun=0, sense=0):
        head = bytes((opcode, target << 5 | direction | lun, len(cdb), sense))
        head += length.to_bytes(3, "big") + pointer.to_bytes(3, "big") + bytes(4) + b"\xee\xee" + bytes(2)
        self.pc.memory[CCB : CCB + 0x60] = (head + cdb).ljust(0x60, b"\x77")

    def post(self, command=1):
        at = MAILBOXES + 4 * self.out
        self.pc.memory[at : at + 4] = bytes((command,)) + CCB.to_bytes(3, "big")
        self.out = (self.out + 1) % COUNT
        self.send(0x02)

    def finish(self, seconds=1.0):
        """Wait for the incoming mailbox; returns its status, host status and target status."""
        self.until(lambda: self.flags & 0x01, "MBIF", seconds)
        self.control(0x20)
        at = MAILBOXES + 4 * (COUNT + self.box)
        self.box = (self.box + 1) % COUNT
        box = self.pc.memory[at : at + 4]
        self.pc.memory[at : at + 1] = b"\0"
        assert int.from_bytes(box[1:], "big") == CCB
        return box[0], self.pc.memory[CCB + 14], self.pc.memory[CCB + 15]

    def run(self, cdb, **options):
        self.ccb(cdb, **options)
        self.post()
        return self.finish()

    def ready(self):
        """Take the unit attention that a reset leaves."""
        assert self.run(bytes(6)) == (4, 0, 2)
        assert self.sense(6) == (0x6, 0x29)

    def sense(self, cdb_length):
        data = self.pc.memory[CCB + 18 + cdb_length : CCB + 18 + cdb_length + 14]
        return data[2] & 0xF, data[12]

    @property
    def image(self):
        return self.disk.image.path.read_bytes()


@pytest.fixture
def image(tmp_path, request):
    print("seed", request.node.name)
    path = tmp_path / "disk.img"
    path.write_bytes(random.Random(request.node.name).randbytes(BLOCKS * 512))
    return path


@pytest.fixture
def make_rig(image):
    machines = []

    def make(engine="reference", *, write_protected=False, **options):
        disk = ScsiDisk(image, write_protected=write_protected)
        adapter = HostAdapter(disk, **options)
        pc = PC(engine)
        machines.append(pc)
        pc.attach(adapter)
        return Rig(pc, adapter, disk)

    yield make
    for pc in machines:
        pc.close()


@pytest.fixture
def rig(make_rig):
    made = make_rig()
    made.start()
    return made
