"""Two drivers on two threads, two channels of one controller, one flip-flop, one status register."""

import threading

import pytest

from isadma_driver import Direction, Kernel, PhysicalBuffer, SharedMachine

TRANSFERS = 500  # each, so 1,000 in all

# Interrupts that count as lost are not looked at here: simulated milliseconds go by in no time while the other
# thread, which must end its own interrupt first, waits for the real processor. Polling covers that.

LIMIT_SECONDS = 100


@pytest.mark.parametrize("irqs", [(None, None), (5, 7)], ids=["polling", "interrupts"])
def test_a_thousand_transfers_on_two_threads_clobber_nothing(pc, rig, rng, irqs):
    machine = SharedMachine(pc)
    kernel = Kernel(machine)
    benches = [
        rig(channel, machine, host=pc, kernel=kernel, irq=irq, owner=f"driver {channel}")
        for channel, irq in zip((1, 3), irqs, strict=True)
    ]
    plans = [[rng.randbytes(rng.randint(1, 9)) for _ in range(TRANSFERS)] for _ in benches]
    errors, missed = [], []

    def hammer(bench, plan, base):
        try:
            for number, data in enumerate(plan):
                address = base + number % 7 * 16
                inward = number % 2 == 0
                bench.pump.source, bench.pump.taken = data, 0
                bench.pump.sink.clear()
                if not inward:
                    machine.memory[address : address + len(data)] = data
                buffer = PhysicalBuffer(address, len(data))
                direction = Direction.FROM_DEVICE if inward else Direction.TO_DEVICE
                with bench.transfer(buffer, direction) as transfer:
                    transfer.start()
                    transfer.wait(seconds=0.5)
                got = machine.memory[address : address + len(data)] if inward else bytes(bench.pump.sink)
                if got != data:
                    missed.append((bench.pump.name, number, data, got))
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=hammer, args=(bench, plan, 0x200000 + 0x10000 * index), daemon=True)
        for index, (bench, plan) in enumerate(zip(benches, plans, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LIMIT_SECONDS)
    assert errors == []
    assert missed == []
    assert [bench.pump.tcs for bench in benches] == [TRANSFERS, TRANSFERS]
    assert not any(thread.is_alive() for thread in threads)
