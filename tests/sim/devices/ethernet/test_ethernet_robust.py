"""Whatever software does to the ports, the card neither hangs the machine nor forgets how to be reset."""

import random

import pytest

AT = 0x20000


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_ten_thousand_random_writes_neither_hang_nor_crash_and_a_reset_restores_it(rig, frame, seed):
    dice = random.Random(seed)
    etherlink = rig("native")
    for _ in range(10_000):
        what = dice.random()
        if what < 0.5:
            etherlink.out(0xE, dice.choice((0x40, 0x44, 0x48, 0x4C, 0x60, 0x64, 0x68, 0x00, 0x80, dice.randrange(256))))
        elif what < 0.97:
            etherlink.out(dice.randrange(16), dice.randrange(256))
        else:
            etherlink.program(1, dice.randrange(1, 500), dice.choice((0x48, 0x44, 0x08, 0x18, 0x84, 0x58, 0x40)))
        if dice.random() < 0.1:
            etherlink.card.receive(frame(dice.randrange(12, 2049), dice.choice((b"\xff" * 6, b""))))
        for _ in range(dice.randrange(3)):
            etherlink.inp(dice.randrange(16))
        etherlink.pc.run(clocks=dice.choice((1, 10, 100, 2_000)))
    etherlink.pc.outb(0x0A, 0x05)
    etherlink.out(0xE, 0x80)
    etherlink.out(0xE, 0x00)
    etherlink.pc.run(clocks=2_000)
    while True:  # what came before the reset
        try:
            etherlink.wait(seconds=0.001)
        except TimeoutError:
            break
    before = len(etherlink.card.sent)
    data = frame(60)
    etherlink.pc.memory[AT : AT + 60] = data
    etherlink.point(2048 - 60)
    etherlink.program(1, 60, 0x48)
    etherlink.out(0xE, 0x60)
    etherlink.wait()
    etherlink.out(0xE, 0x40)
    etherlink.point(2048 - 60)
    etherlink.out(0x7, 0x08)
    etherlink.out(0xE, 0x44)
    etherlink.wait()
    assert [packet.frame for packet in etherlink.card.sent[before:]] == [data]
