"""`isadma demo`: a file off a floppy, every byte through the DMA controller, and a report of what moved."""

from __future__ import annotations

from pathlib import Path

from isadma_cli.files import check_output, check_waves
from isadma_cli.machine import check_engine

__all__ = ["run_demo"]


def run_demo(*, engine: str, waves: Path, as_json: bool) -> None:
    """Carry out ``isadma demo``; see its help."""
    check_engine(engine)
    if waves.is_dir():
        waves = waves / "demo.fst"
    check_waves(waves)
    check_output(waves, "--waves")
