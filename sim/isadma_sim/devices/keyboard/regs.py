"""Every port, command and bit of the keyboard's controllers and of the keyboard; no behaviour."""

# Ref: IBM PC AT Technical Reference (1502494), keyboard controller 8042 and keyboard; IBM Personal System/2 Hardware
#      Interface Technical Reference, keyboard (101/102-key); IBM PC/XT Technical Reference (6936808), 8255A, keyboard.

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

#: The keyboard's interrupt on every PC.
IRQ: Final = 1
#: Its data on every PC; commands and status of the AT's 8042.
DATA: Final = 0x60
COMMAND: Final = 0x64
#: Characters that the keyboard keeps, and what it puts behind them when one more is lost: sets 2 and 3, and set 1.
KEPT: Final = 16
OVERRUN: Final = 0x00
OVERRUN_SET_1: Final = 0xFF


class Status(IntFlag):
    """Status of the 8042, read at 64h."""

    OUTPUT_FULL = 0x01
    INPUT_FULL = 0x02
    SYSTEM = 0x04
    COMMAND = 0x08
    UNLOCKED = 0x10
    TRANSMIT_TIMEOUT = 0x20
    RECEIVE_TIMEOUT = 0x40
    PARITY = 0x80


class CommandByte(IntFlag):
    """The 8042's command byte: what its RAM has at 0."""

    INTERRUPT = 0x01
    SYSTEM = 0x04
    INHIBIT_OVERRIDE = 0x08
    DISABLE = 0x10
    PC_MODE = 0x20
    TRANSLATE = 0x40


class Controller(IntEnum):
    """Commands written to 64h; 20h to 3Fh read, 60h to 7Fh write a byte of the 8042's RAM."""

    READ_RAM = 0x20
    WRITE_RAM = 0x60
    SELF_TEST = 0xAA
    INTERFACE_TEST = 0xAB
    DUMP = 0xAC
    DISABLE = 0xAD
    ENABLE = 0xAE
    READ_INPUT = 0xC0
    READ_OUTPUT = 0xD0
    WRITE_OUTPUT = 0xD1
    READ_TEST = 0xE0
    PULSE = 0xF0


#: Bytes of the 8042's RAM that commands reach.
RAM_BYTES: Final = 32
SELF_TEST_PASSED: Final = 0x55
INTERFACE_FINE: Final = 0x00


class OutputPort(IntFlag):
    """Pins of the 8042's output port; RESET is low-active."""

    NO_RESET = 0x01
    A20 = 0x02
    OUTPUT_FULL = 0x10
    INPUT_EMPTY = 0x20
    CLOCK = 0x40
    DATA = 0x80


class InputPort(IntFlag):
    """Pins of the 8042's input port."""

    RAM_256K = 0x10
    NO_JUMPER = 0x20
    MONOCHROME = 0x40
    UNLOCKED = 0x80


class ToKeyboard(IntEnum):
    """Commands to the keyboard."""

    LEDS = 0xED
    ECHO = 0xEE
    SCAN_SET = 0xF0
    IDENTIFY = 0xF2
    TYPEMATIC = 0xF3
    ENABLE = 0xF4
    DISABLE = 0xF5
    DEFAULTS = 0xF6
    RESEND = 0xFE
    RESET = 0xFF


class FromKeyboard(IntEnum):
    """Answers of the keyboard."""

    TEST_PASSED = 0xAA
    ECHO = 0xEE
    ACKNOWLEDGE = 0xFA
    RESEND = 0xFE


#: What an enhanced keyboard answers to IDENTIFY.
IDENTITY: Final = (0xAB, 0x83)
#: Typematic: delays in milliseconds by bits 6-5, and the rate's formula by bits 4-0 (period in units of 1/240 s).
DELAYS_MS: Final = (250, 500, 750, 1000)
DEFAULT_TYPEMATIC: Final = 0x2B


class PortB(IntFlag):
    """What the PC/XT's 8255 port B says to the keyboard, and to the switches."""

    HIGH_SWITCHES = 0x08
    CLOCK = 0x40
    CLEAR = 0x80


#: Bits of its port C that are switches.
SWITCHES: Final = 0x0F
