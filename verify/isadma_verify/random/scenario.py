"""A model in random surroundings: each clock's inputs, what the model shows, and what of it the contract fixes."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from isadma_sim.reference.board import AtBoard
from isadma_sim.reference.chip import Chip
from isadma_sim.reference.pins import BoardInputs, BoardOutputs, ChipInputs, ChipOutputs
from isadma_sim.reference.regs import (
    DMA1_BASE,
    DMA2_BASE,
    IO_DECODE,
    PAGES_BASE,
    PAGES_END,
    SELECT_CHANNEL,
    XT_DMA_BASE,
    XT_PAGES_END,
    Command,
    Port,
)
from isadma_sim.reference.xt import XtBoard
from isadma_verify.random.programs import Op, PortOf, random_ops
from isadma_verify.random.stimulus import Arbiter, Cpu, Knobs, Wires

SERVICE_LIMIT = 150
"""Clocks of one service after which its surroundings try to end it."""
READ_VALID = 3
"""Clock of IOR# low from which read data counts."""

AT_STATUS = (0x08, 0xD0, 0xD1)
XT_COMMAND = (0x08, 0x18)
MASTER_STROBES = ((1, 1), (0, 1), (1, 0))
"""IOR# and IOW# of a cascaded bus master."""

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(slots=True)
class Clock(Generic[In, Out]):
    """One clock of a scenario.

    Attributes
    ----------
    pins : ChipInputs or BoardInputs
        The inputs.
    shown : ChipOutputs or BoardOutputs
        The model's outputs.
    data : int
        Bits of DB (D0-D7) that the contract fixes now; -1 when not even the direction is fixed.
    """

    pins: In
    shown: Out
    data: int = 0xFF


class _ReadRule:
    # Read data counts from the third clock of IOR#; status bits 4-7 only once DREQ has been still as long.
    def __init__(self) -> None:
        self._dreq = 0
        self._still = 0

    def bits(self, low: int, status: bool, dreq: int) -> int:
        self._still = self._still + 1 if dreq == self._dreq else 0
        self._dreq = dreq
        if not low:
            return 0xFF
        if low < READ_VALID:
            return -1
        return 0x0F if status and self._still < READ_VALID else 0xFF


def chip_ports() -> list[PortOf]:
    """Return where a lone chip's registers are: at A3-A0."""
    return [int]


def board_ports() -> list[PortOf]:
    """Return where the AT board's two chips are."""
    return [lambda a: DMA1_BASE + a, lambda a: DMA2_BASE + 2 * a]


def xt_ports() -> list[PortOf]:
    """Return where the PC/XT's chip is, and is again."""
    return [lambda a: XT_DMA_BASE + a, lambda a: XT_DMA_BASE + 0x10 + a]


def play_chip(
    chip: Chip, rng: Random, clocks: int, knobs: Knobs | None = None, ops: Iterable[Op] | None = None
) -> Iterator[Clock[ChipInputs, ChipOutputs]]:
    """Run a chip for `clocks` clocks, with a random program unless `ops` are given, and yield every clock."""
    knobs = knobs or Knobs.draw(rng)
    cpu = Cpu(rng, knobs, iter(ops) if ops is not None else random_ops(rng, chip_ports()))
    arbiter, wires, rule = Arbiter(rng, knobs), Wires(rng, knobs, 4), _ReadRule()
    pins = ChipInputs()
    age = 0
    for _ in range(clocks):
        shown = chip.pins
        age = age + 1 if shown.hrq and pins.hlda else 0
        late = age > SERVICE_LIMIT
        cpu.clock(may_start=not (arbiter.hlda or (shown.hrq and rng.getrandbits(1))))
        pins.hlda = arbiter.clock(shown.hrq, cpu.settling > 0, shown.state == "SC")
        pins.reset = cpu.reset
        before, pins.dreq = pins.dreq, wires.clock(late)
        cascading = shown.state == "SC" and pins.dreq == before and not knobs.early_release
        pins.ready = int(rng.random() >= knobs.not_ready)
        pins.eop_n = int(rng.random() >= (0.5 if late else knobs.eop))
        pins.ior_n, pins.iow_n = cpu.ior_n, cpu.iow_n
        if cpu.busy:
            pins.cs_n, pins.a, pins.db = 0, cpu.port, cpu.value
        else:
            pins.cs_n, pins.a, pins.db = rng.getrandbits(1), rng.getrandbits(4), rng.getrandbits(8)
            if shown.strobes_oe:
                pins.ior_n, pins.iow_n = shown.ior_n, shown.iow_n
            elif cascading:
                pins.ior_n, pins.iow_n = rng.choice(MASTER_STROBES)
        if shown.eop_oe:
            pins.eop_n = 0
        bits = rule.bits(cpu.low, pins.a == Port.COMMAND_STATUS, pins.dreq)
        yield Clock(copy.copy(pins), copy.copy(chip.outputs(pins)), bits)
        chip.clock(pins)


def play_board(
    board: AtBoard | XtBoard, rng: Random, clocks: int, knobs: Knobs | None = None, ops: Iterable[Op] | None = None
) -> Iterator[Clock[BoardInputs, BoardOutputs]]:
    """Run a board for `clocks` clocks, with a random program unless `ops` are given, and yield every clock."""
    at = isinstance(board, AtBoard)
    knobs = knobs or Knobs.draw(rng)
    if ops is None:
        ops = random_ops(rng, board_ports() if at else xt_ports(), range(PAGES_BASE, PAGES_END if at else XT_PAGES_END))
    cpu = Cpu(rng, knobs, _cascaded(iter(ops)) if at else _dack_active_low(iter(ops), XT_COMMAND))
    arbiter, wires, out1, rule = Arbiter(rng, knobs), Wires(rng, knobs, 8), Wires(rng, knobs, 1), _ReadRule()
    pins = BoardInputs()
    out = board.outputs()
    age = 0
    for _ in range(clocks):
        age = age + 1 if out.hrq and pins.hlda else 0
        late = age > SERVICE_LIMIT
        cpu.clock(may_start=not (arbiter.hlda or (out.hrq and rng.getrandbits(1))))
        pins.hlda = arbiter.clock(out.hrq, cpu.settling > 0, False)
        pins.reset = cpu.reset
        pins.drq = wires.clock(late)
        pins.out1 = out1.clock(late)
        pins.iochrdy = int(rng.random() >= knobs.not_ready)
        _bus(pins, out, cpu, rng)
        status = cpu.port & IO_DECODE in (AT_STATUS if at else XT_COMMAND)
        cascade = board.dma1.pins.hrq if isinstance(board, AtBoard) else board.dreq0
        bits = rule.bits(cpu.low, status, pins.drq << 1 | cascade)
        yield Clock(copy.copy(pins), copy.copy(board.outputs(pins)), bits)
        board.clock(pins)
        out = board.outputs()


def _cascaded(ops: Iterator[Op]) -> Iterator[Op]:
    # Two masters on one bus, or a DACK the board takes for the other level, are no legal surroundings: channel 4 stays
    # in cascade mode, DMA 2 keeps DREQ active high, and both keep DACK active low.
    mode, command = DMA2_BASE + 2 * Port.MODE, DMA2_BASE + 2 * Port.COMMAND_STATUS
    yield Op("write", mode, 0xC0)
    yield Op("write", DMA2_BASE + 2 * Port.SINGLE_MASK, 0x00)
    for op in _dack_active_low(ops, (DMA1_BASE + Port.COMMAND_STATUS, command)):
        value = op.value
        if op.kind == "write" and op.port == mode and not value & SELECT_CHANNEL:
            value = 0xC0
        elif op.kind == "write" and op.port == command:
            value &= ~(Command.MEMORY_TO_MEMORY | Command.DREQ_ACTIVE_LOW)
        yield Op(op.kind, op.port, value)


def _dack_active_low(ops: Iterator[Op], commands: tuple[int, ...]) -> Iterator[Op]:
    for op in ops:
        is_command = op.kind == "write" and op.port in commands
        yield Op(op.kind, op.port, op.value & ~Command.DACK_ACTIVE_HIGH) if is_command else op


def _bus(pins: BoardInputs, out: BoardOutputs, cpu: Cpu, rng: Random) -> None:
    # The bus carries what the board drives, else what the CPU drives, else noise.
    pins.d = rng.getrandbits(16)
    pins.ior_n, pins.iow_n, pins.memr_n, pins.memw_n = cpu.ior_n, cpu.iow_n, 1, 1
    pins.sbhe_n = rng.getrandbits(1)
    pins.a = rng.getrandbits(24)
    if cpu.busy:
        pins.a = pins.a & ~IO_DECODE | cpu.port
        pins.d = pins.d & 0xFF00 | cpu.value
    if out.aen:
        pins.a, pins.sbhe_n = out.a, out.sbhe_n
        pins.ior_n, pins.iow_n, pins.memr_n, pins.memw_n = out.ior_n, out.iow_n, out.memr_n, out.memw_n
        if out.d_oe:
            pins.d = out.d
