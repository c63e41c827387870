"""The 8237A as a whole, one call per clock: SI, S0 and SC, the CPU's accesses, RESET."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 6 and 11, figure 11; the project's clock contract.

from __future__ import annotations

from enum import IntEnum

from isadma_sim.reference import memory_to_memory, priority, transfer
from isadma_sim.reference.inside import Inside, State
from isadma_sim.reference.pins import ChipInputs, ChipOutputs
from isadma_sim.reference.registers import Registers
from isadma_sim.reference.regs import Port


class _Access(IntEnum):
    NONE = 0
    READ = 1
    WRITE = 2


_NONE, _READ, _WRITE = int(_Access.NONE), int(_Access.READ), int(_Access.WRITE)


class Chip:
    """An 8237A, exact to the clock: each clock shows a state's second half, inputs are sampled at its end.

    Parameters
    ----------
    variant : {"nmos", "cmos"}
        8237A, or 82C37A with its read-back map.
    undefined_read : int
        What a read that the data sheet calls illegal returns (8 bits).

    Raises
    ------
    ValueError
        On any other `variant`, or an `undefined_read` that is no byte.

    Attributes
    ----------
    registers : Registers
        All program-visible registers.
    pins : ChipOutputs
        What this clock shows; `outputs` adds what a CPU is reading.
    channel : int
        Channel latched or in service (0-3).
    last : int
        Channel served last (0-3).
    end_state : callable
        Runs at the edge that ends the present state.
    """

    __slots__ = (
        "_a",
        "_access",
        "_db",
        "_reading",
        "carry",
        "channel",
        "end_state",
        "external_eop",
        "last",
        "pins",
        "registers",
        "served",
        "source_eop",
        "terminal",
    )

    end_state: State

    def __init__(self, *, variant: str = "nmos", undefined_read: int = 0xFF) -> None:
        self.registers = Registers(variant, undefined_read)
        self.pins = ChipOutputs()
        self._access = _NONE
        self._a = self._db = 0
        self._reading = False
        self.source_eop = self.external_eop = self.terminal = self.carry = False
        self.channel = 0
        self.served = self.registers.channels[0]
        self.last = priority.LOWEST_AFTER_RESET
        self._enter_si()

    def outputs(self, pins: ChipInputs | None = None) -> ChipOutputs:
        """Return what this clock shows.

        Parameters
        ----------
        pins : ChipInputs, optional
            This clock's inputs; needed only for the data of a register read, which follows A0-A3 and DREQ at once.

        Returns
        -------
        ChipOutputs
            The chip's own object: it changes with the next call, so copy what you keep.
        """
        out = self.pins
        if pins is not None and not (pins.ior_n or pins.cs_n or pins.hlda or out.aen):
            out.db = self.registers.read(pins.a, pins.dreq)
            out.db_oe = 1
            self._reading = True
        elif self._reading:
            self._reading = False
            if not out.aen:
                out.db_oe = 0
        return out

    def clock(self, pins: ChipInputs) -> None:
        """End this clock: sample `pins` as they were during it, and go on to the next state."""
        if pins.reset:
            self._reset()
            return
        self.end_state(self, pins)
        if self._access or not (pins.cs_n or pins.hlda or (pins.ior_n and pins.iow_n)):
            self._program(pins)

    def end_service(self) -> None:
        """Leave the bus: DACK and AEN off, everything floats, and the channel becomes the lowest when rotating."""
        self.last = self.channel
        self._enter_si()

    # The CPU's side

    def _program(self, pins: ChipInputs) -> None:
        # One strobe is one access, done at its trailing edge.
        if pins.ior_n and pins.iow_n:
            access, self._access = self._access, _NONE
            if access == _READ:
                self.registers.after_read(self._a)
                return
            self.registers.write(self._a, self._db)
            if self._a == Port.MASTER_CLEAR_TEMPORARY:
                # "The same effect as the hardware Reset. The 8237A will enter the Idle cycle."
                self.last = priority.LOWEST_AFTER_RESET
                self._enter_si()
            elif self._a == Port.COMMAND_STATUS:
                self.pins.dack = self.registers.dack_idle
        elif not (pins.cs_n or pins.hlda):
            self._access = _READ if not pins.ior_n else _WRITE
            self._a = pins.a
            self._db = pins.db

    def _reset(self) -> None:
        self._access = _NONE
        self.registers.clear()
        self.last = priority.LOWEST_AFTER_RESET
        self._enter_si()

    # SI, S0, SC

    def _enter_si(self) -> None:
        out = self.pins
        out.state = "SI"
        out.hrq = out.aen = out.adstb = out.db_oe = out.a_oe = out.strobes_oe = out.eop_oe = 0
        out.ior_n = out.iow_n = out.memr_n = out.memw_n = 1
        out.dack = self.registers.dack_idle
        self.end_state = _si


def _si(chip: Inside, pins: ChipInputs) -> None:
    # DREQ is sampled in every SI with HLDA low; the winner is latched here.
    if pins.hlda:
        return
    requests = chip.registers.requesting(pins.dreq)
    if requests:
        chip.channel = priority.winner(requests, chip.registers.rotating, chip.last)
        chip.served = chip.registers.channels[chip.channel]
        chip.pins.hrq = 1
        chip.end_state = _si_requesting


def _si_requesting(chip: Inside, _pins: ChipInputs) -> None:
    chip.pins.state = "S0"
    chip.end_state = _s0


def _s0(chip: Inside, pins: ChipInputs) -> None:
    if not pins.hlda:
        return
    registers = chip.registers
    if chip.channel == memory_to_memory.SOURCE and registers.memory_to_memory:
        memory_to_memory.enter_s11(chip)
    elif registers.cascade >> chip.channel & 1:
        chip.pins.state = "SC"
        chip.pins.dack = registers.dack_idle ^ 1 << chip.channel
        chip.end_state = _sc
    else:
        transfer.enter_s1(chip)


def _sc(chip: Inside, pins: ChipInputs) -> None:
    requests = pins.dreq ^ chip.registers.dreq_inversion
    if not (requests >> chip.channel & 1 and pins.hlda):
        chip.end_service()
