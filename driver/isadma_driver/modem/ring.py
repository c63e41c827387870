"""A ring of bytes between an interrupt handler, which fills it, and a program, which empties it."""

from isadma_driver.checks.values import as_int

#: Bytes of the largest ring: hours of characters.
LARGEST = 1 << 24


class Ring:
    """Holds a fixed number of bytes; what comes when it is full is dropped and counted.

    Parameters
    ----------
    size : int
        Bytes it holds, at least 1.

    Attributes
    ----------
    size : int
        Bytes it holds.
    dropped : int
        Bytes that found it full.
    """

    def __init__(self, size: int) -> None:
        self.size = size = as_int(f"a ring of {{}} bytes: use 1 or more, {LARGEST} at most", size, 1, LARGEST)
        self._bytes = bytearray(size)
        self._first = 0
        self._held = 0
        self.dropped = 0

    def __len__(self) -> int:
        return self._held

    def put(self, value: int) -> None:
        """Add a byte at the end."""
        if self._held == len(self._bytes):
            self.dropped += 1
            return
        self._bytes[(self._first + self._held) % len(self._bytes)] = value
        self._held += 1

    def take(self, count: int) -> bytes:
        """Remove up to `count` bytes from the front and return them."""
        count = min(max(count, 0), self._held)
        end = self._first + count
        taken = bytes(self._bytes[self._first : end])
        taken += bytes(self._bytes[: max(end - len(self._bytes), 0)])
        self._first = end % len(self._bytes)
        self._held -= count
        return taken
