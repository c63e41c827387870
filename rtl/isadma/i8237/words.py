"""How an address or word count is named, read and written."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 7 (current and base registers).
from amaranth.lib import data, wiring
from amaranth.lib.wiring import Out

from .regs import REGISTER_BITS

__all__ = ["ReadWord", "Word", "WordPort"]


class Word(data.Struct):
    """Which word: a channel's address or word count, current or base."""

    channel: 2
    count: 1
    base: 1


class ReadWord(data.Struct):
    """A word to read, or the word that always reads as zero."""

    word: Word
    zero: 1


class WordPort(wiring.Signature):
    """The register file's one port, from the side of who uses it: a word is read, and the word shown is stepped."""

    def __init__(self):
        super().__init__(
            {
                #: The word that is shown from the next clock on. Valid with `read_en`.
                "read": Out(ReadWord),
                #: High shows another word, low holds the one that is shown.
                "read_en": Out(1),
                #: Added to the word shown, for the write: FFFFh takes one away. Valid with `write_en`.
                "addend": Out(REGISTER_BITS),
                #: Where the sum is stored. Valid with `write_en`.
                "write": Out(Word),
                #: High stores a byte of the sum at the end of this clock: bit 1 the high one, bit 0 the low one.
                "write_en": Out(REGISTER_BITS // 8),
            }
        )
