"""What ports of 8237 cores are called: the words for each pin, marks of direction and of polarity."""

import re
from collections.abc import Sequence

from isadma_verify.conform.pins.kinds import PINS
from isadma_verify.conform.sources.ports import Port

#: What ports are called, without case, marks of direction and polarity: the stem to the pin. Each is looked for whole.
STEMS = {
    "reset": ("reset", "rst", "mr", "reset_in", "sys_reset", "clear", "clr", "sysreset", "resetdrv", "reset_drv"),
    "cs_n": ("cs", "chip_select", "chipselect", "ce", "select", "sel", "chip_sel", "pcs"),
    "ready": ("ready", "rdy", "dma_ready"),
    "hlda": (
        "hlda",
        "hold_acknowledge",
        "hold_ack",
        "hldack",
        "hlda_in",
        "bus_ack",
        "busack",
        "bus_grant",
        "busgnt",
        "grant",
    ),
    "dreq": ("dreq", "drq", "dma_request", "dma_req", "dmareq", "request"),
    "hrq": ("hrq", "hold_request", "hold_req", "hreq", "hold", "holdreq", "bus_req", "busreq", "bus_request", "breq"),
    "dack": ("dack", "dak", "dma_acknowledge", "dma_ack", "dmaack", "acknowledge", "ack"),
    "aen": ("aen", "address_enable", "addr_en"),
    "adstb": ("adstb", "address_strobe", "addr_strobe", "ads", "stb", "astb", "ale", "address_latch"),
    "ior_n": ("ior", "io_read", "ioread", "iord", "io_rd", "rd", "prd", "read", "slave_read", "avs_read", "cpu_rd"),
    "iow_n": (
        "iow",
        "io_write",
        "iowrite",
        "iowr",
        "io_wr",
        "wr",
        "pwr",
        "write",
        "slave_write",
        "avs_write",
        "cpu_wr",
    ),
    "memr_n": ("memr", "mem_read", "memory_read", "mrd", "memrd", "mem_rd", "mr"),
    "memw_n": ("memw", "mem_write", "memory_write", "mwr", "memwr", "mem_wr"),
    "eop_n": ("eop", "end_of_process", "eopp", "eop_tc", "tc", "terminal_count", "terminal"),
    "db": (
        "db",
        "data",
        "data_bus",
        "dbus",
        "d",
        "databus",
        "dat",
        "din",
        "dout",
        "dbin",
        "dbout",
        "datain",
        "dataout",
        "pwdata",
        "prdata",
        "pd",
        "wdata",
        "rdata",
        "writedata",
        "readdata",
        "slave_writedata",
        "slave_readdata",
        "avs_writedata",
        "avs_readdata",
        "io_writedata",
        "io_readdata",
        "cpu_data",
        "cpu_din",
        "cpu_dout",
    ),
    "a": (
        "a",
        "addr",
        "address",
        "abus",
        "adr",
        "address_bus",
        "ab",
        "cpu_a",
        "dma_a",
        "cpu_addr",
        "dma_addr",
        "abusl",
        "abush",
        "paddr",
        "daddr",
        "da",
        "io_addr",
        "io_address",
        "slave_address",
        "avs_address",
        "cpu_address",
        "dma_address",
    ),
    "ah": ("ah", "address_high", "abus_hi"),
}
CLOCKS = (
    *("clk", "clock", "osc", "clkin", "sysclk", "clk_i", "clk_in", "phi", "ck", "clk_sys", "sys_clk", "sys_clock"),
    *("clock_sys", "pclk", "aclk", "hclk", "clk_bus", "clk_cpu", "clk_dma", "clk_isa", "clk_peripheral"),
)
#: The CLK pin's own names, where another clock runs beside it.
SLOW = re.compile(r"(cpu|bus|dma|isa|peripheral)_?(clk|clock)|(clk|clock)_?(cpu|bus|dma|isa|peripheral)", re.IGNORECASE)
FAST = re.compile(r"(clk|clock)_?(2x?|x2|fast|fabric)|fabric(_clk)?|(clk_?)?2x|mclk", re.IGNORECASE)
RISE = re.compile(r"(ce|en|clk|clock).*(rise|pos|_p|re)$|.*posedge$|^clk_rise$", re.IGNORECASE)
FALL = re.compile(r"(ce|en|clk|clock).*(fall|neg|_n|fe)$|.*negedge$|^clk_fall$", re.IGNORECASE)

BOARD_STEMS = {
    **{pin: stems for pin, stems in STEMS.items() if pin in PINS["at"]},
    "drq": STEMS["dreq"],
    "dack_n": STEMS["dack"],
    "d": (*STEMS["db"], "sd", "xd"),
    "a": (*STEMS["a"], "sa", "la", "xa"),
    "iochrdy": ("iochrdy", "chrdy", "io_ch_rdy", *STEMS["ready"]),
    "tc": ("tc", "terminal_count", "t_c"),
    "master_n": ("master",),
    "refresh_n": ("refresh", "ref"),
    "out1": ("out1", "pit_out1"),
    "sbhe_n": ("sbhe", "bhe"),
}


#: Words that stand for the active high level of a pin that is active low.
TURNED = (
    *("tc", "terminal_count", "terminal", "slave_read", "slave_write", "avs_read", "avs_write", "read", "write"),
    *("io_read", "io_write", "mem_read", "mem_write", "memory_read", "memory_write"),
)

#: Pins of one bit that are active high: a port whose name marks it as low has the other polarity.
ACTIVE_HIGH = ("reset", "ready", "hlda", "hrq", "aen", "adstb", "tc", "iochrdy", "out1")


def parts_of(port: Port) -> tuple[str, str, bool]:
    """Return a port's stem, the side that its name marks (in, out, oe or nothing), and whether it is active low."""
    name = re.sub(r"([a-z])([A-Z])", r"\1_\2", port.member).lower().strip("_")
    name = re.sub(r"^isa_+", "", name)
    words = [word for word in re.split(r"_+", name) if word]
    side, low = "", False
    if len(words) > 1 and words[0] == "io" and port.direction in ("inout", ""):
        words.pop(0)
    if len(words) == 1 and len(words[0]) > 3 and words[0].endswith("oe") and port.direction == "out":
        return words[0].removesuffix("oe"), "oe", low
    if len(words) > 1 and words[-1] == "io" and port.direction == "out" and port.width == 1:
        # A direction as cores have it: 1 is in.
        words.pop()
        side, low = "oe", True
    while len(words) > 1:
        last, first = words[-1], words[0]
        if last in ("i", "in", "o", "out", "oe", "en", "e", "t", "z", "io", "drive", "dir"):
            side = side or {"i": "in", "in": "in", "o": "out", "out": "out", "io": ""}.get(last, "oe")
            words.pop()
        elif last in ("n", "l", "b"):
            low = True
            words.pop()
        elif first in ("i", "o") and len(first) == 1:
            side = side or {"i": "in", "o": "out"}[first]
            words.pop(0)
        elif first == "n":
            low = True
            words.pop(0)
        else:
            break
    return "_".join(words), side, low


#: What stands before a pin's own name.
_BEFORE = re.compile(r"^(?:x|(?:cpu|dma|isa|bus|ram|sys|pin|io)_?)(?=.)")


def bare_of(stem: str, known: tuple[str, ...]) -> str:
    """Return a stem without what stands before the pin's own name, where that leaves one."""
    bare = _BEFORE.sub("", stem)
    return bare if stem not in known and bare in known else stem


def stem_of(stem: str, stems: dict[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """Return the pin that a stem is of, and what stands behind it: a channel's number, bits, or nothing."""
    for pin, known in stems.items():
        if stem in known:
            return pin, ""
    for pin, known in stems.items():
        if bare_of(stem, known) in known:
            return pin, ""
        for word in known:
            if word in (stem.removesuffix("n"), stem.removeprefix("n"), stem.removesuffix("in")):
                return pin, ""
            found = re.fullmatch(rf"n?{re.escape(word)}n?_?(\d+(?:_\d+)?|h|l|u|lo|hi|low|high|up|upper|lower)", stem)
            if found is not None:
                return pin, found.group(1)
    return None


def taken_high(strobes: set[str], reset: Sequence[Port], lows: dict[str, bool]) -> set[str]:
    """
    Return strobes and selects to be taken for active high: a name marks RESET low, and none marks any of them.

    Parameters
    ----------
    strobes
        Ports that look like a pin that is active low on the real chip.
    reset
        Those that look like RESET.
    lows
        Whether a port is active low; changed for those that are returned.
    """
    if not any(lows[port.name] for port in reset) or any(lows[name] for name in strobes):
        return set()
    lows.update(dict.fromkeys(strobes, True))
    return strobes
