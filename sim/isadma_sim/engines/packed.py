"""The RTL board with its pins packed in two signals, and a look inside its chips: what the RTL's engines run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from amaranth.hdl import Cat, ClockDomain, Module, Signal
from amaranth.lib.wiring import Elaboratable

from isadma.pc import PcAt
from isadma_sim.engines.board import Probe
from isadma_sim.engines.options import check_board
from isadma_sim.engines.pins import In, Out
from isadma_sim.engines.ports import ENABLES, INPUT_PORTS, OUTPUT_PORTS, TIED
from isadma_sim.engines.states import STATE_CODES, STATE_NAMES

__all__ = ["CHIPS", "PROBES", "Packed", "packed_board", "probe_values"]

#: Instances of the chips in the board, and the bus channel of each one's channel 0.
CHIPS = (("dma1", 0), ("dma2", 4))
#: Words of the register file: current address and current word count of channel 0; the other channels follow.
ADDRESS_WORD, COUNT_WORD = 0, 4

#: What is probed in each chip through `Packed.probes`, lowest bits first.
_REGISTERS = (("state", 5), ("command", 8), ("mask", 4), ("request", 4))


def _probes() -> list[Probe]:
    found = []
    for chip, first in CHIPS:
        found += [
            Probe(f"{chip}.{name}", width, STATE_NAMES if name == "state" else None) for name, width in _REGISTERS
        ]
        for channel in range(first, first + 4):
            found += [Probe(f"{chip}.address{channel}", 16), Probe(f"{chip}.count{channel}", 16)]
    return found


#: The probes of every RTL engine, in the order of `probe_values`.
PROBES: Sequence[Probe] = tuple(_probes())


def probe_values(word: int, register: Callable[[int, int], int]) -> list[int]:
    """Values of `PROBES`.

    Parameters
    ----------
    word : int
        Value of `Packed.probes`.
    register : callable
        Reads a register file: number of the chip, number of the word.
    """
    values = []
    for chip in range(len(CHIPS)):
        for _, width in _REGISTERS:
            values.append(word & ((1 << width) - 1))
            word >>= width
        for channel in range(4):
            values += (register(chip, ADDRESS_WORD + channel), register(chip, COUNT_WORD + channel))
    return values


def _member(board: Any, port: str) -> Any:
    """Signal of a port by its Verilog name (``isa__a__i``)."""
    found = board
    for name in port.split("__"):
        found = getattr(found, name)
    return found


class Packed(Elaboratable):
    """A board whose clock costs one `get` and seldom a `set`.

    Parameters
    ----------
    board : isadma.pc.PcAt
        The board.

    Attributes
    ----------
    inputs, outputs : Signal
        Pins, packed as `isadma_sim.engines.pins` says.
    probes : Signal
        What is inside the chips, for `probe_values`.
    clk : Signal
        The clock; there once the board is elaborated. No reset line: power-up is the signals' initial values, and RESET
        is a pin of the board.
    """

    def __init__(self, board: PcAt) -> None:
        self.board = board
        self.inputs = Signal(In.WIDTH, init=In.IDLE)
        self.outputs = Signal(Out.WIDTH)
        self.probes = Signal(len(CHIPS) * sum(width for _, width in _REGISTERS))
        self.clk = Signal()

    def elaborate(self, platform: object) -> Module:
        """Wire the pins to their places."""
        m = Module()
        m.domains.sync = domain = ClockDomain(reset_less=True)
        self.clk = domain.clk
        m.submodules.board = board = self.board
        for pin, port in INPUT_PORTS.items():
            m.d.comb += _member(board, port).eq(self.inputs[pin.low : pin.low + pin.width])
        for port, value in TIED.items():
            m.d.comb += _member(board, port).eq(value)
        shown = []
        for pin, port in OUTPUT_PORTS.items():
            value = _member(board, port)
            if pin in ENABLES:
                value = value | ~_member(board, ENABLES[pin])
            shown.append(value[: pin.width])
        m.d.comb += self.outputs.eq(Cat(shown))
        seen = []
        for chip in board.chips:
            seen += [_state_code(m, chip), chip.program.command.as_value(), chip.requests.masks, chip.requests.requests]
        m.d.comb += self.probes.eq(Cat(seen))
        return m


def _state_code(m: Module, chip: Any) -> Signal:
    """Return the chip's state as a code of `STATE_CODES`."""
    timing = chip.timing
    code = Signal(5)
    for name in ("S0", "SC", "S1", "S2", "S3", "SW", "S4"):
        with m.If(getattr(timing.state, name.lower())):
            m.d.comb += code.eq(STATE_CODES[name])
            if name[1] in "1234":
                with m.If(timing.source):
                    m.d.comb += code.eq(STATE_CODES[f"S1{name[1]}"])
                with m.If(timing.destination):
                    m.d.comb += code.eq(STATE_CODES[f"S2{name[1]}"])
    return code


def packed_board(board: str, wait_states: int) -> Packed:
    """Make a packed board by its name; ValueError when there is none of that name."""
    check_board(board)
    return Packed(PcAt(wait_states=wait_states))
