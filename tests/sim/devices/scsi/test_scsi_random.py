"""Nonsense written to the adapter neither hangs nor breaks the machine, and a reset brings it back."""

import random

import pytest

WRITES = 10_000
#: Bytes that are commands, so that nonsense gets further than INVDCMD.
COMMANDS = (
    0x00,
    0x01,
    0x02,
    0x04,
    0x05,
    0x06,
    0x07,
    0x08,
    0x09,
    0x0A,
    0x0B,
    0x0D,
    0x1A,
    0x1B,
    0x1C,
    0x1D,
    0x1F,
    0x22,
    0x23,
)


@pytest.mark.parametrize(
    ("engine", "seed", "cascade"),
    [
        ("native", 1, True),
        pytest.param("native", 2, False, marks=pytest.mark.long),
        pytest.param("reference", 3, True, marks=pytest.mark.long),
    ],
)
def test_ten_thousand_random_port_writes_and_the_next_reset_restores_the_adapter(make_rig, engine, seed, cascade):
    dice = random.Random(seed)
    rig = make_rig(engine)
    pc = rig.pc
    pc.memory[0:0x40000] = dice.randbytes(0x40000)
    if cascade:
        for channel in (0, 5, 6, 7):
            rig.cascade(channel)
    for _ in range(WRITES):
        port = dice.choice((0x330, 0x331, 0x331, 0x331, 0x332, 0x333))
        value = dice.choice(COMMANDS) if dice.random() < 0.5 else dice.randrange(256)
        if port == 0x330 and dice.random() < 0.9:
            value &= 0x2F  # resets of the adapter and of its bus are rare, or nothing else would come to an end
        pc.outb(port, value)
        if dice.random() < 0.3:
            pc.inb(0x330 + dice.randrange(4))
        if dice.random() < 0.3:
            pc.run(clocks=dice.choice((1, 50, 300, 3000)))
    assert sum(pc.stats.bytes) > 0 if cascade else pc.stats.master_clocks == 0
    for channel in (0, 5, 6, 7):
        rig.cascade(channel)
    rig.start()
    rig.ready()
    before, data = rig.image, dice.randbytes(1024)
    pc.memory[0x30000:0x30400] = data
    assert rig.run(b"\x2a\0\0\0\0\x05\0\0\x02\0", length=1024) == (1, 0, 0)
    assert rig.image == before[: 5 * 512] + data + before[7 * 512 :]
    pc.memory[0x30000:0x30400] = bytes(1024)
    assert rig.run(b"\x28\0\0\0\0\x05\0\0\x02\0", length=1024) == (1, 0, 0)
    assert pc.memory[0x30000:0x30400] == data
