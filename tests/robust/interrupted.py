"""A process that is sent signals, ``interrupted.py ENGINE ROUNDS SEED``: a line says when, another what came of it."""

import random
import signal
import sys
from itertools import count

from busy import busy, wounds


class RungError(Exception):
    """What the handlers of this program raise."""


def ring(number, frame):
    raise RungError(number)


def clocks(pc, _):
    pc.run(clocks=1 << 40)


def ports(pc, _):
    for n in count():
        pc.inb((0x83, 0x300, 0x08, 0x61)[n & 3])
        pc.outb((0x83, 0x300, 0x0E)[n % 3], 2)


def waits(pc, dice):
    while True:
        pc.serve(clocks=dice.randint(1, 5000))


def main():
    engine, rounds = sys.argv[1], int(sys.argv[2])
    dice = random.Random(int(sys.argv[3]))
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGUSR1, signal.SIGRTMIN):
        signal.signal(number, ring)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pc, whole, blocks = busy(engine)
    for _ in range(rounds):
        work = dice.choice((clocks, ports, waits))
        try:
            print("send", flush=True)
            work(pc, dice)
        except (KeyboardInterrupt, RungError) as error:
            said = wounds(pc, whole, blocks)
            print(f"{type(error).__name__} {work.__name__}: {', '.join(said) or 'whole'}", flush=True)
    pc.close()
    assert signal.getsignal(signal.SIGALRM) is ring
    print("end", flush=True)


main()
