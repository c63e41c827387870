"""What a channel can reach in one piece: the checks before any port is touched."""

# Ref: Intel 8237A data sheet 231466-005, page 7 (count N moves N + 1); IBM PC AT Technical Reference (page registers).

from __future__ import annotations

from isadma_driver.channels.board import KB, MB, Board
from isadma_driver.checks.values import as_int
from isadma_driver.errors import AddressLimitError, AlignmentError, BoundaryError, LengthError

#: Numbers beyond all memory, that are still numbers: what is wrong with them is told as for any address.
ANY = 1 << 64


def check_address(board: Board, channel: int, address: int) -> None:
    """Raise unless `channel` can start at physical `address`."""
    as_int(f"address {{}} is no physical address: use 0 to {board.reach - 1:X}h", address, 0, ANY)
    if address >= board.reach:
        raise AddressLimitError(
            f"address {address:X}h on DMA channel {channel} is above {size(board.reach)}, "
            f"which the {board.name}'s page registers cannot reach: use a bounce buffer (map does)"
        )
    if address % board.width(channel):
        raise AlignmentError(
            f"address {address:X}h is odd, and DMA channel {channel} moves words: "
            "use an even address, or a bounce buffer"
        )


def check_length(board: Board, channel: int, length: int) -> None:
    """Raise unless `channel` can move `length` bytes with one programming."""
    as_int(f"length {{}} is no number of bytes: use 1 to {board.span(channel)}", length, 0, ANY)
    if length == 0:
        raise LengthError(f"length 0 on DMA channel {channel}: the controller would move {size(board.span(channel))}")
    if length > board.span(channel):
        raise LengthError(
            f"length {length} on DMA channel {channel} is over {size(board.span(channel))}: "
            "split the transfer (map does)"
        )
    if length % board.width(channel):
        raise AlignmentError(
            f"length {length} is odd, and DMA channel {channel} moves words: use an even length, or a bounce buffer"
        )


def check_range(board: Board, channel: int, address: int, length: int, *, decrement: bool = False) -> None:
    """Raise unless `channel` can move `length` bytes at `address` with one programming.

    Parameters
    ----------
    board : Board
        The board the channel is on.
    channel : int
        The channel, 0..7.
    address : int
        Physical address of the first byte (of the first word) moved.
    length : int
        Bytes.
    decrement : bool, optional
        The addresses go down from `address` instead of up.

    Raises
    ------
    ValueError
        Not a number, or negative.
    AddressLimitError, AlignmentError, LengthError, BoundaryError
        The controller cannot do it.
    """
    check_address(board, channel, address)
    check_length(board, channel, length)
    address, length = int(address), int(length)  # of NumPy's integers, some wrap
    first = address + board.width(channel) - length if decrement else address
    last = first + length - 1
    if first < 0:
        raise AddressLimitError(f"{length} bytes down from {address:X}h on DMA channel {channel} go below address 0")
    span = board.span(channel)
    if first // span != last // span:
        raise BoundaryError(
            f"{first:X}h to {last:X}h on DMA channel {channel} crosses the {size(span)} boundary at "
            f"{last // span * span:X}h: allocate inside it, or use a bounce buffer (map does)"
        )


def size(count: int) -> str:
    """Return a power-of-two number of bytes in words: '64K', '16 MB'."""
    return f"{count // MB} MB" if count >= MB else f"{count // KB}K"
