"""RTL against golden model under programs that Hypothesis makes up, so that a difference shrinks to a short one."""

import dataclasses

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from isadma_verify.random.programs import Op, program_channel
from isadma_verify.random.scenario import board_ports, chip_ports
from isadma_verify.random.stimulus import Knobs

CLOCKS = 400
QUIET = {"suppress_health_check": list(HealthCheck), "deadline": None}

knobs = st.builds(
    Knobs,
    dreq=st.sampled_from((0.0, 0.02, 0.2)),
    not_ready=st.sampled_from((0.0, 0.3)),
    eop=st.sampled_from((0.0, 0.02, 0.3)),
    grant=st.integers(0, 3),
    release=st.integers(0, 3),
    early_release=st.sampled_from((0.0, 0.05)),
    strobe=st.integers(1, 4),
    gap=st.integers(0, 4),
    settle=st.integers(1, 3),
)
bytes_ = st.integers(0, 0xFF)


def programs(ports):
    """Make lists of operations; loading a channel counts as one."""
    port_of = st.sampled_from(ports)
    a = st.integers(0, 15)
    load = st.builds(
        program_channel,
        port_of,
        st.integers(0, 3),
        bytes_,
        st.integers(0, 0xFFFF) | st.sampled_from((0x00FF, 0xFF00, 0x12FE)),
        st.integers(0, 4),
    )
    one = st.one_of(
        st.builds(lambda f, a, value: [Op("write", f(a), value)], port_of, a, bytes_),
        st.builds(lambda f, a: [Op("read", f(a))], port_of, a),
        st.builds(lambda n: [Op("idle", value=n)], st.integers(1, 60)),
    )
    return st.lists(st.one_of(load, one), max_size=12).map(lambda parts: [op for part in parts for op in part])


BLOCK_BY_SOFTWARE = [*program_channel(int, 1, 0x94, 0x12FE, 3), Op("write", 9, 5), Op("idle", value=40), Op("read", 8)]


@pytest.mark.parametrize("variant", ["nmos", "cmos"])
@settings(max_examples=5, derandomize=True, **QUIET)
@given(ops=programs(chip_ports()), knobs=knobs, seed=st.integers(0, 2**32 - 1))
@example(ops=BLOCK_BY_SOFTWARE, knobs=Knobs(dreq=0.0), seed=0)
def test_any_program_runs_alike_on_chip_and_model(chip_lockstep, variant, ops, knobs, seed):
    chip_lockstep(variant).run(seed, CLOCKS, knobs, ops)


@settings(max_examples=4, derandomize=True, **QUIET)
@given(ops=programs(board_ports()), knobs=knobs, seed=st.integers(0, 2**32 - 1))
def test_any_program_runs_alike_on_board_and_model(board_lockstep, ops, knobs, seed):
    board_lockstep(1).run(seed, CLOCKS, dataclasses.replace(knobs, early_release=0.0), ops)


@pytest.mark.long
@pytest.mark.parametrize("what", [("chip", "nmos"), ("chip", "cmos"), ("at", 0), ("at", 1)])
@settings(max_examples=2000, print_blob=True, **QUIET)
@given(data=st.data(), knobs=knobs, seed=st.integers(0, 2**32 - 1))
def test_any_program_runs_alike_for_long(native_lockstep, what, data, knobs, seed):
    ops = data.draw(programs(chip_ports() if what[0] == "chip" else board_ports()))
    native_lockstep(*what).run(seed, CLOCKS, knobs, ops)
