"""A card on one DRQ and DACK# pair of the ISA bus: bytes on channels 0 to 3, words on 5 to 7."""

from collections.abc import Container
from typing import Any, ClassVar

from isadma_verify.cosim.chip.peripheral import Peripheral

#: What a byte card leaves on D8-D15: nobody may take it for data.
_UPPER = 0xA500


class Card(Peripheral):
    """A `Peripheral` on the ISA bus; it serves bytes or words, as its channel has them."""

    CHANNELS: ClassVar[Container[int]] = (0, 1, 2, 3, 5, 6, 7)
    HAS: ClassVar[str] = "the bus has DRQ 0 to 3 and 5 to 7"

    @property
    def words(self) -> bool:
        """Whether it moves words."""
        return self.channel >= 5

    def _put(self, bench: Any, item: int | None) -> None:
        super()._put(bench, item if item is None or self.words else _UPPER | item)

    def _take(self, sample: Any) -> int:
        return int(sample.d) if self.words else int(sample.d) & 0xFF
