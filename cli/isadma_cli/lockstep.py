"""`isadma bench --vs lockstep`: compared clocks a second, of compiled random programs and of the lockstep in Python."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.table import Table

from isadma_cli.errors import CommandError
from isadma_cli.progress import errors
from isadma_cli.report import console
from isadma_sim.engines.base import EngineError
from isadma_tools.toolchain import ToolFailedError, ToolMissingError
from isadma_verify.fuzz.library import FuzzError
from isadma_verify.fuzz.rate import measure

__all__ = ["beside_lockstep"]


def beside_lockstep(*, as_json: bool) -> None:
    """Time both on the PC/AT's board and print compared clocks a second of CPU time.

    Parameters
    ----------
    as_json
        One JSON object in place of the table.

    Raises
    ------
    CommandError
        Nothing could be built here.
    """
    try:
        with errors().status("comparing"):
            rates = measure()
    except (EngineError, FuzzError, ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    if as_json:
        print(json.dumps({**asdict(rates), "ratio": rates.ratio}))
        return
    table = Table(title="The AT beside its golden model: compared clocks a second of CPU time")
    table.add_column("")
    table.add_column("clocks a second", justify="right")
    table.add_row("isadma fuzz, with coverage", f"{rates.fuzz:,.0f}")
    table.add_row("lockstep in Amaranth's simulator", f"{rates.lockstep:,.0f}")
    table.add_row("times", f"{rates.ratio:,.0f}")
    console().print(table)
