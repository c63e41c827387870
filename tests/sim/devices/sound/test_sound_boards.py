"""The Sound Blasters with jumpers: high-speed mode, the Pro's stereo, no FIFO, and a PC/XT around them.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapters 3, 4 (CT1345) and 6; the firmware of DSP
#      2.02, github.com/schlae/sb-firmware.
"""

from fractions import Fraction

import pytest

from isadma_sim import PC, Device
from isadma_sim.devices.sound import Format, SoundBlaster1, SoundBlaster2, SoundBlaster16, SoundBlasterPro, Tape

AT = 0x20000
DATA = bytes(range(1, 201))


def heard(sb):
    return b"".join(take.brought for take in sb.card.takes)


@pytest.mark.parametrize(
    ("card", "version"), [(SoundBlaster1, (1, 5)), (SoundBlaster2, (2, 1)), (SoundBlasterPro, (3, 2))]
)
def test_each_tells_its_version_and_plays_a_block(rig, card, version):
    sb = rig(card=card)
    sb.dsp(0xE1)
    assert (sb.answer(), sb.answer()) == version
    sb.pc.memory[AT : AT + 200] = DATA
    sb.program(1, AT, 200, 0x48)
    sb.dsp(0x40, 0xA5, 0x14, 199, 0)
    sb.wait()
    sb.inp(0xE)
    sb.pc.delay(0.001)
    assert heard(sb) == DATA
    assert sb.card.takes[0].format == Format(Fraction(1_000_000, 91), 8, 1, signed=False)


@pytest.mark.parametrize(
    ("card", "dma", "irq"), [(SoundBlaster2, 1, 7), (SoundBlaster2, 3, 2), (SoundBlasterPro, 3, 5)]
)
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_card_in_a_pc_xt_plays_and_records(rig, engine, card, dma, irq):
    sb = rig(
        engine, card=card, board="xt", dma=dma, irq=irq, record_from=Tape(DATA, Format(Fraction(8_000), 8, 1, False))
    )
    sb.pc.memory[AT : AT + 64] = DATA[:64]
    sb.program(dma, AT, 64, 0x58)
    sb.dsp(0x40, 0x83, 0x48, 63, 0, 0x1C)
    for _ in range(2):
        sb.wait(irq)
        sb.inp(0xE)
    sb.dsp(0xDA)
    sb.wait(irq)
    sb.inp(0xE)
    assert heard(sb)[:190] == (DATA[:64] * 3)[:190]
    sb.reset()
    sb.program(dma, AT, 64, 0x44)
    sb.dsp(0x40, 0x83, 0x24, 63, 0)
    sb.wait(irq)
    assert sb.pc.memory[AT : AT + 64] == DATA[:64]


def test_there_is_no_fifo_and_so_the_card_asks_for_a_byte_at_a_time(rig):
    sb = rig(card=SoundBlaster2)
    sb.program(1, AT, 200, 0x48)
    sb.dsp(0x40, 0x06, 0x14, 199, 0)  # 4,000 samples a second
    sb.pc.delay(10.5 / 4_000)
    assert 10 <= 199 - sb.left(1) <= 11
    assert sb.card.waiting <= 1


def test_high_speed_blocks_that_repeat_end_by_a_reset_only_which_keeps_the_rate(rig):
    sb = rig(card=SoundBlaster2)
    sb.pc.memory[AT : AT + 128] = DATA[:128]
    sb.program(1, AT, 128, 0x58)
    sb.dsp(0x40, 0xE9, 0x48, 63, 0, 0x90)
    assert sb.inp(0xC) == 0xFF
    sb.out(0xC, 0xD0)
    sb.out(0xC, 0xDA)
    for _ in range(4):
        sb.wait()
        sb.inp(0xE)
    assert sb.card.lost_commands == 2
    assert sb.card.takes[0].format.rate == Fraction(1_000_000, 23)
    sb.reset()
    count = len(heard(sb))
    sb.pc.delay(0.01)
    assert len(heard(sb)) == count
    assert heard(sb) == (DATA[:128] * 3)[:count]
    sb.program(1, AT, 16, 0x48)
    sb.dsp(0x48, 15, 0, 0x91)
    sb.wait()
    sb.inp(0xE)
    assert sb.card.takes[-1].format.rate == Fraction(1_000_000, 23)
    assert heard(sb)[count:] == DATA[: len(heard(sb)) - count]


def test_a_single_high_speed_block_ends_by_itself_and_the_dsp_hears_again(rig):
    tape = Tape(DATA, Format(Fraction(15_000), 8, 1, signed=False))
    sb = rig(card=SoundBlaster2, record_from=tape)
    for start, mode in ((0x91, 0x48), (0x99, 0x44)):
        sb.pc.memory[AT : AT + 64] = DATA[64:128]
        sb.program(1, AT, 64, mode)
        sb.dsp(0x40, 0xC0, 0x48, 63, 0, start)
        assert sb.inp(0xC) == 0xFF
        sb.wait()
        sb.inp(0xE)
        sb.dsp(0xE1)
        assert (sb.answer(), sb.answer()) == (2, 1)
    assert heard(sb) == DATA[64:128]
    assert sb.pc.memory[AT : AT + 64] == DATA[:64]


@pytest.mark.parametrize(
    ("card", "command", "constant", "rate"),
    [
        (SoundBlaster16, 0x1C, 234, Fraction(1_000_000, 22)),
        (SoundBlaster16, 0x1C, 255, Fraction(1_000_000, 22)),
        (SoundBlaster16, 0x1C, 233, Fraction(1_000_000, 23)),
        (SoundBlaster2, 0x1C, 210, Fraction(1_000_000, 46)),
        (SoundBlaster2, 0x1C, 233, Fraction(23_000)),
        (SoundBlaster2, 0x90, 233, Fraction(1_000_000, 23)),
        (SoundBlaster2, 0x90, 240, Fraction(44_100)),
        (SoundBlasterPro, 0x90, 234, Fraction(44_100)),
    ],
)
def test_how_fast_each_card_is(rig, card, command, constant, rate):
    sb = rig(card=card)
    sb.program(1, AT, 64, 0x58)
    sb.dsp(0x40, constant, 0x48, 63, 0, command)
    sb.pc.delay(0.001)
    assert [take.format.rate for take in sb.card.takes] == [rate]


@pytest.mark.parametrize(("asked", "rate"), [(45_454, 45_454), (45_455, 45_454), (65_535, 45_454), (3_999, 4_000)])
def test_the_rate_commands_of_a_sound_blaster_16_end_at_45454(rig, asked, rate):
    sb = rig()
    sb.dsp(0x41, asked >> 8, asked & 0xFF, 0xC6, 0, 63, 0)
    sb.pc.delay(0.001)
    assert sb.card.takes[0].format.rate == rate


def test_the_pros_mixer_keeps_the_bits_it_has_and_the_others_read_one(rig):
    sb = rig(card=SoundBlasterPro)
    assert [sb.mixer(index) for index in (0x04, 0x0A, 0x0C, 0x0E, 0x22, 0x26, 0x28, 0x2E)] == [
        *(0x99, 0x11, 0x11, 0x11, 0x99, 0x99, 0x11, 0x11)
    ]
    assert [sb.mixer(index, 0xFF) for index in (0x04, 0x0C, 0x0E, 0x22)] == [0xFF, 0x3F, 0x33, 0xFF]
    assert [sb.mixer(index) for index in (0x30, 0x80, 0x81, 0x82)] == [0xFF] * 4
    sb.mixer(0x00, 0)
    assert [sb.mixer(index) for index in (0x04, 0x0E)] == [0x99, 0x11]


def test_a_sound_blaster_2_has_no_mixer(rig):
    sb = rig(card=SoundBlaster2)
    assert (sb.mixer(0x22), sb.mixer(0x22, 0x55), sb.inp(0x4)) == (0xFF, 0xFF, 0xFF)


def test_the_pros_stereo_bit_makes_frames_of_left_and_right_after_a_block_of_one_byte(rig):
    sb = rig(card=SoundBlasterPro)
    sb.mixer(0x0E, 0x02)
    sb.pc.memory[AT] = 0x80
    sb.program(1, AT, 1, 0x48)
    sb.dsp(0x14, 0, 0)
    sb.wait()
    sb.inp(0xE)
    sb.pc.memory[AT : AT + 128] = DATA[:128]
    sb.program(1, AT, 128, 0x48)
    sb.dsp(0x40, 0xD3, 0x48, 127, 0, 0x91)
    sb.wait()
    sb.pc.delay(0.001)
    assert sb.card.takes[-1].format == Format(Fraction(1_000_000, 90), 8, 2, signed=False)
    assert bytes(sb.card.takes[-1].data) == DATA[:128]
    assert (sb.card.dropped, sb.card.waiting) == (1, 0)


def test_the_pro_records_stereo_after_a8_and_mono_after_a0(rig):
    tape = Tape(DATA, Format(Fraction(1_000_000, 90), 8, 2, signed=False))
    sb = rig(card=SoundBlasterPro, record_from=tape)
    sb.program(1, AT, 64, 0x44)
    sb.dsp(0xA8, 0x40, 0xD3, 0x48, 63, 0, 0x99)
    sb.wait()
    sb.inp(0xE)
    assert sb.pc.memory[AT : AT + 64] == DATA[:64]
    sb.program(1, AT, 8, 0x44)
    sb.dsp(0xA0, 0x40, 0xA6, 0x24, 7, 0)
    sb.wait()
    assert sb.pc.memory[AT : AT + 8] == bytes((a + b) >> 1 for a, b in zip(DATA[64:80:2], DATA[65:80:2], strict=True))


def test_a_port_of_an_odd_number_is_the_one_below_it(rig):
    sb = rig(card=SoundBlaster2)
    sb.out(0xD, 0xE1)
    sb.pc.delay(1e-5)
    assert sb.inp(0xF) == 0xFF
    assert (sb.inp(0xB), sb.inp(0xA)) == (2, 1)
    sb.dsp(0xF2)
    sb.wait()
    sb.inp(0xF)
    sb.dsp(0xF2)
    sb.wait()


@pytest.mark.parametrize(
    ("card", "options", "message"),
    [
        (SoundBlaster1, {"dma": 3}, r"no DMA channel 3 on a Sound Blaster 1\.5: use 1"),
        (SoundBlaster2, {"dma": 0}, r"no DMA channel 0 on a Sound Blaster 2\.0: use 1, 3"),
        (SoundBlaster2, {"irq": 10}, r"no IRQ 10 on a Sound Blaster 2\.0: use 2, 3, 5, 7, 9"),
        (SoundBlasterPro, {"dma": 5}, "no DMA channel 5 on a Sound Blaster Pro: use 0, 1, 3"),
        (SoundBlasterPro, {"port": 0x230}, "a Sound Blaster at 560: use 220h, 240h, 260h or 280h"),
    ],
)
def test_a_jumper_that_is_not_there_is_refused(card, options, message):
    with pytest.raises(ValueError, match=message):
        card(**options)


def test_a_jumper_on_a_taken_wire_is_refused_and_may_be_moved():
    with PC(engine="reference") as pc:
        other = Device()
        other.name = "network"
        pc.attach(other, dma=1, irq=5)
        with pytest.raises(ValueError, match="DMA channel 1 for sound blaster is taken by network"):
            pc.attach(SoundBlaster2())
        with pytest.raises(ValueError, match="IRQ 5 for sound blaster is taken by network"):
            pc.attach(SoundBlaster2(dma=3))
        card = SoundBlaster2(dma=3, irq=7)
        pc.attach(card)
        pc.reset()
        assert (card.dma, card.hdma, card.irq) == (3, None, 7)
