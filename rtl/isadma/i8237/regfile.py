"""The register file: base and current addresses and word counts in one memory, and the chip's one incrementer."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 7 (current and base registers).
from amaranth import Module, signed
from amaranth.lib import data, wiring
from amaranth.lib.memory import Memory, MemoryData
from amaranth.lib.wiring import In, Out

from .readport import read_registered
from .regs import CHANNELS

__all__ = ["REGISTER_BITS", "ReadWord", "RegisterFile", "Word"]

#: Width of the address and word count registers.
REGISTER_BITS = 16


class Word(data.Struct):
    """Which word: a channel's address or word count, current or base."""

    channel: 2
    count: 1
    base: 1


class ReadWord(data.Struct):
    """A word to read, or the word that always reads as zero."""

    word: Word
    zero: 1


class RegisterFile(wiring.Component):
    """Sixteen words, read into ``q``; what is written is always ``q`` + ``addend``.

    The registered read port is the chip's temporary register. Stepping reads a word and writes it back plus or minus
    one; autoinitialize reads the base word, adds nothing and writes the current one; a CPU write reads the zero word
    and adds the data. So there is no write multiplexer and no second register. A word must not be read in the clock
    that writes it.

    Parameters
    ----------
    attrs : dict
        Synthesis attributes of the memory, for example ``{"ram_style": "distributed"}``.
    """

    #: Word that `q` shows from the next clock on.
    read: In(ReadWord)
    #: High updates `q`, low holds it.
    read_en: In(1)
    #: The word last read.
    q: Out(REGISTER_BITS)
    #: Added to `q` for the write.
    addend: In(signed(REGISTER_BITS))
    #: What a write stores.
    sum: Out(REGISTER_BITS)
    write: In(Word)
    #: One enable for each byte.
    write_en: In(REGISTER_BITS // 8)

    def __init__(self, *, attrs):
        super().__init__()
        # A block RAM's output cannot be cleared, but there is room for a word that nothing ever writes. Distributed
        # memory has its output in flip-flops, which can.
        self._zero_word = attrs.get("ram_style") != "distributed"
        words = 4 * CHANNELS
        self.words = MemoryData(shape=REGISTER_BITS, depth=2 * words if self._zero_word else words, init=[])
        self._attrs = attrs

    def elaborate(self, platform):
        m = Module()
        m.submodules.memory = memory = Memory(self.words, attrs=self._attrs)
        write = memory.write_port(granularity=8)
        if self._zero_word:
            q = read_registered(m, memory, self.read, en=self.read_en)
        else:
            q = read_registered(m, memory, self.read.word, en=self.read_en, zero=self.read.zero)
        m.d.comb += [
            self.q.eq(q),
            self.sum.eq(self.q + self.addend.as_unsigned()),
            write.addr.eq(self.write),
            write.data.eq(self.sum),
            write.en.eq(self.write_en),
        ]
        return m
