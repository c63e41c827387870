"""The guide's small system-on-chip does what it says: memory to memory, and a device's data by channel 1."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[3] / "docs/examples/wishbone_soc.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("wishbone_soc", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_buffer_goes_to_the_other_memory_and_the_devices_bytes_behind_it(example):
    clocks, (source, destination) = example.run(example.Soc())
    assert source == bytes(16) + b"from one memory to the other" + bytes(212)
    assert destination == (
        bytes(0x20) + b"from one memory to the other" + bytes(0x44) + b"and from a device" + bytes(0x6F)
    )
    # Eight states a byte from memory to memory alone; the memory adds its own waits.
    assert 8 * 28 < clocks < 3000


def test_an_soc_that_is_not_done_is_given_up(example):
    with pytest.raises(TimeoutError, match="the SoC is not done after 100 clocks"):
        example.run(example.Soc(), max_clocks=100)


def test_the_example_runs_as_a_program():
    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, timeout=60, check=True)
    assert "10020h on: b'from one memory to the other'" in done.stdout
    assert "10080h on: b'and from a device'" in done.stdout
