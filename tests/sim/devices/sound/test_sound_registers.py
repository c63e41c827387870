"""The Sound Blaster 16's ports, mixer and DSP handshake.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapters 2, 4 and 6.
"""

import pytest

from isadma_sim import PC, Device
from isadma_sim.devices.sound import SoundBlaster16


def test_a_reset_pulse_is_answered_with_aa_after_a_hundred_microseconds(rig):
    sb = rig(up=False)
    sb.out(0x6, 1)
    sb.out(0x6, 0)
    sb.pc.delay(90e-6)
    assert sb.inp(0xE) == 0x7F
    sb.pc.delay(10e-6)
    assert sb.inp(0xE) == 0xFF
    assert sb.inp(0xA) == 0xAA
    assert sb.inp(0xE) == 0x7F


def test_the_dsp_takes_nothing_while_it_is_held_in_reset(rig):
    sb = rig()
    sb.out(0x6, 1)
    assert sb.inp(0xC) == 0xFF
    sb.out(0xC, 0xE1)
    sb.out(0x6, 0)
    sb.pc.delay(200e-6)
    assert sb.card.lost_commands == 1
    assert (sb.answer(), sb.inp(0xE)) == (0xAA, 0x7F)


def test_a_byte_keeps_the_dsp_busy_for_a_while(rig):
    sb = rig()
    sb.out(0xC, 0xE0)
    assert sb.inp(0xC) == 0xFF
    assert sb.inp(0xC) == 0x7F
    sb.out(0xC, 0x5A)
    assert sb.answer() == 0xA5


def test_a_byte_that_comes_while_the_dsp_is_busy_is_lost(rig):
    sb = rig(clock_hz=16_000_000)
    sb.out(0xC, 0xE0)
    sb.out(0xC, 0x11)
    sb.pc.delay(10e-6)
    sb.out(0xC, 0x5A)
    assert sb.answer() == 0xA5
    assert sb.card.lost_commands == 1


def test_version_identification_test_register_and_speaker_status_answer(rig):
    sb = rig()
    sb.dsp(0xE1)
    assert (sb.answer(), sb.answer()) == (4, 5)
    sb.dsp(0xE0, 0xC6)
    assert sb.answer() == 0x39
    sb.dsp(0xE4, 0x77, 0xE8)
    assert sb.answer() == 0x77
    sb.dsp(0xD1, 0xD8)
    assert sb.answer() == 0xFF
    sb.dsp(0xD3, 0xD8)
    assert sb.answer() == 0x00
    sb.dsp(0xE3)
    assert bytes(sb.answer() for _ in range(45)) == b"COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.\0"


def test_an_unknown_command_does_nothing_and_the_next_is_understood(rig):
    sb = rig()
    sb.dsp(0x75, 0xE1, 0xE1, 0xFF, 0xE1)
    assert (sb.answer(), sb.answer()) == (4, 5)
    assert sb.inp(0xE) == 0x7F


def test_volumes_keep_the_bits_they_have_and_a_mixer_reset_puts_them_back(rig):
    sb = rig()
    assert [sb.mixer(index) for index in (0x30, 0x36, 0x3C, 0x3D, 0x3E, 0x44)] == [0xC0, 0x00, 0x1F, 0x15, 0x0B, 0x80]
    assert [sb.mixer(index, 0xFF) for index in (0x30, 0x3B, 0x3C, 0x3F, 0x43, 0x47)] == [
        *(0xF8, 0xC0, 0x1F, 0xC0, 0x01, 0xF0)
    ]
    assert sb.mixer(0x55, 0xAA) == 0x00
    sb.mixer(0x00, 0x00)
    assert [sb.mixer(index) for index in (0x30, 0x3B, 0x43)] == [0xC0, 0x00, 0x00]


def test_the_sound_blaster_pros_master_volume_is_both_halves_of_the_new_one(rig):
    sb = rig()
    assert sb.mixer(0x22, 0x5C) == 0x5C
    assert (sb.mixer(0x30), sb.mixer(0x31)) == (0x50, 0xC0)


def test_the_mixer_selects_line_and_channels_and_only_a_bus_reset_changes_them(rig):
    sb = rig()
    assert (sb.mixer(0x80), sb.mixer(0x81)) == (0x02, 0x22)
    assert (sb.mixer(0x80, 0x08), sb.mixer(0x81, 0x88)) == (0x08, 0x88)
    assert (sb.card.irq, sb.card.dma, sb.card.hdma) == (10, 3, 7)
    sb.mixer(0x00, 0)
    sb.reset()
    assert (sb.mixer(0x80), sb.mixer(0x81)) == (0x08, 0x88)
    sb.pc.reset()
    assert (sb.mixer(0x80), sb.mixer(0x81)) == (0x02, 0x22)
    assert (sb.card.dma, sb.card.hdma) == (1, 5)


@pytest.mark.parametrize(
    ("bits", "dma", "hdma"),
    [(0x01, 0, None), (0x02, 1, None), (0x48, 3, 6), (0x80, None, 7), (0xEB, 0, 5), (0x14, None, None)],
)
def test_each_bit_of_81h_is_a_channel_and_the_lowest_counts(rig, bits, dma, hdma):
    sb = rig()
    assert sb.mixer(0x81, bits) == bits & 0xEB
    assert (sb.card.dma, sb.card.hdma) == (dma, hdma)


@pytest.mark.parametrize(("bits", "irq"), [(0x01, 9), (0x02, 5), (0x04, 7), (0x08, 10), (0x0C, 7)])
def test_each_bit_of_80h_is_an_interrupt_line(rig, bits, irq):
    sb = rig()
    sb.mixer(0x80, bits)
    sb.dsp(0xF2)
    sb.wait(irq)


def test_each_interrupt_shows_in_82h_and_is_ended_by_its_own_port(rig):
    sb = rig()
    sb.dsp(0xF2)
    sb.wait()
    assert sb.mixer(0x82) == 0x01
    sb.dsp(0xF3)
    assert sb.mixer(0x82) == 0x03
    sb.inp(0xE)
    assert sb.mixer(0x82) == 0x02
    assert sb.inp(0xF) == 0xFF
    assert sb.mixer(0x82) == 0x00
    sb.dsp(0xF3)
    sb.wait()


def test_without_a_line_selected_an_interrupt_goes_nowhere(rig):
    sb = rig()
    sb.mixer(0x80, 0)
    sb.dsp(0xF2)
    assert sb.mixer(0x82) == 0x01
    with pytest.raises(TimeoutError):
        sb.wait(5, seconds=0.001)


def test_a_channel_of_another_device_cannot_be_selected_and_the_card_says_whose_it_is(rig):
    sb = rig()
    other = Device()
    other.name = "network"
    sb.pc.attach(other, dma=7, irq=10)
    assert sb.mixer(0x81, 0x88) == 0x08
    assert (sb.card.dma, sb.card.hdma) == (3, None)
    assert sb.mixer(0x80, 0x08) == 0x00
    assert sb.card.conflicts == [
        "DMA channel 7 for sound blaster is taken by network: use a free channel",
        "IRQ 10 for sound blaster is taken by network: use a free line",
    ]
    late = Device()
    with pytest.raises(ValueError, match="DMA channel 3 for device is taken by sound blaster"):
        sb.pc.attach(late, dma=3)
    sb.pc.attach(late, dma=1, irq=5)
    sb.pc.reset()
    assert (sb.mixer(0x80), sb.mixer(0x81)) == (0x00, 0x20)
    assert len(sb.card.conflicts) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"port": 0x230}, "a Sound Blaster at 560: use 220h, 240h, 260h or 280h"),
        ({"irq": 3}, "no IRQ 3 on a Sound Blaster 16: use 9, 5, 7, 10"),
        ({"dma": 2}, "no 8-bit DMA channel 2 on a Sound Blaster 16: use 0, 1, 3"),
        ({"hdma": 4}, "no 16-bit DMA channel 4 on a Sound Blaster 16: use 5, 6, 7"),
    ],
)
def test_a_card_that_cannot_be_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        SoundBlaster16(**options)


def test_two_cards_at_two_addresses_are_two_cards():
    with PC(engine="reference") as pc:
        pc.attach(SoundBlaster16())
        second = SoundBlaster16(0x240, dma=3)
        with pytest.raises(ValueError, match=r"^IRQ 5 for sound blaster .*; DMA channel 5 for sound blaster is taken"):
            pc.attach(second)
        assert (second.dma, second.conflicts) == (None, [])
        pc.attach(SoundBlaster16(0x240, irq=7, dma=3, hdma=6))
        pc.outb(0x244, 0x81)
        assert pc.inb(0x245) == 0x48


def test_a_card_may_be_attached_with_the_wires_it_selects_at_power_up():
    with PC(engine="reference") as pc:
        card = SoundBlaster16()
        pc.attach(card, dma=1, irq=5)
        assert (card.irq, card.dma, card.hdma) == (5, 1, 5)
        with pytest.raises(ValueError, match="DMA channel 1 for device is taken by sound blaster"):
            pc.attach(Device(), dma=1)
