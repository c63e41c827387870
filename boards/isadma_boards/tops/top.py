"""The top of every board: its oscillator, its serial port and its LEDs around the UART PC."""

from amaranth import ClockDomain, ClockSignal, Elaboratable, Module
from amaranth.build import ResourceError
from amaranth.lib import io

from isadma.soc.uart_pc import UartPc

__all__ = ["BAUD", "Top"]

#: Speed of the serial line; it divides every board's clock without a rest.
BAUD = 1_000_000


class Top(Elaboratable):
    """One board's FPGA.

    No flip-flop waits for a reset: all of them have their value when the FPGA is configured.

    Parameters
    ----------
    spec : BoardSpec
        Which board.
    """

    def __init__(self, spec):
        self._spec = spec
        storage = spec.storage(spec.memory_bits) if spec.storage else None
        self.pc = UartPc(divisor=spec.clock_hz // BAUD, memory_bits=spec.memory_bits, storage=storage, **spec.options)

    def elaborate(self, platform):
        m = Module()
        m.domains.sync = ClockDomain(reset_less=True)
        m.submodules.pc = pc = self.pc
        m.submodules.clock = clock = io.Buffer("i", platform.request(platform.default_clk, dir="-"))
        uart = platform.request("uart", dir={"rx": "-", "tx": "-"} | self._others(platform))
        m.submodules.rx = rx = io.Buffer("i", uart.rx)
        m.submodules.tx = tx = io.Buffer("o", uart.tx)
        if pll := self._spec.make_pll():
            m.submodules.pll = pll
            m.d.comb += [pll.clk_in.eq(clock.i), ClockSignal().eq(pll.clk_out)]
            platform.add_clock_constraint(pll.clk_out, self._spec.clock_hz)
        else:
            m.d.comb += ClockSignal().eq(clock.i)
        m.d.comb += [pc.rx.eq(rx.i), tx.o.eq(pc.tx)]
        for number, port in enumerate(self._leds(platform)[: len(pc.leds)]):
            m.submodules[f"led{number}"] = led = io.Buffer("o", port)
            m.d.comb += led.o.eq(pc.leds[number])
        return m

    @staticmethod
    def _others(platform):
        # Handshake lines and the like stay unused inputs.
        signals = platform.lookup("uart").ios
        return {signal.name: "-" for signal in signals if signal.name not in ("rx", "tx")}

    @staticmethod
    def _leds(platform):
        """Return the pins of as many LEDs as the board has."""
        found = []
        while True:
            try:
                found.append(platform.request("led", len(found), dir="-"))
            except ResourceError:
                return found
