"""The driver's own port map against the hardware's: two readings of the data sheets, one check."""

import pytest

from isadma.i8237 import regs
from isadma.pc import ports as rtl
from isadma_driver import ports as driver

ALIASES = {"STATUS": "COMMAND", "TEMPORARY": "MASTER_CLEAR"}  # read and written under two names in the driver


@pytest.mark.parametrize(("mine", "theirs"), [(driver.Dma1, rtl.Dma1), (driver.Dma2, rtl.Dma2)])
def test_both_readings_give_each_controller_the_same_ports(mine, theirs):
    assert {name: int(member) for name, member in mine.__members__.items() if name not in ALIASES} == {
        name: int(member) for name, member in theirs.__members__.items()
    }


@pytest.mark.parametrize("enum", [driver.Dma1, driver.Dma2])
@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_a_register_read_under_another_name_is_at_the_same_port(enum, alias, name):
    assert enum[alias] is enum[name]


@pytest.mark.parametrize(
    ("mine", "theirs"), [(driver.AT_PAGES, rtl.AT_PAGES), (driver.XT_PAGES, rtl.XT_PAGES)], ids=["at", "xt"]
)
def test_both_readings_give_each_channel_the_same_page_register(mine, theirs):
    assert {channel: int(port) for channel, port in mine.items()} == {
        channel: int(port) for channel, port in theirs.items()
    }


def test_the_refresh_page_is_at_the_same_port():
    assert int(driver.Page.REFRESH) == int(rtl.Page.REFRESH) == 0x8F


def test_the_second_controller_repeats_the_first_at_every_other_port():
    assert [int(port) for port in driver.Dma2] == [0xC0 + 2 * int(port) for port in driver.Dma1]


@pytest.mark.parametrize("port", list(regs.WritePort))
def test_the_chip_decodes_each_control_register_where_the_driver_writes_it(port):
    assert int(driver.Dma1[port.name]) == int(port)


@pytest.mark.parametrize(
    ("field", "bit"),
    [
        ("memory_to_memory", driver.Command.MEMORY_TO_MEMORY),
        ("address_hold", driver.Command.ADDRESS_HOLD),
        ("disable", driver.Command.DISABLE),
        ("compressed", driver.Command.COMPRESSED),
        ("rotating", driver.Command.ROTATING),
        ("extended_write", driver.Command.EXTENDED_WRITE),
        ("dreq_active_low", driver.Command.DREQ_ACTIVE_LOW),
        ("dack_active_high", driver.Command.DACK_ACTIVE_HIGH),
    ],
)
def test_both_readings_put_each_command_bit_in_the_same_place(field, bit):
    assert regs.Command.const({field: 1}).as_value().value == int(bit)


@pytest.mark.parametrize(
    ("fields", "byte"),
    [
        ({"transfer": regs.Transfer.WRITE, "kind": regs.ModeKind.SINGLE}, driver.DMA_MODE_READ),
        ({"transfer": regs.Transfer.READ, "kind": regs.ModeKind.SINGLE}, driver.DMA_MODE_WRITE),
        ({"transfer": regs.Transfer.VERIFY, "kind": regs.ModeKind.SINGLE}, driver.DMA_MODE_VERIFY),
        ({"kind": regs.ModeKind.CASCADE}, driver.DMA_MODE_CASCADE),
        ({"kind": regs.ModeKind.BLOCK}, driver.Mode.BLOCK),
        ({"kind": regs.ModeKind.DEMAND}, driver.Mode.DEMAND),
        ({"autoinitialize": 1}, driver.DMA_AUTOINIT),
        ({"decrement": 1}, driver.Mode.DECREMENT),
    ],
)
def test_both_readings_put_each_mode_bit_in_the_same_place(fields, byte):
    assert regs.Mode.const(fields).as_value().value << 2 == int(byte)


def test_both_readings_put_the_set_bit_of_single_writes_in_the_same_place():
    assert regs.Single.const({"set": 1}).as_value().value == driver.SET_BIT == 0x04
