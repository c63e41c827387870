"""Whatever software does to the ports, the card neither hangs the machine nor forgets how to be reset."""

import random

import pytest

AT = 0x20000
CHANNELS = (0, 1, 3, 5, 6, 7)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_ten_thousand_random_writes_neither_hang_nor_crash_and_a_reset_restores_it(rig, seed):
    dice = random.Random(seed)
    sb = rig("native")
    commands = (*range(0xB0, 0xD7), 0x14, 0x1C, 0x24, 0x2C, 0x40, 0x41, 0x48, 0x80, 0xD9, 0xDA, 0xF2, 0xF3, 0x10, 0x20)
    writes = 0
    for channel in CHANNELS:
        sb.program(channel, AT + 0x1000 * channel, 256, 0x58)
    while writes < 10_000:
        what = dice.random()
        if what < 0.6:
            sb.out(0xC, dice.choice((*commands, dice.randrange(256), dice.randrange(8))))
        elif what < 0.8:
            sb.out(dice.randrange(16), dice.randrange(256))
        elif what < 0.85:
            sb.out(0x4, dice.choice((0x80, 0x81, 0x82, 0x00)))
            sb.out(0x5, dice.randrange(256))
            writes += 1
        elif what < 0.86:
            sb.out(0x6, 1)
            sb.out(0x6, 0)
        else:
            sb.program(dice.choice(CHANNELS), AT, 256, dice.choice((0x58, 0x54, 0x18, 0x14, 0x44, 0x50, 0x88)))
        writes += 1
        for _ in range(dice.randrange(3)):
            sb.inp(dice.randrange(16))
        sb.pc.run(clocks=dice.choice((1, 10, 100, 1_000)))
    sb.reset()
    sb.mixer(0x80, 0x04)
    sb.mixer(0x81, 0x48)
    data = dice.randbytes(64)
    sb.pc.memory[AT : AT + 64] = data
    sb.program(6, AT, 64, 0x48)
    taken = [bytes(take.data) for take in sb.card.takes]
    while True:  # what came before the reset
        try:
            sb.wait(7, seconds=0.001)
        except TimeoutError:
            break
    sb.dsp(0x41, 0x56, 0x22, 0xB2, 0x30, 31, 0)
    sb.wait(7)
    sb.pc.delay(0.001)
    heard = [bytes(take.data) for take in sb.card.takes]
    assert heard in ([*taken, data], [*taken[:-1], taken[-1] + data])
