"""Every public method of a PC with every kind of argument: a documented exception of one short line, or it works."""

import inspect
import math
import random

import pytest

from isadma_driver import Channels, DmaError
from isadma_sim import PC, Costs, Device

#: What may come of a wrong argument.
DOCUMENTED = (ValueError, TypeError, IndexError, RuntimeError, OSError, TimeoutError, DmaError)
LONGEST_MESSAGE = 300


class Odd:
    """Says something long and of several lines of itself."""

    def __repr__(self):
        return "odd\n" * 500


VALUES = [
    *(True, False, None, 0, 1, -1, 3, 7, 8, 15, 16, 255, 256, 0x300, 0xFFFF, 0x10000, 1 << 32, 1 << 62, 1 << 64),
    *(1 << 70, -(1 << 70), 0.0, 0.5, -0.0, 1e-6, 1e300, -1.0, math.nan, math.inf, -math.inf, 1j, "", "x", "warp"),
    *("6", "a\nb", "\x1b[2J", "x" * 10_000, b"", b"x", bytearray(1 << 16), [], [1], {}, (), object(), Odd(), Odd),
    *(range(3), lambda: None, Device(), Costs(), Exception("e"), slice(None), slice(-1, 5), slice(0, 1 << 70)),
]


def said(error):
    text = str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return  # the system's own words, with the whole name of the file that it was given
    fits = isinstance(error, DOCUMENTED) and "\n" not in text and len(text) < LONGEST_MESSAGE
    if not fits:
        raise AssertionError(f"{type(error).__name__} of {len(text)} characters: {text[:100]!r}") from None


def methods(thing, without=()):
    for name, method in inspect.getmembers(type(thing), callable):
        if not name.startswith("_") and name not in without:
            yield name, getattr(thing, name), inspect.signature(method)


def call(method, signature, dice):
    positional, named = [], {}
    for parameter in list(signature.parameters.values())[1:]:
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        if parameter.default is not parameter.empty and dice.random() < 0.4:
            continue
        value = dice.choice(VALUES)
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)
    if named.get("clocks", 0) == 1 << 32:  # right, and long where a device is busy
        named["clocks"] = 5
    try:
        method(*positional, **named)
    except Exception as error:
        said(error)


def works(pc):
    pc.outb(0x87, 0x5A)
    assert pc.inb(0x87) == 0x5A
    start = pc.clocks
    pc.run(clocks=10)
    assert pc.clocks >= start + 10


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_methods_of_a_pc(engine, seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dice = random.Random(seed)
    with PC(engine=engine) as pc:
        every = [*methods(pc, without=("close", "take_over", "reset"))]
        for n in range(150):
            _, method, signature = every[n % len(every)]
            call(method, signature, dice)
        works(pc)


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_wires_of_a_device_and_memory(engine):
    dice = random.Random(5)
    with PC(engine=engine) as pc:
        device = Device()
        pc.attach(device, dma=1, irq=5)
        for n in range(150):
            every = [*methods(device.lines, without=("start_block", "master"))]
            _, method, signature = every[n % len(every)]
            call(method, signature, dice)
            try:
                pc.memory[dice.choice(VALUES)] = dice.choice(VALUES)
            except Exception as error:
                said(error)
        device.lines.dreq(False)
        pc._world.schedule._heap.clear()
        pc._world.schedule._tidy()
        works(pc)


def test_parameters_of_a_pc():
    names = [name for name, p in inspect.signature(PC).parameters.items() if p.kind is not p.VAR_KEYWORD]
    for name in [*names, "wait_states", "bus_timeout"]:
        for value in VALUES:
            if name == "memory" and isinstance(value, int) and value > 1 << 25:
                continue  # right, and much
            try:
                with PC(**{"engine": "reference", name: value}) as pc:
                    works(pc)
            except Exception as error:
                said(error)


def test_owners_of_channels():
    for channel in VALUES:
        for owner in VALUES:
            channels = Channels()
            try:
                channels.request_dma(channel, owner)
            except Exception as error:
                said(error)
            assert channels.proc_dma().isprintable() or channels.proc_dma().replace("\n", "").isprintable()
