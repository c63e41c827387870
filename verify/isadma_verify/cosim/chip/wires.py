"""The wires between an 8237A and the world."""

from isadma_verify.cosim.chip.pins import Drives
from isadma_verify.cosim.common.wires import Wire, Wires


class BusHolder(Wires):
    """All shared wires of the chip; parameters as for `Wires`."""

    BITS = 8

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.eop_n = Wire("eop_n", 1, pull=1)
        self.db = Wire("db", 8, pull=None)
        self.a = Wire("a", 8, pull=None)
        self._shared += (self.db, self.a)

    @property
    def data(self) -> Wire:
        """The data wires, whatever the core calls them."""
        return self.db

    def resolve(self, chip: Drives) -> list[str]:
        """Work out every wire's level; EOP# is open drain: anyone may pull, and one is enough."""
        fights = super().resolve(chip)
        pulled = chip.eop_n == 0 or 0 in self.eop_n.drivers.values()
        self.eop_n.level = 0 if pulled else 1
        return fights
