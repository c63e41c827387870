"""What the state machine tells the other parts: the clock, the state, and what the channel in service gets."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7, figures 11 to 14.
from amaranth.lib import data, wiring
from amaranth.lib.wiring import Out

__all__ = ["Clocking", "Cycle", "Retire", "Service", "State"]


class State(data.Struct):
    """The states, one bit each.

    S11 to S14 are S1 to S4 with `Service`'s ``source`` on, S21 to S24 the same with ``destination`` on.
    """

    #: Idle.
    si: 1
    #: The second SI: a request is latched and HRQ rises.
    requesting: 1
    s0: 1
    #: Cascade: DACK is on, nothing else.
    sc: 1
    s1: 1
    s2: 1
    s3: 1
    sw: 1
    s4: 1


class Retire(data.Struct):
    """What the end of a transfer does to the request registers at the end of this clock."""

    #: Channel whose transfer ends.
    channel: 2
    #: It reached terminal count, or EOP# was low: its status bit goes on and its request bit off.
    end_of_process: 1
    #: It does not autoinitialize, so its mask goes on.
    mask: 1
    #: A byte goes from memory to memory, until terminal count or EOP#, which would clear the request bits of both
    #: channels: they may go off as well before, as nobody sees them until then.
    both: 1


class Clocking(wiring.Signature):
    """The clock enables, and what puts a part into its reset state. Every part that keeps something has them."""

    def __init__(self):
        super().__init__(
            {
                #: High in the last clock of a state: CLK falls at its end, and the state changes.
                "clk_fall": Out(1),
                #: High in the last clock of the first half of a state: CLK rises at its end.
                "clk_rise": Out(1),
                #: High: RESET, or Master Clear. At the end of this clock, enables or not, the part is as after RESET.
                "clear": Out(1),
            }
        )


class Service(wiring.Signature):
    """The state, and whose transfer it belongs to. All of it comes from flip-flops and is valid in every clock."""

    def __init__(self):
        super().__init__(
            {
                #: The state: one bit is on. Changes after `clk_fall`, as all that follows here but the half.
                "state": Out(State),
                #: High between the mid-state edge and the end of the state; with a state per clock, always.
                "second_half": Out(1),
                #: High in S1 to S4: the chip has the bus.
                "active": Out(1),
                #: `active` in the state before.
                "was_active": Out(1),
                #: High from S2 to S4 of a transfer that began with S1: A8-A15 have gone out.
                "paged": Out(1),
                #: The channel latched, from the second SI on, or served last, which is where rotating priority starts.
                #: Channel 0 all through memory-to-memory.
                "channel": Out(2),
                #: High in the first half of memory-to-memory, S11 to S14, and in an S0 before it that waits.
                "source": Out(1),
                #: High in the second half of memory-to-memory, S21 to S24.
                "destination": Out(1),
            }
        )


class Cycle(wiring.Signature):
    """What kind of transfer it is, for the strobes. Combinational; valid in S2 to S4 and in their wait states."""

    def __init__(self):
        super().__init__(
            {
                #: High: memory is read.
                "reads": Out(1),
                #: High: memory is written. Neither: verify.
                "writes": Out(1),
                #: High: compressed timing, S2 and S4 alone. Valid in every clock.
                "compressed": Out(1),
                #: High in an S4 with which the service ends. In every clock.
                "last": Out(1),
            }
        )
