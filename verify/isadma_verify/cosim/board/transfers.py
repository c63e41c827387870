"""Jobs run to their end on a board, and everything compared that they may and may not have touched."""

import random

from isadma_verify.cosim.board.cpu import dma_of
from isadma_verify.cosim.board.memory import SIZE
from isadma_verify.cosim.board.peripheral import Card
from isadma_verify.cosim.board.scoreboard import BoardJob
from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.chip.stand import BLOCK

#: States within which the longest program ends.
BOUND = 20_000


def _card(stand: BoardStand, job: BoardJob, chooser: random.Random) -> Card:
    """Make the card that serves a job: a block runs to TC on one request, others ask in bursts."""
    burst = len(job.items) if job.job.kind == BLOCK else chooser.choice([None, chooser.randint(1, 5)])
    pauses = random.Random(chooser.random())
    card = Card(
        stand.bench,
        job.channel,
        send=job.items * job.job.laps if job.job.write else (),
        receive=0 if job.job.write else len(job.items) * job.job.laps,
        burst=burst,
        pause=lambda: pauses.randint(0, 12),
    )
    card.enabled = False
    stand.add(card)
    return card


async def run_jobs(stand: BoardStand, jobs: list[BoardJob], chooser: random.Random) -> None:
    """Run jobs to their end on memory full of noise, and compare everything that they may and may not have touched."""
    cpu, memory = stand.cpu, stand.memory.data
    noise = chooser.randbytes(1 << 16)
    memory[:] = noise * (SIZE >> 16)
    for job in jobs:
        if not job.job.write:
            job.store(memory)
    after = bytearray(memory)
    cards = [_card(stand, job, chooser) for job in jobs]
    for job in jobs:
        await cpu.program(
            job.channel, mode=job.job.mode, address=job.job.address, count=len(job.items) - 1, page=job.page
        )
        await cpu.unmask(job.channel)
    for card in cards:
        card.enabled = True
    await stand.bench.until(lambda: all(card.done for card in cards), states=BOUND, what="all transfers")
    await stand.quiet()
    for job, card in zip(jobs, cards, strict=True):
        assert card.terminal_counts == job.job.laps, f"terminal counts that the device saw: {job.said}"
        if job.job.write:
            job.store(after)
        else:
            right = card.received == list(job.items) * job.job.laps
            assert right, f"the device got other items than memory has: {job.said}"
    if memory != after:
        wrong = [f"{address:06X}" for address in range(SIZE) if memory[address] != after[address]]
        raise AssertionError(f"memory differs at {', '.join(wrong[:8])}")
    ended = {dma: sum(1 << (job.channel & 3) for job in jobs if dma_of(job.channel) == dma) for dma in stand.DMAS}
    assert [await cpu.status(dma) & 0x0F for dma in stand.DMAS] == list(ended.values())
    for job in jobs:
        assert await cpu.address(job.channel) == job.job.final_address, f"current address in the end: {job.said}"
        assert await cpu.count(job.channel) == job.job.final_count, f"current word count in the end: {job.said}"
