"""What a bench writes down beside its own verdict: rules met and broken, and the clocks around the first break."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

#: Fabric clocks kept from before a break, and after it.
BEFORE, AFTER = 14, 5

#: Breaks of one rule in one bench that are written down with their clocks; the others are counted.
KEPT = 1


def pins_of(sample: Any) -> dict[str, Any]:
    """Return what a fabric clock showed, as JSON can say it: inputs, wires, what the core drove (None: floating)."""
    told = asdict(sample)
    told["drives"] = told.pop("chip")
    return told


@dataclass
class _Break:
    """One break whose later clocks have not come yet."""

    record: dict[str, Any]
    left: int


@dataclass
class Journal:
    """
    A file of JSON lines, one for each thing that happened.

    Parameters
    ----------
    path
        The file; lines are added, so that the benches of one simulation share it.
    """

    path: Path
    #: What has been on the pins lately.
    recent: deque[Any] = field(default_factory=lambda: deque(maxlen=BEFORE))

    def __post_init__(self) -> None:
        self._file: TextIO = self.path.open("a")
        self._test = ""
        self._breaks: list[_Break] = []
        self._counts: dict[str, int] = {}
        self._met: set[str] = set()
        self._exercised: dict[str, int] = {}
        self._own: dict[str, Any] = {}
        #: The last stretch of clocks with something going on, and how much quiet still belongs to it.
        self._busy: deque[Any] = deque(maxlen=BEFORE + AFTER)
        self._quiet = 0
        self._ended = True

    def begin(self, test: str) -> None:
        """Start the record of one test."""
        self._test, self._ended = test, False
        self._write({"begin": test})

    def met(self, *rules: str) -> None:
        """Note that what these rules speak of has happened."""
        self._met.update(rules)

    def exercised(self, *rules: str) -> None:
        """Note that from this fabric clock on a fault of these kinds could show."""
        for rule in rules:
            self._exercised.setdefault(rule, self.recent[-1].count)

    def broken(self, rule: str, sample: Any, said: str, *, expected: str = "", got: str = "") -> None:
        """
        Note a broken rule.

        Parameters
        ----------
        rule
            Its name.
        sample
            The fabric clock in which it shows.
        said
            What is wrong, without the place in time.
        expected, got
            The levels at the pins, in hexadecimal, where a rule names them.
        """
        self._met.add(rule)
        self._counts[rule] = self._counts.get(rule, 0) + 1
        if self._counts[rule] > KEPT:
            return
        record = {
            "test": self._test,
            "rule": rule,
            "said": said,
            "expected": expected,
            "got": got,
            "clock": sample.count,
            "where": sample.where,
            "window": [pins_of(one) for one in self.recent if one.count <= sample.count],
        }
        self._breaks.append(_Break(record, AFTER))

    def aside(
        self, rule: str, sample: Any, said: str, *, expected: object = "", got: object = "", ends: bool = False
    ) -> None:
        """
        Note what a bench saw that is another rule's matter.

        Parameters
        ----------
        rule
            That rule.
        sample, said, expected, got
            As for `broken`.
        ends
            Whether the bench cannot go on to its own matter.
        """
        self._write(
            {
                "test": self._test,
                "aside": rule,
                "ends": ends,
                "said": said,
                "expected": str(expected),
                "got": str(got),
                "clock": sample.count,
                "where": sample.where,
                "window": [pins_of(one) for one in self.recent],
            }
        )

    def noted(self, sample: Any, said: str, *, expected: str, got: str, around: Sequence[Any]) -> None:
        """Note where a bench's own verdict, which is yet to come, has its reason, with the clocks around it."""
        self._own = {
            "said": said,
            "expected": expected,
            "got": got,
            "clock": sample.count,
            "where": sample.where,
            "window": [pins_of(one) for one in around],
        }

    def saw(self, sample: Any) -> None:
        """Keep a finished fabric clock; call it before the checkers look at it."""
        self.recent.append(sample)
        if sample.chip.hrq or sample.hlda or not sample.ior_n or not sample.iow_n or sample.reset:
            if not self._quiet:
                self._busy.clear()
            self._quiet = AFTER
        if self._quiet:
            self._busy.append(sample)
            self._quiet -= 1
        for one in list(self._breaks):
            if one.record["clock"] < sample.count:
                one.record["window"].append(pins_of(sample))
                one.left -= 1
                if not one.left:
                    self._flush(one)

    def measured(self, what: str, value: float) -> None:
        """Write down a figure that no rule judges."""
        self._write({"measured": what, "value": value})

    def end(self) -> None:
        """End the record of a test: what was not written yet, and its last clocks, for a verdict of its own."""
        if self._ended:
            return
        self._ended = True
        for one in list(self._breaks):
            self._flush(one)
        # A bench often looks back when all is quiet again: show what it looked back at.
        last = [pins_of(one) for one in self._busy]
        self._write(
            {
                "end": self._test,
                "met": sorted(self._met),
                "counts": self._counts,
                "exercised": self._exercised,
                "clock": self.recent[-1].count if last else 0,
                "where": self.recent[-1].where if last else "",
                "window": last,
                **self._own,
            }
        )
        self._counts, self._met, self._exercised, self._own = {}, set(), {}, {}
        self.recent.clear()
        self._busy.clear()
        self._quiet = 0

    def _flush(self, one: _Break) -> None:
        self._breaks.remove(one)
        self._write(one.record)

    def _write(self, record: dict[str, Any]) -> None:
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()
