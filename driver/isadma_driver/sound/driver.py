"""The Sound Blaster driver: finds the card, chooses free channels for it where it can, plays and records."""

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 4 (80h and 81h select the wires).

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from isadma_driver.channels.ownership import Claim, Kind
from isadma_driver.checks.values import as_data, as_int, as_kind, as_path, shown
from isadma_driver.errors import ChannelBusyError, DmaError, SoundError
from isadma_driver.interrupts import InterruptLine
from isadma_driver.kernel import Kernel
from isadma_driver.sound.codes import BYTE_DMA_BITS, IRQ_BITS, WORD_DMA_BITS, Mixer
from isadma_driver.sound.dsp import Dsp
from isadma_driver.sound.eight import EightBitDsp
from isadma_driver.sound.kinds import kind_of
from isadma_driver.sound.pcm import Pcm
from isadma_driver.sound.ring import Ring
from isadma_driver.sound.stream import Stream

#: Name in /proc/dma and in the memory map.
OWNER = "sound"
#: The smallest and the largest buffer, in bytes: the smallest half still holds some interrupts' worth of samples.
SMALLEST_BUFFER, LARGEST_BUFFER = 64, 0x10000
#: Where the jumpers of cards before the 16 are when they leave the factory.
JUMPER_IRQ, JUMPER_DMA = 5, 1

#: Frames of one recording: a day and more.
MOST_FRAMES = 1 << 32


class SoundDriver:
    """One Sound Blaster, from the first on. Use it in a `with` block, which leaves all that it held released.

    A Sound Blaster 16 is told its line and channels. The cards before it have jumpers, which no register tells: give
    what they say, unless it is interrupt 5 and channel 1. They do 8 bits, a Pro stereo too; from 2.01 on rates above
    23,000 samples a second by high-speed mode, block by block. Their rates are 1,000,000 over a whole number.

    Parameters
    ----------
    kernel : Kernel
        Channels, interrupts and memory.
    port : int, optional
        Where the card is.
    irq : int or None, optional
        5, 7, 9 or 10; None: the first of them that is free. As of the jumper on a card before the 16, 5 when None.
    dma, hdma : int or None, optional
        Channels for 8-bit samples (0, 1 or 3) and 16-bit ones (5, 6 or 7); None: the first free one. Where no 16-bit
        channel is free, 16-bit samples go over the 8-bit one. `dma` is the jumper's on a card before the 16, 1 when
        None; `hdma` is none there.
    buffer_bytes : int, optional
        Of both halves together, 64 to 65536, a multiple of 8.

    Attributes
    ----------
    version : tuple of int
        The DSP's version.
    kind : CardKind
        What such a card can do.
    irq, dma : int
        The line and the 8-bit channel in use.
    hdma : int or None
        The 16-bit channel in use.

    Raises
    ------
    SoundError
        No such card there.
    ChannelBusyError
        No channel to be had; the message names every owner. The same for the line, as `DmaError`.
    ValueError
        For a line, channel or size that the card does not have.
    """

    def __init__(
        self,
        kernel: Kernel,
        *,
        port: int = 0x220,
        irq: int | None = None,
        dma: int | None = None,
        hdma: int | None = None,
        buffer_bytes: int = 8192,
    ) -> None:
        self._kernel = as_kind("kernel", kernel, Kernel, "give a Kernel")
        text = f"a sound buffer of {{}} bytes: use {SMALLEST_BUFFER} to {LARGEST_BUFFER}, a multiple of 8"
        buffer_bytes = as_int(text, buffer_bytes, SMALLEST_BUFFER, LARGEST_BUFFER)
        if buffer_bytes % 8:
            raise ValueError(text.replace("{}", str(buffer_bytes)))
        port = as_int("no Sound Blaster at {}: use 220h, 240h, 260h or 280h", port, 0, 0xFFF0)
        self._rings: dict[int, Ring] = {}
        self._lines: list[InterruptLine] = []
        self._stream: Stream | None = None
        self._closed = False
        self._dsp = Dsp(kernel.machine, port)
        self._dsp.reset()
        self.version = self._dsp.version()
        self.kind = kind = kind_of(self.version)
        kind.wire(irq, kind.irqs, "interrupt")
        kind.wire(dma, kind.dmas, "8-bit DMA channel")
        kind.wire(hdma, kind.hdmas, "16-bit DMA channel")
        if not kind.told:
            self._dsp = EightBitDsp(kernel.machine, port, kind)
            irq, dma = JUMPER_IRQ if irq is None else irq, JUMPER_DMA if dma is None else dma
        try:
            self._line = self._take_line(irq)
            self._lines.append(self._line)
            self.irq = self._line.irq
            byte = self._take_channel(dma, Kind.BYTE, BYTE_DMA_BITS)
            self.dma = byte.channel
            self._rings[8] = self._ring(byte, buffer_bytes)
            self.hdma: int | None = None
            if kind.told:
                self._tell(hdma, buffer_bytes)
            self._dsp.speaker(True)
        except BaseException:
            self._release()
            raise

    def _tell(self, hdma: int | None, buffer_bytes: int) -> None:
        """Take a 16-bit channel where one is to be had, and tell the card of all wires."""
        try:
            word = self._take_channel(hdma, Kind.WORD, WORD_DMA_BITS)
        except ChannelBusyError:
            if hdma is not None:
                raise
        else:
            self.hdma = word.channel
            self._rings[16] = self._ring(word, buffer_bytes)
        self._dsp.set_mixer(Mixer.IRQ_SELECT, IRQ_BITS[self.irq])
        word_bit = 0 if self.hdma is None else WORD_DMA_BITS[self.hdma]
        self._dsp.set_mixer(Mixer.DMA_SELECT, BYTE_DMA_BITS[self.dma] | word_bit)

    @property
    def lost_interrupts(self) -> int:
        """Interrupts that never came; polling noticed."""
        return self._line.lost

    def __enter__(self) -> SoundDriver:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop what runs; let the card drive no line; give back channels, interrupt and memory. May be called twice."""
        if self._closed:
            return
        try:
            self.stop()
            self._dsp.speaker(False)
            if self.kind.told:
                self._dsp.set_mixer(Mixer.DMA_SELECT, 0)
                self._dsp.set_mixer(Mixer.IRQ_SELECT, 0)
        finally:
            self._release()

    # Sound ----------------------------------------------------------------------------------------------------------

    def play(self, data: bytes, *, rate: int, bits: int = 8, channels: int = 1, auto: bool = True) -> None:
        """Play samples, and wait until they are heard.

        Parameters
        ----------
        data : bytes
            Whole frames: 8-bit samples unsigned, 16-bit ones signed and little endian, left before right.
        rate, bits, channels : int
            Frames a second (4,000 to 45,454), 8 or 16, 1 or 2.
        auto : bool, optional
            By auto-initialize, without a gap; otherwise by single-cycle blocks.

        Raises
        ------
        ValueError
            For another format, or no whole number of frames.
        DmaTimeoutError, SoundError
            As of `Stream.step`.
        """
        with self.start_playing(data, rate=rate, bits=bits, channels=channels, auto=auto) as stream:
            stream.wait()

    def record(self, frames: int, *, rate: int, bits: int = 8, channels: int = 1, auto: bool = True) -> bytes:
        """Record so many frames; parameters and errors as of `play`."""
        with self.start_recording(frames, rate=rate, bits=bits, channels=channels, auto=auto) as stream:
            stream.wait()
            return stream.data

    def play_wav(self, path: str | Path) -> None:
        """Play a WAV file.

        Raises
        ------
        ValueError
            It is none, or of a format that the card does not play.
        OSError
            It cannot be read.
        """
        try:
            with open(as_path(path), "rb") as opened, wave.open(opened, "rb") as file:
                rate, bits, channels = file.getframerate(), 8 * file.getsampwidth(), file.getnchannels()
                data = file.readframes(file.getnframes())
        except (wave.Error, EOFError, RuntimeError, struct.error) as error:  # `wave` ends in a bare RuntimeError too
            reason = str(error) or "its chunks are damaged"
            raise ValueError(f"{shown(path)}: {reason}: give an uncompressed WAV file") from None
        self.play(data, rate=rate, bits=bits, channels=channels)

    def start_playing(self, data: bytes, *, rate: int, bits: int = 8, channels: int = 1, auto: bool = True) -> Stream:
        """Begin to play and return at once: call `step`, `poll` or `wait` of the stream; parameters as of `play`."""
        pcm, data = Pcm(rate, bits, channels), as_data("data", data)
        if not data or len(data) % pcm.frame:
            raise ValueError(f"{len(data)} bytes are no whole number of frames: give a multiple of {pcm.frame}")
        return self._start(pcm, data, len(data), auto)

    def start_recording(self, frames: int, *, rate: int, bits: int = 8, channels: int = 1, auto: bool = True) -> Stream:
        """Begin to record and return at once; parameters as of `record`."""
        pcm = Pcm(rate, bits, channels)
        frames = as_int(f"{{}} frames to record: give 1 to {MOST_FRAMES}", frames, 1, MOST_FRAMES)
        return self._start(pcm, None, frames * pcm.frame, auto)

    def stop(self) -> None:
        """End whatever runs, at once."""
        if self._stream is not None:
            self._stream.stop()

    # Below ----------------------------------------------------------------------------------------------------------

    def _start(self, pcm: Pcm, data: bytes | None, total: int, auto: bool) -> Stream:
        if self._closed:
            raise SoundError("the sound driver was closed: open it again")
        if self._stream is not None:
            raise SoundError("the card plays or records already: wait for it, or stop it")
        as_kind("auto", auto, bool, "give True or False")
        self.kind.check(pcm, record=data is None)
        if not self.kind.repeats or self.kind.fast(pcm, record=data is None):
            auto = False
        ring = self._rings.get(pcm.bits, self._rings[8])
        stream = Stream(
            self._kernel.machine,
            self._dsp,
            self._line,
            ring,
            pcm,
            data=data,
            total=total,
            auto=auto,
            ended=self._ended,
        )
        self._stream = stream
        try:
            stream.begin()
        except BaseException:
            stream.stop()
            raise
        return stream

    def _ended(self) -> None:
        self._stream = None

    def _take_line(self, irq: int | None) -> InterruptLine:
        errors: list[DmaError] = []
        for line in self.kind.irqs if irq is None else (irq,):
            try:
                return self._kernel.interrupts.request_irq(line, OWNER)
            except DmaError as error:
                errors.append(error)
        raise DmaError("; ".join(map(str, errors)))

    def _take_channel(self, channel: int | None, kind: Kind, wired: dict[int, int]) -> Claim:
        dma = self._kernel.dma
        if channel is None:
            return dma.request_free(kind, OWNER, among=wired)
        return dma.request_dma(channel, OWNER)

    def _ring(self, claim: Claim, size: int) -> Ring:
        try:
            return Ring(self._kernel, claim, size, OWNER)
        except BaseException:
            self._kernel.dma.free_dma(claim)
            raise

    def _release(self) -> None:
        self._closed = True
        release: list[Callable[[], None]] = [ring.free for ring in self._rings.values()]
        release += [line.free for line in self._lines]
        self._rings, self._lines = {}, []
        for give_back in release:
            give_back()
