"""The Wishbone 8237A in a LiteX SoC, as a black box. LiteX is not installed with isadma.

Write the core first: ``isadma verilog --core wishbone -o isadma_wishbone.v``. Then, in the SoC::

    self.submodules.dma = Dma8237(platform)
    self.bus.add_slave("dma", self.dma.registers, SoCRegion(origin=0x82000000, size=0x80, cached=False))
    self.bus.add_master("dma", self.dma.memory)
"""

from litex.soc.interconnect import wishbone
from migen import ClockSignal, Instance, Module, ResetSignal, Signal

#: Word addresses, as `isadma.soc.registers.Register` has them: the chip's sixteen registers, the pages, the error bit.
CHIP, PAGE, ERROR = 0x00, 0x10, 0x14


class Dma8237(Module):
    """One 8237A: a slave for its registers, a master for memory, and signals for four devices.

    Parameters
    ----------
    platform : litex.build.generic_platform.GenericPlatform
        Gets the Verilog file.
    source : str
        Where ``isadma verilog --core wishbone`` wrote it.
    """

    def __init__(self, platform, source="isadma_wishbone.v"):
        self.registers = wishbone.Interface(data_width=32, adr_width=5)
        self.memory = wishbone.Interface(data_width=32, adr_width=30)
        self.dreq, self.dack = Signal(4), Signal(4)
        self.device_in, self.device_out = Signal(8), Signal(8)
        self.device_ready = Signal(reset=1)
        self.ior_n, self.iow_n, self.tc = Signal(), Signal(), Signal()
        self.irq = Signal()  # memory answered a transfer with err
        ports = {
            "i_clk": ClockSignal("sys"),
            "i_rst": ResetSignal("sys"),
            "i_dreq": self.dreq,
            "o_dack": self.dack,
            "i_device_in": self.device_in,
            "o_device_out": self.device_out,
            "i_device_ready": self.device_ready,
            "o_ior_n": self.ior_n,
            "o_iow_n": self.iow_n,
            "o_tc": self.tc,
            "o_irq": self.irq,
            "i_eop_n": 1,
        }
        for bus, name, to_core in ((self.registers, "registers", "i"), (self.memory, "memory", "o")):
            from_core = "o" if to_core == "i" else "i"
            for signal in ("adr", "dat_w", "sel", "cyc", "stb", "we"):
                ports[f"{to_core}_{name}_{signal}"] = getattr(bus, signal)
            for signal in ("dat_r", "ack"):
                ports[f"{from_core}_{name}_{signal}"] = getattr(bus, signal)
        ports["o_registers_err"] = self.registers.err
        ports["i_memory_err"] = self.memory.err
        self.specials += Instance("isadma_wishbone", **ports)
        platform.add_source(source)
