"""QEMU's firmware configuration at 510h and 511h: how a SeaBIOS that was built for QEMU gets a video BIOS."""

# Ref: QEMU, docs/specs/fw_cfg.rst (selector and data register, file directory).

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isadma_sim.machine.device import Device

__all__ = ["FirmwareConfig"]

SELECTOR_LOW, DATA = 0x510, 0x511
_SIGNATURE, _IDENTITY, _DIRECTORY, _FIRST_FILE = 0x00, 0x01, 0x19, 0x20
_NAME_BYTES = 56


class FirmwareConfig(Device):
    """Files that firmware reads, byte by byte.

    Parameters
    ----------
    files : mapping of str to bytes
        By name, such as ``vgaroms/display.bin``.
    """

    name, ports = "firmware configuration", (SELECTOR_LOW, DATA)

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._items = {_SIGNATURE: b"QEMU", _IDENTITY: (1).to_bytes(4, "little")}
        directory = len(files).to_bytes(4, "big")
        for key, (name, data) in enumerate(files.items(), _FIRST_FILE):
            self._items[key] = data
            directory += len(data).to_bytes(4, "big") + key.to_bytes(2, "big") + bytes(2)
            directory += name.encode("ascii").ljust(_NAME_BYTES, b"\0")
        self._items[_DIRECTORY] = directory
        self._key = self._at = 0

    def reset(self) -> None:
        """Bus RESET: the signature is selected."""
        self._key = self._at = 0

    def io_write(self, port: int, value: int) -> None:
        """Write the selector, a word as two bytes; data are read only."""
        self._key = self._key & 0xFF00 | value if port == SELECTOR_LOW else self._key & 0xFF | value << 8
        self._at = 0

    def io_read(self, port: int) -> int:
        """Read the next byte of what is selected; zeros behind its end and where there is nothing."""
        if port != DATA:
            return 0xFF
        item = self._items.get(self._key, b"")
        value = item[self._at] if self._at < len(item) else 0
        self._at += 1
        return value

    def save_state(self) -> Any:
        """Return what is selected, and how far it was read."""
        return [self._key, self._at]

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        self._key, self._at = state
