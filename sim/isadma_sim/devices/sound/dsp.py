"""The DSP: bytes in, bytes out, and what each command does.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapters 2 (reset, handshake) and 6 (commands).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.clock import SampleClock
from isadma_sim.devices.sound.regs import Command, Io, IoMode
from isadma_sim.devices.sound.run import Program
from isadma_sim.devices.sound.samples import Format
from isadma_sim.devices.sound.stream import Stream
from isadma_sim.machine.device import Device

#: The 8-bit commands without a mode byte: direction and mode. They use the FIFO always.
_OLD_STYLE = {
    Command.OUT_8: Io(0),
    Command.OUT_8_AUTO: Io.AUTO,
    Command.OUT_8_FAST: Io(0),
    Command.OUT_8_FAST_AUTO: Io.AUTO,
    Command.IN_8: Io.INPUT,
    Command.IN_8_AUTO: Io.INPUT | Io.AUTO,
    Command.IN_8_FAST: Io.INPUT,
    Command.IN_8_FAST_AUTO: Io.INPUT | Io.AUTO,
}
#: Those of them that bring their own count; the others use the block size of 48h.
_COUNTED = (Command.OUT_8, Command.IN_8)
_NANOSECONDS = 1_000_000_000


class Dsp:
    """The command processor.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    byte_stream, word_stream : Stream
        The two DMA streams it commands.
    interrupt : callable
        Called with 8 or 16 to raise that interrupt.
    direct_out : callable
        Called with each byte sent straight to the converter.
    direct_in : callable
        Returns a byte straight from the converter.
    silent : callable
        Called with format and frame for silence that is played.

    Attributes
    ----------
    lost : int
        Bytes written while it was busy or in reset.
    """

    def __init__(
        self,
        device: Device,
        byte_stream: Stream,
        word_stream: Stream,
        *,
        interrupt: Callable[[int], None],
        direct_out: Callable[[int], None],
        direct_in: Callable[[], int],
        silent: Callable[[Format, bytes], None],
    ) -> None:
        self._device = device
        self._streams = {8: byte_stream, 16: word_stream}
        self._interrupt = interrupt
        self._direct_out = direct_out
        self._direct_in = direct_in
        self._silent = silent
        self._silence = SampleClock(device, self._silence_tick)
        self._answers: deque[int] = deque(maxlen=regs.READ_BUFFER)
        self._last_answer = 0
        self._command: list[int] = []
        self._in_reset = False
        self._waking: Any = None
        self._busy_until = 0
        self._silence_left = 0
        self._silence_format = Format(Fraction(regs.RESET_RATE), 8, 1, signed=False)
        self._test = 0
        self.lost = 0
        self._clear()

    def _clear(self) -> None:
        self._answers.clear()
        self._command.clear()
        self._rate: Fraction = Fraction(regs.RESET_RATE)
        self._time_constant: int | None = None
        self._block = 1
        self._speaker = False

    # Ports

    def power_up(self) -> None:
        """Bus RESET: as after a reset pulse, without the answer."""
        self._halt()
        self._clear()
        self._in_reset = False
        self._test = self._last_answer = 0
        self._busy_until = 0

    def reset(self, level: bool) -> None:
        """Take the reset bit: 1 halts the DSP, 0 after it starts it anew."""
        if level:
            self._halt()
            self._in_reset = True
        elif self._in_reset:
            self._in_reset = False
            self._clear()
            self._waking = self._device.lines.after(self._clocks(regs.RESET_NS), self._awake)

    def _halt(self) -> None:
        for stream in self._streams.values():
            stream.stop()
        self._silence.stop()
        self._answers.clear()
        self._device.lines.cancel(self._waking)
        self._waking = None

    def _awake(self) -> None:
        self._waking = None
        self._answers.append(regs.READY)

    @property
    def busy(self) -> bool:
        """Whether it takes no byte now."""
        return self._in_reset or self._waking is not None or self._device.lines.clock < self._busy_until

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
        """Take a byte of a command; it is lost while busy."""
        if self.busy:
            self.lost += 1
            return
        self._busy_until = self._device.lines.clock + self._clocks(regs.BYTE_NS)
        self._command.append(value)
        if len(self._command) > regs.PARAMETERS.get(self._command[0], 0):
            code, *parameters = self._command
            self._command.clear()
            self._do(code, parameters)

    def _clocks(self, nanoseconds: int) -> int:
        return max(1, -(-self._device.lines.clock_hz * nanoseconds // _NANOSECONDS))

    # Commands

    def _do(self, code: int, parameters: list[int]) -> None:
        count = (parameters[-1] << 8 | parameters[-2]) + 1 if len(parameters) > 1 else self._block
        if regs.IO_16 <= code < regs.IO_8 + 0x10:
            bits = 16 if code < regs.IO_8 else 8
            # Bit 0 makes Bxh and Cxh commands of no meaning; they are taken for those without it (choice).
            self._transfer(bits, Io(code & (Io.FIFO | Io.AUTO | Io.INPUT)), parameters[0], count)
        elif code in _OLD_STYLE:
            size = count if code in _COUNTED else self._block
            self._transfer(8, _OLD_STYLE[Command(code)] | Io.FIFO, 0, size)
        elif code in (Command.OUT_RATE, Command.IN_RATE):
            rate = parameters[0] << 8 | parameters[1]  # high byte first, unlike every count
            self._rate = Fraction(min(max(rate, regs.LOWEST_RATE), regs.HIGHEST_RATE))
            self._time_constant = None
            self._retime()
        elif code == Command.TIME_CONSTANT:
            self._time_constant = parameters[0]
            self._retime()
        elif code == Command.BLOCK_SIZE:
            self._block = count
        elif code == Command.SILENCE:
            self._silence_left = count
            self._silence_format = Format(self.rate(1), 8, 1, signed=False)
            self._silence.start(self._silence_format.rate)
        else:
            self._control(code, parameters)

    def _control(self, code: int, parameters: list[int]) -> None:
        if code == Command.DIRECT_OUT:
            self._direct_out(parameters[0])
        elif code == Command.DIRECT_IN:
            self._answers.append(self._direct_in())
        elif code in (Command.PAUSE_8, Command.PAUSE_16):
            self._streams[8 if code == Command.PAUSE_8 else 16].pause()
        elif code in (Command.CONTINUE_8, Command.CONTINUE_16):
            self._streams[8 if code == Command.CONTINUE_8 else 16].go_on()
        elif code in (Command.EXIT_AUTO_8, Command.EXIT_AUTO_16):
            self._streams[8 if code == Command.EXIT_AUTO_8 else 16].leave()
        elif code in (Command.CONTINUE_AUTO_8, Command.CONTINUE_AUTO_16):
            self._streams[8 if code == Command.CONTINUE_AUTO_8 else 16].stay()
        elif code in (Command.SPEAKER_ON, Command.SPEAKER_OFF):
            self._speaker = code == Command.SPEAKER_ON  # of version 4 on it mutes nothing
        elif code == Command.SPEAKER_STATUS:
            self._answers.append(0xFF if self._speaker else 0)
        elif code == Command.IDENTIFY:
            self._answers.append(~parameters[0] & 0xFF)
        elif code == Command.VERSION:
            self._answers.extend(regs.VERSION)
        elif code == Command.COPYRIGHT:
            self._answers.extend(regs.COPYRIGHT)
        elif code == Command.WRITE_TEST:
            self._test = parameters[0]
        elif code == Command.READ_TEST:
            self._answers.append(self._test)
        elif code in (Command.INTERRUPT_8, Command.INTERRUPT_16):
            self._interrupt(8 if code == Command.INTERRUPT_8 else 16)

    def rate(self, channels: int) -> Fraction:
        """Return frames a second: a time constant counts the samples of all channels, 41h and 42h count frames."""
        if self._time_constant is None:
            return self._rate
        frames = Fraction(regs.TIME_CONSTANT_HZ, (256 - self._time_constant) * channels)
        return min(frames, Fraction(regs.HIGHEST_RATE))

    def _retime(self) -> None:
        """Let what plays or records follow at once: there is one rate, the card's."""
        for stream in self._streams.values():
            stream.retime()
        self._silence_format = self._silence_format.at(self.rate(1))
        self._silence.set_rate(self._silence_format.rate)

    def _transfer(self, bits: int, io: Io, mode: int, samples: int) -> None:
        channels = 2 if mode & IoMode.STEREO else 1
        form = Format(self.rate(channels), bits, channels, bool(mode & IoMode.SIGNED))
        self._streams[bits].start(
            Program(
                form,
                to_host=bool(io & Io.INPUT),
                block=samples * bits // 8,
                auto=bool(io & Io.AUTO),
                depth=regs.FIFO_BYTES if io & Io.FIFO else form.frame,
            )
        )

    def _silence_tick(self) -> None:
        self._silent(self._silence_format, self._silence_format.silence)
        self._silence_left -= 1
        if not self._silence_left:
            self._silence.stop()
            self._interrupt(8)
