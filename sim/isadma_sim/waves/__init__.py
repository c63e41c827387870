"""Waveforms: which signals, which window of time, which file."""
