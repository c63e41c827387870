"""Two readings of the data sheets, one check: the driver's and the simulator's port maps against the hardware's."""

import pytest

from isadma.i8237 import regs
from isadma.pc import ports as rtl
from isadma_driver import ports as driver
from isadma_driver.fastdisk import codes as fastdisk_codes
from isadma_driver.modem import codes as modem
from isadma_driver.scsi import codes as scsi
from isadma_sim.devices.fastdisk import regs as fastdisk
from isadma_sim.devices.scsi import codes as target
from isadma_sim.devices.scsi import regs as adapter
from isadma_sim.devices.serial import regs as serial
from isadma_sim.machine import ports as sim


def values(enum, *, without=()):
    return {name: int(member) for name, member in enum.__members__.items() if name not in without}


def test_driver_and_hardware_agree_on_the_first_controller():
    mine = values(driver.Dma1, without={"STATUS", "TEMPORARY"})
    assert mine == values(rtl.Dma1)
    assert len(mine) == 16


def test_driver_and_hardware_agree_on_the_second_controller():
    mine = values(driver.Dma2, without={"STATUS", "TEMPORARY"})
    assert mine == values(rtl.Dma2)
    assert len(mine) == 16


def test_driver_reads_status_and_temporary_where_the_chip_has_them():
    assert driver.Dma1.STATUS - 0x00 == regs.ReadPort.STATUS == 0x8
    assert driver.Dma1.TEMPORARY - 0x00 == regs.ReadPort.TEMPORARY == 0xD
    assert (driver.Dma2.STATUS - 0xC0) // 2 == regs.ReadPort.STATUS
    assert (driver.Dma2.TEMPORARY - 0xC0) // 2 == regs.ReadPort.TEMPORARY


def test_the_board_ports_are_the_chips_registers():
    for port in regs.WritePort:
        assert rtl.Dma1[port.name] == int(port)
        assert rtl.Dma2[port.name] == 0xC0 + 2 * int(port)
    for channel in range(regs.CHANNELS):
        assert rtl.Dma1[f"ADDRESS_{channel}"] == regs.address_port(channel)
        assert rtl.Dma1[f"COUNT_{channel}"] == regs.count_port(channel)
        assert rtl.Dma2[f"ADDRESS_{channel + 4}"] == 0xC0 + 2 * regs.address_port(channel)
        assert rtl.Dma2[f"COUNT_{channel + 4}"] == 0xC0 + 2 * regs.count_port(channel)


def test_driver_and_hardware_agree_on_the_page_registers():
    spare = {name for name in rtl.Page.__members__ if name.startswith("SPARE")}
    assert values(driver.Page) == values(rtl.Page, without=spare)
    assert values(driver.XtPage) == values(rtl.XtPage, without={"UNUSED"})
    assert {c: int(p) for c, p in driver.AT_PAGES.items()} == {c: int(p) for c, p in rtl.AT_PAGES.items()}
    assert {c: int(p) for c, p in driver.XT_PAGES.items()} == {c: int(p) for c, p in rtl.XT_PAGES.items()}
    assert len(driver.AT_PAGES) == 7
    assert len(driver.XT_PAGES) == 4


def test_driver_and_hardware_agree_on_the_command_bits():
    fields = {name.upper(): 1 << field.offset for name, field in regs.Command.as_shape()}
    assert {bit.name: int(bit) for bit in driver.Command} == fields
    assert len(fields) == 8


def test_driver_and_hardware_agree_on_the_mode_bits():
    field = {name: 4 << field.offset for name, field in regs.Mode.as_shape()}  # the struct is mode bits 7-2
    mine = values(driver.Mode)
    assert mine.pop("AUTOINIT") == field["autoinitialize"] == 0x10
    assert mine.pop("DECREMENT") == field["decrement"] == 0x20
    theirs = {member.name: member.value * field["transfer"] for member in regs.Transfer if member.name != "ILLEGAL"}
    theirs |= {member.name: member.value * field["kind"] for member in regs.ModeKind}
    assert mine == theirs
    assert len(theirs) == 7


def test_driver_and_hardware_agree_on_the_status_bits():
    fields = dict(regs.Status.as_shape())
    assert fields["terminal_count"].offset == 0
    assert driver.STATUS_TC == 0x0F
    assert fields["requesting"].offset == driver.STATUS_REQUEST_SHIFT == 4


def test_simulator_and_hardware_agree_on_the_controllers_ports():
    names = {
        **{f"DMA1_{n}": v for n, v in values(rtl.Dma1).items()},
        **{f"DMA2_{n}": v for n, v in values(rtl.Dma2).items()},
    }
    names |= {f"{chip}_MASK": names[f"{chip}_SINGLE_MASK"] for chip in ("DMA1", "DMA2")}
    mine = values(sim.Dma)
    assert mine
    assert mine == {name: names[name] for name in mine}


def test_simulator_and_hardware_agree_on_what_the_at_decodes():
    assert rtl.Window.DMA1 == 0x00
    assert rtl.Window.PAGES == 0x80
    assert rtl.Window.DMA2 == 0xC0
    named = {int(port) for enum in (rtl.Dma1, rtl.Dma2, rtl.Page) for port in enum}
    odd = {int(port) + 1 for port in rtl.Dma2}  # both ports of a register of DMA 2
    assert named | odd == sim.AT_BOARD_PORTS


def test_driver_and_simulator_agree_on_the_interrupt_controllers():
    assert values(driver.Pic) == {name.replace("DATA", "MASK"): value for name, value in values(sim.Pic).items()}
    assert len(driver.Pic) == 4


def test_driver_and_device_agree_on_the_serial_port():
    assert values(modem.Reg) == values(serial.Reg)
    assert values(modem.Iir) == values(serial.Iir)
    for mine, theirs in ((modem.Ier, serial.Ier), (modem.Fcr, serial.Fcr), (modem.Mcr, serial.Mcr)):
        assert values(mine).items() <= values(theirs).items()
    assert values(modem.Lsr).items() <= values(serial.Lsr).items()
    assert {code >> serial.FCR_TRIGGER_SHIFT: level for level, code in modem.TRIGGERS.items()} == dict(
        enumerate(serial.TRIGGERS)
    )
    assert serial.CRYSTAL_HZ == serial.PRESCALE * modem.BASE_BAUD
    assert (modem.COM1, modem.COM1_IRQ, modem.FIFO_DEPTH) == (serial.COM1, serial.IRQ, serial.FIFO_DEPTH)


def test_driver_and_device_agree_on_the_fast_disk():
    for name in ("Reg", "Command", "Status", "Control"):
        assert values(getattr(fastdisk_codes, name)) == values(getattr(fastdisk, name))
    mine = fastdisk_codes.FASTDISK_BASE, fastdisk_codes.FASTDISK_DMA, fastdisk_codes.FASTDISK_IRQ
    assert mine == (fastdisk.BASE, fastdisk.DMA, fastdisk.IRQ)
    for name in ("SECTOR_BYTES", "MOST_SECTORS", "IDENTIFICATION"):
        assert getattr(fastdisk_codes, name) == getattr(fastdisk, name)


@pytest.mark.parametrize("name", ["Control", "Status", "Interrupt", "MailboxOut", "MailboxIn", "Ccb", "HostStatus"])
def test_driver_and_host_adapter_agree_on_bits_and_bytes(name):
    mine, theirs = values(getattr(scsi, name)), values(getattr(adapter, name))
    assert mine.items() <= theirs.items()
    assert len(mine) >= 3


def test_driver_and_host_adapter_agree_on_commands_and_lengths():
    for enum in ("Command", "Opcode"):
        assert values(getattr(scsi, enum)).items() <= values(getattr(adapter, enum)).items()
    assert values(scsi.Port, without={"COMMAND", "CONTROL"}) == {"STATUS": 0, "DATA": 1, "INTERRUPT": 2}
    assert (adapter.Port.COMMAND, adapter.Port.CONTROL) == (scsi.Port.COMMAND, scsi.Port.CONTROL) == (1, 0)
    for fact in ("BASE", "DATA_IN", "DATA_OUT", "TARGET_SHIFT", "MAILBOX_BYTES", "SEGMENT_BYTES", "SEGMENTS_MOST"):
        assert getattr(scsi, fact) == getattr(adapter, fact)
    for fact in ("EEPROM_LINES", "EEPROM_DMA_SHIFT", "EEPROM_BYTES", "FIRST_IRQ", "CHANNELS"):
        assert getattr(scsi, fact) == getattr(adapter, fact)
    assert adapter.BOARD_ID >= scsi.SOFTWARE_BOARD


def test_driver_and_disk_agree_on_scsi_codes():
    assert values(scsi.Scsi).items() <= values(target.Scsi).items()
    for sense in target.Sense:
        assert sense.key in list(scsi.Key)
        assert sense.code in scsi.SENSE_TEXT or not sense.code
