"""The maps that come with the guide's examples: each lays on the ports of the core that it is for."""

from pathlib import Path

from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.sources.ports import Core, Port
from isadma_verify.conform.wrap.resolve import lay
from isadma_verify.conform.wrap.verilog import wrapper

from .conftest import EXAMPLES

#: Ports as the core has them: its name, its direction, its bits.
AO486 = """clk:in rst_n:in address:in:4 write:in writedata:in:8 read:in readdata:out:8 dma_address:out:16 dma_write:out
  dma_writedata:out:16 dma_read:out dma_readdata:in:16 dma_readdatavalid:in dma_waitrequest:in req:out:4 ch_req:in:4
  busy:out:4 disabled:out mask:out:4 """ + " ".join(
    f"ch{n}_req:in ch{n}_ack:out ch{n}_writedata:in:16 ch{n}_readdata:out:16 ch{n}_tc:out" for n in range(4)
)


def test_the_map_of_ao486s_controller_lays_on_its_ports():
    ports = {}
    for text in AO486.split():
        name, way, *width = text.split(":")
        ports[name] = Port(name, way, int(width[0]) - 1 if width else None, 0 if width else None)
    laid = lay(Core((Path("dma.v"),), "i8237", "verilog", ports), read_map(EXAMPLES / "maps" / "ao486_i8237.toml"))
    assert laid.lacks == ["aen", "adstb"]
    text = wrapper(laid)
    assert "first_0 & ~(first_0_was)" in text
    assert "p_req[0]" in text
