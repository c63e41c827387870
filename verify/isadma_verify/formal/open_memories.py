"""The chip's two memories with their words in plain sight, so that a proof can speak of what they hold."""

from collections.abc import Container
from typing import Any

from amaranth.hdl import Assert, Cat, Fragment, Module, Mux, Signal
from amaranth.lib import data, wiring

from isadma.i8237 import I8237
from isadma.i8237.modes import ModeRegisters
from isadma.i8237.regfile import RegisterFile
from isadma.i8237.regs import CHANNELS, REGISTER_BITS, Mode, ModeKind, Transfer

_MODE_BITS = Mode.as_shape().size


#: What the mode registers hold first: nothing resets them, so a proof may choose. Single, write: covers are near.
_FIRST_MODE = ModeKind.SINGLE.value << 4 | Transfer.WRITE.value


class OpenModes(ModeRegisters):
    """
    Mode registers as registers: the same ports, the same clocks, and `stored` to look at.

    Parameters
    ----------
    cascaded
        Channels that are in cascade mode from power-up.
    read_back
        Whether the processor's look works, as on the 82C37A.
    """

    def __init__(self, cascaded: Container[int] = (), *, read_back: bool = False) -> None:
        super().__init__(attrs={}, read_back=read_back)
        first = [ModeKind.CASCADE.value << 4 if channel in cascaded else _FIRST_MODE for channel in range(CHANNELS)]
        self.stored = [Signal(_MODE_BITS, init=mode, name=f"mode_{channel}") for channel, mode in enumerate(first)]
        self._cascaded = sum(1 << channel for channel in range(CHANNELS) if channel in cascaded)

    def kind(self, channel: int) -> Signal:
        """Return mode bits 7-6 of a channel."""
        return Mode(self.stored[channel]).kind.as_value()

    def elaborate(self, platform: object) -> Module:
        """Keep four words, and show one a clock later."""
        m = Module()
        shown = Signal(_MODE_BITS)
        words = data.View(data.ArrayLayout(_MODE_BITS, CHANNELS), Cat(self.stored))
        m.d.sync += shown.eq(words[self.served.channel])
        m.d.comb += self.served.mode.eq(shown)
        if self._read_back:
            listed = Signal(_MODE_BITS)
            m.d.sync += listed.eq(words[self.listed.channel])
            m.d.comb += self.listed.mode.eq(listed)
        cascade = Signal(CHANNELS, init=self._cascaded)
        for channel, word in enumerate(self.stored):
            with m.If(self.write_en & (self.write.channel == channel)):
                m.d.sync += word.eq(self.write.mode)
                m.d.sync += cascade[channel].eq(self.write.mode.kind == ModeKind.CASCADE)
            # Inductive: the chip keeps the same bit beside its memory.
            m.d.comb += Assert(cascade[channel] == (self.kind(channel) == ModeKind.CASCADE.value))
        m.d.comb += self.cascade.eq(cascade)
        return m


class WatchedRegisterFile(RegisterFile):
    """
    A register file that keeps the four words of one channel; a read of any other word gives anything.

    What is proved for a channel that is free but constant holds for each; and what holds with anything in the other
    channels' words holds with what they do contain.
    """

    def __init__(self) -> None:
        # Not RegisterFile's own: it makes the memory that this class is there to replace.
        wiring.Component.__init__(self)
        #: The channel watched: the property drives it, and keeps it constant.
        self.watched = Signal(2)
        #: What a read of another channel's word gives: the property leaves it free.
        self.anything = Signal(REGISTER_BITS)
        self.address, self.count, self.base_address, self.base_count = (
            Signal(REGISTER_BITS, name=name) for name in ("address", "count", "base_address", "base_count")
        )

    def elaborate(self, platform: object) -> Module:
        """Keep four words; read and write as the memory does."""
        m, port = Module(), self.port
        shown = Signal(REGISTER_BITS, name="shown")
        m.d.comb += [self.q.eq(shown), self.sum.eq(self.q + port.addend)]
        word = port.read.word
        ours = Mux(
            word.base,
            Mux(word.count, self.base_count, self.base_address),
            Mux(word.count, self.count, self.address),
        )
        with m.If(port.read_en):
            m.d.sync += shown.eq(Mux(port.read.zero, 0, Mux(word.channel == self.watched, ours, self.anything)))
        for count, base, kept in (
            (0, 0, self.address),
            (1, 0, self.count),
            (0, 1, self.base_address),
            (1, 1, self.base_count),
        ):
            hit = (port.write.channel == self.watched) & (port.write.count == count) & (port.write.base == base)
            for byte in range(REGISTER_BITS // 8):
                with m.If(port.write_en[byte] & hit):
                    m.d.sync += kept.word_select(byte, 8).eq(self.sum.word_select(byte, 8))
        return m


def open_chip(variant: str = "nmos") -> I8237:
    """Return a chip with both memories open."""
    chip = I8237(variant=variant)
    for closed in (chip.modes, chip.registers):
        Fragment.get(closed, None)  # elaborated and thrown away, or Amaranth warns that it was never used
    chip.modes = OpenModes(read_back=variant == "cmos")
    chip.registers = WatchedRegisterFile()
    return chip


class FreeRegisterFile(RegisterFile):
    """A register file in which a read gives anything: what holds with it holds with whatever software wrote."""

    def __init__(self) -> None:
        # Not RegisterFile's own: it makes the memory that this class is there to replace.
        wiring.Component.__init__(self)
        #: What a read gives: the property leaves it free.
        self.anything = Signal(REGISTER_BITS)

    def given(self) -> Any:
        """Return what a read gives."""
        return self.anything

    def elaborate(self, platform: object) -> Module:
        """Show what was read last."""
        m = Module()
        shown = Signal(REGISTER_BITS, name="shown")
        with m.If(self.port.read_en):
            m.d.sync += shown.eq(self.given())
        m.d.comb += [self.q.eq(shown), self.sum.eq(self.q + self.port.addend)]
        return m
