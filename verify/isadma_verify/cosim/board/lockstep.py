"""The golden model beside a board under cocotb: it drives lawful pins, and compares every output in every state."""

from typing import Any

from isadma_sim.reference import AtBoard, BoardInputs, XtBoard
from isadma_verify.cosim.board.bench import BoardBench, BoardSample
from isadma_verify.cosim.chip.bench import UNDEFINED
from isadma_verify.cosim.common.stepping import Agent
from isadma_verify.random.side_by_side import LawfulPins, SideBySide


class Lockstep(Agent):
    """
    Drives a board at random, and holds it against the model; one state per fabric clock.

    Parameters
    ----------
    bench
        Where it sits; nobody else drives anything there.
    seed
        Of the pins.
    model
        The golden model's class.
    """

    def __init__(self, bench: BoardBench, seed: str, model: type[AtBoard] | type[XtBoard] = AtBoard) -> None:
        if bench.clocking.per_state != 1:
            raise ValueError("the golden model knows one state per clock: run this with per_state=1")
        self._model = model(
            wait_states=bench.options.wait_states,
            variant=bench.options.variant,
            undefined_read=0xFF if bench.options.undefined_read is None else bench.options.undefined_read,
        )
        # A board that has run before has other addresses, counts, modes and pages than a fresh model.
        self._pins = LawfulPins(seed, opening=True)
        undefined, asked = UNDEFINED[bench.options.variant], bench.options.undefined_read is not None

        def unsaid(address: int) -> bool:
            """Tell whether a read is one that an 8237A has no answer to, and nobody said what this board answers."""
            port = address & 0x3FF
            # DMA 2 answers at every other port.
            its = port & 0xF if port < 0x20 else port >> 1 & 0xF if 0xC0 <= port < 0xE0 else None
            return not asked and its in undefined

        lacks = frozenset(bench.options.lacks)
        self._pair = SideBySide(self._model, bench.pins.read, f"seed {seed}", lacks, unsaid)
        bench.add(self)

    @property
    def seen(self) -> set[tuple[str, str]]:
        """Pairs of the two chips' states that came up."""
        return self._pair.seen

    @property
    def terminal_counts(self) -> int:
        """Clocks with TC so far."""
        return self._pair.terminal_counts

    def respond(self, bench: BoardBench, chip: Any) -> None:
        """Drive this clock's pins, where the board leaves them alone."""
        pins = self._pins.next(self._model.outputs(self._pins.inputs))
        bench.reset = int(self._pair.resetting)
        bench.hlda, bench.dreq, bench.ready = pins.hlda, pins.drq, pins.iochrdy
        # Under HLDA the wires are nobody's until the board takes them: who drives on would meet it there.
        wires, mine = bench.wires, chip.a is None and not pins.hlda
        for name in ("a", "ior_n", "iow_n"):
            getattr(wires, name).drive("lockstep", getattr(pins, name) if mine else None)
        wires.d.drive("lockstep", pins.d if mine and pins.ior_n and chip.d is None else None)

    def watch(self, sample: BoardSample) -> None:
        """Compare, and clock the model with what was on the wires."""
        self._pair.clock(
            BoardInputs(
                reset=sample.reset,
                hlda=sample.hlda,
                a=sample.a,
                d=sample.d,
                ior_n=sample.ior_n,
                iow_n=sample.iow_n,
                memr_n=sample.memr_n,
                memw_n=sample.memw_n,
                drq=sample.dreq,
                iochrdy=sample.ready,
            )
        )
