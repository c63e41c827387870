"""The lines of a device that is plugged in nowhere (`isadma_sim.machine.device.Lines`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

__all__ = ["Detached"]


class Detached:
    """The lines of a device that is attached nowhere: time stands at zero, every wire raises."""

    clock = 0
    clock_hz = 4_000_000

    def irq(self, level: bool) -> None:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def dreq(self, level: bool) -> None:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def start_block(self, data: bytearray, *, to_host: bool, done: Callable[[int, bool], None]) -> None:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def stop_block(self) -> int:
        """Return 0: there is no machine that could move anything."""
        return 0

    def resume_block(self, done: Callable[[int, bool], None]) -> NoReturn:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def take_dma(self, channel: int, end: Any) -> NoReturn:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def select_irq(self, irq: int | None) -> None:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def master(self, *burst: Any, **options: Any) -> None:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def behind(self, port: int) -> NoReturn:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def after(self, clocks: int, fn: Callable[[], None]) -> Any:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")

    def cancel(self, handle: Any) -> None:
        """Raise RuntimeError: there is no machine."""
        raise RuntimeError("the device is not attached to a PC: use pc.attach(device, ...)")
