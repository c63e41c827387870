"""A board beside its golden model: random but lawful pins for both, and every output compared in every state."""

# Ref: the project's clock contract, "The program side" and "The AT board".

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Protocol

from isadma_sim.reference.pins import BoardInputs, BoardOutputs

_STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")
_STATUS = (0x08, 0xD0)
_MODES = (0x0B, 0xD6, 0xD7)
_COUNTS = (*range(0x01, 0x08, 2), *range(0xC2, 0xD0, 4))
_PORTS = (*range(0x00, 0x10), *range(0x80, 0x90), *range(0xC0, 0xE0), *_STATUS * 3, 0x20, 0x187, 0x2C4, 0x3F5)
_DATA_VALID = 3
"""Clocks of IOR# low from which on read data is there."""
_RESET_STATES = 2


class Model(Protocol):
    """A golden model of a board."""

    def outputs(self, pins: BoardInputs | None = None) -> BoardOutputs:
        """Return what this clock shows."""

    def clock(self, pins: BoardInputs) -> None:
        """End this clock."""


class LawfulPins:
    """What a processor and cards may do to a PC/AT's board at random: one I/O cycle at a time, DRQ held until DACK.

    HLDA comes after HRQ, and goes after it. Nothing is masked for long.

    Parameters
    ----------
    seed : int or str
        Of every choice.
    refresh : bool
        Whether OUT1 moves, and RESET comes, but never inside a transfer or an access: what has been counted or
        written then is left open.
    opening : bool
        Whether to write every address, count, mode and page first, for a board that does not start with zeros.

    Attributes
    ----------
    inputs : BoardInputs
        This clock's pins.
    """

    def __init__(self, seed: int | str, refresh: bool = False, opening: bool = False) -> None:
        self._random = Random(seed)
        self._refresh = refresh
        self._cycle: Iterator[tuple[int, int, int, int]] = iter(())
        self._opening = iter(self._every_register() if opening else [])
        self._post = iter(
            [(0xD6, 0xC0), (0xD4, 0x00), *((0x0B, 0x54 + c) for c in range(4)), *((0xD6, 0x58 + c) for c in (1, 2, 3))]
        )
        self.inputs = BoardInputs()

    def _every_register(self) -> list[tuple[int, int]]:
        words = [port for port in (*range(0x00, 0x08), *range(0xC0, 0xD0, 2)) for _ in (0, 1)]
        modes = [(0x0B, self._data(0x0B) & 0xFC | c) for c in range(4)]
        modes += [(0xD6, 0xC0), *((0xD6, self._data(0xD6) & 0xFC | c) for c in (1, 2, 3))]
        values = [(port, self._data(port)) for port in (*words, *range(0x80, 0x90))]
        return [(0x0C, 0), (0xD8, 0), *values, *modes]

    def _data(self, port: int) -> int:
        """Draw a byte for a port, so that terminal counts come, and no block lasts for all of the run.

        Most counts are small, and most channels autoinitialize: after TC the count of the others is FFFFh.
        """
        r = self._random
        if port in _COUNTS and r.random() < 0.97:
            return int(r.random() < 0.1) * r.randrange(8)
        return r.getrandbits(8) | (0x10 if port in _MODES and r.random() < 0.9 else 0)

    def next(self, out: BoardOutputs) -> BoardInputs:
        """Choose the next clock's pins, after a clock that showed `out`."""
        r, pins = self._random, self.inputs
        pins.iochrdy = int(r.random() < 0.8)
        pins.d = r.getrandbits(16) if pins.iow_n else pins.d
        pins.drq |= r.getrandbits(8) & r.getrandbits(8) & r.getrandbits(8)
        if self._refresh:
            pins.out1 ^= int(r.random() < 0.1)
            pins.reset = int(r.random() < 0.001 and not out.aen)
        acknowledged = ~out.dack_n & 0xFF
        if r.random() < 0.7:
            pins.drq &= ~acknowledged
        if step := next(self._cycle, None):
            pins.a, pins.d, pins.ior_n, pins.iow_n = step
            pins.reset = 0
        elif pins.hlda:
            pins.hlda = int(out.hrq or r.random() < 0.3)
        elif out.hrq and r.random() < 0.5:
            pins.hlda = 1
        elif r.random() < 0.3:
            self._cycle = self._access()
        return pins

    def _access(self) -> Iterator[tuple[int, int, int, int]]:
        r = self._random
        read = False
        if first := next(self._opening, None):
            port, data = first
        else:
            port = r.choice(_PORTS)
            port, data = next(self._post, (port, self._data(port)))
            register = port & ~1 if port in range(0xC0, 0xE0) else port
            if register in (0x08, 0xD0):
                data &= 0x38  # what stops everything, memory-to-memory and the polarities have tests of their own
            if register in (0x0D, 0xDA) or (register in (0xD4, 0xDE, 0x0A, 0x0F) and r.random() < 0.8):
                port, data = r.choice((0x0E, 0xDC)), 0x00  # or nearly everything is masked nearly always
            if register == 0xD6 and data & 3 == 0:
                data = 0xC0
            read = r.random() < 0.3 and register not in (0xD6, 0xDC)
        idle, low = (port, data, 1, 1), (port, data, int(not read), int(read))
        # Status twice, with no service between: what the first read has cleared is gone in the second.
        for _ in range(2 if read and port in _STATUS else 1):
            yield idle
            yield from [low] * (_DATA_VALID if read else 1)
            yield idle
            yield idle


def differences(look: Callable[[str], int], want: BoardOutputs, lacks: frozenset[str] = frozenset()) -> list[str]:
    """
    Compare every output of a board with its model's.

    Parameters
    ----------
    look : callable
        Returns a pin's level by name: ``"hrq"``, ``"a.o"``, ``"a.oe"``.
    want : BoardOutputs
        What the model shows.
    lacks : frozenset of str
        Pins that the board does not have.

    Returns
    -------
    list of str
        One for each pin that differs. Data is not among them: see `SideBySide`.
    """
    pairs = [("hrq", want.hrq), ("aen", want.aen), ("dack_n", want.dack_n), ("tc", want.tc)]
    pairs += [("refresh_n", want.refresh_n), ("a.oe", want.a_oe), ("d.oe", want.d_oe)]
    pairs += [(f"{name}.oe", want.strobes_oe) for name in _STROBES]
    if want.a_oe:
        pairs += [("a.o", want.a), ("sbhe_n.o", want.sbhe_n)]
        pairs += [(f"{name}.o", getattr(want, name)) for name in _STROBES]
    seen = [(pin, look(pin), int(level)) for pin, level in pairs if pin.partition(".")[0] not in lacks]
    return [f"{pin}: board {mine:X}, model {level:X}" for pin, mine, level in seen if mine != level]


def missing(seen: set[tuple[str, str]]) -> list[str]:
    """Return what a run should have met and has not: transfers of each chip, DMA 1's through the cascade, and waits."""
    wanted = {f"{state} of DMA 1": (state, "SC") in seen for state in ("S1", "S4", "SW")}
    wanted |= {f"{state} of DMA 2": any(two == state for _, two in seen) for state in ("S1", "S4", "SW")}
    return [what for what, met in wanted.items() if not met]


class SideBySide:
    """Clocks a model, and compares a board with it once RESET has been on for two clocks.

    Parameters
    ----------
    model : Model
        Fresh; the board gets the same pins from its first clock on.
    look : callable
        As for `differences`.
    where : str
        For messages: the seed.
    lacks : frozenset of str
        As for `differences`.
    unsaid : callable
        Tells of an address whether what a read of it gives is nowhere said.

    Attributes
    ----------
    seen : set
        Pairs of the two chips' states that came up.
    terminal_counts : int
        Clocks with TC.
    refreshed : set
        Pairs of MEMR# and REFRESH# that came up.
    """

    def __init__(
        self,
        model: Model,
        look: Callable[[str], int],
        where: str,
        lacks: frozenset[str] = frozenset(),
        unsaid: Callable[[int], bool] = lambda address: False,
    ) -> None:
        self._model, self._look, self._where, self._lacks, self._unsaid = model, look, where, lacks, unsaid
        self._clocks = self._reading = 0
        self.seen: set[tuple[str, str]] = set()
        self.terminal_counts = 0
        self.refreshed: set[tuple[int, int]] = set()

    @property
    def resetting(self) -> bool:
        """Whether RESET has to be on in this clock."""
        return self._clocks < _RESET_STATES

    def clock(self, pins: BoardInputs) -> None:
        """
        Compare this clock, and end it for the model.

        Raises
        ------
        AssertionError
            An output differs; the message has the seed, the clock, both chips' states and every pin that differs.
        """
        want = self._model.outputs(pins)
        where = f"{self._where}, state {self._clocks} ({want.state1}, {want.state2})"
        self._reading = 0 if pins.ior_n else self._reading + 1
        if not self.resetting:
            wrong = differences(self._look, want, self._lacks)
            shows = want.d_oe and self._reading >= _DATA_VALID and not self._unsaid(pins.a)
            if shows and self._look("d.o") & 0xFF != want.d:
                wrong.append(f"port {pins.a:02X}h: board {self._look('d.o'):X}, model {want.d:X}")
            assert not wrong, f"{where}: {'; '.join(wrong)}"
        self.terminal_counts += want.tc
        self.seen.add((want.state1, want.state2))
        self.refreshed.add((want.memr_n, want.refresh_n))
        self._model.clock(pins)
        self._clocks += 1
