"""The RTL board with its pins packed in two signals, and a look inside its chips: what the RTL's engines run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from amaranth.hdl import Cat, ClockDomain, Module, Signal
from amaranth.lib.wiring import Elaboratable

from isadma.pc import PcAt, PcXt
from isadma.pc.wait_states import MAX_WAIT_STATES
from isadma_sim.engines.board import Probe
from isadma_sim.engines.options import check_board
from isadma_sim.engines.pins import In, Out
from isadma_sim.engines.ports import ENABLES, INPUT_PORTS, OUTPUT_PORTS, TIED
from isadma_sim.engines.states import STATE_CODES, STATE_NAMES

__all__ = ["CHIPS", "Packed", "check_packed", "packed_board", "probe_places", "probe_values", "probes_of", "state_code"]

#: Instances of the chips in each board, and the bus channel of each one's channel 0.
CHIPS: dict[str, tuple[tuple[str, int], ...]] = {"at": (("dma1", 0), ("dma2", 4)), "xt": (("dma", 0),)}
#: Words of the register file: current address and current word count of channel 0; the other channels follow.
ADDRESS_WORD, COUNT_WORD = 0, 4

#: What is probed in each chip through `Packed.probes`, lowest bits first.
_REGISTERS = (("state", 5), ("command", 8), ("mask", 4), ("request", 4))


def probes_of(board: str) -> Sequence[Probe]:
    """List the probes of every RTL engine with that board, in the order of `probe_values`."""
    found = []
    for chip, first in CHIPS[board]:
        found += [
            Probe(f"{chip}.{name}", width, STATE_NAMES if name == "state" else None) for name, width in _REGISTERS
        ]
        for channel in range(first, first + 4):
            found += [Probe(f"{chip}.address{channel}", 16), Probe(f"{chip}.count{channel}", 16)]
    return found


def probe_places(chips: int) -> list[tuple[int, int, int]]:
    """Return where each of `probe_values` is: chip, word of its registers or -1, lowest bit of `Packed.probes`."""
    places, low = [], 0
    for chip in range(chips):
        for _, width in _REGISTERS:
            places.append((chip, -1, low))
            low += width
        for channel in range(4):
            places += [(chip, ADDRESS_WORD + channel, 0), (chip, COUNT_WORD + channel, 0)]
    return places


def probe_values(chips: int, word: int, register: Callable[[int, int], int]) -> list[int]:
    """Values of a board's probes.

    Parameters
    ----------
    chips : int
        How many chips the board has.
    word : int
        Value of `Packed.probes`.
    register : callable
        Reads a register file: number of the chip, number of the word.
    """
    values = []
    for chip in range(chips):
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
    board : isadma.pc.PcAt or isadma.pc.PcXt
        The board.

    Attributes
    ----------
    chips : tuple of isadma.i8237.I8237
        Its controllers.
    inputs, outputs : Signal
        Pins, packed as `isadma_sim.engines.pins` says.
    probes : Signal
        What is inside the chips, for `probe_values`.
    clk : Signal
        The clock; there once the board is elaborated. No reset line: power-up is the signals' initial values, and RESET
        is a pin of the board.
    """

    def __init__(self, board: PcAt | PcXt) -> None:
        self.board = board
        self.chips = board.chips if isinstance(board, PcAt) else (board.chip,)
        self.inputs = Signal(In.WIDTH, init=In.IDLE)
        self.outputs = Signal(Out.WIDTH)
        self.probes = Signal(len(self.chips) * sum(width for _, width in _REGISTERS))
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
        for chip in self.chips:
            seen += [
                state_code(m, chip),
                chip.program.control.command.as_value(),
                chip.requests.bits.masks,
                chip.requests.bits.requests,
            ]
        m.d.comb += self.probes.eq(Cat(seen))
        return m


def state_code(m: Module, chip: Any) -> Signal:
    """Return the chip's state as a code of `STATE_CODES`."""
    timing = chip.timing
    code = Signal(5)
    for name in ("S0", "SC", "S1", "S2", "S3", "SW", "S4"):
        with m.If(getattr(timing.service.state, name.lower())):
            m.d.comb += code.eq(STATE_CODES[name])
            if name[1] in "1234":
                with m.If(timing.service.source):
                    m.d.comb += code.eq(STATE_CODES[f"S1{name[1]}"])
                with m.If(timing.service.destination):
                    m.d.comb += code.eq(STATE_CODES[f"S2{name[1]}"])
    return code


def check_packed(board: str, wait_states: int) -> None:
    """Refuse what `packed_board` refuses, while there is no board: Amaranth tells of one that is made in vain."""
    check_board(board)
    if not isinstance(wait_states, int) or not 0 <= wait_states <= MAX_WAIT_STATES:
        raise ValueError(f"wait_states is {wait_states!r}: give 0 to {MAX_WAIT_STATES}; the AT has 1")


def packed_board(board: str, wait_states: int, refresh: bool) -> Packed:
    """Make a packed board by its name; ValueError when there is none of that name, or for wait states beyond 7.

    `refresh` builds the AT's refresh in. The PC/XT's is on channel 0, and always there.
    """
    check_packed(board, wait_states)
    if board == "xt":
        return Packed(PcXt(wait_states=wait_states))
    return Packed(PcAt(wait_states=wait_states, refresh=refresh))
