"""What the experiments share: a modem and a fast disk on a PC whose processor's time is charged."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from isadma_driver import Kernel, Modem
from isadma_driver.errors import DataLostError
from isadma_driver.fastdisk import FastDisk
from isadma_driver.fastdisk.codes import SECTOR_BYTES, Command
from isadma_driver.ports import Command as ChipCommand
from isadma_driver.ports import Mode
from isadma_sim import PC, Costs, CpuTime, Usage
from isadma_sim.devices import fastdisk
from isadma_sim.devices.serial import COM1, IRQ, SerialPort

__all__ = ["BAUD", "DiskRun", "ModemRun", "percent", "run_disk", "run_modem"]

#: Line rate of the chapter's modem; ten bits are a character.
BAUD = 9600
#: Clocks of 4 MHz that a receiver needs to say that its last characters have come, and its handler to read them.
SETTLE_CLOCKS = 40_000


def percent(share: float) -> str:
    """Write a part of a whole in per cent, with as many digits as mean something."""
    value = 100 * share
    return f"{value:.0f} %" if value >= 99.5 else f"{value:.3g} %"


@dataclass(frozen=True)
class ModemRun:
    """What came of characters received by interrupts.

    Attributes
    ----------
    sent, received, lost : int
        Characters.
    share : float
        Part of the processor's time, 0..1.
    interrupts : int
        Interrupts taken.
    seconds_each : float
        Processor's time per character sent.
    intact : bool
        Whether what was received is what was sent less what was lost, in order.
    """

    sent: int
    received: int
    lost: int
    share: float
    interrupts: int
    seconds_each: float
    intact: bool


def run_modem(engine: str, *, latency: float, variant: Any = "8250", fifo: int = 0, characters: int = 200) -> ModemRun:
    """Let a modem at 9600 baud send characters, received by interrupts with a latency in seconds."""
    text = random.Random("modem").randbytes(characters)
    with PC(engine=engine) as pc:
        port = SerialPort(COM1, variant=variant)
        pc.attach(port, irq=IRQ)
        with Modem(Kernel(pc), baud=BAUD, fifo=fifo) as modem:
            pc.on_irq(IRQ, modem.interrupt)
            account = _charge(pc, latency)
            end = port.receive(text, baud=BAUD)
            pc.serve(clocks=end - pc.clocks)
            used = account.usage
            pc.serve(clocks=SETTLE_CLOCKS)
            got = modem.take()
            pc.on_irq(IRQ, None)
        return ModemRun(
            sent=characters,
            received=len(got),
            lost=port.overruns,
            share=used.share,
            interrupts=modem.interrupts,
            seconds_each=used.busy / pc.clock_hz / characters,
            intact=_is_part(got, text) and len(got) + port.overruns == characters,
        )


@dataclass(frozen=True)
class DiskRun:
    """What came of a read of the fast disk.

    Attributes
    ----------
    size, lost : int
        Bytes asked for and bytes lost.
    usage : Usage
        The processor's time, from the programming of the controller to the end of the last interrupt.
    share : float
        Part of the processor's time, 0..1.
    delivered : float
        Bytes a second that arrived.
    intact : bool
        Whether every byte that arrived is right; with losses, whether the length adds up.
    interrupts : int
        Interrupts taken.
    """

    size: int
    lost: int
    usage: Usage
    share: float
    delivered: float
    intact: bool
    interrupts: int


def run_disk(
    engine: str,
    *,
    rate: float,
    sectors: int,
    dma: int | None,
    clock_hz: int = 4_000_000,
    wait_states: int = 1,
    threshold: int = 1,
    kind: Mode = Mode.DEMAND,
    compressed: bool = False,
    costs: Costs | None = None,
) -> DiskRun:
    """Read sectors of the fast disk at a rate in bytes a second, by DMA channel `dma`, or by interrupts without."""
    width = 1 if dma is not None and dma < 4 else 2
    size = sectors * SECTOR_BYTES
    content = random.Random("disk").randbytes(size)
    with PC(engine=engine, clock_hz=clock_hz, wait_states=wait_states) as pc:
        device = fastdisk.FastDisk(bytearray(content), rate=rate, width=width)
        pc.attach(device, dma=dma, irq=fastdisk.IRQ)
        kernel = Kernel(pc)
        if compressed:
            for chip in kernel.dma.controllers:
                chip.write_command(ChipCommand.COMPRESSED)
        with FastDisk(kernel, dma=dma, kind=kind, threshold=threshold) as disk:
            account = pc.charge(costs or Costs())
            assert account is not None
            ended: list[Usage] = []

            def handler(interrupt: object) -> None:
                disk.interrupt(interrupt)
                if disk.finished and not ended:
                    ended.append(account.usage)

            pc.on_irq(fastdisk.IRQ, handler)
            before = account.usage
            disk.start(Command.READ, 0, sectors)
            _serve_until(pc, lambda: disk.finished, size / rate)
            used = ended[0] - before
            try:
                data: bytes | None = disk.result()
            except DataLostError:
                data = None
            pc.on_irq(fastdisk.IRQ, None)
        lost = device.lost * width
        return DiskRun(
            size=size,
            lost=lost,
            usage=used,
            share=used.share,
            delivered=(size - lost) / (used.clocks / clock_hz),
            intact=data == content if data is not None else lost > 0,
            interrupts=disk.interrupts,
        )


def _serve_until(pc: PC, done: Callable[[], bool], seconds: float) -> None:
    """Serve interrupts until `done`, for ten times as long as it ought to take, and some."""
    piece = max(round(seconds * pc.clock_hz / 50), 1000)
    for _ in range(500):
        if done():
            return
        pc.serve(clocks=piece)
    raise TimeoutError(f"the fast disk did not end in {500 * piece} clocks")


def _charge(pc: PC, latency: float) -> CpuTime:
    account = pc.charge(Costs(latency=latency))
    assert account is not None
    return account


def _is_part(part: bytes, whole: bytes) -> bool:
    """Whether `part` is `whole` with some bytes left out."""
    rest = iter(whole)
    return all(value in rest for value in part)
