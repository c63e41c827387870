"""A bit of a register that is replaced without a multiplexer."""

__all__ = ["replaced"]


def replaced(bit, new, chosen):
    """Return `new` where `chosen` is high, else `bit`, with no multiplexer.

    Of a multiplexer tools make an enable for each flip-flop: a look-up table of its own, and a flip-flop that shares
    none. So the registers of a chip's channels have one enable, and each bit one look-up table in its own cell.
    """
    return (bit & ~chosen) | (new & chosen)
