"""The board's processor at the other end of the line: clocks, ports and memory as calls."""

from __future__ import annotations

from dataclasses import dataclass

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.uart.codes import LARGEST, PROTOCOL, Action, Command, Get, Set, Status
from isadma_sim.engines.uart.link import Link

__all__ = ["Access", "Client", "Shown", "commands", "set_register"]

#: Bytes of memory in one frame: what is left of it, halved by nothing but escapes, which LEN does not count.
BLOCK = LARGEST - 32
#: Clocks in one frame: N has 16 bits.
MOST_CLOCKS = 0xFFFF
#: Clocks of a port access on a free bus.
ACCESS_CLOCKS = 7

_LOOK = (Get.LINES, Get.DACK, Get.A0, Get.A1, Get.A2, Get.D0, Get.D1, Get.N0, Get.N1)


def set_register(register: Set, value: int) -> bytes:
    """Return the command that writes a register."""
    return bytes([Command.SET | register, value])


def _sets(low: Set, value: int) -> bytes:
    """Write a register of two bytes."""
    return set_register(low, value & 0xFF) + set_register(Set(low + 1), value >> 8)


def commands(*parts: bytes | Get | Action) -> bytes:
    """Put commands together: bytes as they are, registers to read, actions to do."""
    body = bytearray()
    for part in parts:
        if isinstance(part, Get):
            body.append(Command.GET | part)
        elif isinstance(part, Action):
            body.append(Command.DO | part)
        else:
            body += part
    return bytes(body)


@dataclass(frozen=True)
class Shown:
    """What the bus showed when an answer was made.

    Attributes
    ----------
    status : Status
        What the bridge says.
    pins : int
        LINES, DACK#, address (24 bits) and data (16 bits), lowest first: as `isadma_sim.engines.pins.Out` packs them.
    left : int
        What is left of N.
    """

    status: Status
    pins: int
    left: int

    @classmethod
    def of(cls, status: Status, answer: bytes) -> Shown:
        """Take the answer to `_LOOK` apart."""
        return cls(status, int.from_bytes(answer[:7], "little"), int.from_bytes(answer[7:9], "little"))


@dataclass(frozen=True)
class Access:
    """What became of a port access: whether it was made, the byte read, the clocks gone by, and the bus after it."""

    done: bool
    value: int
    clocks: int
    shown: Shown


class Client:
    """Calls instead of frames. A board answers in the time that its line and the clocks take.

    Parameters
    ----------
    link : Link
        The line.

    Raises
    ------
    EngineError
        Nothing answers, or it speaks another protocol.
    """

    def __init__(self, link: Link) -> None:
        self.link = link
        question, deadline = commands(Get.PROTOCOL, Get.MEMORY), link.deadline()
        # The first one's sequence number may be that of the last frame before: then the answer is to that.
        link.exchange(question, deadline)
        _, answer = link.exchange(question, deadline)
        if len(answer) != 2 or answer[0] != PROTOCOL:
            speaks = f"protocol {answer[0]}" if answer else "another protocol"
            raise EngineError(
                f"{link.name}: the board speaks {speaks}, this isadma {PROTOCOL}: `isadma program` loads the right one"
            )
        #: Bytes of the board's memory.
        self.memory_size = 1 << answer[1]
        _, kind = link.exchange(commands(Get.BOARD, Get.DIVISOR), deadline)
        #: ``"at"`` or ``"xt"``.
        self.board = "xt" if kind[:1] == b"\x01" else "at"
        #: Clocks of the board per bit of the line; 0 where it does not tell.
        self.clocks_per_bit = kind[1] if len(kind) == 2 else 0

    def do(self, *parts: bytes | Get | Action) -> tuple[Status, bytes]:
        """Exchange one frame of commands.

        Raises
        ------
        EngineError
            The line does not answer.
        """
        return self.link.exchange(commands(*parts))

    def set(self, register: Set, value: int) -> None:
        """Write a register."""
        self.do(set_register(register, value))

    def run(self, clocks: int, *first: bytes) -> Shown:
        """Let up to `clocks` clocks go by, 1 to 65535; `first` is done before."""
        status, answer = self.do(*first, _sets(Set.N0, clocks), Action.RUN, *_LOOK)
        return Shown.of(status, answer)

    def look(self) -> Shown:
        """See what the bus shows."""
        status, answer = self.do(*_LOOK)
        return Shown.of(status, answer)

    def try_inb(self, port: int, wait: int = MOST_CLOCKS) -> Access:
        """Read a port once the bus is free, after `wait` clocks at most."""
        return self._access(wait, _sets(Set.A0, port), _sets(Set.D0, 0xFFFF), bytes([Command.DO | Action.IN]))

    def try_outb(self, port: int, value: int, wait: int = MOST_CLOCKS) -> Access:
        """Write a port, likewise."""
        return self._access(wait, _sets(Set.A0, port), _sets(Set.D0, value * 0x101), bytes([Command.DO | Action.OUT]))

    def _access(self, wait: int, *then: bytes) -> Access:
        # D0 and D1 are set with the bus free: a device of the host may be giving data on them before.
        status, answer = self.do(_sets(Set.N0, wait), Action.ACQUIRE, *then, *_LOOK)
        done = not status & Status.ABORTED
        shown = Shown.of(status, answer[-len(_LOOK) :]) if done else self.look()
        clocks = wait - shown.left + (ACCESS_CLOCKS if done else 0)
        return Access(done, answer[0] if len(answer) > len(_LOOK) else 0, clocks, shown)

    def inb(self, port: int) -> int:
        """Read a port of the board; the board's own DMA may hold it up.

        Raises
        ------
        EngineError
            The bus did not become free in 65535 clocks.
        """
        return self._got(port, self.try_inb(port))

    def outb(self, port: int, value: int) -> None:
        """Write a port of the board, likewise."""
        self._got(port, self.try_outb(port, value))

    @staticmethod
    def _got(port: int, access: Access) -> int:
        if not access.done:
            raise EngineError(f"the access to port {port:#x} did not get the bus: DMA has it, or waits for the host")
        return access.value

    def read(self, address: int, size: int) -> bytes:
        """Read the board's memory, in as many frames as it takes."""
        data = bytearray()
        while len(data) < size:
            count = min(BLOCK, size - len(data))
            _, piece = self.do(_sets(Set.A0, address + len(data)), _sets(Set.N0, count), Action.READ)
            data += piece
        return bytes(data)

    def write(self, address: int, data: bytes) -> None:
        """Write the board's memory. D0 and D1 are lost."""
        for start in range(0, len(data), BLOCK):
            piece = bytes(data[start : start + BLOCK])
            self.do(_sets(Set.A0, address + start), _sets(Set.N0, len(piece)), Action.WRITE, piece)

    def close(self) -> None:
        """Let go of the line."""
        self.link.close()
