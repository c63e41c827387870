"""The list of what is proved of the boards: each property with its sentence, depth and reason."""

from .at_address import AT_ADDRESS
from .at_rules import AT_RULES
from .board_liveness import BOARDS_ANSWER
from .runner import Property
from .wishbone import WISHBONE
from .wishbone_bursts import WISHBONE_BURSTS
from .xt_address import XT_ADDRESS
from .xt_hold import XT_HOLD

#: Every promise that is proved of the boards.
BOARD_PROPERTIES: tuple[Property, ...] = (
    AT_ADDRESS,
    XT_ADDRESS,
    *XT_HOLD,
    *AT_RULES,
    *BOARDS_ANSWER,
    *WISHBONE,
    *WISHBONE_BURSTS,
)
