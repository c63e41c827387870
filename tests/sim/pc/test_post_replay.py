"""The power-on tests of the IBM PC, XT and AT, port access by port access, as a BIOS makes them."""

# Ref: facts 9: IBM PC V3, XT V1 and AT V1/V2 BIOS listings. A table row is a write (port, value), or a read
#      (port, "is", value); where the BIOS would halt, the test fails.

from itertools import pairwise

import pytest

from isadma_sim import PC

#: Engine, and how many of the AT's 255 page passes it makes in the everyday suite.
PASSES = {"reference": 255, "native": 255, "amaranth": 2}


def replay(pc, table):
    for row in table:
        if len(row) == 2:
            pc.outb(*row)
        else:
            port, _, value = row
            got = pc.inb(port)
            assert got == value, f"port {port:02X}h reads {got:02X}h, not {value:02X}h: POST halts"


def walk(patterns, ports):
    """Low and high byte written and read back, port by port: no write to port 0Ch anywhere."""
    for pattern in patterns:
        for port in ports:
            yield from ((port, pattern), (port, pattern), (port, "is", pattern), (port, "is", pattern))


def timer_1_bits(pc):
    """PC and XT: every bit of counter 1 is seen on, then off; its DREQ latch is set by the way."""
    replay(pc, [(0x43, 0x54), (0x41, 0x00)])
    seen = 0x00
    for _ in range(1000):
        pc.outb(0x43, 0x40)
        seen |= pc.inb(0x41)
        if seen == 0xFF:
            break
    pc.outb(0x41, 0xFF)
    left = 0xFF
    for _ in range(1000):
        pc.outb(0x43, 0x40)
        left &= pc.inb(0x41)
        if left == 0x00:
            break
    assert (seen, left) == (0xFF, 0x00)


PC_DISABLE = [(0x08, 0x04)]
TIMER_1_REFRESH = [(0x43, 0x54), (0x41, 18)]
PC_WALK = [(0x0D, 0x5A), *walk((0xFF, 0x00), range(0x00, 0x08))]
START_REFRESH = [(0x01, 0xFF), (0x01, 0xFF), (0x0B, 0x58), (0x08, 0x00), (0x0A, 0x00)]
OTHER_MODES = [(0x0B, 0x41), (0x0B, 0x42), (0x0B, 0x43)]


@pytest.fixture
def xt(engine):
    with PC(engine=engine, board="xt") as pc:
        yield pc


def refreshes(log):
    return [cycle for cycle in log if cycle.kind == "refresh"]


def test_the_pcs_post_walks_the_registers_and_starts_refresh_on_channel_0(xt):
    log = xt.trace()
    replay(xt, PC_DISABLE)
    timer_1_bits(xt)
    replay(xt, TIMER_1_REFRESH)
    replay(xt, PC_WALK)
    assert xt.stats.refreshes == 0  # disabled so far
    replay(xt, START_REFRESH)
    replay(xt, OTHER_MODES)
    xt.run(clocks=72 * 16)
    rows = refreshes(log)
    assert [cycle.address for cycle in rows] == list(range(len(rows)))  # from 0, where the last pattern left it
    assert len(rows) >= 16
    assert {cycle.channel for cycle in rows} == {0}
    gaps = [b.clock - a.clock for a, b in pairwise(rows)]
    assert set(gaps[-10:]) == {72}


def test_the_xts_post_sees_the_refresh_request_served_before_status_is_read(xt):
    replay(xt, PC_DISABLE)
    timer_1_bits(xt)
    replay(xt, PC_WALK)
    assert xt.inb(0x08) & 0x10 == 0x10  # the latch is set from the timer's test, and nobody serves it
    replay(xt, START_REFRESH)
    assert xt.inb(0x08) & 0x10 == 0x00
    assert xt.stats.refreshes == 1
    replay(xt, OTHER_MODES)
    replay(xt, TIMER_1_REFRESH)
    assert xt.inb(0x08) & 0x10 == 0x00  # the BIOS halts with the request still pending
    xt.run(clocks=72 * 2)  # the first period ends
    before = xt.stats.refreshes
    xt.run(clocks=720)
    assert xt.stats.refreshes - before == 10
    assert xt.inb(0x08) & 0x10 == 0x00


AT_DISABLE = [(0x08, 0x04), (0xD0, 0x04), (0x0D, 0x00), (0xDA, 0x00)]
AT_MODES = [
    (0x08, 0x00), (0xD0, 0x00),
    (0x0B, 0x40), (0xD6, 0xC0),
    (0x0B, 0x41), (0xD6, 0x41),
    (0x0B, 0x42), (0xD6, 0x42),
    (0x0B, 0x43), (0xD6, 0x43),
]  # fmt: skip
AT_CASCADE = [(0xD2, 0x00), (0xD4, 0x00)]


@pytest.fixture
def at(engine):
    with PC(engine=engine) as pc:
        yield pc


@pytest.mark.parametrize("pattern", [0xFF, 0x00, 0x55, 0xAA])
def test_the_ats_post_walks_a_pattern_through_both_controllers(at, pattern):
    replay(at, AT_DISABLE)
    replay(at, walk((pattern,), range(0x00, 0x08)))
    replay(at, walk((pattern,), range(0xC0, 0xD0, 2)))
    replay(at, AT_MODES)
    replay(at, AT_CASCADE)
    replay(at, [(0x08, "is", 0x00), (0xD0, "is", 0x00)])


def pages(passes):
    """81h to 8Eh rising, all of them read back, then the next values; at last the refresh page."""
    for first in range(1, passes + 1):
        yield from ((port, first + n & 0xFF) for n, port in enumerate(range(0x81, 0x8F)))
        yield from ((port, "is", first + n & 0xFF) for n, port in enumerate(range(0x81, 0x8F)))
    for value in (0xCC, 0x33, 0x00):
        yield from ((0x8F, value), (0x8F, "is", value))


def test_the_ats_post_walks_the_page_registers(at, engine):
    replay(at, AT_DISABLE)
    replay(at, pages(PASSES[engine]))


@pytest.mark.long
def test_amaranths_simulator_too_walks_the_page_registers_255_times():
    with PC(engine="amaranth") as pc:
        replay(pc, pages(255))


def test_the_ats_post_sees_refresh_toggle_in_port_61h(engine):
    with PC(engine=engine, refresh=True) as pc:
        changes, last = 0, pc.inb(0x61) & 0x10
        for _ in range(64):  # 7 clocks a read, 60 a refresh
            now = pc.inb(0x61) & 0x10
            changes += now != last
            last = now
        assert changes in (7, 8)


# ---------------------------------------------------------------- BIOS diskette: verify
def fdc(pc, *command):
    for byte in command:
        assert pc.inb(0x3F4) & 0xC0 == 0x80
        pc.outb(0x3F5, byte)


def results(pc, number):
    found = []
    for _ in range(number):
        assert pc.inb(0x3F4) & 0xC0 == 0xC0
        found.append(pc.inb(0x3F5))
    return found


@pytest.mark.parametrize(
    ("engine", "board"),
    [
        *((engine, board) for engine in ("reference", "native") for board in ("at", "xt")),
        ("amaranth", "xt"),
        pytest.param("amaranth", "at", marks=pytest.mark.long),
    ],
)
def test_bios_verify_reads_a_sector_to_tc_and_moves_no_data(engine, board, tmp_path):
    image = tmp_path / "disk.img"
    image.write_bytes(b"\x5a" * 368_640)
    with PC(engine=engine, board=board, floppy=image, floppy_speed="full") as pc:
        pc.memory[0x2E000:0x2E200] = b"\xee" * 512
        eoi = (0x20, 0x66)
        pc.outb(0x3F2, 0x18)
        pc.outb(0x3F2, 0x1C)
        pc.wait_irq(6, clocks=10_000)
        replay(pc, [eoi])
        for _ in range(4):
            fdc(pc, 0x08)
            results(pc, 2)
        fdc(pc, 0x03, 0xDF, 0x02)
        fdc(pc, 0x07, 0x00)
        pc.wait_irq(6, clocks=2_000_000)
        replay(pc, [eoi])
        fdc(pc, 0x08)
        assert results(pc, 2) == [0x20, 0x00]
        # DMA_SETUP: port 0Ch, then the mode, address, page, count, unmask.
        setup = [(0x0C, 0), (0x0B, 0x42), (4, 0x00), (4, 0xE0), (0x81, 0x02), (5, 0xFF), (5, 0x01), (0x0A, 0x02)]
        replay(pc, setup)
        fdc(pc, 0xE6, 0x00, 0x00, 0x00, 0x01, 0x02, 0x09, 0x2A, 0xFF)
        pc.wait_irq(6, clocks=2_000_000)
        replay(pc, [eoi])
        assert results(pc, 7)[:3] == [0x00, 0x00, 0x00]  # the controller met TC: no error
        assert pc.inb(0x08) & 0x0F == 0x04
        assert pc.stats.transfers[2] == 512
        assert pc.stats.bytes[2] == 0
        assert pc.memory[0x2E000:0x2E200] == b"\xee" * 512
