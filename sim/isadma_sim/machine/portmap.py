"""Who answers which port: the board, its chips and the cards, one at a time, together, or one in front of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from isadma_sim.machine.boards import Wiring
from isadma_sim.machine.checks import checked_byte
from isadma_sim.machine.memory import FLOATING
from isadma_sim.machine.ports import BOARD_DECODE_MASK, LAST_PORT

__all__ = ["CLAIMED", "CONTROL", "HIDDEN", "PICS", "TIMER", "PortEnd", "PortMap"]

#: Bits of a port's kind: somebody here answers; the board does not see the strobe. Above them is the `chip_kind` of a
#: chip that the engine has itself, which nobody here need be asked for.
CLAIMED, HIDDEN = 1, 2
#: Such chips.
PICS, TIMER, CONTROL = 4, 8, 12


class PortEnd(Protocol):
    """What answers the processor at a port.

    Attributes
    ----------
    name : str
        What messages call it.
    """

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    def io_read(self, port: int) -> int:
        """Answer a read: a byte, FFh where it does not drive."""
        ...

    def io_write(self, port: int, value: int) -> None:
        """Take a byte."""
        ...


class _PicPorts:
    name = "the interrupt controllers"

    def __init__(self, pics: Any) -> None:
        self.io_read, self.io_write = pics.io_read, pics.io_write
        self.chip_kind: int = getattr(pics, "chip_kind", 0)


class _Together:
    """Several at one port: each takes what is written; a line of what is read is low where one of them drives it so."""

    def __init__(self, ends: Sequence[PortEnd]) -> None:
        self.ends = ends
        self.name = " and ".join(end.name for end in ends)

    def io_read(self, port: int) -> int:
        """Ask each of them."""
        value = FLOATING
        for end in self.ends:
            value &= checked_byte(end.name, end.io_read(port), port)
        return value

    def io_write(self, port: int, value: int) -> None:
        """Tell each of them."""
        for end in self.ends:
            end.io_write(port, value)


class PortMap:
    """The ports of a machine.

    Parameters
    ----------
    wiring : Wiring
        Whose ports the board itself answers, apart from here.
    pics : PicPair, PicSingle, or what the engine has in their place
        The interrupt controllers.
    whole : bool
        The board's chips look at all 16 address lines, and not at the ten of the real ones.
    """

    def __init__(self, wiring: Wiring, pics: Any, *, whole: bool = False) -> None:
        self._wiring = wiring
        self.whole = whole
        controllers = _PicPorts(pics)
        self.ends: dict[int, PortEnd] = dict.fromkeys(self.of_the_board(pics.ports), controllers)
        self._fronted: set[int] = set()  # ports of the board whose strobes it does not see
        self._behind: dict[tuple[str, int], PortEnd] = {}
        #: By port: `CLAIMED`, `HIDDEN`, and the chip.
        self.kinds = bytearray(LAST_PORT + 1)
        self._note()

    def _note(self) -> None:
        """Write down again who takes part where."""
        far = LAST_PORT - BOARD_DECODE_MASK if self.whole else 0
        self.kinds[:] = bytes(LAST_PORT + 1 - far) + bytes([HIDDEN]) * far
        for port in self._fronted:
            self.kinds[port] |= HIDDEN
        for port, end in self.ends.items():
            self.kinds[port] |= getattr(end, "chip_kind", 0) or CLAIMED

    def of_the_board(self, ports: Iterable[int]) -> tuple[int, ...]:
        """Return the ports that a chip on the board answers, of those with their repetitions."""
        return tuple(port for port in ports if not self.whole or port <= BOARD_DECODE_MASK)

    # ---------------------------------------------------------------- cards
    def add(self, end: PortEnd, ports: Sequence[int], *, share: bool, front: bool) -> None:
        """Let a card answer ports.

        Raises
        ------
        ValueError
            When a port is no port, or is taken, and neither `share` nor `front` is said; nothing has changed then.
        """
        for port in ports:
            if not 0 <= port <= LAST_PORT:
                raise ValueError(f"port {port!r} of {end.name} is not 0..{LAST_PORT:04X}h")
            owner = self.owner(port)
            if owner and not (share or front):
                raise ValueError(f"port {port:03X}h of {end.name} is taken by {owner}: move one of them")
        for port in ports:
            old = self.ends.get(port)
            if front and old is not None:
                self._behind[end.name, port] = old
            if front and self._is_board(port):
                self._fronted.add(port)
            self.ends[port] = _Together([old, end]) if share and old is not None else end
        self._note()

    def copy(self) -> tuple[dict[int, PortEnd], set[int], dict[tuple[str, int], PortEnd]]:
        """Return who answers, for `restore`."""
        return dict(self.ends), set(self._fronted), dict(self._behind)

    def restore(self, kept: tuple[dict[int, PortEnd], set[int], dict[tuple[str, int], PortEnd]]) -> None:
        """Forget what was added since `copy`."""
        self.ends, self._fronted, self._behind = kept
        self._note()

    def behind(self, name: str, port: int) -> PortEnd:
        """Return what a card that was put in front of a port hides there; RuntimeError when that is nothing."""
        if (name, port) not in self._behind:
            raise RuntimeError(f"{name} is in front of no card at port {port:03X}h")
        return self._behind[name, port]

    def clear(self) -> None:
        """Forget all: the machine is being closed."""
        self.ends, self._fronted, self._behind = {}, set(), {}
        self._note()

    def _is_board(self, port: int) -> bool:
        # It decodes ten address lines, so its ports repeat each 400h.
        return port & self._wiring.decoded in self._wiring.own_ports and not (self.whole and port > BOARD_DECODE_MASK)

    def owner(self, port: int) -> str:
        """Return who answers a port, empty when nobody does."""
        if port in self.ends:
            return self.ends[port].name
        lines = "A0-A15" if self.whole else "A0-A9"
        return f"the DMA controllers and page registers (decoded on {lines})" if self._is_board(port) else ""

    # ---------------------------------------------------------------- the processor's cycles
    def hidden(self, port: int) -> bool:
        """Whether the board does not see the strobes of accesses to this port."""
        return port in self._fronted or (self.whole and port > BOARD_DECODE_MASK)

    def read(self, port: int) -> int:
        """Read a port that somebody here answers."""
        end = self.ends[port]
        return checked_byte(end.name, end.io_read(port), port)
