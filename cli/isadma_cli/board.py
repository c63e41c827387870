"""`isadma board`: the board at a serial port, tried out; or a simulated one to try it on."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.table import Table

from isadma_cli.errors import CommandError, UsageError
from isadma_cli.progress import errors
from isadma_cli.report import console

if TYPE_CHECKING:
    from isadma_sim.engines.uart.selftest import Report

__all__ = ["simulate_board", "test_board"]


def test_board(port: str, *, baud: int, as_json: bool) -> None:
    """Run the self-test on a board and print it, check by check.

    Parameters
    ----------
    port
        The serial port.
    baud
        Its speed.
    as_json
        One JSON object on standard output in place of the table.

    Raises
    ------
    UsageError
        A speed that is none.
    CommandError
        No board answers, or a check failed.
    """
    from isadma_sim import EngineError
    from isadma_sim.engines.uart.client import Client
    from isadma_sim.engines.uart.link import Link
    from isadma_sim.engines.uart.selftest import self_test
    from isadma_sim.engines.uart.serial_port import open_line

    if baud < 1:
        raise UsageError(f"--baud {baud}: a speed is 1 bit per second or more")
    try:
        link = Link(open_line(port, baud))
        try:
            with errors().status("starting") as status:
                report = self_test(Client(link), baud=baud, progress=status.update)
        finally:
            link.close()
    except EngineError as error:
        raise CommandError(str(error)) from error
    if as_json:
        print(json.dumps({"port": port, "passed": report.passed, **asdict(report)}))
    else:
        table = Table(title=f"{port}: {report.memory_size} bytes of memory")
        table.add_column("check")
        table.add_column("result")
        for check in report.checks:
            table.add_row(check.name, check.failure or "passed")
        console().print(table)
        print(f"memory over the line: {report.line_bytes_per_second:,.0f} bytes/s")
        print(_dma(report))
    failed = [check for check in report.checks if check.failure]
    if failed:
        raise CommandError(f"{port}: {len(failed)} checks failed, first '{failed[0].name}': {failed[0].failure}")


def _dma(report: Report) -> str:
    clocks = f"DMA, single transfers on channel 1: {report.clocks_per_byte:.1f} clocks a byte"
    if not report.dma_bytes_per_second:
        return clocks
    return f"{clocks}, {report.dma_bytes_per_second:,.0f} bytes/s at {report.clock_hz / 1e6:.1f} MHz"


def simulate_board(*, as_netlist: bool) -> None:
    """Offer a simulated board as a serial port until Ctrl-C.

    Parameters
    ----------
    as_netlist
        The netlist after synthesis for an iCE40 in place of the RTL.

    Raises
    ------
    CommandError
        It cannot be built here.
    """
    from isadma_sim import EngineError
    from isadma_sim.engines.uart.simulated import SimulatedPort, netlist, rtl
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    try:
        with errors().status("building the board as a program"):
            library = netlist() if as_netlist else rtl()
    except (EngineError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    with SimulatedPort(library) as port:
        print(f"{port.name}", flush=True)
        print("a board is there until Ctrl-C: try 'isadma board test' with that name", flush=True)
        while True:
            time.sleep(3600)
