"""Reset, polling, SENSE INTERRUPT STATUS, and the commands that set or show registers.

# Ref: Intel 82077AA, order 290166, sections 2.1, 3, 5.2 and 7.4.
"""

import pytest

DOR, TDR, MSR, FIFO, DIR, CCR, DSR = 0x3F2, 0x3F3, 0x3F4, 0x3F5, 0x3F7, 0x3F7, 0x3F4


def test_it_is_held_in_reset_until_dor_lets_it_go(rig, disk):
    machine = rig(disk(), up=False)
    assert machine.inb(MSR) == 0x00
    machine.outb(DOR, 0x0C)
    assert machine.inb(MSR) == 0x80
    assert machine.inb(DOR) == 0x0C


def test_reset_makes_one_interrupt_and_four_statuses(rig, disk, speed):
    machine = rig(disk(), up=False, speed=speed)
    machine.outb(DOR, 0x0C)
    machine.wait_irq()
    assert [machine.sense() for _ in range(4)] == [[0xC0, 0], [0xC1, 0], [0xC2, 0], [0xC3, 0]]
    assert machine.irqs == 1
    assert machine.sense() == [0x80]


def test_the_interrupt_of_a_reset_falls_with_the_first_sense(rig, disk):
    machine = rig(disk(), up=False)
    machine.outb(DOR, 0x0C)
    machine.wait_irq()
    machine.send(0x08)
    assert not machine.irq_level


def test_a_reset_by_dsr_ends_by_itself(rig, disk):
    machine = rig(disk())
    machine.send(0x06, 0x00)  # in the middle of a command
    assert machine.inb(MSR) == 0x90
    machine.outb(DSR, 0x80)
    machine.wait_irq()
    assert machine.inb(MSR) == 0x80
    assert machine.sense() == [0xC0, 0]


def test_the_dma_gate_holds_back_interrupt_and_request(rig, disk):
    machine = rig(disk(), up=False)
    machine.outb(DOR, 0x04)
    machine.run(1_000_000)
    assert not machine.irq_level
    machine.outb(DOR, 0x0C)
    assert machine.irq_level


def test_sense_interrupt_without_an_interrupt_is_invalid(rig, disk):
    assert rig(disk()).sense() == [0x80]


@pytest.mark.parametrize("code", [0x00, 0x01, 0x0B, 0x15, 0x17, 0x18, 0x1F, 0x11, 0x83, 0x4F, 0xFF, 0xE5])
def test_an_invalid_command_answers_80h_and_does_not_interrupt(rig, disk, code):
    machine = rig(disk())
    before = machine.irqs
    machine.send(code)
    assert machine.inb(MSR) == 0xD0
    assert machine.results() == [0x80]
    assert machine.inb(MSR) == 0x80
    assert machine.irqs == before


def test_version_is_that_of_an_enhanced_controller(rig, disk):
    machine = rig(disk())
    machine.send(0x10)
    assert machine.results() == [0x90]


def test_dumpreg_shows_what_was_set(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.seek(11)
    machine.send(0x13, 0x00, 0x57, 0x29)  # implied seek, FIFO on, no polling, threshold 8, precompensation from 29h
    machine.send(0x12, 0x80 | 0x14 | 0x03)  # drives 0 and 2 perpendicular, GAP, WGATE
    machine.send(0x94)
    assert machine.results() == [0x10]
    machine.send(0x0E)
    assert machine.results() == [11, 0, 0, 0, 0xDF, 0x02, 0, 0x97, 0x57, 0x29]


def test_dumpreg_shows_eot_of_the_last_transfer(rig, disk):
    machine = rig(disk(), speed="full")
    machine.read(0, 0, 1, 18, 512)
    machine.send(0x0E)
    assert machine.results()[6] == 18


def test_a_software_reset_keeps_locked_parameters(rig, disk):
    machine = rig(disk())
    machine.send(0x13, 0x00, 0x0A, 0x29)
    machine.send(0x94)
    machine.results()
    machine.outb(DSR, 0x80)
    machine.wait_irq()
    machine.send(0x0E)
    dump = machine.results()
    assert dump[4:] == [0xDF, 0x02, 0, 0x80, 0x0A, 0x29]


def test_a_software_reset_undoes_unlocked_parameters_but_not_specify(rig, disk):
    machine = rig(disk())
    machine.send(0x13, 0x00, 0x4A, 0x29)
    machine.send(0x14)
    assert machine.results() == [0x00]
    machine.outb(DSR, 0x80)
    machine.wait_irq()
    machine.send(0x0E)
    assert machine.results() == [0, 0, 0, 0, 0xDF, 0x02, 0, 0x00, 0x20, 0x00]


def test_perpendicular_drives_change_only_with_overwrite_and_survive_a_software_reset(rig, disk):
    machine = rig(disk())
    machine.send(0x12, 0x80 | 0x3C)
    machine.send(0x0E)
    assert machine.results()[7] == 0x3C
    machine.send(0x12, 0x03)
    machine.send(0x0E)
    assert machine.results()[7] == 0x3F
    machine.outb(DSR, 0x80)
    machine.wait_irq()
    machine.send(0x0E)
    assert machine.results()[7] == 0x3C


def test_sense_drive_status_shows_track_0_and_write_protection(rig, disk):
    machine = rig(disk(), speed="full")
    machine.send(0x04, 0x04)
    assert machine.results() == [0x3C]  # track 0, head 1, and the two bits always set
    machine.seek(3)
    machine.send(0x04, 0x00)
    assert machine.results() == [0x28]
    protected = rig(disk(write_protected=True), speed="full")
    protected.send(0x04, 0x00)
    assert protected.results() == [0x78]


def test_the_change_line_falls_with_a_step_and_rises_with_the_disk(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    assert machine.inb(DIR) & 0x80
    machine.seek(1)
    assert not machine.inb(DIR) & 0x80
    machine.fdc.eject(0)
    assert machine.inb(DIR) & 0x80
    machine.seek(2)
    assert machine.inb(DIR) & 0x80  # nothing in it: a step does not help
    machine.fdc.insert(image)
    assert machine.inb(DIR) & 0x80
    machine.seek(1)
    assert not machine.inb(DIR) & 0x80


def test_an_empty_drive_keeps_a_read_waiting_for_ever_and_a_reset_ends_it(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.fdc.eject(0)
    machine.dma("write", count=512)
    machine.send(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    with pytest.raises(TimeoutError):
        machine.wait_irq(seconds=30)
    assert machine.inb(MSR) & 0x90 == 0x10
    machine.power_up()


def test_a_motor_that_stands_keeps_a_read_waiting_until_it_turns(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    machine.outb(DOR, 0x0C)
    machine.dma("write", count=512)
    machine.send(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    machine.run(8_000_000)
    assert not machine.irq_level
    machine.outb(DOR, 0x1C)
    machine.wait_irq()
    assert machine.results() == [0, 0, 0, 0, 0, 2, 2]
    assert bytes(machine.received) == image.data[:512]


def test_taking_the_disk_out_in_the_middle_ends_in_a_reset_at_the_latest(rig, disk):
    image = disk()
    machine = rig(image, speed="real")
    machine.dma("write", count=36 * 512)
    machine.send(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    machine.until(lambda: machine.moved == 700)
    machine.fdc.eject(0)
    with pytest.raises(TimeoutError):
        machine.wait_irq(seconds=5)
    machine.fdc.insert(image)
    machine.wait_irq()
    assert machine.results()[:2] == [0x40, 0x01]


def test_bus_reset_puts_every_register_back(rig, disk):
    machine = rig(disk(), speed="full")
    machine.send(0x94)
    machine.results()
    machine.seek(9)
    machine.fdc.reset()
    assert machine.inb(DOR) == 0x00
    assert machine.inb(MSR) == 0x00
    machine.outb(DOR, 0x0C)
    machine.wait_irq()
    machine.send(0x0E)
    assert machine.results() == [0, 0, 0, 0, 0, 0, 0, 0x00, 0x20, 0x00]


def test_the_tape_register_keeps_its_two_bits(rig, disk):
    machine = rig(disk())
    machine.outb(TDR, 0xFE)
    assert machine.inb(TDR) & 0x03 == 0x02


def test_ports_outside_a_phase_read_floating_and_take_nothing(rig, disk):
    machine = rig(disk())
    assert machine.inb(FIFO) == 0xFF
    machine.send(0x10)
    machine.outb(FIFO, 0x03)  # in the result phase
    assert machine.results() == [0x90]
    assert machine.inb(MSR) == 0x80
