"""What can be fuzzed: each target's design, its pins by the golden model's names, and which C++ describes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from amaranth.hdl import ClockDomain, Const, Module, Signal

from isadma.i8237 import I8237
from isadma.i8237.socket import Socket
from isadma.pc import PcAt, PcXt
from isadma.soc import WishboneDma
from isadma.soc.bridge import Bridge
from isadma_verify.fuzz.wires import (
    Pin,
    board_wires,
    bridge_wires,
    bursts_wires,
    chip_wires,
    socket_wires,
    unused_of_dma_2,
    wishbone_wires,
)

__all__ = ["COUNTS_WITH", "NEVER_SET", "TARGETS", "UNUSED", "Target", "design", "target"]

COUNTS_WITH = "counts_with"
"""The attribute of an output that counts only while another one is high: its name, and maybe an input's, low then."""
UNUSED, NEVER_SET = "unused", "never_set"
"""The ports that have a target's `Target.unused`."""


@dataclass(frozen=True, eq=False)
class Target:
    """A design that has a golden model in C++.

    Attributes
    ----------
    name : str
        As the command line has it.
    headers : tuple of str
        The C++ file that drives and compares it, then those that only this target needs.
    defines : mapping
        Constants that the file wants.
    build : callable
        Makes the Amaranth component.
    noise : int or None
        Seed of what its memories hold at power-up; each scenario then begins with writing every register once.
    wires : callable
        Gives its inputs by the model's field names, and its outputs in the order of the file's pins, each with what
        says that it counts, or None.
    clockings : sequence of int
        Fabric clocks a state that the model knows.
    enables : bool
        Whether the design has clock enables for CLK's two edges.
    unused : callable, optional
        Gives register bits of the component that no program sets, and others that therefore are never set.
    promised : bool
        Whether its pins are the chip's, and its surroundings keep what the clock contract asks of them.
    """

    name: str
    headers: tuple[str, ...]
    defines: Mapping[str, int]
    build: Callable[[], Any]
    wires: Callable[[Any], tuple[dict[str, Any], Sequence[Pin]]]
    clockings: Sequence[int]
    noise: int | None = None
    enables: bool = True
    unused: Callable[[Any], tuple[Any, Any]] | None = None
    promised: bool = False


_NMOS, _CMOS = partial(I8237, variant="nmos"), partial(I8237, variant="cmos")
_STROBED = ("strobed.h", "world.h")
_CHIP = ("target_chip.h", *_STROBED)
_AT = ("target_at.h", "target_board.h", "port_coverage.h", "at.h", "board.h", *_STROBED)
_XT = ("target_xt.h", "target_board.h", "port_coverage.h", "xt.h", "board.h", *_STROBED)
_SOCKET = ("target_socket.h", "socket_world.h")
_BRIDGE = ("target_bridge.h", "bridge_world.h", "bridge.h")
#: Clocks per bit, and log2 of the memory's bytes, of the bridge that is fuzzed; what `Get.BOARD` reads there.
_DIVISOR, _MEMORY_BITS, _KIND = 5, 10, 2
_WISHBONE = ("target_wishbone.h", "wishbone.h", "bus_world.h", "bus_coverage.h")
_BURSTS = (*_WISHBONE, "wishbone_bursts.h", "burst_coverage.h")

TARGETS = {
    target.name: target
    for target in (
        Target("i8237", _CHIP, {"IS_CMOS": 0, "RECORDS": 1}, _NMOS, chip_wires, (1, 2, 4), promised=True),
        Target("82c37", _CHIP, {"IS_CMOS": 1, "RECORDS": 1}, _CMOS, chip_wires, (1, 2, 4), promised=True),
        Target("at", _AT, {"WAIT_STATES": 1, "REFRESHES": 0}, PcAt, board_wires, (1,), unused=unused_of_dma_2),
        Target(
            "at-refresh",
            _AT,
            {"WAIT_STATES": 0, "REFRESHES": 1},
            lambda: PcAt(wait_states=0, refresh=True),
            board_wires,
            (1,),
            unused=unused_of_dma_2,
        ),
        Target("xt", _XT, {"WAIT_STATES": 1}, PcXt, board_wires, (1,)),
        Target("socket", _SOCKET, {}, partial(Socket, fabric_mhz=60), socket_wires, (1,), enables=False),
        Target(
            "bridge",
            _BRIDGE,
            {"BRIDGE_DIVISOR": _DIVISOR, "BRIDGE_MEMORY_BITS": _MEMORY_BITS, "BRIDGE_KIND": _KIND},
            partial(Bridge, _DIVISOR, _MEMORY_BITS, board=_KIND),
            bridge_wires,
            (1,),
            enables=False,
        ),
        Target("wishbone", _WISHBONE, {"BURSTS": 0}, WishboneDma, wishbone_wires, (1,), enables=False),
        Target(
            "wishbone-bursts",
            _BURSTS,
            {"BURSTS": 1},
            partial(WishboneDma, bursts=True),
            bursts_wires,
            (1,),
            enables=False,
        ),
        *(
            Target(f"{name}-noise", headers, defines, partial(core, uninitialized_memory=True), wires, clockings, 1)
            for name, headers, defines, core, wires, clockings in (
                ("i8237", _CHIP, {"IS_CMOS": 0}, I8237, chip_wires, (1, 2)),
                ("at", _AT, {"WAIT_STATES": 1, "REFRESHES": 0}, PcAt, board_wires, (1,)),
                ("xt", _XT, {"WAIT_STATES": 1}, PcXt, board_wires, (1,)),
            )
        ),
    )
}
"""By name."""


def target(name: str) -> Target:
    """Return the target of a name.

    Raises
    ------
    ValueError
        There is none; the message lists those there are.
    """
    if name not in TARGETS:
        raise ValueError(f"no target is named {name!r}; there are {', '.join(TARGETS)}")
    return TARGETS[name]


def design(target: Target, per_state: int) -> tuple[Module, list[Any], str]:
    """Wrap a target's design so that C++ reaches each pin by its name.

    Parameters
    ----------
    target : Target
        What to wrap.
    per_state : int
        Fabric clocks a state: 1 ties both clock enables high, 2 makes them inputs.

    Returns
    -------
    Module
        The top module.
    list of Signal
        Its ports.
    str
        The C++ class ``Rtl`` that drives it.
    """
    dut = target.build()
    inputs, outputs = target.wires(dut)
    top = Module()
    top.submodules.dut = dut
    ports, sets, gets = [], [], []
    if "rst" in inputs:
        top.domains.sync = sync = ClockDomain()
        ports.append(sync.clk)
    for name, pin in inputs.items():
        port = Signal(len(pin), name=f"i_{name}")
        top.d.comb += pin.eq(port)
        ports.append(port)
        sets.append(f"top.p_i__{name.replace('_', '__')}.template set<uint32_t>(in.{name});")
    if not target.enables:
        pass
    elif per_state == 1:
        top.d.comb += [dut.clk_rise.eq(Const(1)), dut.clk_fall.eq(Const(1))]
    else:
        rise, fall = Signal(name="i_rise"), Signal(name="i_fall")
        top.d.comb += [dut.clk_rise.eq(rise), dut.clk_fall.eq(fall)]
        ports += [rise, fall]
        sets += ["top.p_i__rise.template set<bool>(rise);", "top.p_i__fall.template set<bool>(fall);"]
    if target.unused:
        for name, bits in zip((UNUSED, NEVER_SET), target.unused(dut), strict=True):
            port = Signal(len(bits), name=name)
            top.d.comb += port.eq(bits)
            ports.append(port)
    names = {id(pin): f"o{number}" for number, (pin, _) in enumerate(outputs)}
    for number, (pin, enable) in enumerate(outputs):
        high, low = enable if isinstance(enable, tuple) else (enable, None)
        unless = [f"i_{name}" for name, given in inputs.items() if given is low]
        attrs = {} if high is None else {COUNTS_WITH: " ".join([names[id(high)], *unless])}
        port = Signal(len(pin), name=f"o{number}", attrs=attrs)
        top.d.comb += port.eq(pin)
        ports.append(port)
        gets.append(f"v[{number}] = now(top.p_o{number}).template get<uint32_t>();")
    return top, ports, _RTL.format(sets="\n        ".join(sets), gets="\n        ".join(gets))


_RTL = """\
// The design's pins by name.
#pragma once
#include <cstdint>
#include "top.cc"

namespace fuzz {{

struct Pin {{
    const char *name;
    int width, enable;  // the pin that says whether this one is driven, or -1
}};

template <size_t N> static inline const cxxrtl::value<N> &now(const cxxrtl::value<N> &v) {{ return v; }}
template <size_t N> static inline const cxxrtl::value<N> &now(const cxxrtl::wire<N> &w) {{ return w.curr; }}

struct Rtl {{
    cxxrtl_design::p_top top;
#ifdef MUTANTS
    // Which of the mutations built in is alive; 0: none. They may feed back, so that one evaluation is not enough.
    static inline uint32_t mutant = 0;
    static constexpr int EVALUATIONS = 16;

    Rtl() {{ top.p_mutant.template set<uint32_t>(mutant); }}
    void level(bool clock) {{
        top.p_clk.template set<bool>(clock);
        for (int n = 0; n < EVALUATIONS; n++) {{
            top.eval();
            if (!top.commit() && n) break;
        }}
    }}
    void settle() {{ level(false); }}
    void edge() {{ level(true); }}
#else
    // One evaluation shows the pins of this clock and prepares the next one's registers, which `edge` then takes.
    void settle() {{
        top.prev_p_clk.template set<bool>(false);
        top.p_clk.template set<bool>(true);
        top.eval();
    }}
    void edge() {{ top.commit(); }}
#endif

    template <class In> void set(const In &in, bool rise, bool fall) {{
        (void)rise, (void)fall;
        {sets}
    }}
    void get(uint32_t *v) const {{
        {gets}
    }}
}};

}}  // namespace fuzz
"""
