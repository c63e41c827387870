"""`python -m isadma_verify.timing`: measures the DIP-40 part against the data sheet's AC table."""

import argparse
import sys
from pathlib import Path

from isadma_verify.timing.campaign import CLK_MHZ, FABRIC_MHZ, as_markdown, measure
from isadma_verify.timing.kernel import StuckError

_HEAD = """# The AC table, measured

Made by `python -m isadma_verify.timing --seeds {seeds} -o docs/guide/ac-table.md`. Every line of the 8237A-5's AC
characteristics (Intel 231466-005, pages 13 to 15), in nanoseconds: the limits, and the worst of all runs at each clock
of the fabric, CLK at {clk} MHz. **Bold**: beyond the limit. Times in TCY are CLK's periods plus nanoseconds.

CLK and the fabric's clock know nothing of each other; both jitter; every input is 1 to 6 ns on its way, every output
2 to 12, each bit its own; a change within 1 ns of a flip-flop's edge is caught in that clock or in the next, as chance
has it. What that means for a board: [the part in its socket](15-socket.md).

"""


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if nothing was wrong and, where asked, every line held; else 1, or 2 for a bad argument."""
    parser = argparse.ArgumentParser(
        prog="isadma_verify.timing", description="Measure the socket against every line of the 8237A-5's AC table."
    )
    parser.add_argument("--fabric", type=int, nargs="+", default=list(FABRIC_MHZ), metavar="MHZ")
    parser.add_argument("--clk", type=float, nargs="+", default=list(CLK_MHZ), metavar="MHZ")
    parser.add_argument("--seeds", type=int, default=2, metavar="N", help="runs at each pair of clocks")
    parser.add_argument("--strict", action="store_true", help="fail if a line does not hold")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write a page of the guide")
    given = parser.parse_args(arguments)
    for fabric in given.fabric:
        if not 25 <= fabric <= 200:
            parser.error(f"--fabric {fabric}: give whole MHz from 25 to 200")
    for clk in given.clk:
        if not 1 <= clk <= 5:
            parser.error(f"--clk {clk:g}: the 8237A-5 takes 1 to 5 MHz here")
    if given.seeds < 1:
        parser.error(f"--seeds {given.seeds}: at least 1 run is needed")
    try:
        measured = measure(given.fabric, given.clk, given.seeds, lambda words: print(words, file=sys.stderr))
    except StuckError as error:
        print(error, file=sys.stderr)
        return 1
    table = as_markdown(measured)
    if given.output:
        clk = ", ".join(f"{clk:g}" for clk in given.clk)
        given.output.write_text(_HEAD.format(seeds=given.seeds, clk=clk) + table)
    else:
        print(table)
    for each in measured:
        print(f"{each.fabric_mhz} MHz: {', '.join(each.failing) or 'every line holds'}", file=sys.stderr)
    wrong = any(each.wrong for each in measured)
    return int(wrong or (given.strict and any(each.failing for each in measured)))


if __name__ == "__main__":
    sys.exit(main())
