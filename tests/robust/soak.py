"""A machine that is sent signals, paused and closed at random for as long as one likes: ``soak.py SECONDS [SEED]``."""

import gc
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

from busy import PAGE, busy, wounds

SIGNALS = (signal.SIGINT, signal.SIGALRM, signal.SIGTERM, signal.SIGUSR1, signal.SIGRTMIN)
#: Rounds after which memory, files and threads are looked at for the first time: then everything has been made once.
WARM = 20
MOST_GROWTH_MIB = 32


class RungError(Exception):
    """What the handlers of this program raise."""


def ring(number, frame):
    raise RungError(number)


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def held():
    return len(os.listdir("/proc/self/fd")), threading.active_count()


def one_round(engine, dice):
    """One machine, pelted and closed; returns signals that came, clocks gone by, and what was wrong."""
    came, wrong = 0, []
    pc, whole, blocks = busy(engine)
    with pc:
        for _ in range(dice.randint(1, 20)):
            timer = threading.Timer(dice.random() * 0.05, os.kill, (os.getpid(), dice.choice(SIGNALS)))
            try:
                timer.start()  # it may ring at once
                while True:
                    pc.run(clocks=dice.choice((1, 100, 10_000, 1 << 40)))
                    pc.inb(dice.choice((0x83, 0x300, 0x08)))
                    pc.outb(dice.choice((0x83, 0x300)), 2)
                    if dice.random() < 0.01:
                        time.sleep(0.005)
            except (KeyboardInterrupt, RungError):
                came += 1
            timer.join()
            wrong += wounds(pc, whole, blocks)
            if pc.memory[PAGE + 0x10000 : PAGE + 0x10100] != bytes(range(256)):
                wrong.append("wrong bytes")
        clocks = pc.clocks
    return came, clocks, wrong


def soak(seconds, seed, say=lambda line: None):
    """Go on for so many seconds; returns what was counted, and all that was wrong."""
    dice = random.Random(seed)
    for number in SIGNALS[1:]:
        signal.signal(number, ring)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end = time.monotonic() + seconds
    counts = dict.fromkeys(("rounds", "signals", "clocks"), 0)
    wrong, before, spoken = [], None, 0.0
    while time.monotonic() < end or counts["rounds"] <= WARM:
        came, clocks, bad = one_round("native" if dice.random() < 0.9 else "reference", dice)
        counts = {
            "rounds": counts["rounds"] + 1,
            "signals": counts["signals"] + came,
            "clocks": counts["clocks"] + clocks,
        }
        wrong += bad
        if counts["rounds"] == WARM:
            gc.collect()
            before = (resident(), *held())
        if time.monotonic() - spoken > 60:
            spoken = time.monotonic()
            say(f"{counts}, {resident():.0f} MiB, {held()} files and threads, wrong: {wrong}")
    gc.collect()
    time.sleep(0.1)
    counts["grown MiB"] = round(resident() - before[0], 1)
    counts["files and threads before and after"] = (before[1:], held())
    if counts["grown MiB"] > MOST_GROWTH_MIB or held() != before[1:]:
        wrong.append("leak")
    return counts, wrong


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    counts, wrong = soak(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 14, say)
    say(f"{counts}; wrong: {wrong or 'nothing'}")
    sys.exit(bool(wrong))
