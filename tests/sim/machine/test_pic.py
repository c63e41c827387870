"""The 8259A against its data sheet, one behaviour each."""

# Ref: Intel 8259A/8259A-2 data sheet, order no. 231468-003.

import pytest

from isadma_sim.machine.i8259 import Pic8259
from isadma_sim.machine.interrupt_controllers import Interrupt, PicPair


def single(*, icw1=0x13, icw4=0x01, vector=0x40, mask=0x00):
    """A lone 8259A (ICW1: SNGL, IC4) in 8086 mode with everything unmasked."""
    pic = Pic8259()
    pic.write(0, icw1)
    pic.write(1, vector)
    if not icw1 & 0x02:
        pic.write(1, 0x04)
    if icw1 & 0x01:
        pic.write(1, icw4)
    pic.write(1, mask)
    return pic


def take(pic):
    """INTA; returns the level, or None for the default level 7 of a request that has gone."""
    level, genuine = pic.begin_inta()
    pic.end_inta(level, genuine)
    return level if genuine else None


def pulse(pic, level):
    pic.set_ir(level, False)
    pic.set_ir(level, True)


def pair(master_mask=0x00, slave_mask=0x00, *, master_icw4=0x01):
    pics = PicPair()
    for port, value in (
        (0x20, 0x11), (0x21, 0x08), (0x21, 0x04), (0x21, master_icw4),
        (0xA0, 0x11), (0xA1, 0x70), (0xA1, 0x02), (0xA1, 0x01),
        (0x21, master_mask), (0xA1, slave_mask),
    ):  # fmt: skip
        pics.io_write(port, value)
    return pics


# ---------------------------------------------------------------- initialization
def test_no_interrupt_comes_out_before_initialization():
    pic = Pic8259()
    pulse(pic, 0)
    assert not pic.int_out


def test_the_vector_is_bits_7_to_3_of_icw2_and_the_level():
    pic = single(vector=0x47)
    assert pic.vector_bytes(5) == b"\x45"


@pytest.mark.parametrize(
    ("icw1", "low_byte"), [pytest.param(0xF7, 0xF4, id="interval 4"), pytest.param(0xF3, 0xE8, id="interval 8")]
)
def test_mcs80_mode_releases_call_and_the_address_of_the_level(icw1, low_byte):
    pic = single(icw1=icw1, icw4=0x00, vector=0x12)
    assert pic.vector_bytes(5) == bytes([0xCD, low_byte, 0x12])


def test_icw1_clears_the_mask_and_what_is_in_service():
    pic = single(mask=0x00)
    pulse(pic, 3)
    take(pic)
    pic.write(1, 0xAA)
    pic.write(0, 0x13)
    pic.write(1, 0x40)
    pic.write(1, 0x01)
    assert pic.read(1) == 0x00
    pic.write(0, 0x0B)
    assert pic.read(0) == 0x00


def test_a_line_already_high_at_icw1_must_fall_first_in_edge_mode():
    pic = Pic8259()
    pic.set_ir(2, True)
    pic.write(0, 0x13)
    pic.write(1, 0x40)
    pic.write(1, 0x01)
    assert not pic.int_out
    pulse(pic, 2)
    assert pic.int_out


def test_initialization_without_ic4_takes_no_icw4():
    pic = Pic8259()
    pic.write(0, 0x12)
    pic.write(1, 0x40)
    pic.write(1, 0x5A)
    assert pic.read(1) == 0x5A


def test_initialization_in_cascade_mode_takes_icw3():
    pic = Pic8259()
    for a0, value in ((0, 0x11), (1, 0x40), (1, 0x04), (1, 0x01), (1, 0x99)):
        pic.write(a0, value)
    assert pic.read(1) == 0x99
    assert pic.has_slave(2)
    assert not pic.has_slave(3)


# ---------------------------------------------------------------- triggering
def test_an_edge_interrupts_once_while_the_line_stays_high():
    pic = single()
    pulse(pic, 4)
    assert take(pic) == 4
    pic.write(0, 0x20)
    assert not pic.int_out


def test_a_level_interrupts_again_after_eoi_while_the_line_stays_high():
    pic = single(icw1=0x1B)
    pic.set_ir(4, True)
    assert take(pic) == 4
    pic.write(0, 0x20)
    assert pic.int_out


def test_a_request_that_goes_before_inta_gives_the_default_level_7_and_nothing_in_service():
    pic = single()
    pulse(pic, 3)
    pic.set_ir(3, False)
    assert pic.begin_inta() == (7, False)
    assert pic.isr == 0x00


def test_a_genuine_ir7_sets_its_in_service_bit():
    pic = single()
    pulse(pic, 7)
    assert pic.begin_inta() == (7, True)
    assert pic.isr == 0x80


def test_irr_and_isr_are_read_as_ocw3_chose():
    pic = single()
    pulse(pic, 1)
    take(pic)
    pulse(pic, 5)
    assert pic.read(0) == 0x20
    pic.write(0, 0x0B)
    assert pic.read(0) == 0x02
    pic.write(0, 0x08)  # neither: the choice stays
    assert pic.read(0) == 0x02
    pic.write(0, 0x0A)
    assert pic.read(0) == 0x20


# ---------------------------------------------------------------- masks and nesting
def test_a_masked_request_waits_for_its_mask_bit():
    pic = single(mask=0x08)
    pulse(pic, 3)
    assert not pic.int_out
    assert pic.read(0) == 0x08
    pic.write(1, 0x00)
    assert pic.int_out


def test_fully_nested_mode_lets_only_higher_levels_in():
    pic = single()
    pulse(pic, 3)
    assert take(pic) == 3
    pulse(pic, 5)
    assert not pic.int_out
    pulse(pic, 1)
    assert take(pic) == 1
    pic.write(0, 0x20)
    assert not pic.int_out
    pic.write(0, 0x20)
    assert take(pic) == 5


def test_the_lowest_number_wins_after_initialization():
    pic = single()
    for level in (6, 2, 4):
        pulse(pic, level)
    assert take(pic) == 2


def test_special_mask_mode_lets_all_unmasked_levels_interrupt_a_masked_service():
    pic = single()
    pulse(pic, 2)
    take(pic)
    pulse(pic, 6)
    pic.write(1, 0x04)
    assert not pic.int_out
    pic.write(0, 0x68)
    assert pic.int_out
    pic.write(0, 0x48)
    assert not pic.int_out


def test_a_non_specific_eoi_spares_a_masked_level_in_special_mask_mode():
    pic = single()
    pulse(pic, 2)
    take(pic)
    pic.write(1, 0x04)
    pic.write(0, 0x68)
    pulse(pic, 6)
    take(pic)
    pic.write(0, 0x20)
    assert pic.isr == 0x04


# ---------------------------------------------------------------- end of interrupt
def test_a_non_specific_eoi_ends_the_highest_level_in_service():
    pic = single()
    pulse(pic, 5)
    take(pic)
    pulse(pic, 2)
    take(pic)
    pic.write(0, 0x20)
    assert pic.isr == 0x20


def test_a_specific_eoi_ends_the_level_it_names():
    pic = single()
    pulse(pic, 5)
    take(pic)
    pulse(pic, 2)
    take(pic)
    pic.write(0, 0x65)
    assert pic.isr == 0x04


def test_ocw2_no_operation_changes_nothing():
    pic = single()
    pulse(pic, 5)
    take(pic)
    pic.write(0, 0x40)
    assert pic.isr == 0x20


def test_automatic_eoi_leaves_nothing_in_service():
    pic = single(icw4=0x03)
    pulse(pic, 5)
    assert take(pic) == 5
    assert pic.isr == 0x00


# ---------------------------------------------------------------- rotation
def test_rotate_on_non_specific_eoi_makes_the_served_level_lowest():
    # The data sheet's figure: IR4 and IR6 in service, rotation after IR4 puts IR5 on top.
    pic = single()
    pulse(pic, 4)
    take(pic)
    pic.write(0, 0xA0)
    pulse(pic, 4)
    pulse(pic, 6)
    assert take(pic) == 6


def test_rotate_on_specific_eoi_makes_the_named_level_lowest():
    pic = single()
    pulse(pic, 2)
    take(pic)
    pic.write(0, 0xE2)
    pulse(pic, 0)
    pulse(pic, 3)
    assert pic.isr == 0x00
    assert take(pic) == 3


def test_set_priority_makes_the_level_above_the_named_one_highest():
    pic = single()
    pic.write(0, 0xC5)
    pulse(pic, 0)
    pulse(pic, 6)
    assert take(pic) == 6


@pytest.mark.parametrize(("command", "second"), [(0x80, 6), (0x00, 4)], ids=["set", "cleared"])
def test_rotation_in_automatic_eoi_mode_follows_its_flip_flop(command, second):
    pic = single(icw4=0x03)
    pic.write(0, 0x80)
    pic.write(0, command)
    pulse(pic, 4)
    assert take(pic) == 4
    pulse(pic, 4)
    pulse(pic, 6)
    assert take(pic) == second


# ---------------------------------------------------------------- poll
def test_a_poll_acknowledges_and_returns_the_level_with_bit_7():
    pic = single()
    pulse(pic, 5)
    pulse(pic, 3)
    pic.write(0, 0x0C)
    assert pic.read(0) == 0x83
    assert pic.isr == 0x08
    assert pic.read(0) == 0x20  # one read only: then IRR again


def test_a_poll_with_no_request_has_bit_7_clear_and_sets_nothing():
    pic = single()
    pic.write(0, 0x0C)
    assert pic.read(0) & 0x80 == 0
    assert pic.isr == 0x00


def test_poll_overrides_a_register_read_in_the_same_word():
    pic = single()
    pulse(pic, 6)
    pic.write(0, 0x0F)
    assert pic.read(0) == 0x86


# ---------------------------------------------------------------- cascade
def test_the_slave_gives_the_vector_of_irq_8_to_15():
    pics = pair()
    pics.set_irq(14, True)
    assert pics.acknowledge() == Interrupt(14, 0x76)
    assert pics.in_service() == [14]
    assert pics.master.isr == 0x04


def test_irq_8_to_15_need_an_eoi_at_both_controllers():
    pics = pair()
    pics.set_irq(14, True)
    pics.acknowledge()
    pics.set_irq(4, True)
    assert not pics.int_out
    pics.io_write(0xA0, 0x20)
    assert not pics.int_out
    pics.io_write(0x20, 0x20)
    assert pics.acknowledge() == Interrupt(4, 0x0C)


def test_a_second_slave_request_comes_after_the_first_one_ends():
    pics = pair()
    pics.set_irq(9, True)
    pics.set_irq(12, True)
    assert pics.acknowledge() == Interrupt(9, 0x71)
    pics.io_write(0xA0, 0x20)
    pics.io_write(0x20, 0x20)
    assert pics.acknowledge() == Interrupt(12, 0x74)


def test_special_fully_nested_mode_lets_a_higher_slave_level_in():
    for icw4, expected in ((0x01, False), (0x11, True)):
        pics = pair(master_icw4=icw4)
        pics.set_irq(12, True)
        pics.acknowledge()
        pics.set_irq(9, True)
        assert pics.int_out is expected


def test_spurious_irq_7_is_marked_and_leaves_nothing_in_service():
    pics = pair()
    pics.set_irq(4, True)
    pics.set_irq(4, False)
    assert pics.acknowledge() == Interrupt(7, 0x0F, spurious=True)
    assert pics.in_service() == []


def test_spurious_irq_15_leaves_only_the_cascade_in_service():
    pics = pair()
    pics.set_irq(12, True)
    pics.slave.imr = 0xFF  # the mask closes between the master's INT and the slave's INTA
    assert pics.acknowledge() == Interrupt(15, 0x77, spurious=True)
    assert pics.slave.isr == 0x00
    assert pics.master.isr == 0x04


def test_no_card_can_drive_irq_2():
    with pytest.raises(ValueError, match=r"irq 2 is no request line.*IRQ 9"):
        pair().set_irq(2, True)
