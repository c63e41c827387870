"""Scenes of the controller: modes, types, timings, priority, and what ends a service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from isadma_cli.scenes.parts import Feeder, command, program, software_request
from isadma_cli.scenes.scene import Scene, Stage

__all__ = ["SERVICES"]

_DEMAND, _SINGLE, _BLOCK = 0x00, 0x40, 0x80
_VERIFY, _WRITE, _READ = 0x0, 0x4, 0x8
_AUTO, _DOWN = 0x10, 0x20
_COMPRESSED, _ROTATING, _EXTENDED, _COPY = 0x08, 0x10, 0x20, 0x01
_ADDRESS = 0x2FFFE


def _lines(channel: int = 1, *more: str) -> tuple[str, ...]:
    first = ("CLK", "DMA 1", "DMA 2") if channel < 4 else ("CLK", "DMA 2")
    wires = (f"DRQ{channel}", "HRQ", "HLDA", "AEN", f"DACK{channel}#", "A23-A0")
    return (*first, *wires, *(more or ("IOR#", "MEMW#")), "D15-D0", "TC")


def _service(
    channel: int, mode: int, *, transfers: int = 3, byte: int = 0, at_once: int = 1 << 30, address: int = _ADDRESS
) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        pc, device = stage.pc, Feeder(at_once)
        pc.attach(device, dma=channel)
        command(pc, byte, second=channel >= 4)
        pc.memory[address & ~0xF : (address & ~0xF) + 64] = bytes(range(0x80, 0xC0))
        program(pc, channel, mode, address, transfers)
        stage.begin()
        pc.run(clocks=8)
        device.ask()
        pc.run(clocks=90)

    return play


def _one(
    name: str,
    about: str,
    channel: int,
    mode: int,
    *more: str,
    event: tuple[str, int | str] | None = None,
    before: int = 8,
    clocks: int = 28,
    options: Mapping[str, Any] | None = None,
    **service: Any,
) -> Scene:
    return Scene(
        name,
        about,
        _service(channel, mode, **service),
        _lines(channel, *more),
        event or (f"dma.dack{channel}_n", 0),
        before,
        clocks,
        options or {},
    )


def _copy(stage: Stage) -> None:
    pc = stage.pc
    pc.memory[0x20000:0x20004] = b"\x11\x22\x33\x44"
    command(pc, _COPY)
    program(pc, 0, _BLOCK | _READ, 0x20000, 4, unmask=False)
    program(pc, 1, _BLOCK | _WRITE, 0x20080, 4, unmask=False)
    stage.begin()
    software_request(pc, 0)
    pc.run(clocks=60)


def _priority(rotating: bool) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        pc = stage.pc
        devices = {channel: Feeder() for channel in (0, 1, 3)}
        command(pc, _ROTATING if rotating else 0)
        for channel, device in devices.items():
            pc.attach(device, dma=channel)
            program(pc, channel, _SINGLE | _WRITE, 0x20000 + 0x1000 * channel, 2)
        stage.begin()
        pc.run(clocks=4)
        for device in devices.values():
            device.ask()
        pc.run(clocks=110)

    return play


def _cascade(stage: Stage) -> None:
    pc, byte, word = stage.pc, Feeder(), Feeder()
    for channel, device in ((1, byte), (5, word)):
        pc.attach(device, dma=channel)
        program(pc, channel, _SINGLE | _WRITE, 0x20000 * channel, 2)
    stage.begin()
    pc.run(clocks=4)
    byte.ask()
    word.ask()
    pc.run(clocks=90)


def _masked(stage: Stage) -> None:
    pc, device = stage.pc, Feeder()
    pc.attach(device, dma=1)
    program(pc, 1, _SINGLE | _WRITE, 0x20000, 1, unmask=False)
    stage.begin()
    device.ask()
    pc.run(clocks=20)
    pc.outb(0x0A, 0x01)
    pc.run(clocks=40)


def _software(stage: Stage) -> None:
    pc = stage.pc
    program(pc, 3, _BLOCK | _VERIFY, 0x20000, 3, unmask=False)
    stage.begin()
    software_request(pc, 3)
    pc.run(clocks=50)


_CHANNELS = (
    "CLK",
    "DMA 1",
    "DRQ0",
    "DRQ1",
    "DRQ3",
    "HRQ",
    "HLDA",
    "DACK0#",
    "DACK1#",
    "DACK3#",
    "A23-A0",
    "MEMW#",
    "TC",
)

SERVICES = (
    _one(
        "single-write",
        "single mode, device to memory: the bus goes back after each byte",
        1,
        _SINGLE | _WRITE,
        clocks=40,
    ),
    _one("single-read", "single mode, memory to device", 1, _SINGLE | _READ, "MEMR#", "IOW#", clocks=40),
    _one(
        "demand-write", "demand mode: bytes for as long as the device asks", 1, _DEMAND | _WRITE, transfers=9, at_once=3
    ),
    _one("demand-read", "demand mode, memory to device", 1, _DEMAND | _READ, "MEMR#", "IOW#", transfers=3),
    _one("block-read", "block mode, memory to device", 1, _BLOCK | _READ, "MEMR#", "IOW#", transfers=3),
    _one(
        "block-write",
        "block mode: one request, all bytes, S1 only where A8-A15 change (figure 11)",
        1,
        _BLOCK | _WRITE,
        transfers=4,
    ),
    _one("verify", "verify: addresses and DACK#, no strobes", 1, _BLOCK | _VERIFY, "IOR#", "MEMW#", "MEMR#", "IOW#"),
    _one("extended-write", "extended write: MEMW# a state earlier", 1, _BLOCK | _WRITE, byte=_EXTENDED),
    _one(
        "ready",
        "READY low at the end of S3: wait states SW, the strobes stand still (figure 13)",
        1,
        _BLOCK | _WRITE,
        transfers=2,
        options={"wait_states": 3},
    ),
    _one(
        "compressed",
        "compressed timing: S3 is left out (figure 14)",
        1,
        _BLOCK | _WRITE,
        byte=_COMPRESSED,
        options={"wait_states": 0},
    ),
    _one(
        "terminal-count",
        "TC: EOP# with the last byte, and the request falls",
        1,
        _SINGLE | _WRITE,
        transfers=2,
        event=("isa.tc", 1),
        before=20,
        clocks=32,
    ),
    _one(
        "autoinitialize",
        "autoinitialize: after TC the channel begins again by itself",
        1,
        _DEMAND | _AUTO | _WRITE,
        transfers=2,
        address=0x20010,
        event=("isa.tc", 1),
        before=14,
        clocks=34,
    ),
    _one("decrement", "the address counts down", 1, _BLOCK | _DOWN | _WRITE, transfers=4, address=0x20101),
    _one(
        "page-wrap",
        "the address wraps at 64K: the page register does not count",
        1,
        _BLOCK | _WRITE,
        transfers=4,
        address=0x2FFFE,
    ),
    _one(
        "word-channel",
        "a word channel: A16-A1 from the chip, A0 and SBHE# low",
        5,
        _BLOCK | _WRITE,
        "IOR#",
        "MEMW#",
        "SBHE#",
    ),
    Scene(
        "memory-to-memory",
        "memory to memory: S11 to S24, no DACK# (figure 12)",
        _copy,
        ("CLK", "DMA 1", "CPU", "HRQ", "HLDA", "AEN", "A23-A0", "MEMR#", "MEMW#", "D15-D0", "TC"),
        ("isa.aen", 1),
        10,
        46,
    ),
    Scene(
        "fixed-priority",
        "fixed priority: channel 0, then 1, then 3",
        _priority(False),
        _CHANNELS,
        ("dma.dack0_n", 0),
        12,
        90,
    ),
    Scene(
        "rotating-priority",
        "rotating priority: each of three channels in turn",
        _priority(True),
        _CHANNELS,
        ("dma.dack0_n", 0),
        12,
        90,
    ),
    Scene(
        "cascade",
        "cascade: DMA 1 hangs on channel 4 of DMA 2, which comes before channel 5",
        _cascade,
        ("CLK", "DMA 1", "DMA 2", "DRQ1", "DRQ5", "HRQ", "HLDA", "AEN", "DACK1#", "DACK5#", "A23-A0", "IOR#", "MEMW#"),
        ("cpu.hrq", 1),
        6,
        58,
    ),
    Scene(
        "masked",
        "a masked channel waits until its mask bit is cleared",
        _masked,
        ("CLK", "DMA 1", "DRQ1", "CPU", "HRQ", "HLDA", "DACK1#", "IOR#", "MEMW#", "TC"),
        ("cpu.hrq", 1),
        26,
        48,
    ),
    Scene(
        "software-request",
        "a software request, while the channel is masked",
        _software,
        ("CLK", "DMA 1", "CPU", "HRQ", "HLDA", "AEN", "DACK3#", "A23-A0", "TC"),
        ("cpu.hrq", 1),
        12,
        40,
    ),
)
"""The controller's scenes."""
