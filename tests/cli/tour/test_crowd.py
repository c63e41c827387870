"""All devices at once for a million clocks: every byte right, every interrupt taken, every overrun counted."""

from __future__ import annotations

import pytest

from isadma_cli.tour.crowd import run_crowd

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def report(engine):
    return run_crowd(engine, clocks=1_000_000)


def test_a_million_clocks_went_by_and_everyone_moved_something(report):
    assert report.clocks >= 1_000_000
    assert all(member.bytes > 500 for member in report.members), report.members


def test_every_byte_is_right(report):
    assert all(member.right for member in report.members), report.members


def test_every_interrupt_is_taken(report):
    for member in report.members:
        assert member.raised > 0
        assert member.raised == member.taken + member.absorbed, member
        assert not member.pending


def test_every_overrun_is_counted(report):
    members = {member.name: member for member in report.members}
    # 0.9 ms of latency and now and then another handler first: too late for a character of 1.04 ms.
    assert members["modem"].lost > 0
    assert all(member.counted for member in report.members), report.members


def test_the_shares_of_the_bus_add_to_100_per_cent(report):
    assert sum(report.shares.values()) == pytest.approx(1, abs=1e-12)
    assert min(report.shares.values()) >= 0
    for member in report.members:
        for channel in member.channels:
            assert report.shares[f"channel {channel}"] > 0, member
    # An AT's refresh: S1 to S4 with a wait state each 60 clocks.
    assert 0.05 < report.shares["refresh"] < 0.09


def test_every_owner_is_in_proc_dma(report):
    lines = report.proc_dma.splitlines()
    assert " 4: cascade" in lines
    for member in report.members:
        for channel in member.channels:
            assert f" {channel}: {member.name}" in lines
