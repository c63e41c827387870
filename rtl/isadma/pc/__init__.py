"""The PC boards around the 8237A: page registers, cascade, subsystems."""

from .isa import IsaBus

__all__ = ["IsaBus"]
