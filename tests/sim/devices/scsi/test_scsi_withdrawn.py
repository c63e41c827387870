"""The adapter is stopped at every clock of its bursts: what it wrote is the disk's, and the next command works."""

import pytest

BLOCK = 512
READ, WRITE = bytes((0x08, 0, 0, 5, 1, 0)), bytes((0x0A, 0, 0, 5, 1, 0))
FILL = 0xEE
DATA = 0x30000
#: Clocks from START SCSI until the block is through, mailbox and CCB included.
LIFE = 1200


def disable(rig, on):
    rig.pc.outb(0xD0, 4 if on else 0)


def mask(rig, on):
    rig.pc.outb(0xD4, 4 * on | 1)


#: Name: what stops it, and what lets it go on, if anything does.
WAYS = {
    "hard reset": (lambda rig: rig.control(0x80), None),
    "soft reset": (lambda rig: rig.control(0x40), None),
    "SCSI reset": (lambda rig: rig.control(0x10), None),
    "mask": (lambda rig: mask(rig, True), lambda rig: mask(rig, False)),
    "disable the 8237A": (lambda rig: disable(rig, True), lambda rig: disable(rig, False)),
    "no cascade": (lambda rig: rig.pc.outb(0xD6, 0x41), lambda rig: rig.pc.outb(0xD6, 0xC1)),
    "bus off": (lambda rig: rig.pc.run(clocks=1), lambda rig: None),
}


def stop_at(rig, way, clock, *, writing):
    """Stop a command of one block, `clock` clocks after it began, and see that nothing is made up."""
    pc, (stop, go_on) = rig.pc, WAYS[way]
    old = rig.image[5 * BLOCK : 6 * BLOCK]
    new = bytes(byte ^ 0xFF for byte in old)
    pc.memory[DATA - 16 : DATA + BLOCK + 16] = bytes([FILL]) * (BLOCK + 32)
    if writing:
        pc.memory[DATA : DATA + BLOCK] = new
    rig.ccb(WRITE if writing else READ, length=BLOCK)
    rig.post()
    pc.run(clocks=clock)
    stop(rig)
    pc.run(clocks=60)
    if go_on is not None:
        go_on(rig)
        pc.run(clocks=4 * LIFE)
    else:
        pc.run(clocks=LIFE)
    around = pc.memory[DATA - 16 : DATA + BLOCK + 16]
    assert around[:16] == around[-16:] == bytes([FILL]) * 16
    if writing:
        assert around[16:-16] == new
        assert rig.image[5 * BLOCK : 6 * BLOCK] in (old, new)
    else:
        moved = next((at for at in range(BLOCK) if around[16 + at : -16] == bytes([FILL]) * (BLOCK - at)), BLOCK)
        assert around[16 : 16 + moved] == old[:moved]
    return old, new


def works(rig):
    """Start anew, and read a block."""
    rig.start()
    rig.ready()
    assert rig.run(READ, length=BLOCK) == (1, 0, 0)
    assert rig.pc.memory[DATA : DATA + BLOCK] == rig.image[5 * BLOCK : 6 * BLOCK]


def sweep(make_rig, engine, way, writing, clocks):
    rig = make_rig(engine)
    rig.start()
    rig.ready()
    for clock in clocks:
        try:
            stop_at(rig, way, clock, writing=writing)
            works(rig)
        except AssertionError as error:
            raise AssertionError(f"{way}, {clock} clocks after the beginning: {error}") from None


@pytest.mark.parametrize("writing", [False, True], ids=["reading", "writing"])
@pytest.mark.parametrize("way", WAYS)
def test_a_burst_stopped_at_some_clocks_leaves_only_what_is_right(make_rig, way, writing):
    sweep(make_rig, "native", way, writing, range(len(way), LIFE, 97))


@pytest.mark.long
@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize("writing", [False, True], ids=["reading", "writing"])
@pytest.mark.parametrize("way", WAYS)
def test_a_burst_stopped_at_every_clock_leaves_only_what_is_right(make_rig, engine, way, writing):
    sweep(make_rig, engine, way, writing, range(0, LIFE, 1 if engine == "native" else 7))
