"""What a port reads is a plain int, whichever device drives it, and whatever flags it keeps for it inside."""

import enum

import pytest

from isadma_sim import PC, Device
from isadma_sim.devices.ethernet import EtherLink
from isadma_sim.devices.fastdisk import FastDisk
from isadma_sim.devices.floppy import Drive, FloppyController
from isadma_sim.devices.scsi import HostAdapter
from isadma_sim.devices.serial import SerialPort
from isadma_sim.devices.sound import SoundBlaster16


@pytest.mark.parametrize("board", ["at", "xt"])
def test_every_port_of_a_machine_full_of_cards_reads_a_plain_int(board):
    with PC(engine="reference", board=board) as pc:
        pc.attach(FloppyController([Drive()]), dma=2, irq=6)
        pc.attach(SerialPort(), irq=4)
        pc.attach(EtherLink(dma=3, irq=3))
        if board == "at":
            pc.attach(HostAdapter(dma=6))
            pc.attach(SoundBlaster16())
            pc.attach(FastDisk(bytearray(1024)), dma=0, irq=10)
        ports = sorted({port for device in pc._world.devices for port in device.ports if port < 0x400} | {0x20, 0x21})
        for value in (None, 0x55):
            for port in (*range(0x20), *ports):
                if value is not None and port in ports:
                    pc.outb(port, value)
                got = pc.inb(port)
                assert type(got) is int, f"port {port:03X}h after {value!r}"
                assert 0 <= got <= 0xFF


class Register(enum.IntFlag):
    """A driver writer's own flags."""

    READY = 1
    ERROR = 0x80


class Card(Device):
    name = "card"
    ports = (0x300,)

    def io_read(self, port):
        return Register.READY | Register.ERROR

    def dma_read(self):
        return Register.ERROR


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_a_devices_flags_arrive_as_the_byte_they_stand_for(engine):
    with PC(engine=engine) as pc:
        card = Card()
        pc.attach(card, dma=1)
        assert type(pc.inb(0x300)) is int
        assert pc.inb(0x300) == 0x81
        for port, value in ((0x0C, 0), (0x0B, 0x45), (2, 0), (2, 0), (0x83, 2), (3, 0), (3, 0), (0x0A, 1)):
            pc.outb(port, value)
        card.lines.dreq(True)
        pc.run(clocks=9)
        card.lines.dreq(False)
        pc.run(clocks=20)
        assert pc.memory[0x20000] == 0x80
