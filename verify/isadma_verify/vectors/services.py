"""Themes of services: one channel, two at once, copies, cascades, and their ends."""

from __future__ import annotations

from random import Random

from isadma_verify.vectors.scene import Setup, Stage, combination, draw_address

__all__ = ["cascade", "compete", "copy", "end", "refresh", "transfer"]

_TIMINGS = ((0x00, "normal"), (0x20, "extended write"), (0x08, "compressed"))
_SERVICES = ((0x00, "demand"), (0x40, "single"), (0x80, "block"))
_TYPES = ((0x0, "verify"), (0x4, "write"), (0x8, "read"), (0xC, "illegal type"))
_CASCADE, _AUTOINITIALIZE, _DECREMENT, _ROTATING = 0xC0, 0x10, 0x20, 0x10
_COPY, _HOLD = 0x01, 0x02
_TO_DACK = 3
"""Clocks from DREQ to DACK, HLDA at once."""
_STATUS, _REQUEST, _TEMPORARY = 0x8, 0x9, 0xD


def transfer(number: int, rng: Random) -> Stage:
    """Serve one channel; each combination of mode, type and timing in turn."""
    service, kind, timing, auto, down, rotating = combination(number, (3, 4, 3, 2, 2, 2))
    (mode, service_name), (type_bits, type_name), (command, timing_name) = (
        _SERVICES[service],
        _TYPES[kind],
        _TIMINGS[timing],
    )
    channel = rng.randrange(4)
    setup = Setup.draw(rng)
    setup.command |= command | _ROTATING * rotating
    setup.modes[channel] = mode | type_bits | _AUTOINITIALIZE * auto | _DECREMENT * down
    setup.counts[channel] = rng.choice((0, 0, 1, 2, 3))
    setup.mask = 0xF & ~(1 << channel)
    words = [f"channel {channel}: {service_name} {type_name}", timing_name + " timing"]
    words += ["autoinitialize"] * auto + ["decrement"] * down + ["rotating priority"] * rotating
    stage = Stage(setup, ", ".join(words), clocks=rng.randrange(70, 110))
    begin = rng.randrange(1, 6)
    stage.request(begin, channel)
    stage.request(begin + rng.choice((5, 6, 7, 8, 9, 11, 20, 40)))
    if rng.randrange(2):
        stage.not_ready(begin + rng.randrange(4, 20), rng.randrange(1, 4))
    if rng.randrange(4) == 0:
        stage.stop(begin + rng.randrange(3, 20))
    stage.idle(begin + rng.randrange(12, 40))
    stage.read(_STATUS, _STATUS, 2 * channel, 2 * channel, 2 * channel + 1, 2 * channel + 1)
    return stage


def copy(number: int, rng: Random) -> Stage:
    """Copy memory to memory; each combination in turn."""
    down0, down1, hold, auto0, auto1, extended = combination(number, (2, 2, 2, 2, 2, 2))
    setup = Setup.draw(rng)
    setup.command |= (
        _COPY | _HOLD * hold | rng.choice((0, 0, _ROTATING)) | 0x20 * extended | rng.choice((0, 0, 0, 0x08))
    )
    setup.modes[0] = setup.modes[0] & ~0x30 | _AUTOINITIALIZE * auto0 | _DECREMENT * down0
    setup.modes[1] = setup.modes[1] & ~0x30 | _AUTOINITIALIZE * auto1 | _DECREMENT * down1
    setup.counts[0], setup.counts[1] = rng.randrange(4), rng.randrange(3)
    words = ["memory to memory"] + ["extended write"] * extended + ["source holds"] * hold
    words += ["source down"] * down0 + ["destination down"] * down1
    words += ["channel 0 autoinitializes"] * auto0 + ["channel 1 autoinitializes"] * auto1
    stage = Stage(setup, ", ".join(words), clocks=rng.randrange(80, 130))
    stage.noise = rng.randrange(1, 1 << 32) if rng.randrange(2) else 0
    begin = rng.randrange(1, 5)
    if rng.randrange(3):
        stage.idle(begin)
        stage.write(_REQUEST, 0x04)
    else:
        setup.mask = 0xE
        stage.request(begin, 0)
        stage.request(begin + rng.randrange(6, 40))
    if rng.randrange(2):
        stage.not_ready(begin + rng.randrange(4, 30), rng.randrange(1, 5))
    if rng.randrange(3) == 0:
        stage.stop(begin + rng.randrange(3, 34), rng.randrange(1, 3))
    stage.idle(rng.randrange(30, 60))
    stage.read(_STATUS, _TEMPORARY, 0, 0, 3, 3)
    return stage


def cascade(number: int, rng: Random) -> Stage:
    """Let a channel cascade beside another."""
    channel, rotating = combination(number, (4, 2))
    other = (channel + rng.randrange(1, 4)) % 4
    setup = Setup.draw(rng)
    setup.command |= _ROTATING * rotating
    setup.modes[channel] = _CASCADE | setup.modes[channel] & 0x3C
    setup.counts[other] = rng.randrange(3)
    setup.mask = 0xF & ~(1 << channel | 1 << other)
    about = f"channel {channel} cascades" + (", rotating priority" if rotating else "") + f", channel {other} asks too"
    stage = Stage(setup, about, clocks=rng.randrange(60, 120))
    begin = rng.randrange(1, 6)
    stage.request(begin, channel)
    stage.request(begin + rng.randrange(1, 12), channel, other)
    stage.request(begin + rng.randrange(14, 40), other)
    stage.request(begin + rng.randrange(44, 60))
    if rng.randrange(3) == 0:
        stage.drop(begin + rng.randrange(6, 30))
    if rng.randrange(3) == 0:
        stage.idle(3)
        stage.write(_REQUEST, 0x04 | channel)
    stage.idle(rng.randrange(30, 50))
    stage.read(_STATUS, 2 * channel, 2 * channel)
    return stage


def compete(number: int, rng: Random) -> Stage:
    """Let channels ask at once, and one later."""
    first, second, rotating = combination(number, (4, 4, 2))
    setup = Setup.draw(rng)
    setup.command |= _ROTATING * rotating | rng.choice((0, 0, 0x08, 0x20))
    setup.mask = 0
    for c in range(4):
        setup.modes[c] = rng.choice((0x00, 0x40, 0x40, 0x80)) | setup.modes[c] & 0x3C
        setup.counts[c] = rng.choice((0, 0, 1, 2))
    third = rng.randrange(4)
    both = sorted({first, second})
    asking, priority = " and ".join(map(str, both)), "rotating" if rotating else "fixed"
    about = f"channels {asking} ask at once, {priority} priority; {third} later"
    stage = Stage(setup, about, clocks=rng.randrange(110, 170))
    begin = rng.randrange(1, 5)
    stage.request(begin, *both)
    stage.request(begin + rng.randrange(1, 20), *{*both, third})
    stage.request(begin + rng.randrange(30, 60), third)
    stage.request(begin + rng.randrange(60, 90), rng.randrange(4), third)
    stage.request(begin + 95)
    stage.idle(rng.randrange(60, 110))
    stage.read(_STATUS)
    return stage


def end(number: int, rng: Random) -> Stage:
    """End a service by EOP# from outside, at each clock."""
    service, when, auto, timing = combination(number, (3, 24, 2, 3))
    channel = rng.randrange(4)
    setup = Setup.draw(rng)
    setup.command |= _TIMINGS[timing][0]
    setup.modes[channel] = _SERVICES[service][0] | rng.choice((0x0, 0x4, 0x8)) | _AUTOINITIALIZE * auto
    setup.counts[channel] = rng.choice((0, 1, 1, 2, 8))
    setup.mask = 0xF & ~(1 << channel)
    about = f"channel {channel}, {_SERVICES[service][1]}: EOP# from outside" + (", autoinitialize" if auto else "")
    stage = Stage(setup, about, clocks=rng.randrange(60, 90))
    stage.request(2, channel)
    stage.request(2 + rng.randrange(12, 40))
    stage.stop(2 + when, rng.randrange(1, 4))
    if rng.randrange(2):
        stage.not_ready(rng.randrange(6, 20), rng.randrange(1, 3))
    stage.idle(rng.randrange(24, 45))
    stage.read(_STATUS, 2 * channel, 2 * channel, 2 * channel + 1, 2 * channel + 1)
    return stage


def refresh(number: int, rng: Random) -> Stage:
    """Refresh as the IBM 5150 does."""
    setup = Setup.draw(rng)
    setup.command = 0x00
    setup.modes[0], setup.counts[0] = 0x58, 0xFFFF
    setup.addresses[0] = draw_address(rng)
    setup.mask = 0xE
    stage = Stage(
        setup, "the IBM 5150's refresh: channel 0, single read, autoinitialize", clocks=rng.randrange(70, 100)
    )
    stage.grant, stage.release = rng.randrange(1, 5), rng.randrange(1, 3)
    # DACK0# takes the board's request back, and no access to the chip keeps HLDA.
    stage.idle(stage.clocks)
    begin, served = rng.randrange(2, 10), stage.grant + _TO_DACK
    for clock in (begin, begin + 36):
        stage.request(clock, 0)
        stage.request(clock + served + rng.randrange(2))
    return stage
