"""Floppy, fast disk and EtherLink withdraw their request at every clock of a transfer's life: every byte is there."""

import pytest

WORKS = ["floppy, real", "floppy, full", "fast disk", "etherlink"]


def sweep(withdrawals, ways, work, clocks):
    for way in ways:
        withdrawals.sweep(work, way, clocks)
        if not way.outside:
            withdrawals.sweep(work, way, clocks, inside=True)


@pytest.mark.parametrize("mode", ["single", "demand"])
@pytest.mark.parametrize("to_memory", [True, False], ids=["to memory", "from memory"])
@pytest.mark.parametrize("name", WORKS)
def test_a_request_withdrawn_at_some_clocks_loses_nothing_and_makes_nothing_up(
    withdrawals, ways, work_of, name, to_memory, mode
):
    first, step = (20, 7) if name == "floppy, real" else (1, 11)
    sweep(withdrawals, ways[name.split(",")[0]], work_of(name, "native", to_memory, mode), range(first, 70, step))


@pytest.mark.long
@pytest.mark.parametrize("engine", ["native", "reference", "amaranth"])
@pytest.mark.parametrize("mode", ["single", "demand"])
@pytest.mark.parametrize("to_memory", [True, False], ids=["to memory", "from memory"])
@pytest.mark.parametrize("name", WORKS)
def test_a_request_withdrawn_at_every_clock_loses_nothing_and_makes_nothing_up(
    withdrawals, ways, work_of, engine, name, to_memory, mode
):
    clocks = range(20, 90, 5) if engine == "amaranth" else range(150)
    sweep(withdrawals, ways[name.split(",")[0]], work_of(name, engine, to_memory, mode), clocks)
