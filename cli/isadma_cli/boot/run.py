"""`isadma boot`: switch the PC on, let it run, show what it shows, and say how it ended."""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live

from isadma_cli.boot.budget import Budget
from isadma_cli.boot.terminal import LEAVE, TABLES, interactive, keys_pressed, strokes_from, waiting_input
from isadma_cli.boot.view import LiveView
from isadma_cli.boot.wishes import DISPLAYS, SPEEDS, Screen, Until, check_image, choose_bios, keys_of
from isadma_cli.dump import Dump
from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.files import fill, reason, temporary_folder
from isadma_cli.machine import check_board, check_engine
from isadma_cli.trace import traced
from isadma_sim import EngineError
from isadma_sim.boot.bios import Bios
from isadma_sim.boot.computer import Computer, End
from isadma_sim.boot.demo import FINE, demo_floppy
from isadma_sim.boot.errors import BiosError, GuestError, MissingUnicornError
from isadma_sim.boot.line import PseudoTerminal
from isadma_sim.boot.unicorn import load_unicorn
from isadma_sim.devices.display import write_png

__all__ = ["Wishes", "run_boot"]

TITLES = {"at": "PC/AT", "xt": "PC/XT"}
#: Of the machine's time: between two looks at what is waited for, and between two pictures.
LOOK_SECONDS, PICTURE_SECONDS = 0.02, 0.1
#: Without a terminal the tables are printed each second of the machine's.
WATCH_SECONDS = 1.0


@dataclass(frozen=True)
class Wishes:
    """What the command line says; see the command's help."""

    image: Path | None
    demo: bool
    bios: str | None
    board: str
    engine: str | None
    display: str
    keys: str | None
    screen: str
    until: str | None
    floppy_speed: str
    protect: bool
    serial: bool
    watch: bool
    waves: Path | None
    waves_limit: str | None
    trace: Path | None
    as_json: bool


def run_boot(wishes: Wishes) -> None:
    """Carry out ``isadma boot``.

    Raises
    ------
    UsageError
        It cannot be meant so; nothing was started.
    CommandError
        The guest failed, or something that it needs.
    """
    engine = check_engine(wishes.engine)
    check_board(wishes.board)
    if wishes.display not in DISPLAYS:
        raise UsageError(f"no display '{wishes.display}'{nearest(wishes.display, DISPLAYS)}: use {', '.join(DISPLAYS)}")
    if wishes.floppy_speed not in SPEEDS:
        near = nearest(wishes.floppy_speed, SPEEDS)
        raise UsageError(f"no floppy speed '{wishes.floppy_speed}'{near}: use {' or '.join(SPEEDS)}")
    if (wishes.image is None) == (not wishes.demo):
        raise UsageError("give the image of a floppy, or --demo, one of them")
    until, strokes, screen = Until.asked(wishes.until), keys_of(wishes.keys), Screen.asked(wishes.screen)
    if wishes.image is not None:
        check_image(wishes.image)
    dump = Dump.asked(wishes.waves, limit=wishes.waves_limit, inputs=(wishes.image,))
    try:
        load_unicorn()
        bios = choose_bios(wishes.bios, wishes.board, demo=wishes.demo)
        with traced(wishes.trace, others=(wishes.image, wishes.waves)), ExitStack() as stack:
            image = wishes.image
            if image is None:
                image = stack.enter_context(temporary_folder()) / "demo.img"
                fill(image, demo_floppy(wishes.board))
            run = _Run(wishes, engine, bios, image, until, screen, dump)
            run.go(strokes)
    except (MissingUnicornError, BiosError, EngineError) as error:
        raise CommandError(str(error)) from None


class _Run:
    """One guest, from power-up to its end."""

    def __init__(
        self,
        wishes: Wishes,
        engine: str,
        bios: Bios,
        image: Path,
        until: Until,
        screen: Screen,
        dump: Dump | None,
    ) -> None:
        self.wishes, self.engine, self.bios, self.image = wishes, engine, bios, image
        self.until, self.screen, self.dump = until, screen, dump
        self.person = interactive() and not wishes.as_json
        self._searched = [0, 0, 0]  # of what each of the three has said
        self.title = "the demo" if wishes.demo else f"'{image}'"

    def go(self, strokes: list[Any]) -> None:
        """Run it, print what there is to print, and raise CommandError where it failed."""
        started, spent = time.monotonic(), time.process_time()
        # A guest that nobody watches has the same clock each time, and so the same clocks.
        start = datetime.datetime.now() if self.person else datetime.datetime(1990, 1, 1)
        wishes = self.wishes
        with ExitStack() as stack:
            try:
                computer = stack.enter_context(
                    Computer(
                        self.image,
                        self.bios,
                        board=wishes.board,
                        engine=self.engine,
                        display=wishes.display,
                        start=start.replace(microsecond=0),
                        floppy_speed=wishes.floppy_speed,
                        write_protect=wishes.protect,
                    )
                )
            except OSError as error:
                if error.filename is not None and wishes.trace is not None and error.filename == str(wishes.trace):
                    raise
                raise CommandError(f"cannot open '{self.image}': {reason(error)}") from None
            if self.dump is not None:
                self.dump.watch(computer.pc)
            line = None
            if wishes.serial:
                line = self._line(computer, stack)
            if not wishes.as_json and not self.person:
                print(f"A {TITLES[wishes.board]} (engine {self.engine}) boots {self.title} with {self.bios.name}")
                sys.stdout.flush()
            if strokes:
                computer.cards.typist.type(strokes)
            failure: str | None = None
            try:
                end = self._with_a_person(computer, line) if self.person else self._alone(computer, line)
                failure = self._judged(computer, end)
            except GuestError as error:
                end, failure = End.HALTED, f"the guest of {self.title} failed: {error}"
            account = self._account(computer, end, time.monotonic() - started, time.process_time() - spent)
            self._show(computer, account, failure)
        if self.dump is not None and self.dump.remark:
            print(self.dump.remark, file=sys.stderr)
        if failure is not None:
            raise CommandError(failure)

    def _line(self, computer: Computer, stack: ExitStack) -> PseudoTerminal:
        try:
            line = PseudoTerminal(computer.cards.serial)
        except OSError as error:
            raise CommandError(f"no pseudo-terminal for COM1: {reason(error)}; leave out --serial") from None
        stack.callback(line.close)
        print(f"COM1 is {line.path}", file=sys.stderr, flush=True)
        return line

    # ---------------------------------------------------------------- running
    def _seen(self, computer: Computer) -> bool:
        """Whether what is waited for has come."""
        text = self.until.text
        if text is None:
            return False
        wanted = text.encode("utf-8", "ignore")
        said = [console.said for console in computer.cards.consoles] + [computer.cards.serial.sent]
        # Only what is new, and what may have begun before: a guest may print without an end.
        came = any(wanted in each[max(0, old - len(wanted)) :] for each, old in zip(said, self._searched, strict=True))
        self._searched = [len(each) for each in said]
        return came or text in computer.text

    def _alone(self, computer: Computer, line: PseudoTerminal | None) -> End:
        view = LiveView(computer) if self.wishes.watch else None
        printer = Console(width=80, highlight=False)
        fast = self.engine == "native" and self.dump is None and self.wishes.trace is None
        due, budget = WATCH_SECONDS, Budget(self.until.seconds, fast=fast)

        def look() -> bool:
            nonlocal due
            budget.check(computer)
            if line is not None:
                line.look()
            if view is not None and computer.seconds >= due and not self.wishes.as_json:
                due = computer.seconds + WATCH_SECONDS
                printer.print(view.tables())
            return self._seen(computer)

        return computer.run(self.until.seconds, until=look, every=LOOK_SECONDS)

    def _with_a_person(self, computer: Computer, line: PseudoTerminal | None) -> End:
        """Show the screen as it changes, type what is typed, and go no faster than the real one."""
        view, tables, leave = LiveView(computer), self.wishes.watch, False
        began = time.monotonic()
        bounded = self.wishes.until is not None
        console = Console(highlight=False)
        with keys_pressed(), Live(view.whole(tables=tables), console=console, auto_refresh=False, screen=True) as live:

            def look() -> bool:
                nonlocal tables, leave
                if line is not None:
                    line.look()
                typed = waiting_input()
                leave = leave or LEAVE in typed
                if typed.count(TABLES) % 2:
                    tables = not tables
                computer.cards.typist.type(strokes_from(typed.replace(LEAVE, "").replace(TABLES, "")))
                live.update(view.whole(tables=tables), refresh=True)
                time.sleep(max(0.0, min(computer.seconds - (time.monotonic() - began), PICTURE_SECONDS)))
                return leave or self._seen(computer)

            while True:
                end = computer.run(self.until.seconds if bounded else 3600.0, until=look, every=PICTURE_SECONDS)
                if bounded or end is not End.TIME:
                    break
        return End.ASKED if leave else end

    # ---------------------------------------------------------------- the end
    def _judged(self, computer: Computer, end: End) -> str | None:
        """Return what went wrong, None when nothing did."""
        wanted = self.until
        where = f"at {computer.cpu.where} after {computer.seconds:.1f} seconds of its time"
        if self.wishes.demo and wanted.text is None and not wanted.chosen and FINE not in computer.text:
            return f"the demo did not come to its end: {where}"
        if end is End.HALTED and wanted.text is not None:
            return f"the guest has halted {where}, and '{wanted.text}' has not come"
        if end is End.TIME and not wanted.chosen:
            came = f"'{wanted.text}' has not come" if wanted.text is not None else "nothing ends it"
            return f"the guest still runs {where}, and {came}: --until SECONDS lets it run for as long as you say"
        return None

    def _account(self, computer: Computer, end: End, seconds: float, cpu: float) -> dict[str, Any]:
        page, stats = computer.page, computer.pc.stats
        return {
            "engine": self.engine,
            "board": self.wishes.board,
            "bios": self.bios.name.strip("'"),
            "end": end.name.lower(),
            "at": computer.cpu.where,
            "clocks": stats.clocks,
            "machine_seconds": round(computer.seconds, 6),
            "memory_sha256": hashlib.sha256(computer.memory).hexdigest(),
            "dma_bytes": {str(channel): count for channel, count in enumerate(stats.bytes) if count},
            "refreshes": stats.refreshes,
            "port_accesses": stats.accesses,
            "screen": [] if page is None else page.text.split("\n"),
            "debug": computer.cards.consoles[1].said.decode("ascii", "replace"),
            "com1": computer.cards.serial.sent.decode("ascii", "replace"),
            "seconds": round(seconds, 2),
            "cpu_seconds": round(cpu, 2),
        }

    def _show(self, computer: Computer, account: dict[str, Any], failure: str | None) -> None:
        if self.screen.png is not None:
            self._picture(computer, self.screen.png)
        if self.wishes.as_json:
            print(json.dumps(account | {"failure": failure}, indent=2))
            return
        if self.screen.text:
            print("\n".join(account["screen"]))
        moved = ", ".join(f"{count:,} bytes by DMA {channel}" for channel, count in account["dma_bytes"].items())
        print(
            f"{account['end']} at {account['at']}: {account['clocks']:,} clocks, {account['machine_seconds']:.2f} s of "
            f"the machine in {account['seconds']:.1f} s ({account['cpu_seconds']:.1f} s of CPU)\n"
            f"{moved or 'nothing by DMA'}; {account['port_accesses']:,} port accesses, "
            f"{account['refreshes']:,} refreshes"
        )
        print(f"memory sha256 {account['memory_sha256']}")

    def _picture(self, computer: Computer, path: Path) -> None:
        page = computer.page
        if page is None:
            print(f"no picture in '{path}': the screen is off, or shows graphics", file=sys.stderr)
            return
        try:
            write_png(page, path)
        except OSError as error:
            raise CommandError(f"cannot write '{path}': {reason(error)}") from None
        if not self.wishes.as_json:
            print(f"screen: {path}")
