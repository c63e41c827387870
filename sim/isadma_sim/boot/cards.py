"""The cards of a PC that boots: keyboard, clock, screen, COM1, and what a BIOS tells its debug ports."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Protocol

from isadma_sim.boot.bios import Bios
from isadma_sim.boot.control_a import ControlPortA
from isadma_sim.boot.fwcfg import FirmwareConfig
from isadma_sim.devices.debug import DebugConsole, PostCard
from isadma_sim.devices.display import TextAdapter
from isadma_sim.devices.keyboard import IRQ as KEYBOARD_IRQ
from isadma_sim.devices.keyboard import Keyboard, KeyboardController, KeyboardPort, Typist
from isadma_sim.devices.rtc import IRQ as CLOCK_IRQ
from isadma_sim.devices.rtc import RealTimeClock, set_up
from isadma_sim.devices.serial import IRQ as SERIAL_IRQ
from isadma_sim.devices.serial import SerialPort
from isadma_sim.pc import PC

__all__ = ["Cards", "Resets", "attach_cards"]

#: The first nibble says what to boot from first, to a SeaBIOS that was built for QEMU: 1, the floppy.
_BOOT_ORDER = 0x3D


class Resets(Protocol):
    """Who has A20 and the processor's RESET."""

    def set_a20(self, source: str, level: bool) -> None:
        """Let one of those that gate A20 say its level."""
        ...

    def reset_cpu(self) -> None:
        """Pull RESET."""
        ...


@dataclass
class Cards:
    """What is plugged in.

    Attributes
    ----------
    keyboard : Keyboard
        The keyboard.
    typist : Typist
        Who types on it.
    screen : TextAdapter
        The display adapter.
    serial : SerialPort
        COM1.
    rtc : RealTimeClock or None
        The clock; a PC/XT has none.
    consoles : tuple of DebugConsole
        E9h and 402h.
    post : PostCard
        80h.
    """

    keyboard: Keyboard
    typist: Typist
    screen: TextAdapter
    serial: SerialPort
    rtc: RealTimeClock | None
    consoles: tuple[DebugConsole, ...]
    post: PostCard


def attach_cards(pc: PC, resets: Resets, bios: Bios, *, display: str, start: datetime.datetime) -> Cards:
    """Plug them in.

    Parameters
    ----------
    pc : PC
        Machine with a floppy, whose ports are decoded on 16 lines.
    resets : Resets
        The processor's side.
    bios : Bios
        A SeaBIOS is given its video BIOS by QEMU's firmware configuration.
    display : str
        ``"cga"`` or ``"mda"``.
    start : datetime.datetime
        Time at power-up.
    """
    screen = TextAdapter(display)  # type: ignore[arg-type]
    mono = display == "mda"
    kind = _drive_kind(pc)
    rtc = None
    host: Any
    if pc.board == "xt":
        host = KeyboardPort(switches=0x3D if mono else 0x2D)
        pc.attach(host, irq=KEYBOARD_IRQ, front=True)
    else:
        host = KeyboardController(
            a20=lambda level: resets.set_a20("8042", level), reset_cpu=resets.reset_cpu, monochrome=mono
        )
        pc.attach(host, irq=KEYBOARD_IRQ)
        pc.attach(ControlPortA(lambda level: resets.set_a20("92h", level), resets.reset_cpu))
        rtc = RealTimeClock(start)
        set_up(rtc.ram, memory=len(pc.memory), floppies=[kind], monochrome=mono)
        rtc.ram[_BOOT_ORDER] = 1
        pc.attach(rtc, irq=CLOCK_IRQ)
        if bios.is_seabios:
            pc.attach(FirmwareConfig({"vgaroms/display.bin": bios.video}))
    pc.attach(screen)
    serial = SerialPort()
    pc.attach(serial, irq=SERIAL_IRQ)
    consoles = (DebugConsole(0xE9), DebugConsole(0x402))
    for console in consoles:
        pc.attach(console)
    post = PostCard()
    pc.attach(post, share=True)
    return Cards(host.keyboard, Typist(host, host.keyboard), screen, serial, rtc, consoles, post)


def _drive_kind(pc: PC) -> str:
    """Return the type of drive A, which is called by its largest format."""
    drive = None if pc.floppy is None else pc.floppy.drives[0]
    if drive is None:
        raise ValueError("this machine has no drive A: give it a floppy")
    return drive.kind.name
