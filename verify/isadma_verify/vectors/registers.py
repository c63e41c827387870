"""The theme of the register file: a rule of the data sheet a vector, nobody served, nothing that it calls illegal."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from isadma_verify.fuzz.scenario import Kind, Step
from isadma_verify.vectors.scene import Setup, Stage, combination

__all__ = ["registers"]

_STATUS, _COMMAND, _REQUEST, _SINGLE_MASK, _MODE, _FLIP_FLOP = 0x8, 0x8, 0x9, 0xA, 0xB, 0xC
_MASTER_CLEAR, _TEMPORARY, _CLEAR_MASK, _ALL_MASKS = 0xD, 0xD, 0xE, 0xF
_DISABLED, _ROTATING, _BLOCK = 0x04, 0x10, 0x80


def registers(number: int, rng: Random) -> Stage:
    """Write and read registers, by one rule after the other."""
    rule, port = combination(number, (len(_RULES), 8))
    about, play = _RULES[rule]
    setup = Setup.draw(rng)
    # A model without DREQ's and DACK's sense fails the rules that are about it, and no other.
    setup.command = setup.command if play in (_requests, _command) else 0
    stage = Stage(setup, about, clocks=0)
    stage.idle(rng.randrange(1, 4))
    play(stage, rng, port)
    stage.clocks = 10 + sum(_clocks(step) for step in stage.program)
    return stage


def _clocks(step: Step) -> int:
    if step.kind is Kind.IDLE:
        return step.count
    return 6 + step.length + step.gap


def _both(stage: Stage, rng: Random, port: int) -> None:
    stage.write(_FLIP_FLOP, 0)
    stage.write(port, rng.randrange(256), gap=rng.randrange(3))
    stage.write(port, rng.randrange(256))
    stage.read(port, port)


def _low(stage: Stage, rng: Random, port: int) -> None:
    stage.write(_FLIP_FLOP, 0)
    stage.write(port, rng.randrange(256))
    stage.write(_FLIP_FLOP, 0)
    stage.read(port, port)


def _high(stage: Stage, rng: Random, port: int) -> None:
    stage.write(_FLIP_FLOP, 0)
    stage.read(rng.randrange(8))
    stage.write(port, rng.randrange(256))
    stage.read(port, port)


def _shared(stage: Stage, rng: Random, port: int) -> None:
    for _ in range(3):
        stage.read(port, rng.randrange(8))
        stage.write(rng.randrange(8), rng.randrange(256))
    stage.read(port)


def _kept(stage: Stage, rng: Random, port: int) -> None:
    stage.write(_FLIP_FLOP, 0)
    stage.write(port, rng.randrange(256))
    others = (_SINGLE_MASK, 0x4 | rng.randrange(4)), (_MODE, rng.randrange(256)), (_ALL_MASKS, 0xF | rng.randrange(256))
    stage.write(*rng.choice(others))
    stage.read(rng.choice((_STATUS, _TEMPORARY)))
    stage.write(port, rng.randrange(256))
    stage.read(port, port)


def _master_clear(stage: Stage, rng: Random, port: int) -> None:
    stage.setup.mask = rng.randrange(16)
    stage.read(*[rng.randrange(8)] * rng.randrange(2))
    stage.write(_MASTER_CLEAR, rng.randrange(256))
    stage.read(port, port, _STATUS, _TEMPORARY)


def _reset(stage: Stage, rng: Random, port: int) -> None:
    stage.setup.mask = rng.randrange(16)
    stage.read(*[rng.randrange(8)] * rng.randrange(2))
    stage.program.append(Step(Kind.RESET, length=rng.randrange(1, 4)))
    stage.idle(3)
    stage.read(port, port, _STATUS, _TEMPORARY)


def _requests(stage: Stage, rng: Random, port: int) -> None:
    clock = 2
    for _ in range(3):
        stage.request(clock, *rng.sample(range(4), rng.randrange(5)))
        clock += rng.randrange(4, 9)
        stage.read(_STATUS)


def _sense(stage: Stage, rng: Random, port: int) -> None:
    stage.read(_STATUS)
    stage.write(_COMMAND, stage.setup.command ^ 0x40)
    stage.read(_STATUS)


def _command(stage: Stage, rng: Random, port: int) -> None:
    stage.write(_COMMAND, rng.randrange(256) & ~_ROTATING)
    stage.read(port, port)


def _mode(stage: Stage, rng: Random, port: int) -> None:
    for _ in range(rng.randrange(1, 4)):
        stage.write(_MODE, rng.randrange(64) << 2 | port >> 1)
    stage.read(port, port)


def _single_masks(stage: Stage, rng: Random, port: int) -> None:
    stage.setup.mask = rng.randrange(16)
    for c in (port >> 1, rng.randrange(4), rng.randrange(4)):
        stage.write(_SINGLE_MASK, rng.randrange(32) << 3 | rng.choice((0, 0x4)) | c)


def _all_masks(stage: Stage, rng: Random, port: int) -> None:
    stage.write(_ALL_MASKS, rng.randrange(256))


def _clear_mask(stage: Stage, rng: Random, port: int) -> None:
    stage.setup.mask = rng.randrange(16)
    stage.write(_CLEAR_MASK, rng.randrange(256))


def _software(stage: Stage, rng: Random, port: int) -> None:
    stage.setup.command |= _DISABLED
    stage.setup.modes = [_BLOCK | mode & 0x3C for mode in stage.setup.modes]
    for c in (port >> 1, rng.randrange(4), rng.randrange(4)):
        stage.write(_REQUEST, rng.randrange(32) << 3 | rng.choice((0x4, 0x4, 0)) | c)


_RULES: tuple[tuple[str, Callable[[Stage, Random, int], None]], ...] = (
    ("address or count, low byte first, then read", _both),
    ("the low byte alone is written: the high one stays", _low),
    ("the high byte alone is written: the low one stays", _high),
    ("one flip-flop for all eight ports, reads and writes", _shared),
    ("ports 8 to F leave the flip-flop, but for Ch and Dh", _kept),
    ("Master Clear: words and modes stay", _master_clear),
    ("RESET: words and modes stay", _reset),
    ("status bits 7-4 are DREQ in its sense, masked or not", _requests),
    ("command bit 6 turns DREQ's sense at once", _sense),
    ("command keeps all its bits", _command),
    ("mode keeps its six bits", _mode),
    ("single mask bits; bits 7-3 of the byte are nothing", _single_masks),
    ("all mask bits; bits 7-4 of the byte are nothing", _all_masks),
    ("clear mask register", _clear_mask),
    ("request bits, the controller disabled", _software),
)
