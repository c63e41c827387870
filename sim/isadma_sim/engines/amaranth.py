"""Engine "amaranth": the RTL as Amaranth elaborates it, run in plain Python, one state per clock.

Amaranth turns the board into RTLIL, and `pyrtl` turns that into one piece of Python per clock. With
``simulator="pysim"`` the same board runs in Amaranth's own simulator: the same, clock by clock, and much slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from isadma_sim.engines.base import EngineError, World
from isadma_sim.engines.board import Probe
from isadma_sim.engines.busloop import BusLoop
from isadma_sim.engines.options import check_board
from isadma_sim.engines.pins import In
from isadma_sim.engines.ports import ENABLES, INPUT_PORTS, OUTPUT_PORTS, TIED
from isadma_sim.engines.pyrtl import Compiled, compile_rtlil
from isadma_sim.engines.states import STATE_CODES, STATE_NAMES

SIMULATORS = ("python", "pysim")

#: Instances of the two chips in the board, and the bus channel of their channel 0.
_CHIPS = (("dma1", 0), ("dma2", 4))
#: The one-hot state register's bits, lowest first, as the state machine declares them.
_ONE_HOT = ("SI", "SI", "S0", "SC", "S1", "S2", "S3", "SW", "S4")
#: Registers of a chip that a waveform shows: path below the chip, wire, width, name.
_REGISTERS = (
    (("program",), "command", 8, "command"),
    (("requests",), "masks", 4, "mask"),
    (("requests",), "requests", 4, "request"),
)
#: Words of the register file: current address and current word count of each channel.
_ADDRESS_WORD, _COUNT_WORD = 0, 4


def _wires() -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = []
    for chip, _ in _CHIPS:
        found += [((chip, "timing"), name) for name in ("state", "source", "destination")]
        found += [((chip, *path), wire) for path, wire, _, _ in _REGISTERS]
    return found


def _probes() -> list[Probe]:
    found = []
    for chip, first in _CHIPS:
        found.append(Probe(f"{chip}.state", 5, STATE_NAMES))
        found += [Probe(f"{chip}.{name}", width) for _, _, width, name in _REGISTERS]
        for channel in range(4):
            found.append(Probe(f"{chip}.address{first + channel}", 16))
            found.append(Probe(f"{chip}.count{first + channel}", 16))
    return found


@lru_cache(maxsize=4)
def _compiled(board: str, wait_states: int) -> Compiled:
    from amaranth.back import rtlil

    text = rtlil.convert(_board(board, wait_states), name="board", emit_src=False)
    inputs: dict[str, tuple[int, int] | int] = {**TIED, "clk": 0, "rst": 0}
    inputs.update({port: (pin.low, pin.width) for pin, port in INPUT_PORTS.items()})
    return compile_rtlil(
        text,
        inputs=inputs,
        input_width=In.WIDTH,
        outputs=[(port, ENABLES.get(pin), pin.width) for pin, port in OUTPUT_PORTS.items()],
        probes=_wires(),
    )


def _board(board: str, wait_states: int) -> Any:
    from isadma.pc import PcAt

    check_board(board)
    return PcAt(wait_states=wait_states)


class RtlBoard:
    """The board's RTL as a Python generator (`isadma_sim.engines.board.Board`)."""

    def __init__(self, compiled: Compiled) -> None:
        machine, self._memories = compiled.start()
        #: Set the inputs of a clock and get its outputs.
        self.drive = machine.send
        #: End a clock with its final inputs.
        self.clock = machine.send
        self._machine = machine
        self._files = [self._memories[f"{chip}.registers.memory"] for chip, _ in _CHIPS]
        self.probes: Sequence[Probe] = _probes()

    def peek(self) -> list[int]:
        """Values of the probes: call it between `drive` and `clock`."""
        values = self._machine.send(None)
        each = len(values) // len(_CHIPS)
        shown: list[int] = []
        for number, words in enumerate(self._files):
            state, source, destination, *registers = values[number * each : (number + 1) * each]
            shown.append(_state_code(state, source, destination))
            shown += map(int, registers)
            for channel in range(4):
                shown += (words[_ADDRESS_WORD + channel], words[_COUNT_WORD + channel])
        return shown


@lru_cache(maxsize=64)
def _state_code(one_hot: int, source: int, destination: int) -> int:
    name = _ONE_HOT[one_hot.bit_length() - 1]
    if name[1] in "1234" and (source or destination):
        name = f"S{1 if source else 2}{name[1]}"
    return STATE_CODES[name]


def open_engine(
    world: World, *, board: str = "at", wait_states: int = 1, simulator: str = "python", **options: Any
) -> BusLoop:
    """Start the Amaranth engine.

    Parameters
    ----------
    world : World
        What surrounds the board.
    board : str
        ``"at"``.
    wait_states : int
        Wait states of every DMA transfer, 0..7.
    simulator : str
        ``"python"`` or ``"pysim"``.
    **options
        Passed on to `BusLoop`.

    Raises
    ------
    EngineError
        For another simulator.
    """
    if simulator == "python":
        return BusLoop(RtlBoard(_compiled(board, wait_states)), world, **options)
    if simulator == "pysim":
        from isadma_sim.engines.pysim import PysimBoard, PysimEngine

        return PysimEngine(PysimBoard(_board(board, wait_states)), world, **options)
    raise EngineError(f"no simulator named {simulator!r}: use one of {', '.join(SIMULATORS)}")
