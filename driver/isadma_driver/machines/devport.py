"""A real PC through /dev/port and /dev/mem: for root on Linux; politely refused elsewhere."""

# Ref: Linux Documentation/admin-guide/devices.txt: char major 1, minors 1 (mem) and 4 (port).

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType

from isadma_driver.errors import DmaError
from isadma_driver.machines.machine import Memory

#: The device files, and the first address that cannot be a port.
PORT_FILE, MEMORY_FILE, PORTS = Path("/dev/port"), Path("/dev/mem"), 0x10000
#: Physical memory that /dev/mem gives access to on a kernel built with STRICT_DEVMEM, as all are: the first 1 MB.
MEMORY_BYTES = 1 << 20


class DevPort:
    """The machine this program runs on. No kernel driver is asked: use it only where none owns the hardware.

    Most of the memory is the running system's: give `Kernel` a `PhysicalMemory` of what was kept free for it.
    A program gets no interrupts this way, so `wait_irq` lets the time go by and reports that none came: the drivers
    then ask their device, as they do for a lost interrupt.

    Parameters
    ----------
    ports, memory : Path, optional
        The device files.

    Raises
    ------
    DmaError
        Not Linux, no such file, or no permission; the message tells what to do.
    """

    def __init__(self, ports: Path = PORT_FILE, memory: Path = MEMORY_FILE) -> None:
        if not sys.platform.startswith("linux"):
            raise DmaError(f"port access on {sys.platform}: only Linux has {ports}; use the simulated PC")
        self._ports = _open(ports)
        try:
            self._memory = _FileMemory(_open(memory))
        except DmaError:
            os.close(self._ports)
            raise

    @property
    def memory(self) -> Memory:
        """The first megabyte of physical memory."""
        return self._memory

    def inb(self, port: int) -> int:
        """Read a byte from a port."""
        return os.pread(self._ports, 1, _checked(port))[0]

    def outb(self, port: int, value: int) -> None:
        """Write a byte to a port."""
        if not 0 <= value <= 0xFF:
            raise ValueError(f"outb of {value!r} to port {port:X}h: use 0 to FFh")
        os.pwrite(self._ports, bytes((value,)), _checked(port))

    def wait_irq(self, irq: int, *, seconds: float) -> None:
        """Let `seconds` go by, and report that the interrupt cannot be seen from here."""
        time.sleep(seconds)
        raise TimeoutError(f"IRQ {irq} cannot be waited for through {PORT_FILE}: the driver has to poll")

    def delay(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def close(self) -> None:
        """Close the device files."""
        os.close(self._ports)
        self._memory.close()

    def __enter__(self) -> DevPort:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class _FileMemory:
    """Physical memory behind a file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __getitem__(self, where: slice, /) -> bytes:
        start, stop, _ = where.indices(MEMORY_BYTES)
        return os.pread(self._descriptor, stop - start, start)

    def __setitem__(self, where: slice, data: bytes, /) -> None:
        start, stop, _ = where.indices(MEMORY_BYTES)
        if len(data) != stop - start:
            raise ValueError(f"{len(data)} bytes for {stop - start} bytes of memory at {start:X}h")
        os.pwrite(self._descriptor, data, start)

    def __len__(self) -> int:
        return MEMORY_BYTES

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        raise DmaError(f"this machine has no {path}: use the simulated PC") from None
    except PermissionError:
        raise DmaError(f"no permission for {path}: run as root on a real PC, or use the simulated one") from None
    except OSError as error:
        raise DmaError(f"cannot open {path} ({error.strerror}): use the simulated PC") from None


def _checked(port: int) -> int:
    if not 0 <= port < PORTS:
        raise ValueError(f"no port {port!r}: use 0 to {PORTS - 1:X}h")
    return port
