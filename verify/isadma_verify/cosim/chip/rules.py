"""All rules that hold at the chip's pins, put on a bench together."""

from isadma_verify.cosim.chip.bench import Agent, Bench
from isadma_verify.cosim.chip.checkers import BusOwner, Handshake, OneDack, OneDriver, ReadyObeyed
from isadma_verify.cosim.chip.exercised import Exercised
from isadma_verify.cosim.chip.timing import SteadyBus, StrobeOrder, StrobeWidth


def add_all(bench: Bench) -> list[Agent]:
    """Put every checker on the bench."""
    rules: list[Agent] = [
        rule(bench.sense).on(bench)
        for rule in (OneDriver, BusOwner, OneDack, Handshake, ReadyObeyed, StrobeOrder, StrobeWidth, SteadyBus)
    ]
    bench.add(*rules)
    if bench.journal is not None:
        bench.add(Exercised(bench))
    return rules
