"""The AT's keyboard controller, an 8042 at 60h and 64h: the keyboard's line, A20 and the processor's reset."""

# Ref: IBM PC AT Technical Reference (1502494), keyboard controller.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.devices.alarm import Alarm
from isadma_sim.devices.keyboard import regs
from isadma_sim.devices.keyboard.keyboard import Keyboard
from isadma_sim.devices.keyboard.regs import CommandByte, Controller, InputPort, OutputPort, Status
from isadma_sim.devices.keyboard.translation import Translator
from isadma_sim.machine.device import Device

__all__ = ["KeyboardController"]

#: Time that the 8042's program takes to see what was written (no source: its loop is some ten microseconds long).
SECONDS = 0.00002


class KeyboardController(Device):
    """An 8042 with IBM's program, and an enhanced keyboard on its line. Attach with interrupt `regs.IRQ` (1).

    Parameters
    ----------
    a20 : callable
        Called with the level of the pin that lets A20 through, when it is written and at RESET.
    reset_cpu : callable
        Called when software pulls the processor's RESET.
    monochrome : bool
        The jumper of the primary display.

    Attributes
    ----------
    keyboard : Keyboard
        What is plugged in.

    Notes
    -----
    After RESET and after the self-test the keyboard's line is off and no interrupt is let through (choice: the
    references do not say what the command byte is then). ACh, the dump, is not built and does nothing, as commands
    that do not exist; of the pins that F0h to FFh pulse only the processor's reset does anything.
    """

    name = "keyboard controller"
    ports = (regs.DATA, regs.COMMAND)

    def __init__(
        self,
        *,
        a20: Callable[[bool], None] = lambda level: None,
        reset_cpu: Callable[[], None] = lambda: None,
        monochrome: bool = False,
    ) -> None:
        self._a20 = a20
        self._reset_cpu = reset_cpu
        self._input_port = InputPort.UNLOCKED | InputPort.NO_JUMPER | InputPort.RAM_256K
        self._input_port |= InputPort.MONOCHROME if monochrome else InputPort(0)
        self._busy = Alarm(self, self._see)
        self._translator = Translator()
        self.keyboard = Keyboard(self, self._from_keyboard, self._line_free)
        self._clear()

    def _clear(self) -> None:
        self._ram = [int(CommandByte.DISABLE)] + [0] * (regs.RAM_BYTES - 1)
        self._written = 0  # the byte that the 8042 has not seen yet
        self._is_command = False
        self._waits_for: int | None = None  # a command whose data byte is to come
        self._output: int | None = None
        self._shown = 0  # what 60h reads: the last byte, also when it has been read already
        self._answers: list[int] = []
        self._pins = OutputPort.NO_RESET | OutputPort.A20 | OutputPort.DATA

    def reset(self) -> None:
        """Bus RESET: its program starts anew, with all pins high, and the keyboard is switched on."""
        self._busy.set(None)
        self._clear()
        self._translator.breaking = False
        self.lines.irq(False)
        self._a20(True)
        self.keyboard.reset()

    @property
    def _command_byte(self) -> CommandByte:
        return CommandByte(self._ram[0])

    # ---------------------------------------------------------------- the processor's side
    def io_read(self, port: int) -> int:
        """Read data, which takes them away, or status."""
        if port == regs.COMMAND:
            return self._status
        if self._output is not None:
            self._output = None
            self.lines.irq(False)
            self._offer()
            self.keyboard.poke()
        return self._shown

    @property
    def _status(self) -> int:
        status = Status.UNLOCKED
        if self._output is not None:
            status |= Status.OUTPUT_FULL
        if self._busy.due is not None:
            status |= Status.INPUT_FULL
        if self._is_command:
            status |= Status.COMMAND
        if self._command_byte & CommandByte.SYSTEM:
            status |= Status.SYSTEM
        return status

    def io_write(self, port: int, value: int) -> None:
        """Write a command or data; the 8042 sees it after a while. A byte that it has not seen is lost."""
        self._is_command = port == regs.COMMAND
        self._written = value
        self._busy.set(self.lines.clock + max(1, round(SECONDS * self.lines.clock_hz)))

    def _see(self) -> None:
        if self._is_command:
            self._waits_for = None
            self._execute(self._written)
        elif self._waits_for is not None:
            command, self._waits_for = self._waits_for, None
            self._data(command, self._written)
        else:
            # What goes to the keyboard switches its line on.
            self._ram[0] &= ~CommandByte.DISABLE
            self.keyboard.command(self._written)

    def _execute(self, command: int) -> None:
        if command & ~(regs.RAM_BYTES - 1) == Controller.READ_RAM:
            self._answer(self._ram[command & regs.RAM_BYTES - 1])
        elif command == Controller.WRITE_OUTPUT or command & ~(regs.RAM_BYTES - 1) == Controller.WRITE_RAM:
            self._waits_for = command
        elif command == Controller.SELF_TEST:
            self._ram[0] = int(CommandByte.DISABLE)
            self._answer(regs.SELF_TEST_PASSED)
        elif command == Controller.INTERFACE_TEST:
            self._answer(regs.INTERFACE_FINE)
        elif command in (Controller.DISABLE, Controller.ENABLE):
            self._command(self._ram[0] & ~CommandByte.DISABLE | (command == Controller.DISABLE) * CommandByte.DISABLE)
        elif command == Controller.READ_INPUT:
            self._answer(int(self._input_port))
        elif command == Controller.READ_OUTPUT:
            self._answer(self._output_port)
        elif command == Controller.READ_TEST:
            self._answer(0b10 | (not self._command_byte & CommandByte.DISABLE))
        elif command >= Controller.PULSE and not command & OutputPort.NO_RESET:
            self._reset_cpu()

    @property
    def _output_port(self) -> int:
        clock = OutputPort(0) if self._command_byte & CommandByte.DISABLE else OutputPort.CLOCK
        full = OutputPort(0) if self._output is None else OutputPort.OUTPUT_FULL
        return int(self._pins | clock | full | OutputPort.INPUT_EMPTY)

    def _data(self, command: int, value: int) -> None:
        if command == Controller.WRITE_OUTPUT:
            self._pins = OutputPort(value) & (OutputPort.NO_RESET | OutputPort.A20 | OutputPort.DATA)
            self._a20(bool(self._pins & OutputPort.A20))
            if not self._pins & OutputPort.NO_RESET:
                self._pins |= OutputPort.NO_RESET  # RESET of the processor alone; the pin does not stay low here
                self._reset_cpu()
        elif command == Controller.WRITE_RAM:
            self._command(value)
        else:
            self._ram[command & regs.RAM_BYTES - 1] = value

    def _command(self, value: int) -> None:
        self._ram[0] = value
        if value & CommandByte.DISABLE:
            self.keyboard.hold()
        self._interrupt()
        self.keyboard.poke()

    # ---------------------------------------------------------------- what it says
    def _answer(self, value: int) -> None:
        self._answers.append(value)
        self._offer()

    def _offer(self) -> None:
        if self._output is None and self._answers:
            self._fill(self._answers.pop(0))

    def _fill(self, value: int) -> None:
        self._output = self._shown = value
        self._interrupt()

    def _interrupt(self) -> None:
        self.lines.irq(self._output is not None and bool(self._command_byte & CommandByte.INTERRUPT))

    def _line_free(self) -> bool:
        return not self._command_byte & CommandByte.DISABLE and self._output is None and not self._answers

    def _from_keyboard(self, byte: int) -> None:
        if self._command_byte & CommandByte.TRANSLATE:
            translated = self._translator.take(byte)
            if translated is None:
                return
            byte = translated
        self._fill(byte) if self._output is None else self._answers.append(byte)

    # ---------------------------------------------------------------- saved
    _PLAIN = ("_written", "_is_command", "_waits_for", "_output", "_shown")

    def save_state(self) -> Any:
        """Return its state in JSON's values."""
        state = {name: getattr(self, name) for name in self._PLAIN}
        state |= {"ram": [*self._ram], "answers": [*self._answers], "pins": int(self._pins), "busy": self._busy.due}
        return state | {"breaking": self._translator.breaking, "keyboard": self.keyboard.save_state()}

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        for name in self._PLAIN:
            setattr(self, name, state[name])
        self._ram, self._answers = list(state["ram"]), list(state["answers"])
        self._pins = OutputPort(state["pins"])
        self._busy.set(state["busy"])
        self._translator.breaking = state["breaking"]
        self.keyboard.load_state(state["keyboard"])
        self._a20(bool(self._pins & OutputPort.A20))
