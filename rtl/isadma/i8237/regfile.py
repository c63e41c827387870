"""The register file: base and current addresses and word counts in one memory, and the chip's one incrementer."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 7 (current and base registers).
from amaranth import Module
from amaranth.lib import wiring
from amaranth.lib.memory import Memory, MemoryData
from amaranth.lib.wiring import In, Out

from .readport import read_registered
from .regs import CHANNELS, REGISTER_BITS
from .words import WordPort

__all__ = ["RegisterFile"]


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
    uninitialized : bool
        Whether the memory may hold anything at power-up. Then the zero is not a word of it.
    """

    #: What is read, and where the sum is stored.
    port: In(WordPort())
    #: The word last read, from the clock after `read_en` on.
    q: Out(REGISTER_BITS)
    #: `q` + `addend`, which a write stores. Combinational.
    sum: Out(REGISTER_BITS)

    def __init__(self, *, attrs, uninitialized):
        super().__init__()
        # Not every block RAM has an output that can be cleared, but there is room for a word that nothing ever writes,
        # which is zero where the memory begins with zeros. Distributed memory has its output in flip-flops.
        self._zero_word = attrs.get("ram_style") != "distributed" and not uninitialized
        words = 4 * CHANNELS
        self.words = MemoryData(shape=REGISTER_BITS, depth=2 * words if self._zero_word else words, init=[])
        self._attrs = attrs

    def elaborate(self, platform):
        m = Module()
        port = self.port
        m.submodules.memory = memory = Memory(self.words, attrs=self._attrs)
        write = memory.write_port(granularity=8)
        if self._zero_word:
            q = read_registered(m, memory, port.read, en=port.read_en)
        else:
            q = read_registered(m, memory, port.read.word, en=port.read_en, zero=port.read.zero)
        m.d.comb += [
            self.q.eq(q),
            self.sum.eq(self.q + port.addend),
            write.addr.eq(port.write),
            write.data.eq(self.sum),
            write.en.eq(port.write_en),
        ]
        return m
