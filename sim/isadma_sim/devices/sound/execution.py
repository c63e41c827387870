"""What the DSP does for each command, once all of its bytes have come.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 6; `commands` names what else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.clock import SampleClock
from isadma_sim.devices.sound.commands import Does, Entry
from isadma_sim.devices.sound.models import Model
from isadma_sim.devices.sound.regs import Io, IoMode
from isadma_sim.devices.sound.run import Program
from isadma_sim.devices.sound.samples import Format
from isadma_sim.devices.sound.stream import Stream
from isadma_sim.machine.device import Device

#: Bytes of the processor's RAM that software looks at (86Box: what cards hold there at power-up).
_RAM = {0x0E: 0xFF, 0x0F: 0x07, 0x37: 0x38}
#: Where it keeps the rate, low byte first, the command under way, and the one before (DOSBox-X).
_RAM_RATE, _RAM_COMMAND, _RAM_LAST = 0x13, 0x20, 0x30
#: What 04h tells, a bit each (firmware 2.02, register 23h).
_SPEAKER_BIT, _RECORD_BIT, _SILENCE_BIT, _PLAY_BIT = 0x01, 0x04, 0x08, 0x80


@dataclass(frozen=True)
class Outside:
    """What the rest of the card does for the DSP.

    Attributes
    ----------
    interrupt : callable
        Called with 8 or 16 to raise that interrupt.
    direct_out : callable
        Called with each byte sent straight to the converter.
    direct_in : callable
        Returns a byte straight from the converter.
    silent : callable
        Called with format and frame for silence that is played.
    identify : callable
        Called with each challenge of E2h.
    output_stereo : callable
        Whether the mixer says that 8-bit output without a mode byte is stereo.
    """

    interrupt: Callable[[int], None]
    direct_out: Callable[[int], None]
    direct_in: Callable[[], int]
    silent: Callable[[Format, bytes], None]
    identify: Callable[[int], None]
    output_stereo: Callable[[], bool]


class Execution:
    """The commands' effects.

    Parameters
    ----------
    device : Device
        Whose lines tell the time.
    model : Model
        Which card it is.
    streams : dict
        The DMA streams by width, 8 and 16.
    outside : Outside
        What the rest of the card does.

    Attributes
    ----------
    high_speed : bool
        Whether the DSP moves samples so fast that it hears no command.
    """

    def __init__(self, device: Device, model: Model, streams: dict[int, Stream], outside: Outside) -> None:
        self._model = model
        self._streams = streams
        self._outside = outside
        self._silence = SampleClock(device, self._silence_tick)
        self._silence_left = 0
        self._silence_format = Format(Fraction(regs.RESET_RATE), 8, 1, signed=False)
        self._effects: dict[Does, Callable[[Entry, list[int]], Iterable[int] | None]] = {
            Does.TRANSFER: self._old_transfer,
            Does.TRANSFER_AS_TOLD: self._new_transfer,
            Does.DIRECT_OUT: lambda entry, data: outside.direct_out(data[0]),
            Does.DIRECT_IN: lambda entry, data: (outside.direct_in(),),
            Does.TIME_CONSTANT: self._set_constant,
            Does.RATE: self._set_rate,
            Does.BLOCK_SIZE: self._set_block,
            Does.SILENCE: self._be_silent,
            Does.PAUSE: lambda entry, data: streams[entry.bits].pause(),
            Does.GO_ON: lambda entry, data: streams[entry.bits].go_on(),
            Does.LEAVE_AUTO: lambda entry, data: streams[entry.bits].leave(),
            Does.STAY_AUTO: lambda entry, data: streams[entry.bits].stay(),
            Does.SPEAKER_ON: lambda entry, data: self._set_speaker(True),
            Does.SPEAKER_OFF: lambda entry, data: self._set_speaker(False),
            Does.SPEAKER_STATUS: lambda entry, data: (0xFF if self._speaker else 0,),
            Does.INPUT_MONO: lambda entry, data: self._set_input(1),
            Does.INPUT_STEREO: lambda entry, data: self._set_input(2),
            Does.INVERT: lambda entry, data: (~data[0] & 0xFF,),
            Does.VERSION: lambda entry, data: model.version,
            Does.IDENTIFY: lambda entry, data: outside.identify(data[0]),
            Does.COPYRIGHT: lambda entry, data: regs.COPYRIGHT,
            Does.WRITE_TEST: self._write_test,
            Does.READ_TEST: lambda entry, data: (self._test,),
            Does.INTERRUPT: lambda entry, data: outside.interrupt(entry.bits),
            Does.STATUS: lambda entry, data: (self._status(),),
            Does.LAST_COMMAND: lambda entry, data: (self._ram[_RAM_LAST],),
            Does.READ_RAM: lambda entry, data: (self._ram[data[0]],),
            Does.WRITE_RAM: self._write_ram,
        }
        self.power_up()

    def power_up(self) -> None:
        """Begin as after bus RESET."""
        self._test = 0
        self._ram = bytearray(256)
        for place, value in _RAM.items():
            self._ram[place] = value
        self.high_speed = False
        self.clear()

    def clear(self) -> None:
        """Begin as after a reset of the DSP. One that ends high-speed mode does no more than that (firmware 2.02)."""
        if self.high_speed:
            self.high_speed = False
            return
        self._rate: Fraction = Fraction(regs.RESET_RATE)
        self._constant: int | None = None
        self._block = 1
        self._speaker = False
        self._input_channels = 1
        self._fast = self._to_host = False

    def halt(self) -> None:
        """Stop everything."""
        for stream in self._streams.values():
            stream.stop()
        self._silence.stop()
        self._silence_left = 0

    def do(self, code: int, entry: Entry, data: list[int]) -> Iterable[int]:
        """Do what a command says; return its answer."""
        self._ram[_RAM_COMMAND] = code
        effect = self._effects.get(entry.does)
        answer = None if effect is None else effect(entry, data)
        self._ram[_RAM_LAST] = code
        return entry.answer if answer is None else answer

    def block_over(self) -> None:
        """Leave high-speed mode with the last block of the 8-bit stream."""
        run = self._streams[8].run
        if self.high_speed and (run is None or run.ended):
            self.high_speed = False

    # Rates

    def rate(self, channels: int) -> Fraction:
        """Return frames a second: a time constant counts the samples of all channels, 41h and 42h count frames."""
        if self._constant is None:
            return self._rate
        samples = Fraction(regs.TIME_CONSTANT_HZ, 256 - self._constant)
        return self._model.frames(samples, channels, to_host=self._to_host, fast=self._fast)

    def _set_constant(self, entry: Entry, data: list[int]) -> None:
        self._constant = data[0]
        self._retime()

    def _set_rate(self, entry: Entry, data: list[int]) -> None:
        rate = data[0] << 8 | data[1]  # high byte first, unlike every count
        self._ram[_RAM_RATE : _RAM_RATE + 2] = rate.to_bytes(2, "little")
        self._rate = Fraction(min(max(rate, regs.LOWEST_RATE), regs.HIGHEST_RATE))
        self._constant = None
        self._retime()

    def _retime(self) -> None:
        """Let what plays or records follow at once: there is one rate, the card's."""
        for stream in self._streams.values():
            stream.retime()
        self._silence_format = self._silence_format.at(self.rate(1))
        self._silence.set_rate(self._silence_format.rate)

    # Transfers

    def _set_block(self, entry: Entry, data: list[int]) -> None:
        self._block = _count(data)

    def _old_transfer(self, entry: Entry, data: list[int]) -> None:
        to_host = bool(entry.io & Io.INPUT)
        channels = self._input_channels if to_host else 1 + self._outside.output_stereo()
        self._transfer(entry, channels, False, _count(data) if entry.counted else self._block)
        self.high_speed = entry.fast

    def _new_transfer(self, entry: Entry, data: list[int]) -> None:
        mode = data[0]
        channels = 2 if mode & IoMode.STEREO else 1
        self._transfer(entry, channels, bool(mode & IoMode.SIGNED), _count(data[1:]))

    def _transfer(self, entry: Entry, channels: int, signed: bool, samples: int) -> None:
        self._to_host, self._fast = bool(entry.io & Io.INPUT), entry.fast
        form = Format(self.rate(channels), entry.bits, channels, signed)
        fifo = self._model.fifo and entry.io & Io.FIFO
        self._streams[entry.bits].start(
            Program(
                form,
                to_host=self._to_host,
                block=samples * entry.bits // 8,
                auto=bool(entry.io & Io.AUTO),
                depth=regs.FIFO_BYTES if fifo else form.frame,
            )
        )

    def _be_silent(self, entry: Entry, data: list[int]) -> None:
        self._silence_left = _count(data)
        self._silence_format = Format(self.rate(1), 8, 1, signed=False)
        self._silence.start(self._silence_format.rate)

    def _silence_tick(self) -> None:
        self._outside.silent(self._silence_format, self._silence_format.silence)
        self._silence_left -= 1
        if not self._silence_left:
            self._silence.stop()
            self._outside.interrupt(8)

    # What is only kept

    def _set_speaker(self, on: bool) -> None:
        self._speaker = on  # it mutes no sample here

    def _set_input(self, channels: int) -> None:
        self._input_channels = channels

    def _write_test(self, entry: Entry, data: list[int]) -> None:
        self._test = data[0]

    def _write_ram(self, entry: Entry, data: list[int]) -> None:
        self._ram[data[0]] = data[1]

    def _status(self) -> int:
        run = self._streams[8].run
        status = _SPEAKER_BIT if self._speaker else 0
        if run is not None and not run.ended:
            status |= _RECORD_BIT if run.program.to_host else _PLAY_BIT
        return status | (_SILENCE_BIT if self._silence_left else 0)


def _count(data: list[int]) -> int:
    """Return a count of two bytes, low one first, that says one less."""
    return (data[1] << 8 | data[0]) + 1
