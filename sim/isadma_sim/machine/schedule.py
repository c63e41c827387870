"""What happens when: calls ordered for a later 8237 clock."""

from __future__ import annotations

import heapq
from collections.abc import Callable

#: Later than any clock a machine reaches (2**62 clocks at 4 MHz are 36,000 years).
NEVER = 1 << 62


class Event:
    """One ordered call; the handle that `Schedule.cancel` takes.

    Attributes
    ----------
    clock : int
        The 8237 clock before which it happens.
    owner : object
        Who ordered it.
    """

    __slots__ = ("clock", "fn", "order", "owner")

    def __init__(self, clock: int, order: int, fn: Callable[[], None] | None, owner: object = None) -> None:
        self.owner = owner
        self.clock = clock
        self.order = order
        self.fn = fn  # None: cancelled or done

    def __lt__(self, other: Event) -> bool:
        return (self.clock, self.order) < (other.clock, other.order)


class Schedule:
    """A heap of events by clock; those of the same clock happen in the order they were given.

    Attributes
    ----------
    due : int
        Clock of the next event, `NEVER` when there is none.
    """

    def __init__(self) -> None:
        self.due = NEVER
        self._heap: list[Event] = []
        self._order = 0

    def at(self, clock: int, fn: Callable[[], None], owner: object = None) -> Event:
        """Order `fn` for the start of `clock` (int, not in the past)."""
        event = Event(clock, self._order, fn, owner)
        self.put(event)
        return event

    def put(self, event: Event) -> None:
        """Order an event that is there already: the last of its clock."""
        event.order = self._order
        self._order += 1
        heapq.heappush(self._heap, event)
        self.due = self._heap[0].clock

    def pending(self) -> list[Event]:
        """Return the events to come, in their order."""
        return sorted(event for event in self._heap if event.fn is not None)

    def cancel(self, event: Event) -> None:
        """Take an event back; one that has happened or was cancelled before is ignored."""
        event.fn = None
        self._tidy()

    def run(self, now: int) -> None:
        """Make every call that is due at or before `now`.

        An exception in one leaves the others in place for the next `run`.
        """
        while self.due <= now:
            event = heapq.heappop(self._heap)
            fn, event.fn = event.fn, None
            self._tidy()
            if fn is not None:
                fn()

    def _tidy(self) -> None:
        # `due` must never name a cancelled event; deeper ones are dropped when they come to the top.
        while self._heap and self._heap[0].fn is None:
            heapq.heappop(self._heap)
        self.due = self._heap[0].clock if self._heap else NEVER

    def __len__(self) -> int:
        return sum(event.fn is not None for event in self._heap)
