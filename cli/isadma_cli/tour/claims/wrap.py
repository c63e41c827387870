"""The address counter has 16 bits: a transfer that runs over 64K begins again at its page's start."""

from __future__ import annotations

from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.pump import Pumped
from isadma_driver.channels.board import AT
from isadma_driver.channels.limits import check_range
from isadma_driver.errors import BoundaryError
from isadma_driver.ports import AT_PAGES, Mode
from isadma_sim import PC

#: Channel, the page, and where its counter ends: 64K of bytes, 128K of words.
CASES = ((1, 0x20, 0x210000), (5, 0x40, 0x420000))
DATA = b"0123456789ABCDEF"
HALF = len(DATA) // 2


def measure(engine: str) -> Finding:
    """Program a channel across its boundary behind the driver's back, and look where the bytes are."""
    found, passed = [], True
    for channel, page, end in CASES:
        with PC(engine=engine) as pc:
            bench = Pumped(pc, channel, DATA)
            width, first = AT.width(channel), end - HALF
            dma, chip = bench.kernel.dma, bench.kernel.dma.controllers[channel // 4]
            chip.clear_flip_flop()
            chip.write_address(channel, first // width & 0xFFFF)
            chip.write_count(channel, len(DATA) // width - 1)
            pc.outb(AT_PAGES[channel], page)
            chip.write_mode(channel, Mode.SINGLE | Mode.WRITE)
            chip.unmask(channel)
            bench.go()
            start = page << 16
            wrapped = pc.memory[first:end] == DATA[:HALF] and pc.memory[start : start + HALF] == DATA[HALF:]
            beyond = any(pc.memory[end : end + HALF])
            refusal = ""
            try:
                check_range(dma.board, channel, first, len(DATA))
            except BoundaryError as error:
                refusal = str(error)
            passed = passed and wrapped and not beyond and f"{end:X}h" in refusal
            after = f"{start:06X}h" if wrapped else "something else"
            said = "refused by the driver" if refusal else "taken by the driver"
            found.append(f"channel {channel}: after {end - 1:06X}h came {after}, a range that is {said}")
    return Finding(
        measured="; ".join(found),
        expected="the page register does not count: 20FFFFh is followed by 200000h, word 41FFFEh by 400000h",
        passed=passed,
        figures={"cases": found},
    )


CLAIM = Claim(
    name="wrap",
    sentence="No transfer can cross a 64 Kbyte boundary (128 Kbyte on a word channel).",
    lesson="The carry out of A15 goes nowhere: the page register is a latch beside the controller. The second half of"
    " the data overwrites what is at the start of the page, and no register tells.",
    measure=measure,
)
