"""What a running PC looks like: its screen, who has the bus, the channels' services, the ports."""

from __future__ import annotations

from collections import Counter

from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from isadma_sim.boot.computer import Computer
from isadma_sim.devices.display.page import GLYPHS, Page, colours_of

__all__ = ["LiveView", "screen_of"]

#: Ports in the table.
_PORTS = 10
_CASCADE = 4


def screen_of(page: Page | None) -> Text:
    """Return a page as Rich draws it, with its colours and its cursor."""
    text = Text(no_wrap=True, end="")
    if page is None:
        text.append("(the picture is off)")
        return text
    for down, row in enumerate(page.cells):
        for across in range(page.columns):
            code, attribute = row[2 * across : 2 * across + 2]
            look = colours_of(attribute, page.kind, blinks=page.blinks)
            at_cursor = page.cursor == (down, across)
            style = Style(
                color="#{:02x}{:02x}{:02x}".format(*look.ink),
                bgcolor="#{:02x}{:02x}{:02x}".format(*look.paper),
                underline=look.underline,
                blink=look.blink,
                reverse=at_cursor,
            )
            text.append(GLYPHS[code], style)
        if down < page.rows - 1:
            text.append("\n")
    return text


class LiveView:
    """Tables of what happened since the last look.

    Parameters
    ----------
    computer : Computer
        What is looked at. Looking costs it no clock.
    """

    def __init__(self, computer: Computer) -> None:
        self._computer = computer
        self._stats = computer.pc.stats.copy()
        self._reads, self._writes = Counter(computer.ports.reads), Counter(computer.ports.writes)

    def tables(self) -> RenderableType:
        """Return the bus, the channels and the ports since the last call."""
        computer = self._computer
        now, then = computer.pc.stats.copy(), self._stats
        self._stats = now
        bus = Table(box=SIMPLE, title="the bus", title_justify="left", pad_edge=False)
        bus.add_column("who has it")
        bus.add_column("part of the clocks", justify="right")
        if now.clocks > then.clocks:
            for name, share in now.shares(then).items():
                if share:
                    bus.add_row(name, f"{share:.2%}")
        channels = Table(box=SIMPLE, title="DMA channels", title_justify="left", pad_edge=False)
        for title in ("channel", "owner", "services", "bytes", "since power-up"):
            channels.add_column(title, justify="left" if title == "owner" else "right")
        owners = {channel: name for name, channel in computer.slots if channel is not None}
        if computer.pc.board == "at":
            owners[_CASCADE] = "cascade"
        else:
            owners[0] = "refresh"
        for channel in sorted(owners):
            services = now.transfers[channel] - then.transfers[channel]
            moved = now.bytes[channel] - then.bytes[channel]
            since = now.transfers[channel]
            channels.add_row(str(channel), owners[channel], f"{services:,}", f"{moved:,}", f"{since:,}")
        return Group(self._heading(), bus, channels, self._ports())

    def _heading(self) -> Text:
        computer = self._computer
        post = computer.cards.post.shown
        code = "" if post is None else f", port 80h {post:02X}h"
        return Text(f"{computer.seconds:.2f} s, {computer.pc.clocks:,} clocks, at {computer.cpu.where}{code}")

    def _ports(self) -> Table:
        ports = self._computer.ports
        reads, writes = ports.reads - self._reads, ports.writes - self._writes
        self._reads, self._writes = Counter(ports.reads), Counter(ports.writes)
        table = Table(box=SIMPLE, title="port accesses", title_justify="left", pad_edge=False)
        for title in ("port", "whose", "read", "written"):
            table.add_column(title, justify="left" if title in ("port", "whose") else "right")
        for port, _ in (reads + writes).most_common(_PORTS):
            owner = self._computer.owner_of(port).partition(" (")[0]
            table.add_row(f"{port:03X}h", owner, f"{reads[port]:,}", f"{writes[port]:,}")
        return table

    def whole(self, *, tables: bool) -> RenderableType:
        """Return the screen in a frame, and the tables below it."""
        screen = Panel(screen_of(self._computer.page), expand=False, padding=0)
        return Group(screen, self.tables()) if tables else screen
