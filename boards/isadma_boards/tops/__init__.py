"""What is put on each FPGA board: the same UART PC, with that board's pins, clock and memory."""

from .boards import BOARDS, BoardSpec
from .sockets import SOCKETS, SocketSpec, SocketTop
from .top import Top

__all__ = ["BOARDS", "SOCKETS", "BoardSpec", "SocketSpec", "SocketTop", "Top"]
