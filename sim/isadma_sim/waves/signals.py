"""What a waveform shows: every signal with its group, from the pins of a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isadma_sim.engines.pins import Field, In, Out

if TYPE_CHECKING:
    from isadma_sim.engines.board import Probe

Value = int | str | None
#: Value of a signal from packed inputs and outputs of a clock.
Sampler = Callable[[int, int], Value]

#: Top of the hierarchy in the dump.
TOP = "pc"
#: A string signal that says nothing right now.
NOTHING = "-"


@dataclass(frozen=True)
class Signal:
    """One signal of the dump.

    Attributes
    ----------
    group : str
        Heading in GTKWave.
    scope, name : str
        Where it is in the dump.
    width : int
        Bits; 0 is a string.
    """

    group: str
    scope: str
    name: str
    width: int

    @property
    def path(self) -> str:
        """The name GTKWave knows it by."""
        return f"{self.scope}.{self.name}" + (f"[{self.width - 1}:0]" if self.width > 1 else "")


def _bit(field: Field, index: int = 0) -> int:
    return 1 << field.low + index


def _driven_low(cpu: Field, dma: Field) -> Sampler:
    # Active low lines are pulled up: low when anyone pulls.
    ours, theirs = cpu.mask, dma.mask
    return lambda inputs, out: int(bool(inputs & ours) and bool(out & theirs))


def _address(inputs: int, out: int) -> Value:
    if out & Out.A_OE.mask:
        return Out.A.of(out)
    return None if inputs & In.HLDA.mask and inputs & In.MASTER_N.mask else In.A.of(inputs)


#: The CPU's, and a bus master's.
_CARD_STROBES = In.MEMR_N.mask | In.MEMW_N.mask
_CPU_STROBES = In.IOR_N.mask | In.IOW_N.mask | _CARD_STROBES
_DMA_STROBES = Out.IOR_N.mask | Out.IOW_N.mask | Out.MEMR_N.mask | Out.MEMW_N.mask


def _data(inputs: int, out: int) -> Value:
    if out & Out.D_OE.mask:
        return Out.D.of(out)
    strobe = inputs & _CPU_STROBES != _CPU_STROBES or out & _DMA_STROBES != _DMA_STROBES
    return In.D.of(inputs) if strobe else None


def _access(inputs: int, out: int) -> Value:
    if not inputs & In.IOR_N.mask:
        return f"in:{In.A.of(inputs):03X}h"
    if not inputs & In.IOW_N.mask:
        return f"out:{In.A.of(inputs):03X}h"
    return NOTHING


def _master(inputs: int, out: int) -> Value:
    if not inputs & In.HLDA.mask:
        return "CPU"
    if not inputs & In.MASTER_N.mask:
        return "card"
    if not out & Out.REFRESH_N.mask:
        return "refresh"
    return "DMA" if out & Out.AEN.mask else "hold"


def _channel(inputs: int, out: int) -> Value:
    active = [str(n) for n in range(8) if not out & _bit(Out.DACK_N, n)]
    return "+".join(active) if active else NOTHING


def _transfer(inputs: int, out: int) -> Value:
    """Name the bus cycle by its strobes."""
    low = ~out & _DMA_STROBES
    if not low:
        if ~inputs & _CARD_STROBES:
            return "memory-read" if ~inputs & In.MEMR_N.mask else "memory-write"
        return NOTHING
    if low & Out.MEMR_N.mask and not out & Out.REFRESH_N.mask:
        return "refresh"
    if low & Out.IOR_N.mask:
        return "device-to-memory"
    if low & Out.IOW_N.mask:
        return "memory-to-device"
    # MEMR# alone: late write has not begun yet, or a memory-to-memory read; DACK# tells.
    if low & Out.MEMR_N.mask:
        return "memory-to-device" if ~out & Out.DACK_N.mask else "memory-read"
    return "memory-write"


def _of(field: Field, word: str) -> Sampler:
    return (lambda inputs, out: field.of(inputs)) if word == "in" else (lambda inputs, out: field.of(out))


def bus_signals(devices: Sequence[tuple[str, int | None]]) -> list[tuple[Signal, Sampler]]:
    """List the signals that every engine has, in the order a reader wants them.

    Parameters
    ----------
    devices : sequence of (str, int or None)
        Attached devices and their DMA channels: each gets a group of its own.
    """
    found: list[tuple[Signal, Sampler]] = []

    def add(group: str, scope: str, name: str, width: int, sampler: Sampler) -> None:
        found.append((Signal(group, f"{TOP}.{scope}" if scope else TOP, name, width), sampler))

    add("CPU side", "cpu", "access", 0, _access)
    add("CPU side", "cpu", "reset", 1, _of(In.RESET, "in"))
    add("CPU side", "cpu", "hrq", 1, _of(Out.HRQ, "out"))
    add("CPU side", "cpu", "hlda", 1, _of(In.HLDA, "in"))
    add("CPU side", "cpu", "out1", 1, _of(In.OUT1, "in"))
    add("ISA bus", "isa", "master", 0, _master)
    add("ISA bus", "isa", "transfer", 0, _transfer)
    add("ISA bus", "isa", "a", 24, _address)
    add("ISA bus", "isa", "d", 16, _data)
    add("ISA bus", "isa", "sbhe_n", 1, _driven_low(In.SBHE_N, Out.SBHE_N))
    for name in ("ior_n", "iow_n", "memr_n", "memw_n"):
        add("ISA bus", "isa", name, 1, _driven_low(getattr(In, name.upper()), getattr(Out, name.upper())))
    add("ISA bus", "isa", "aen", 1, _of(Out.AEN, "out"))
    add("ISA bus", "isa", "tc", 1, _of(Out.TC, "out"))
    add("ISA bus", "isa", "iochrdy", 1, _of(In.IOCHRDY, "in"))
    add("ISA bus", "isa", "master_n", 1, _of(In.MASTER_N, "in"))
    add("ISA bus", "isa", "refresh_n", 1, _of(Out.REFRESH_N, "out"))
    add("DRQ and DACK#", "dma", "channel", 0, _channel)
    owners = {channel: name for name, channel in devices if channel is not None}
    for channel in (0, 1, 2, 3, 5, 6, 7):
        group = f"{owners[channel]} (DMA {channel})" if channel in owners else "DRQ and DACK#"
        request, acknowledge = _bit(In.DRQ, channel), _bit(Out.DACK_N, channel)
        add(group, "dma", f"drq{channel}", 1, lambda i, o, bit=request: int(bool(i & bit)))  # type: ignore[misc]
        add(group, "dma", f"dack{channel}_n", 1, lambda i, o, bit=acknowledge: int(bool(o & bit)))  # type: ignore[misc]
    return found


def probe_signals(probes: Sequence[Probe]) -> list[Signal]:
    """List the signals inside the board that an engine shows; coded ones are strings."""
    found = []
    for probe in probes:
        scope, _, name = probe.name.rpartition(".")
        group = {"dma": "DMA", "dma1": "DMA 1 (bytes)", "dma2": "DMA 2 (words)"}.get(scope.split(".")[0], scope)
        found.append(Signal(group, f"{TOP}.{scope}", name, 0 if probe.codes else probe.width))
    return found
