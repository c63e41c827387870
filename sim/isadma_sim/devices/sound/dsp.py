"""The DSP's handshake: bytes of commands in, bytes of answers out.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 2 (reset, handshake).
"""

from __future__ import annotations

from collections import deque
from typing import Any

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.commands import Does, Entry
from isadma_sim.devices.sound.execution import Execution
from isadma_sim.machine.device import Device

_NANOSECONDS = 1_000_000_000
#: Bytes that are no commands: every one until a reset.
_ENDLESS = 1 << 62


class Dsp:
    """Collects commands and hands them to `Execution`.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    commands : tuple of Entry
        All 256.
    execution : Execution
        What does them.

    Attributes
    ----------
    lost : int
        Bytes written while it was busy or in reset.
    sent : bytearray
        Bytes for the MIDI output.
    """

    def __init__(self, device: Device, commands: tuple[Entry, ...], execution: Execution) -> None:
        self._device = device
        self._commands = commands
        self._execution = execution
        self._answers: deque[int] = deque(maxlen=regs.READ_BUFFER)
        self._last_answer = 0
        self._command: list[int] = []
        self._others = 0  # bytes to come that are no commands
        self._for_midi = False  # and where they go
        self._afterwards = b""  # what is answered when they have come
        self._halted = False
        self._in_reset = False
        self._waking: Any = None
        self._busy_until = 0
        self.lost = 0
        self.sent = bytearray()

    def _clear(self) -> None:
        self._answers.clear()
        self._command.clear()
        self._others, self._afterwards = 0, b""
        self._for_midi = self._halted = False

    # Ports

    def power_up(self) -> None:
        """Bus RESET: as after a reset pulse, without the answer."""
        self._halt()
        self._clear()
        self._execution.power_up()
        self._in_reset = False
        self._last_answer = 0
        self._busy_until = 0

    def reset(self, level: bool) -> None:
        """Take the reset bit: 1 halts the DSP, 0 after it starts it anew."""
        if level:
            self._halt()
            self._in_reset = True
        elif self._in_reset:
            self._in_reset = False
            self._clear()
            self._execution.clear()
            self._waking = self._device.lines.after(self._clocks(regs.RESET_NS), self._awake)

    def _halt(self) -> None:
        self._execution.halt()
        self._answers.clear()
        self._device.lines.cancel(self._waking)
        self._waking = None

    def _awake(self) -> None:
        self._waking = None
        self._answers.append(regs.READY)

    @property
    def busy(self) -> bool:
        """Whether it takes no byte now."""
        deaf = self._halted or self._execution.high_speed
        return deaf or self._in_reset or self._waking is not None or self._device.lines.clock < self._busy_until

    @property
    def answered(self) -> bool:
        """Whether a byte waits to be read."""
        return bool(self._answers)

    def read(self) -> int:
        """Fetch a byte; the last one again when there is none."""
        if self._answers:
            self._last_answer = self._answers.popleft()
        return self._last_answer

    def write(self, value: int) -> None:
        """Take a byte, of a command most often; it is lost while busy."""
        if self.busy:
            self.lost += 1
            return
        self._busy_until = self._device.lines.clock + self._clocks(regs.BYTE_NS)
        if self._others:
            self._take_other(value)
            return
        self._command.append(value)
        entry = self._commands[self._command[0]]
        if len(self._command) > entry.parameters:
            code, *parameters = self._command
            self._command.clear()
            self._answers.extend(self._execution.do(code, entry, parameters))
            self._listen(entry, parameters)

    def _clocks(self, nanoseconds: int) -> int:
        return max(1, -(-self._device.lines.clock_hz * nanoseconds // _NANOSECONDS))

    # Bytes that are no commands

    def _listen(self, entry: Entry, parameters: list[int]) -> None:
        """Do what a command means for the bytes after it."""
        if entry.does == Does.MIDI_WRITE:
            self.sent.append(parameters[0])
        elif entry.does == Does.MIDI_READ:
            self._others = 1
        elif entry.does == Does.MIDI_UART:
            self._others, self._for_midi = _ENDLESS, True
        elif entry.does == Does.DOWNLOAD:
            self._others = (parameters[1] << 8 | parameters[0]) + 1
            self._afterwards = b"\0"
        elif entry.does == Does.LOAD_SAMPLES:
            # The firmware counts down by two, and misses the end of an odd number.
            self._others = _ENDLESS if parameters[0] % 2 else (parameters[0] or 256) // 2
        elif entry.does == Does.HALT:
            self._halted = True

    def _take_other(self, value: int) -> None:
        self._others -= 1
        if self._for_midi:
            self.sent.append(value)
        if not self._others:
            self._answers.extend(self._afterwards)
            self._afterwards = b""
