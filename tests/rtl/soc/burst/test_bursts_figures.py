"""How fast memory is read, by its latency, with bursts and without: the guide's table, measured."""

import re
from pathlib import Path

import pytest

BLOCK, READ, WRITE = 0x80, 0x08, 0x04
GUIDE = Path(__file__).resolve().parents[4] / "docs/guide/10-soc.md"
ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<latency>\d+) \| (?P<plain>[\d.]+) \| (?P<word>[\d.]+) \| (?P<burst>[\d.]+) \|$", re.M
)
#: What a row is called.
DEVICE, COPY = "to a device", "memory to memory"
#: Bytes that are passed over, and bytes that are measured: whole lines, with the address's high byte still.
AFTER, OVER = 18, 32


def _clocks_a_byte(on_soc, burst_memory, what, latency, kind):
    found = []

    async def scenario(soc):
        memory = burst_memory(wait=lambda beat: 0 if kind == "burst" and beat else latency)
        soc.slave = memory
        done = (lambda: len(soc.takes[3])) if what != COPY else (lambda: sum(we for _, _, we in memory.seen))
        size = AFTER + OVER + 20
        if what == COPY:
            await soc.write(0x08, 1)
            await soc.program(0, mode=BLOCK | READ, address=0x10000, count=size - 1)
            await soc.program(1, mode=BLOCK | WRITE, address=0x20000, count=size - 1)
            await soc.write(0x09, 4)
        else:
            await soc.program(3, mode=BLOCK | READ, address=0x10000, count=size - 1)
            soc.dreq = 8
        await soc.until(lambda: done() == AFTER)
        begun = soc.clocks
        await soc.until(lambda: done() == AFTER + OVER)
        found.append((soc.clocks - begun) / OVER)
        soc.dreq = 0

    on_soc(scenario, shared=False, bursts=kind != "plain")
    return found[0]


ROWS = [match.groupdict() for match in ROW.finditer(GUIDE.read_text())]


def test_the_table_has_each_kind_and_latency():
    assert [(row["what"], row["latency"]) for row in ROWS] == [
        (what, latency) for what in (DEVICE, COPY) for latency in "148"
    ]


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['what']}, {row['latency']}") for row in ROWS])
def test_the_guides_table_is_measured(on_soc, burst_memory, row):
    what, latency = row["what"], int(row["latency"])
    measured = {kind: _clocks_a_byte(on_soc, burst_memory, what, latency, kind) for kind in ("plain", "word", "burst")}
    assert {kind: f"{clocks:.2f}" for kind, clocks in measured.items()} == {kind: row[kind] for kind in measured}
