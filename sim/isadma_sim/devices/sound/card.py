"""A Sound Blaster of any kind: ports, interrupts, and what it plays and hears; how it is connected is the kind's.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, appendix A (ports).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.dsp import Dsp
from isadma_sim.devices.sound.execution import Execution, Outside
from isadma_sim.devices.sound.identity import Identity
from isadma_sim.devices.sound.link import DmaLink
from isadma_sim.devices.sound.models import Model
from isadma_sim.devices.sound.regs import IrqStatus, Port
from isadma_sim.devices.sound.samples import Format, Take, Tape
from isadma_sim.devices.sound.stream import Stream
from isadma_sim.machine.checks import one_of
from isadma_sim.machine.device import Device
from isadma_tools.files.names import as_path


class MixerPorts(Protocol):
    """A mixer chip: an index, and the register that it names.

    Attributes
    ----------
    index : int
        What was written to the index port last.
    """

    index: int

    def reset(self) -> None:
        """Put every register back to its default."""
        ...

    def read(self) -> int:
        """Read the register."""
        ...

    def write(self, value: int) -> None:
        """Write the register."""
        ...


class SoundBlaster(Device):
    """What all Sound Blasters share; `SoundBlaster16` and those in `boards` are the cards.

    Parameters
    ----------
    model : Model
        Which one it is.
    port : int
        First of its sixteen ports: 220h, 240h, 260h or 280h.
    record_from : str, Path, Tape or None
        What it hears: a WAV file of 8 or 16 bits; silence without one.
    play_to : str, Path or None
        WAV file of what it played, written when the PC is closed. Another format begins another file, NAME-2.wav.

    Attributes
    ----------
    model : Model
        Which one it is.
    takes : list of Take
        What it played, one for each stretch of the same format.
    direct : list of (int, int)
        Clock and byte of each sample sent by command 10h.

    Raises
    ------
    ValueError
        For a port the card does not have, or a file that cannot be heard.
    """

    name = "sound blaster"

    def __init__(
        self,
        model: Model,
        port: int,
        *,
        mixer: MixerPorts | None,
        record_from: str | Path | Tape | None,
        play_to: str | Path | None,
    ) -> None:
        port = one_of("a Sound Blaster at {}: use 220h, 240h, 260h or 280h", port, range(0x220, 0x2A0, 0x20))
        self.model = model
        self._base = port
        self.ports = tuple(range(port, port + regs.PORT_COUNT))
        self._tape = record_from if isinstance(record_from, Tape) or record_from is None else Tape.open(record_from)
        self.output_files = () if play_to is None else (as_path(play_to),)
        self.takes: list[Take] = []
        self._take: Take | None = None
        self.direct: list[tuple[int, int]] = []
        self._irq: int | None = None
        self._byte_link, self._word_link = DmaLink(), DmaLink()
        self._byte_stream = self._stream(IrqStatus.DMA_8, lambda: self._byte_link)
        self._word_stream = self._stream(
            IrqStatus.DMA_16, lambda: self._byte_link if self._word_link.channel is None else self._word_link
        )
        self._identity = Identity()
        self._execution = Execution(
            self,
            model,
            {8: self._byte_stream, 16: self._word_stream},
            Outside(
                interrupt=lambda bits: self._raise(IrqStatus.DMA_8 if bits == 8 else IrqStatus.DMA_16),
                direct_out=lambda value: self.direct.append((self.lines.clock, value)),
                direct_in=lambda: self._hear(self._plain())[0],
                silent=lambda form, frame: self._heard(form, frame, False),
                identify=lambda value: self._identity.challenge(value, self._byte_link, self._plain()),
                output_stereo=self._output_stereo,
            ),
        )
        self._dsp = Dsp(self, model.commands, self._execution)
        self._status = IrqStatus(0)
        self._mixer = mixer

    def _stream(self, status: IrqStatus, link: Callable[[], DmaLink]) -> Stream:
        def block_over() -> None:
            self._execution.block_over()
            self._raise(status)

        return Stream(
            self,
            rate=lambda channels: self._execution.rate(channels),
            heard=self._heard,
            hear=self._hear,
            block_over=block_over,
            link=link,
        )

    def _plain(self) -> Format:
        """Return the format of single samples."""
        return Format(self._execution.rate(1), 8, 1, signed=False)

    def _output_stereo(self) -> bool:
        """Return whether the mixer says that output without a mode byte is stereo."""
        return False

    def _connect(self) -> None:
        """Take the interrupt line and the channels of power-up."""
        raise NotImplementedError

    def reset(self) -> None:
        """Bus RESET: the DSP idle, the mixer and what it selects as at power-up."""
        self._identity.clear()
        self._dsp.power_up()
        self._acknowledge(IrqStatus.DMA_8 | IrqStatus.DMA_16)
        if self._mixer is not None:
            self._mixer.reset()
            self._mixer.index = 0
        self._connect()

    def close(self) -> None:
        """Write the file of what was played."""
        self._byte_link.unplug()
        self._word_link.unplug()
        for path in self.output_files:
            self.save(path)

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
    def midi_out(self) -> bytes:
        """Bytes that software sent to the MIDI output."""
        return bytes(self._dsp.sent)

    @property
    def lost_commands(self) -> int:
        """Bytes written to the DSP while it was busy."""
        return self._dsp.lost

    def save(self, path: str | Path) -> list[Path]:
        """Write what was played as WAV files, one for each take; return their names."""
        path = as_path(path)
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

    def _offset(self, port: int) -> int:
        offset = port - self._base
        if self.model.paired and offset >= Port.RESET:
            offset &= ~1
        return offset

    def io_read(self, port: int) -> int:
        """Read a port."""
        offset = self._offset(port)
        if self._mixer is not None and offset == Port.MIXER_INDEX:
            return self._mixer.index
        if self._mixer is not None and offset == Port.MIXER_DATA:
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
        offset = self._offset(port)
        if self._mixer is not None and offset == Port.MIXER_INDEX:
            self._mixer.index = value
        elif self._mixer is not None and offset == Port.MIXER_DATA:
            self._mixer.write(value)
        elif offset == Port.RESET:
            self._dsp.reset(bool(value & 1))
            if value & 1:
                self._identity.clear()
                self._acknowledge(IrqStatus.DMA_8 | IrqStatus.DMA_16)
        elif offset == Port.COMMAND:
            self._dsp.write(value)

    # Wires

    def _raise(self, source: IrqStatus) -> None:
        self._status |= source
        self.lines.irq(True)

    def _acknowledge(self, source: IrqStatus) -> None:
        standing = self._status
        self._status &= ~source
        if standing and not self._status:
            self.lines.irq(False)
