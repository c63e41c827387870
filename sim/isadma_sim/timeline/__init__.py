"""Timelines: a run of a machine recorded as the changes of its pins, and what they say: who had the bus when."""
