"""Themes of the program side: registers in any order or between HRQ and HLDA, software requests, all at once."""

from __future__ import annotations

from random import Random

from isadma_verify.fuzz.scenario import Kind, Step
from isadma_verify.vectors.scene import Setup, Stage, combination

__all__ = ["between", "clear", "mixed", "program", "software"]

_STATUS, _REQUEST = 0x8, 0x9


def program(number: int, rng: Random) -> Stage:
    """Let registers be read and written in any order, RESET among it."""
    setup = Setup.draw(rng)
    stage = Stage(setup, "registers read and written in any order", clocks=rng.randrange(80, 140))
    port = number % 16
    reset = rng.randrange(9) if rng.randrange(4) == 0 else -1
    if reset >= 0:
        stage.about += ", and RESET"
        setup.mask = rng.randrange(16)
    for turn in range(rng.randrange(9, 16)):
        if turn == reset:
            stage.program.append(Step(Kind.RESET, length=rng.randrange(1, 4)))
        kind = rng.randrange(5)
        if kind < 2:
            stage.read(port, strobe=rng.choice((3, 3, 4)))
        elif kind < 4:
            stage.write(port, rng.randrange(256), rng.choice((1, 1, 2, 4)), rng.choice((0, 0, 1, 5)))
        else:
            stage.idle(rng.randrange(1, 12))
        port = rng.randrange(16)
    for clock in sorted(rng.sample(range(2, 60), rng.randrange(4))):
        stage.request(clock, *rng.sample(range(4), rng.randrange(3)))
    return stage


def between(number: int, rng: Random) -> Stage:
    """Let a register be written between HRQ and HLDA."""
    register, service = combination(number, (10, 4))
    channel = rng.randrange(4)
    setup = Setup.draw(rng)
    setup.modes[channel] = (service << 6) | setup.modes[channel] & 0x3C
    setup.counts[channel] = rng.choice((0, 1, 2, 5))
    setup.mask = 0xF & ~(1 << channel)
    name = ("demand", "single", "block", "cascade")[service]
    stage = Stage(
        setup, f"channel {channel}, {name}: a register written between HRQ and HLDA", clocks=rng.randrange(60, 100)
    )
    stage.noise, stage.grant = rng.randrange(1, 1 << 32), rng.randrange(10, 24)
    begin = rng.randrange(2, 5)
    stage.request(begin, channel)
    stage.request(begin + rng.randrange(20, 50))
    stage.idle(begin + rng.randrange(1, 5))
    bit = rng.choice((0, 0x4))
    byte = {
        0xA: bit | channel,
        0xF: rng.randrange(16),
        0xB: rng.randrange(64) << 2 | channel,
        0x9: bit | rng.randrange(4),
    }
    port = (2 * channel, 2 * channel + 1, 0x8, 0x9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF)[register]
    command = setup.command ^ rng.choice((0x04, 0x08, 0x10, 0x20, 0x80))
    stage.write(port, command if port == 0x8 else byte.get(port, rng.randrange(256)))
    stage.idle(rng.randrange(20, 50))
    stage.read(_STATUS, 2 * channel, 2 * channel)
    return stage


def software(number: int, rng: Random) -> Stage:
    """Request by software, masked and not."""
    service, masked, second = combination(number, (4, 2, 2))
    channel = rng.randrange(4)
    other = (channel + 1 + rng.randrange(3)) % 4
    setup = Setup.draw(rng)
    setup.modes[channel] = service << 6 | setup.modes[channel] & 0x3C
    setup.counts[channel], setup.counts[other] = rng.randrange(3), rng.randrange(3)
    setup.mask = 0xF if masked else 0xF & ~(1 << channel)
    about = (
        f"channel {channel}: a software request"
        + (" while masked" if masked else "")
        + (", then another" if second else "")
    )
    stage = Stage(setup, about, clocks=rng.randrange(80, 120))
    stage.idle(rng.randrange(1, 4))
    stage.write(_REQUEST, 0x04 | channel)
    if second:
        stage.write(_REQUEST, 0x04 | other)
    stage.idle(rng.randrange(1, 40))
    stage.read(_STATUS, _STATUS, 2 * channel + 1, 2 * channel + 1)
    stage.write(_REQUEST, channel)
    return stage


def mixed(number: int, rng: Random) -> Stage:
    """Do everything at once."""
    setup = Setup.draw(rng)
    setup.command = rng.randrange(256) & ~0x04
    setup.mask = rng.randrange(16)
    stage = Stage(setup, "everything at once", clocks=rng.randrange(120, 200))
    for _ in range(rng.randrange(5, 12)):
        stage.idle(rng.randrange(1, 20))
        stage.write(rng.choice((*range(8), 0x8, 0x9, 0x9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF)), rng.randrange(256) & ~0x04)
        if rng.randrange(3) == 0:
            stage.read(rng.randrange(16))
    for clock in sorted(rng.sample(range(1, 110), rng.randrange(3, 12))):
        stage.request(clock, *rng.sample(range(4), rng.randrange(4)))
    for clock in rng.sample(range(1, 110), rng.randrange(5)):
        stage.not_ready(clock, rng.randrange(1, 4))
    for clock in rng.sample(range(1, 110), rng.randrange(3)):
        stage.stop(clock)
    return stage


def clear(number: int, rng: Random) -> Stage:
    """Serve some channels in rotation, clear the chip, and let all ask anew."""
    first, reset = combination(number, (4, 2))
    setup = Setup.draw(rng)
    setup.command |= 0x10
    setup.modes = [0x40 | mode & 0x3C for mode in setup.modes]
    setup.counts = [rng.randrange(3) for _ in range(4)]
    setup.mask = 0
    what = "RESET" if reset else "Master Clear"
    stage = Stage(setup, f"channel {first} served in rotation, then {what}, then all channels ask", clocks=140)
    begin = rng.randrange(1, 5)
    stage.request(begin, first)
    stage.request(begin + 7)
    stage.idle(begin + 14)
    if reset:
        stage.program.append(Step(Kind.RESET, length=2))
    else:
        stage.write(0xD, rng.randrange(256))
    stage.write(0x8, setup.command)
    stage.write(0xE, 0)
    stage.request(begin + rng.randrange(40, 48), 0, 1, 2, 3)
    stage.idle(rng.randrange(60, 80))
    stage.read(_STATUS)
    return stage
