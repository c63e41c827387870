"""The data sheet's state names as numbers, the same for every engine and every waveform."""

# Ref: Intel 8237A data sheet 231466-005, pages 4 to 6; SC is this project's name for the cascade state.

from __future__ import annotations

#: In the order a reader meets them.
STATES = ("SI", "S0", "S1", "S2", "S3", "SW", "S4", "SC", "S11", "S12", "S13", "S14", "S21", "S22", "S23", "S24")
STATE_CODES = {name: code for code, name in enumerate(STATES)}
STATE_NAMES = dict(enumerate(STATES))
