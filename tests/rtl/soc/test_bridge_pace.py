"""The bridge's pace: a board that waits after every clock of its own shows a host the same, byte for byte."""

import random

import pytest
from amaranth import Const
from amaranth.back import rtlil

from isadma.soc.uart_pc import UartPc
from isadma_sim.engines.native.compiler import missing
from isadma_sim.engines.uart.frame import Decoder, encode
from isadma_sim.engines.uart.simulated import SimulatedPort, rtl
from isadma_sim.engines.uart.simulated.build import load

MEMORY_BITS = 10
#: Registers that are read after each run, from the status on; and the strobes in the one after that.
LOOKS, STROBES = 10, 0x0F
KINDS = {
    "at": {},
    "at-0": {"wait_states": 0},
    "xt": {"board": "xt"},
    "at-256-bytes": {"memory_bits": 8},
}


class Waiting(UartPc):
    """A board that never counts on nothing happening."""

    def _uneventful(self, within):
        return Const(0)


def waiting(memory_bits, **options):
    text = rtlil.convert(Waiting(divisor=4, memory_bits=memory_bits, **options), name="top", emit_src=False)
    return load(text, "proc; flatten; opt -full; splitnets -driver; clean -purge")


def out(port, value):
    return bytes([0x10, port & 0xFF, 0x11, port >> 8, 0x12, value, 0x32])


def channel(rng, board):
    """Set one channel up, often so that it crosses a page of addresses, or leaves the board's memory."""
    number = rng.choice((0, 1, 2, 3, 5, 6, 7) if board == "at" else (0, 1, 2, 3))
    base, step = (0xC0, 2) if number >= 4 else (0x00, 1)
    line = number & 3
    page = (0x87, 0x83, 0x81, 0x82, 0x8F, 0x8B, 0x89, 0x8A)[number]
    address, count = rng.randrange(0x600), rng.choice((0, 1, 2, 5, 40))
    mode = rng.choice((0x00, 0x40, 0x80, 0x00)) | rng.choice((0x00, 0x04, 0x08)) | rng.choice((0, 0x10, 0x20))
    pairs = [(base + 0xC * step, 0), (base + 0xB * step, mode | line), (page, rng.choice((0, 0, 0, 1)))]
    for register, value in ((2 * line, address), (2 * line + 1, count)):
        pairs += [(base + register * step, value & 0xFF), (base + register * step, value >> 8)]
    pairs.append((base + 0xA * step, line | rng.choice((0, 0, 0, 4))))
    return [out(*pair) for pair in pairs]


def some_commands(rng, board):
    """Return what a host may ask for in one frame."""
    choice = rng.randrange(12)
    if choice < 3:
        return channel(rng, board)
    if choice == 3:
        chip = rng.choice((0x00, 0xC0)) if board == "at" else 0x00
        command = rng.choice((0x00, 0x08, 0x10, 0x20, 0x01, 0x80, 0x88))
        return [out(chip + (0x10 if chip else 0x08), command)]
    if choice == 4:
        return [bytes([0x17, rng.choice((0x00, 0xFF, rng.randrange(256)))])]
    if choice == 5:
        return [out(0x300 + rng.choice((0, 0, 1, 2, 4)), rng.randrange(256))]
    if choice == 6:
        return [bytes([0x16, rng.randrange(256)])]
    if choice == 7 and rng.random() < 0.1:
        return [bytes([0x18, 1]), bytes([0x14, 3, 0x15, 0, 0x30]), bytes([0x18, 0])]
    if choice == 8:
        return [bytes([0x12, rng.randrange(256), 0x13, rng.randrange(256)])]
    looks = bytes(0x20 | register for register in range(LOOKS))
    return [bytes([0x14, rng.choice((1, 3, 20, 90)), 0x15, 0, 0x30]) + looks for _ in range(rng.randrange(1, 4))]


def body(rng, board):
    # A port access in the DMA's cycle is refused on the host's side, so each is made once the bus is free.
    commands = some_commands(rng, board)
    free = bytes([0x14, 0xFF, 0x15, 0, 0x35])
    return b"".join((free if 0x32 in command else b"") + command for command in commands)[:230]


def told(answer):
    """Return an answer's bytes; without the address where no strobe is low, for then it may be anything."""
    ((_, body),) = Decoder().feed(answer)
    told = bytearray(body)
    for look in range(1, len(told), LOOKS):
        if told[look + 1] & STROBES == STROBES:
            told[look + 3 : look + 6] = bytes(3)
    return told


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_what_the_host_is_told_is_the_same_as_where_the_board_waits_after_every_clock(kind, seed):
    if missing() is not None:
        pytest.skip(missing())
    options = {"memory_bits": MEMORY_BITS} | KINDS[kind]
    rng = random.Random(f"{kind} {seed}")
    setup = [(0xD6, 0xC0), (0xD4, 0)] if kind != "xt" else []
    with SimulatedPort(rtl(**options)) as fast, SimulatedPort(waiting(**options)) as slow:
        frames = [b"".join(out(*pair) for pair in setup)] + [body(rng, kind[:2]) for _ in range(1500)]
        acted = 0
        for number, commands in enumerate(frames):
            frame = encode(1 + number % 200, commands)
            answer = told(fast.exchange(frame))
            assert answer == told(slow.exchange(frame)), (number, commands.hex(" "))
            acted += answer[0] & 1
        assert acted > 20
