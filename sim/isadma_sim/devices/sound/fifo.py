"""The FIFO before the converter: samples that DMA has brought, each in the format of the command that asked for it."""

from __future__ import annotations

from collections import deque

from isadma_sim.devices.sound.samples import Format


class OutputFifo:
    """Bytes in, frames out.

    Attributes
    ----------
    waiting : int
        Bytes in it.
    cut : int
        Bytes that were no whole frame when another format came after them, and that nobody can hear.
    """

    def __init__(self) -> None:
        self._stretches: deque[tuple[Format, bytearray]] = deque()
        self._sealed = False
        self.waiting = 0
        self.cut = 0

    def seal(self) -> None:
        """End a block: what comes next begins with the left channel. Half a frame before it is heard no more (choice).

        A Sound Blaster Pro is told so with a block of one byte ahead of stereo (guide, chapter 3).
        """
        self._sealed = bool(self._stretches) and len(self._stretches[-1][1]) % self._stretches[-1][0].frame != 0

    def put(self, form: Format, data: bytes) -> None:
        """Append bytes of a format."""
        if not self._stretches or self._stretches[-1][0] is not form:
            self._join(form)
        self._stretches[-1][1].extend(data)
        self.waiting += len(data)

    def _join(self, form: Format) -> None:
        """Go on with the same stretch where only the command is another one."""
        alike = self._stretches and not self._sealed and self._stretches[-1][0].alike(form)
        self._sealed = False
        self._stretches.append((form, self._stretches.pop()[1] if alike else bytearray()))

    @property
    def ready(self) -> bool:
        """Whether a whole frame waits."""
        return any(len(data) >= form.frame for form, data in self._stretches)

    def next(self) -> tuple[Format, bytes] | None:
        """Take a frame out, with its format; None when there is no whole one."""
        while self._stretches:
            form, data = self._stretches[0]
            size = form.frame
            if len(data) >= size:
                frame = bytes(data[:size])
                del data[:size]
                self.waiting -= size
                return form, frame
            if len(self._stretches) == 1:
                return None
            self.cut += len(data)
            self.waiting -= len(data)
            self._stretches.popleft()
        return None

    def clear(self) -> int:
        """Throw everything away; return the number of bytes."""
        count, self.waiting = self.waiting, 0
        self._stretches.clear()
        self._sealed = False
        return count
