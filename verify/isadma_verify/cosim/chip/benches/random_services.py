"""Random programs on all channels at once, against a scoreboard: every byte of memory, every register."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 to 9.
import random
from typing import Any

import cocotb

from isadma_verify.cosim.chip.driving import RandomReady
from isadma_verify.cosim.chip.memory import SIZE
from isadma_verify.cosim.chip.peripheral import Peripheral
from isadma_verify.cosim.chip.scoreboard import Job, draw_jobs, memory_after, memory_before
from isadma_verify.cosim.chip.stand import (
    ADDRESS_HOLD,
    BLOCK,
    COMPRESSED,
    DACK_ACTIVE_HIGH,
    DREQ_ACTIVE_LOW,
    EXTENDED_WRITE,
    MEMORY_TO_MEMORY,
    READ,
    ROTATING,
    WRITE,
    Stand,
)

#: States within which the longest program ends: single mode, slow HLDA, READY low much of the time.
BOUND = 8_000


def _device(stand: Stand, job: Job, chooser: random.Random) -> Peripheral:
    """Make the device that serves a job: a demand device pauses, others hold DREQ."""
    bursts = chooser.randint(1, 9) if chooser.random() < 0.7 else None
    # A block runs to TC on one request; with autoinitialize each lap needs its own.
    burst = job.length if job.kind == BLOCK else bursts
    pause_of = random.Random(chooser.random())
    device = Peripheral(
        stand.bench,
        job.channel,
        send=job.data * job.laps if job.write else b"",
        receive=0 if job.write else job.length * job.laps,
        burst=burst,
        pause=lambda: pause_of.randint(0, 12),
    )
    device.enabled = False
    stand.add(device)
    return device


@cocotb.test()
@cocotb.parametrize(program=list(range(12)))
async def random_programs_move_every_byte_to_its_place_and_nothing_else(dut: Any, program: int) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/{program}")
    latency = random.Random(chooser.random())
    stand = Stand(dut, grant=lambda: latency.randint(0, 9), release=lambda: latency.randint(0, 6))
    await stand.start()
    cpu, bench = stand.cpu, stand.bench
    command = 0
    for bit in (ROTATING, EXTENDED_WRITE, COMPRESSED, DREQ_ACTIVE_LOW, DACK_ACTIVE_HIGH):
        command |= bit if chooser.random() < 0.5 else 0
    if "compressed" in bench.options.without:
        command &= ~COMPRESSED
    bench.dreq = 0b1111 if command & DREQ_ACTIVE_LOW else 0
    await cpu.write(0x8, command)
    jobs = draw_jobs(chooser, longest=48)
    before = memory_before(jobs, chooser)
    stand.memory.data[:] = before
    devices = [_device(stand, job, chooser) for job in jobs]
    stand.add(RandomReady(bench, low=chooser.choice([0.0, 0.3, 0.6]), seed=program))
    for job in jobs:
        await cpu.program(job.channel, mode=job.mode, address=job.address, count=job.length - 1)
    for job in chooser.sample(jobs, len(jobs)):
        await cpu.unmask(job.channel)
    for device in devices:
        device.enabled = True
    try:
        await bench.until(lambda: all(device.done for device in devices), states=BOUND, what="all bytes of a program")
    except AssertionError as error:
        left = [job.said for job, device in zip(jobs, devices, strict=True) if not device.done]
        raise AssertionError(f"{error}: {'; '.join(left)}") from error
    await stand.quiet()
    for job, device in zip(jobs, devices, strict=True):
        assert device.terminal_counts == job.laps, f"terminal counts that the device saw: {job.said}"
        if not job.write:
            right = bytes(device.received) == job.data * job.laps
            assert right, f"the device got other bytes than memory has: {job.said}"
    after = memory_after(jobs, before)
    wrong = [f"{address:04X}" for address in range(SIZE) if stand.memory.data[address] != after[address]]
    assert not wrong, f"memory differs at {', '.join(wrong[:8])}"
    bench.dreq = 0b1111 if command & DREQ_ACTIVE_LOW else 0
    await stand.reached(*sorted(job.channel for job in jobs))
    for job in jobs:
        assert await cpu.address(job.channel) == job.final_address, f"current address in the end: {job.said}"
        assert await cpu.count(job.channel) == job.final_count, f"current word count in the end: {job.said}"


@cocotb.test()
@cocotb.parametrize(program=list(range(4)))
async def random_copies_move_every_byte_to_its_place_and_nothing_else(dut: Any, program: int) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/copy {program}")
    latency = random.Random(chooser.random())
    stand = Stand(dut, grant=lambda: latency.randint(0, 9), release=lambda: latency.randint(0, 6))
    await stand.start()
    cpu, bench = stand.cpu, stand.bench
    hold, extended, down = (chooser.random() < 0.5 for _ in range(3))
    length = chooser.randint(2, 60)
    source, target = 0x10F0 + chooser.randint(0, 20), 0x80F0 + chooser.randint(0, 20)
    before = bytearray(chooser.randbytes(SIZE))
    stand.memory.data[:] = before
    stand.add(RandomReady(bench, low=chooser.choice([0.0, 0.4]), seed=program))
    await cpu.write(0x8, MEMORY_TO_MEMORY | ADDRESS_HOLD * hold | EXTENDED_WRITE * extended)
    await cpu.program(0, mode=BLOCK | READ, address=source, count=0xFFFF)
    await cpu.program(1, mode=BLOCK | WRITE | 0x20 * down, address=target, count=length - 1)
    await cpu.request(0)
    await stand.quiet(states=BOUND)
    after = bytearray(before)
    for index in range(length):
        after[target - index if down else target + index] = before[source if hold else source + index]
    wrong = [f"{address:04X}" for address in range(SIZE) if stand.memory.data[address] != after[address]]
    assert not wrong, f"memory differs after a copy at {', '.join(wrong[:8])}"
    await stand.reached(1)
    assert await cpu.address(0) == (source if hold else source + length)
