"""Bitstreams: `build` synthesizes, places, packs and reports; `program` loads one into a board."""

from .loader import program
from .make import BuildReport, build

__all__ = ["BuildReport", "build", "program"]
