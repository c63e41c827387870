"""Each target's pins by the golden model's names, its outputs with what says that they count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amaranth.hdl import Cat, ResetSignal

__all__ = [
    "Pin",
    "board_wires",
    "bridge_wires",
    "bursts_wires",
    "chip_wires",
    "socket_wires",
    "unused_of_dma_2",
    "wishbone_wires",
]

STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")
#: An output, and the output that is high while it counts; with it, in a pair, an input that is low then; None: always.
Pin = tuple[Any, Any]


def _always(*pins: Any) -> list[Pin]:
    return [(pin, None) for pin in pins]


def _driven(*pins: Any) -> list[Pin]:
    return [(pin.o, pin.oe) for pin in pins]


def chip_wires(chip: Any) -> tuple[dict[str, Any], Sequence[Pin]]:
    """Take the chip's pins."""
    inputs = {name: getattr(chip, name) for name in ("reset", "cs_n", "ready", "hlda", "dreq")}
    inputs |= {name: getattr(chip, name).i for name in ("ior_n", "iow_n", "eop_n", "db", "a")}
    strobes = [getattr(chip, name) for name in STROBES]
    outputs = _always(chip.hrq, chip.dack, chip.aen, chip.adstb, chip.eop_n.oe, *(s.oe for s in strobes))
    outputs += [*_driven(*strobes), (chip.db.oe, None), *_driven(chip.db), (chip.a.oe, None), *_driven(chip.a)]
    return inputs, outputs


def board_wires(board: Any) -> tuple[dict[str, Any], Sequence[Pin]]:
    """Take what is on the slot, and HRQ, HLDA, RESET, OUT1."""
    isa = board.isa
    inputs = {"reset": board.reset, "hlda": board.hlda, "out1": board.out1}
    inputs |= {"drq": isa.drq, "iochrdy": isa.iochrdy, "master_n": isa.master_n}
    inputs |= {name: getattr(isa, name).i for name in ("a", "sbhe_n", "d", *STROBES)}
    strobes = [getattr(isa, name) for name in STROBES]
    outputs = _always(board.hrq, isa.aen, isa.dack_n, isa.tc, isa.refresh_n, isa.a.oe)
    outputs += [(isa.a.o, isa.a.oe), (isa.sbhe_n.o, isa.a.oe), *_always(*(s.oe for s in strobes)), *_driven(*strobes)]
    return inputs, [*outputs, (isa.d.oe, None), (isa.d.o, isa.d.oe)]


def wishbone_wires(dma: Any) -> tuple[dict[str, Any], Sequence[Pin]]:
    """Take both buses of the Wishbone DMA, and its devices' lines; DAT_O counts with the ACK of a read."""
    registers, memory = dma.registers, dma.memory
    inputs = {"rst": ResetSignal()}
    inputs |= {name: getattr(registers, name) for name in ("cyc", "stb", "we", "sel", "adr", "dat_w")}
    inputs |= {name: getattr(memory, name) for name in ("ack", "err", "dat_r")}
    inputs |= {name: getattr(dma, name) for name in ("dreq", "device_in", "device_ready", "eop_n")}
    outputs = [
        (registers.ack, None),
        (registers.dat_r, (registers.ack, registers.we)),
        *_always(memory.cyc, memory.stb),
    ]
    outputs += [(getattr(memory, name), memory.stb) for name in ("we", "sel", "adr", "dat_w")]
    return inputs, [*outputs, *_always(dma.dack, dma.ior_n, dma.iow_n, dma.device_out, dma.tc, dma.irq)]


def bursts_wires(dma: Any) -> tuple[dict[str, Any], Sequence[Pin]]:
    """Take the same with what says which cycles are bursts."""
    inputs, outputs = wishbone_wires(dma)
    return inputs, [*outputs, (dma.memory.cti, dma.memory.stb), (dma.memory.bte, dma.memory.stb)]


def socket_wires(part: Any) -> tuple[dict[str, Any], Sequence[Pin]]:
    """Take the chip's pins, and CLK."""
    inputs, outputs = chip_wires(part)
    return {"clk": part.clk, **inputs}, outputs


def bridge_wires(bridge: Any) -> tuple[dict[str, Any], Sequence[Pin]]:
    """Take the bridge's serial line, and what it has of the board and of memory."""
    inputs = ("rx", "hrq", "d", "lines", "dack_n", "address", "irq", "written", "beyond", "uneventful")
    outputs = (
        "tx",
        "busy",
        "attention",
        "tick",
        "reset",
        "hlda",
        "port",
        "ior_n",
        "iow_n",
        "d_out",
        "drq",
        "host_channels",
    )
    memory = _always(bridge.memory_access, bridge.memory_write)
    pins = {"rst": ResetSignal()} | {name: getattr(bridge, name) for name in inputs}
    return pins, [*_always(*(getattr(bridge, name) for name in outputs)), *memory]


def unused_of_dma_2(board: Any) -> tuple[Any, Any]:
    """Take bits of DMA 2 that software leaves alone, its channel 0 being DMA 1's way to the bus; and what follows."""
    command = board.chips[1].program.control.command
    service = board.chips[1].timing.service
    bits = Cat(command.memory_to_memory, command.dreq_active_low, command.dack_active_high)
    return bits, Cat(service.source, service.destination)
