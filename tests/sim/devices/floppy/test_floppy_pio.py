"""Non-DMA mode: the processor moves every byte, and there is no terminal count.

# Ref: Intel 82077AA, order 290166, sections 4.2.1, 4.2.2 and 2.1.5 (NON DMA, RQM, DIO).
"""

import pytest

MSR, FIFO = 0x3F4, 0x3F5
NON_DMA = 0x03


def start(machine, *command):
    machine.send(0x03, 0xDF, NON_DMA)
    machine.send(*command)


def test_reading_ends_in_end_of_cylinder_with_every_byte_right(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    start(machine, 0x46, 0, 0, 0, 3, 2, 4, 0x1B, 0xFF)
    data = bytearray()
    for _ in range(1024):
        machine.wait_irq()
        assert machine.inb(MSR) == 0xF0
        data.append(machine.inb(FIFO))
    machine.wait_irq()
    assert machine.inb(MSR) == 0xD0
    assert machine.results() == [0x40, 0x80, 0x00, 0, 0, 4, 2]
    assert data == image.data[2 * 512 : 4 * 512]
    assert machine.requests == 0


def test_writing_asks_for_every_byte(rig, disk, speed):
    image = disk()
    before = image.data
    machine = rig(image, speed=speed)
    start(machine, 0x45, 0, 0, 0, 3, 2, 3, 0x1B, 0xFF)
    for n in range(512):
        machine.wait_irq()
        assert machine.inb(MSR) == 0xB0
        machine.outb(FIFO, n & 0xFF)
    machine.wait_irq()
    assert machine.results() == [0x40, 0x80, 0x00, 0, 0, 3, 2]
    assert image.data == before[:1024] + bytes(range(256)) * 2 + before[1536:]


def test_the_interrupt_of_a_byte_falls_when_it_is_read(rig, disk):
    machine = rig(disk(), speed="real")
    start(machine, 0x46, 0, 0, 0, 3, 2, 4, 0x1B, 0xFF)
    machine.wait_irq()
    machine.inb(FIFO)
    assert not machine.irq_level
    assert machine.inb(MSR) == 0x70


def test_with_the_fifo_rqm_stays_until_it_is_empty(rig, disk):
    machine = rig(disk(), speed="real")
    machine.send(0x13, 0x00, 0x07, 0x00)  # threshold 8
    start(machine, 0x46, 0, 0, 0, 3, 2, 4, 0x1B, 0xFF)
    machine.wait_irq()
    count = 0
    while machine.inb(MSR) & 0x80:
        machine.inb(FIFO)
        count += 1
    assert count == 8
    assert not machine.irq_level


def test_a_late_processor_overruns(rig, disk):
    machine = rig(disk(), speed="real")
    start(machine, 0x46, 0, 0, 0, 3, 2, 4, 0x1B, 0xFF)
    machine.wait_irq()
    machine.run(65)
    assert machine.inb(MSR) == 0xD0
    assert machine.results() == [0x40, 0x10, 0x00, 0, 0, 3, 2]


@pytest.mark.parametrize("threshold", [1, 8, 16])
def test_the_fifo_carries_whole_sectors_both_ways(rig, disk, speed, threshold):
    image = disk()
    machine = rig(image, speed=speed)
    machine.send(0x13, 0x00, threshold - 1, 0x00)
    start(machine, 0x45, 0, 0, 0, 1, 2, 2, 0x1B, 0xFF)
    sent = 0
    while sent < 1024:
        machine.wait_irq()
        while machine.inb(MSR) & 0x80 and sent < 1024:
            machine.outb(FIFO, sent * 7 & 0xFF)
            sent += 1
    machine.until(lambda: machine.inb(MSR) == 0xD0)
    assert machine.results() == [0x40, 0x80, 0x00, 0, 0, 2, 2]
    assert image.data[:1024] == bytes(n * 7 & 0xFF for n in range(1024))
