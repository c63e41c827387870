"""What can be fuzzed: each target's design, its pins by the golden model's names, and which C++ describes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from amaranth.hdl import ClockDomain, Const, Module, ResetSignal, Signal

from isadma.i8237 import I8237
from isadma.i8237.socket import Socket
from isadma.pc import PcAt, PcXt
from isadma.soc import WishboneDma

__all__ = ["TARGETS", "Target", "design", "target"]

STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")


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
        Gives its inputs by the model's field names, and its outputs in the order of the file's pins.
    clockings : sequence of int
        Fabric clocks a state that the model knows.
    enables : bool
        Whether the design has clock enables for CLK's two edges.
    """

    name: str
    headers: tuple[str, ...]
    defines: Mapping[str, int]
    build: Callable[[], Any]
    wires: Callable[[Any], tuple[dict[str, Any], list[Any]]]
    clockings: Sequence[int]
    noise: int | None = None
    enables: bool = True


def _chip_wires(chip: Any) -> tuple[dict[str, Any], list[Any]]:
    inputs = {name: getattr(chip, name) for name in ("reset", "cs_n", "ready", "hlda", "dreq")}
    inputs |= {name: getattr(chip, name).i for name in ("ior_n", "iow_n", "eop_n", "db", "a")}
    strobes = [getattr(chip, name) for name in STROBES]
    outputs = [chip.hrq, chip.dack, chip.aen, chip.adstb, chip.eop_n.oe]
    outputs += [*(s.oe for s in strobes), *(s.o for s in strobes), chip.db.oe, chip.db.o, chip.a.oe, chip.a.o]
    return inputs, outputs


def _board_wires(board: Any) -> tuple[dict[str, Any], list[Any]]:
    isa = board.isa
    inputs = {"reset": board.reset, "hlda": board.hlda, "out1": board.out1}
    inputs |= {"drq": isa.drq, "iochrdy": isa.iochrdy, "master_n": isa.master_n}
    inputs |= {name: getattr(isa, name).i for name in ("a", "sbhe_n", "d", *STROBES)}
    strobes = [getattr(isa, name) for name in STROBES]
    outputs = [board.hrq, isa.aen, isa.dack_n, isa.tc, isa.refresh_n, isa.a.oe, isa.a.o, isa.sbhe_n.o]
    outputs += [*(s.oe for s in strobes), *(s.o for s in strobes), isa.d.oe, isa.d.o]
    return inputs, outputs


def _wishbone_wires(dma: Any) -> tuple[dict[str, Any], list[Any]]:
    registers, memory = dma.registers, dma.memory
    inputs = {"rst": ResetSignal()}
    inputs |= {name: getattr(registers, name) for name in ("cyc", "stb", "we", "sel", "adr", "dat_w")}
    inputs |= {name: getattr(memory, name) for name in ("ack", "err", "dat_r")}
    inputs |= {name: getattr(dma, name) for name in ("dreq", "device_in", "device_ready", "eop_n")}
    outputs = [registers.ack, registers.dat_r]
    outputs += [getattr(memory, name) for name in ("cyc", "stb", "we", "sel", "adr", "dat_w")]
    return inputs, [*outputs, dma.dack, dma.ior_n, dma.iow_n, dma.device_out, dma.tc, dma.irq]


def _bursts_wires(dma: Any) -> tuple[dict[str, Any], list[Any]]:
    inputs, outputs = _wishbone_wires(dma)
    return inputs, [*outputs, dma.memory.cti, dma.memory.bte]


def _socket_wires(part: Any) -> tuple[dict[str, Any], list[Any]]:
    inputs, outputs = _chip_wires(part)
    return {"clk": part.clk, **inputs}, outputs


_STROBED = ("strobed.h", "world.h")
_CHIP = ("target_chip.h", *_STROBED)
_AT = ("target_at.h", "target_board.h", "port_coverage.h", "at.h", "board.h", *_STROBED)
_XT = ("target_xt.h", "target_board.h", "port_coverage.h", "xt.h", "board.h", *_STROBED)
_SOCKET = ("target_socket.h", "socket_world.h")
_WISHBONE = ("target_wishbone.h", "wishbone.h", "bus_world.h", "bus_coverage.h")
_BURSTS = (*_WISHBONE, "wishbone_bursts.h", "burst_coverage.h")

TARGETS = {
    target.name: target
    for target in (
        Target("i8237", _CHIP, {"IS_CMOS": 0, "RECORDS": 1}, lambda: I8237(variant="nmos"), _chip_wires, (1, 2, 4)),
        Target("82c37", _CHIP, {"IS_CMOS": 1, "RECORDS": 1}, lambda: I8237(variant="cmos"), _chip_wires, (1, 2, 4)),
        Target("at", _AT, {"WAIT_STATES": 1, "REFRESHES": 0}, PcAt, _board_wires, (1,)),
        Target(
            "at-refresh",
            _AT,
            {"WAIT_STATES": 0, "REFRESHES": 1},
            lambda: PcAt(wait_states=0, refresh=True),
            _board_wires,
            (1,),
        ),
        Target("xt", _XT, {"WAIT_STATES": 1}, PcXt, _board_wires, (1,)),
        Target("socket", _SOCKET, {}, partial(Socket, fabric_mhz=60), _socket_wires, (1,), enables=False),
        Target("wishbone", _WISHBONE, {"BURSTS": 0}, WishboneDma, _wishbone_wires, (1,), enables=False),
        Target(
            "wishbone-bursts",
            _BURSTS,
            {"BURSTS": 1},
            partial(WishboneDma, bursts=True),
            _bursts_wires,
            (1,),
            enables=False,
        ),
        *(
            Target(f"{name}-noise", headers, defines, partial(core, uninitialized_memory=True), wires, clockings, 1)
            for name, headers, defines, core, wires, clockings in (
                ("i8237", _CHIP, {"IS_CMOS": 0}, I8237, _chip_wires, (1, 2)),
                ("at", _AT, {"WAIT_STATES": 1, "REFRESHES": 0}, PcAt, _board_wires, (1,)),
                ("xt", _XT, {"WAIT_STATES": 1}, PcXt, _board_wires, (1,)),
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
    for number, pin in enumerate(outputs):
        port = Signal(len(pin), name=f"o{number}")
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
