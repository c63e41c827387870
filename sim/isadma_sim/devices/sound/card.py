"""The Sound Blaster 16: ports, interrupts, and the wires that its mixer selects.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, appendix A (ports) and chapter 4 (80h to 82h).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.dsp import Dsp
from isadma_sim.devices.sound.link import DmaLink
from isadma_sim.devices.sound.mixer import MixerChip, select_bit
from isadma_sim.devices.sound.regs import IrqStatus, Mixer, Port
from isadma_sim.devices.sound.samples import Format, Take, Tape
from isadma_sim.devices.sound.stream import Stream
from isadma_sim.machine.device import Device


class SoundBlaster16(Device):
    """A Sound Blaster 16, DSP version 4.05: attach it with `pc.attach(card)`; it brings its channels and its line.

    The mixer's registers 80h and 81h select them from those it is wired to: IRQ 5, 7, 9 or 10, DMA 0, 1 or 3 for
    8-bit samples, and DMA 5, 6 or 7 for 16-bit samples, which take the 8-bit channel, a byte at a time, where none of
    these is selected. What another device drives cannot be selected: its bit reads 0 then, and `conflicts` names it;
    at power-up that is a ValueError.

    Parameters
    ----------
    port : int
        First of its sixteen ports: 220h, 240h, 260h or 280h.
    irq, dma, hdma : int or None
        What is selected at power-up.
    record_from : str, Path, Tape or None
        What it hears: a WAV file of 8 or 16 bits; silence without one.
    play_to : str, Path or None
        WAV file of what it played, written when the PC is closed. Another format begins another file, NAME-2.wav.

    Attributes
    ----------
    takes : list of Take
        What it played, one for each stretch of the same format.
    direct : list of (int, int)
        Clock and byte of each sample sent by command 10h.
    conflicts : list of str
        What software selected and another device drives, with its name.

    Raises
    ------
    ValueError
        For a port, channel or line the card does not have, or a file that cannot be heard.

    Notes
    -----
    Volumes change no sample. FM synthesis, MIDI, joystick, CD-ROM, ADPCM and the signal processor are not there.
    When more than one bit of a kind is set in 80h or 81h, the lowest counts (choice).
    """

    name = "sound blaster"

    def __init__(
        self,
        port: int = regs.BASE,
        *,
        irq: int | None = 5,
        dma: int | None = 1,
        hdma: int | None = 5,
        record_from: str | Path | Tape | None = None,
        play_to: str | Path | None = None,
    ) -> None:
        if port not in range(0x220, 0x2A0, 0x20):
            raise ValueError(f"a Sound Blaster at {port!r}: use 220h, 240h, 260h or 280h")
        self._base = port
        self.ports = tuple(range(port, port + regs.PORT_COUNT))
        self._power_up = {
            Mixer.IRQ_SELECT: select_bit(irq, regs.IRQ_LINES, "IRQ"),
            Mixer.DMA_SELECT: select_bit(dma, regs.BYTE_CHANNELS, "8-bit DMA channel")
            | select_bit(hdma, regs.WORD_CHANNELS, "16-bit DMA channel"),
        }
        self._tape = record_from if isinstance(record_from, Tape) or record_from is None else Tape.open(record_from)
        self._play_to = None if play_to is None else Path(play_to)
        self.takes: list[Take] = []
        self._take: Take | None = None
        self.direct: list[tuple[int, int]] = []
        self.conflicts: list[str] = []
        self._plugged = False
        self._irq: int | None = None
        self._byte_link, self._word_link = DmaLink(), DmaLink()
        self._byte_stream = self._stream(IrqStatus.DMA_8, lambda: self._byte_link)
        self._word_stream = self._stream(
            IrqStatus.DMA_16, lambda: self._byte_link if self._word_link.channel is None else self._word_link
        )
        self._dsp = Dsp(
            self,
            self._byte_stream,
            self._word_stream,
            interrupt=lambda bits: self._raise(IrqStatus.DMA_8 if bits == 8 else IrqStatus.DMA_16),
            direct_out=lambda value: self.direct.append((self.lines.clock, value)),
            direct_in=lambda: self._hear(Format(self._dsp.rate(1), 8, 1, signed=False))[0],
            silent=lambda form, frame: self._heard(form, frame, False),
        )
        self._status = IrqStatus(0)
        self._mixer = MixerChip(self._select, lambda: self._status)

    def _stream(self, status: IrqStatus, link: Callable[[], DmaLink]) -> Stream:
        return Stream(
            self,
            rate=lambda channels: self._dsp.rate(channels),
            heard=self._heard,
            hear=self._hear,
            block_over=lambda: self._raise(status),
            link=link,
        )

    def reset(self) -> None:
        """Bus RESET: the DSP idle, the mixer and its selections as at power-up."""
        self._dsp.power_up()
        self._acknowledge(IrqStatus.DMA_8 | IrqStatus.DMA_16)
        self._mixer.reset()
        self._mixer.index = 0
        known = len(self.conflicts)
        for register, value in self._power_up.items():
            self._mixer.select(register, value)
        conflicts = self.conflicts[known:]
        if conflicts and not self._plugged:  # not a card that software turned, but one that does not fit
            del self.conflicts[known:]
            for register in self._power_up:
                self._mixer.select(register, 0)
            raise ValueError("; ".join(conflicts))
        self._plugged = True

    def close(self) -> None:
        """Write the file of what was played."""
        self._byte_link.unplug()
        self._word_link.unplug()
        self._plugged = False
        if self._play_to is not None:
            self.save(self._play_to)

    # The outside

    @property
    def irq(self) -> int | None:
        """The interrupt line that is selected."""
        return self._irq

    @property
    def dma(self) -> int | None:
        """The 8-bit DMA channel that is selected."""
        return self._byte_link.channel

    @property
    def hdma(self) -> int | None:
        """The 16-bit DMA channel that is selected."""
        return self._word_link.channel

    @property
    def underruns(self) -> int:
        """Frames that were due before DMA had brought them: the last one was held."""
        return self._byte_stream.underruns + self._word_stream.underruns

    @property
    def overruns(self) -> int:
        """Recorded frames that DMA fetched too late, and that are lost."""
        return self._byte_stream.overruns + self._word_stream.overruns

    @property
    def waiting(self) -> int:
        """Bytes that DMA has brought and that are not heard yet."""
        return self._byte_stream.waiting + self._word_stream.waiting

    @property
    def dropped(self) -> int:
        """Bytes that DMA has brought and that nobody will hear: a reset came, or nobody had asked for them.

        What the 8237A has counted is what the takes say was `brought`, `waiting`, and these.
        """
        streams = self._byte_stream.dropped + self._word_stream.dropped
        return streams + self._byte_link.unwanted + self._word_link.unwanted

    @property
    def lost_commands(self) -> int:
        """Bytes written to the DSP while it was busy."""
        return self._dsp.lost

    def save(self, path: str | Path) -> list[Path]:
        """Write what was played as WAV files, one for each take; return their names."""
        path = Path(path)
        names = []
        for number, take in enumerate(self.takes, 1):
            name = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            take.save(name)
            names.append(name)
        return names

    def _heard(self, form: Format, frame: bytes, brought: bool) -> None:
        take = self._take
        if take is None or (take.format is not form and take.format != form):
            take = self._take = Take(form)
            self.takes.append(take)
        if not brought:
            take.held.append(len(take.data) // form.frame)
        take.data += frame

    def _hear(self, form: Format) -> bytes:
        return form.silence if self._tape is None else self._tape.next(form)

    # Ports

    def io_read(self, port: int) -> int:
        """Read a port."""
        offset = port - self._base
        if offset == Port.MIXER_INDEX:
            return self._mixer.index
        if offset == Port.MIXER_DATA:
            return self._mixer.read()
        if offset == Port.READ_DATA:
            return self._dsp.read()
        if offset == Port.COMMAND:
            return regs.STATUS_REST | (regs.STATUS_BIT if self._dsp.busy else 0)
        if offset == Port.READ_STATUS:
            self._acknowledge(IrqStatus.DMA_8)
            return regs.STATUS_REST | (regs.STATUS_BIT if self._dsp.answered else 0)
        if offset == Port.ACK_16:
            self._acknowledge(IrqStatus.DMA_16)
        return 0xFF

    def io_write(self, port: int, value: int) -> None:
        """Write a port; those of the FM synthesizer take nothing."""
        offset = port - self._base
        if offset == Port.MIXER_INDEX:
            self._mixer.index = value
        elif offset == Port.MIXER_DATA:
            self._mixer.write(value)
        elif offset == Port.RESET:
            self._dsp.reset(bool(value & 1))
            if value & 1:
                self._acknowledge(IrqStatus.DMA_8 | IrqStatus.DMA_16)
        elif offset == Port.COMMAND:
            self._dsp.write(value)

    # Wires

    def _select(self, register: Mixer, value: int) -> int:
        """Drive what a selecting register names; return the bits that took effect."""
        if register == Mixer.IRQ_SELECT:
            value = self._select_irq(value & sum(regs.IRQ_LINES))
            self.lines.irq(bool(self._status))
            return value
        known = 0
        for link, channels in ((self._byte_link, regs.BYTE_CHANNELS), (self._word_link, regs.WORD_CHANNELS)):
            known |= self._select_dma(link, channels, value & sum(channels))
        for stream in (self._byte_stream, self._word_stream):
            stream.relink()
        return known

    def _select_irq(self, value: int) -> int:
        bit = _lowest(value)
        try:
            self.lines.select_irq(regs.IRQ_LINES[bit] if bit else None)
        except ValueError as error:
            self.conflicts.append(str(error))
            self.lines.select_irq(None)
            value, bit = value & ~bit, 0
        self._irq = regs.IRQ_LINES[bit] if bit else None
        return value

    def _select_dma(self, link: DmaLink, channels: dict[int, int], value: int) -> int:
        bit = _lowest(value)
        wanted = channels[bit] if bit else None
        if wanted != link.channel:
            try:
                link.select(wanted, self.lines)
            except ValueError as error:
                self.conflicts.append(str(error))
                value &= ~bit
        return value

    def _raise(self, source: IrqStatus) -> None:
        self._status |= source
        self.lines.irq(True)

    def _acknowledge(self, source: IrqStatus) -> None:
        standing = self._status
        self._status &= ~source
        if standing and not self._status:
            self.lines.irq(False)


def _lowest(value: int) -> int:
    return value & -value
