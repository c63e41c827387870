"""A processor on plain memory and ports, and programs for it."""

import mmap

import pytest

pytest.importorskip("unicorn", reason="Unicorn is not installed: pip install 'isadma[boot]'")

from isadma_sim.boot.layout import Layout
from isadma_sim.boot.processor import Cpu

PROGRAM = 0x7C00


class Ports:
    """Remembers what was written; reads give the port's number, or what `on_read` says."""

    def __init__(self):
        self.written = []
        self.asked = []
        self.on_write = lambda port, value: None

    def read(self, port):
        self.asked.append(port)
        return port & 0xFF

    def write(self, port, value):
        self.written.append((port, value))
        self.on_write(port, value)


class Bench:
    """2 MiB, ROM from F0000h on, a processor in real mode at 0:7C00 with its stack below."""

    def __init__(self, a20=True):
        self.memory = mmap.mmap(-1, 2 << 20)
        self.memory[0xF0000:0x100000] = b"\x90" * 0x10000
        self.ports = Ports()
        self.cpu = Cpu(self.memory, Layout(2 << 20, ((0xF0000, 0x100000),), 0x10000), self.ports, a20=a20)
        x86 = self.cpu._x86
        self.names = {
            name: getattr(x86, f"UC_X86_REG_{name}") for name in ("EAX", "EBX", "ECX", "EDI", "ESP", "EFLAGS")
        }
        self.cpu.uc.reg_write(x86.UC_X86_REG_CS, 0)
        self.cpu.uc.reg_write(x86.UC_X86_REG_EIP, PROGRAM)
        self.cpu.uc.reg_write(x86.UC_X86_REG_ESP, 0x7000)

    def load(self, code, at=PROGRAM):
        data = bytes.fromhex(code)
        self.memory[at : at + len(data)] = data

    def vector(self, number, address):
        self.memory[number * 4 : number * 4 + 4] = address.to_bytes(2, "little") + bytes(2)

    def __getitem__(self, name):
        return self.cpu.uc.reg_read(self.names[name])

    def until_halt(self, instructions=1000):
        self.cpu.run(instructions)
        assert self.cpu.halted, self.cpu.where


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.cpu.close()


@pytest.fixture
def bench_class():
    return Bench
