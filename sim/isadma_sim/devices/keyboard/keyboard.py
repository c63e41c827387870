"""The keyboard: keys, the codes they send, typematic repeat, the buffer, and its line to the PC."""

# Ref: IBM Personal System/2 Hardware Interface Technical Reference, keyboard; IBM PC/XT Technical Reference, keyboard.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.devices.alarm import Alarm
from isadma_sim.devices.keyboard import regs
from isadma_sim.devices.keyboard.keys import codes, name_of
from isadma_sim.devices.keyboard.regs import FromKeyboard, ToKeyboard
from isadma_sim.machine.device import Device

__all__ = ["Keyboard"]

#: Time of a byte on the line: eleven bits at some 11 kHz (the references give 10 to 16.7 kHz).
BYTE_SECONDS = 0.001
#: Time from power-up or reset to the self-test's answer (the references give 0.3 to 0.9 s; a PC/XT's BIOS waits less).
TEST_SECONDS = 0.3
OLD_TEST_SECONDS = 0.01
_SET_1, _SET_2 = 1, 2


class Keyboard:
    """An enhanced keyboard on an AT, or the 83 keys of a PC/XT.

    Parameters
    ----------
    device : Device
        The controller that it is plugged into: its lines tell the time.
    deliver : callable
        Takes a byte that has come over the line.
    ready : callable
        Whether the controller lets the keyboard send: CLK is not held low.
    old : bool
        The PC/XT's keyboard: set 1, no commands.

    Attributes
    ----------
    scan_set : int
        1 or 2. Set 3 is not built: the keyboard asks for the command again.
    enabled : bool
        Keys are scanned.
    leds : int
        Bits 0-2: Scroll, Num and Caps Lock.
    held : str or None
        The key that repeats.

    Notes
    -----
    While a key is held it repeats after its delay at its rate, as long as scanning is enabled; what is pressed while
    scanning is off is lost.
    """

    def __init__(
        self, device: Device, deliver: Callable[[int], None], ready: Callable[[], bool], *, old: bool = False
    ) -> None:
        self._device = device
        self._deliver = deliver
        self._ready = ready
        self.old = old
        self._line = Alarm(device, self._arrived)
        self._repeat = Alarm(device, self._again)
        self._test = Alarm(device, self._tested)
        self._answers: list[int] = []
        self._kept: list[int] = []
        self._power_up()

    def _power_up(self) -> None:
        self._answers.clear()
        self._kept.clear()
        self._last = 0
        self._waits_for: int | None = None  # a command whose data byte is to come
        self._sending: int | None = None
        self._is_answer = False
        self.leds = 0
        self._defaults()

    def _defaults(self) -> None:
        self.scan_set = _SET_1 if self.old else _SET_2
        self.typematic = regs.DEFAULT_TYPEMATIC
        self.enabled = True
        self.held: str | None = None

    def reset(self) -> None:
        """Power-up, or RESET: the self-test, and its answer after a while."""
        self._power_up()
        self._line.set(None)
        self._repeat.set(None)
        self._test.set(self._in(OLD_TEST_SECONDS if self.old else TEST_SECONDS))

    def _in(self, seconds: float) -> int:
        return self._device.lines.clock + max(1, round(seconds * self._device.lines.clock_hz))

    def _tested(self) -> None:
        self._answer(FromKeyboard.TEST_PASSED)

    # ---------------------------------------------------------------- keys
    def press(self, name: str) -> None:
        """Push a key down; `name` as in `isadma_sim.devices.keyboard.keys`.

        Raises
        ------
        KeyError
            The keyboard has no such key.
        """
        name = name_of(name, old=self.old)
        if not self._scans:
            return
        self._keep(codes(name, self.scan_set, make=True))
        self.held = name
        self._repeat.set(self._in(regs.DELAYS_MS[self.typematic >> 5 & 3] / 1000))

    def release(self, name: str) -> None:
        """Let a key go."""
        name = name_of(name, old=self.old)
        if name == self.held:
            self.held = None
            self._repeat.set(None)
        if self._scans:
            self._keep(codes(name, self.scan_set, make=False))

    @property
    def _scans(self) -> bool:
        return self.enabled and self._test.due is None

    @property
    def period(self) -> float:
        """Seconds between two repetitions: (8 + bits 2-0) * 2 ** (bits 4-3) / 240."""
        return (8 + (self.typematic & 7)) * 2 ** (self.typematic >> 3 & 3) / 240

    def _again(self) -> None:
        if self.held is not None and self._scans:
            self._keep(codes(self.held, self.scan_set, make=True))
            self._repeat.set(self._in(self.period))

    def _keep(self, sequence: list[int]) -> None:
        """Put what a key sends into the buffer: all of it, or, where the buffer is full, the mark of an overrun."""
        mark = regs.OVERRUN_SET_1 if self.scan_set == _SET_1 else regs.OVERRUN
        if len(self._kept) + len(sequence) <= regs.KEPT:
            self._kept += sequence
        elif self._kept[-1] != mark:
            self._kept.append(mark)
        self.poke()

    @property
    def listened_to(self) -> bool:
        """Whether a key that is pressed now goes to the controller at once: nothing waits, and its line is on."""
        return self._scans and not self.waiting and self._ready()

    # ---------------------------------------------------------------- the line
    @property
    def waiting(self) -> int:
        """Bytes that have not come to the controller yet."""
        return len(self._answers) + len(self._kept) + (self._sending is not None)

    def poke(self) -> None:
        """Send on, when the controller lets it and there is something to send: its answers first."""
        if self._sending is not None or not self._ready() or (self._test.due is not None and not self._answers):
            return
        source = self._answers or self._kept
        if source:
            self._is_answer = source is self._answers
            self._sending = source.pop(0)
            self._line.set(self._in(BYTE_SECONDS))

    def hold(self) -> None:
        """CLK was pulled low: a byte that is under way is taken back, and comes again."""
        if self._sending is not None:
            (self._answers if self._is_answer else self._kept).insert(0, self._sending)
            self._sending = None
            self._line.set(None)

    def _arrived(self) -> None:
        byte, self._sending = self._sending, None
        if byte is not None:
            self._last = byte
            self._deliver(byte)
        self.poke()

    def _answer(self, *sequence: int) -> None:
        self._answers += sequence
        self.poke()

    # ---------------------------------------------------------------- commands
    def command(self, byte: int) -> None:
        """Take a byte that the controller sends: a command, or its data."""
        if self.old:
            return  # its line goes one way
        self._test.set(None)
        self.hold()
        if byte == ToKeyboard.RESEND:
            self._answer(self._last)
            return
        self._answers.clear()
        waits_for, self._waits_for = self._waits_for, None
        if waits_for is not None and byte < ToKeyboard.LEDS:
            self._data(waits_for, byte)
        else:
            self._order(byte)

    def _order(self, byte: int) -> None:
        if byte == ToKeyboard.ECHO:
            self._answer(FromKeyboard.ECHO)
        elif byte in (ToKeyboard.LEDS, ToKeyboard.SCAN_SET, ToKeyboard.TYPEMATIC):
            self._waits_for = byte
            self._answer(FromKeyboard.ACKNOWLEDGE)
        elif byte == ToKeyboard.IDENTIFY:
            self._answer(FromKeyboard.ACKNOWLEDGE, *regs.IDENTITY)
        elif byte in (ToKeyboard.ENABLE, ToKeyboard.DISABLE, ToKeyboard.DEFAULTS):
            self._kept.clear()
            if byte != ToKeyboard.ENABLE:
                self._defaults()
                self._repeat.set(None)
            self.enabled = byte != ToKeyboard.DISABLE
            self._answer(FromKeyboard.ACKNOWLEDGE)
        elif byte == ToKeyboard.RESET:
            self.reset()
            self._answer(FromKeyboard.ACKNOWLEDGE)
        else:
            self._answer(FromKeyboard.RESEND)

    def _data(self, command: int, byte: int) -> None:
        if command == ToKeyboard.LEDS:
            self.leds = byte & 7
        elif command == ToKeyboard.TYPEMATIC:
            self.typematic = byte & 0x7F
        elif byte == 0:
            self._answer(FromKeyboard.ACKNOWLEDGE, self.scan_set)
            return
        elif byte in (_SET_1, _SET_2):
            self.scan_set = byte
            self._kept.clear()
        else:
            self._answer(FromKeyboard.RESEND)
            return
        self._answer(FromKeyboard.ACKNOWLEDGE)

    # ---------------------------------------------------------------- saved
    _PLAIN = ("_last", "_waits_for", "_sending", "_is_answer", "leds", "scan_set", "typematic", "enabled", "held")
    _ALARMS = ("_line", "_repeat", "_test")

    def save_state(self) -> dict[str, Any]:
        """Return its state in JSON's values."""
        state = {name: getattr(self, name) for name in self._PLAIN}
        state |= {name: getattr(self, name).due for name in self._ALARMS}
        return state | {"answers": [*self._answers], "kept": [*self._kept]}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up what `save_state` returned."""
        for name in self._PLAIN:
            setattr(self, name, state[name])
        for name in self._ALARMS:
            getattr(self, name).set(state[name])
        self._answers, self._kept = list(state["answers"]), list(state["kept"])
