"""Fuzzing on a cluster of this machine: the same report on any number of workers, and when one of them is killed."""

import os
import signal
import threading
import time

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_verify.fuzz.campaign import Campaign, Plan
from isadma_verify.spread.cluster import DaskWorkers
from isadma_verify.spread.workers import ClusterError

pytestmark = pytest.mark.skipif(missing() is not None, reason="no C++ compiler")

PLAN = Plan("i8237", seed=4000, scenarios=6000, clocks=400)


@pytest.fixture
def cluster(library):
    distributed = pytest.importorskip("distributed")  # not above: it takes long, and every worker collects this file
    library("i8237")
    made = []

    def start(workers):
        here = distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        )
        made.append(here)
        return here

    yield start
    for each in made:
        each.close(timeout=20)


def report(campaign):
    return campaign.scenarios, campaign.coverage.bins, campaign.found


@pytest.fixture(scope="module")
def alone():
    campaign = Campaign(PLAN)
    campaign.run(jobs=1)
    return report(campaign)


def test_two_workers_give_the_report_of_one_process(cluster, alone):
    campaign = Campaign(PLAN)
    campaign.run(workers=DaskWorkers(cluster(2).scheduler_address))
    assert report(campaign) == alone


def test_a_worker_killed_half_way_loses_no_seed_and_doubles_none(cluster, alone):
    here = cluster(2)
    campaign, killed = Campaign(PLAN), []

    def kill(so_far):
        if so_far.scenarios >= PLAN.scenarios // 2 and not killed:
            killed.append(next(iter(here.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    campaign.run(workers=DaskWorkers(here.scheduler_address), progress=kill)
    assert killed
    assert report(campaign) == alone


def test_a_silent_scheduler_is_given_up():
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at 'tcp://127.0.0.1:1'"):
        DaskWorkers("tcp://127.0.0.1:1", patience=2)


def test_a_cluster_without_workers_is_given_up(cluster):
    begun = time.monotonic()
    with pytest.raises(ClusterError, match="has no worker after 1 s: start one"):
        DaskWorkers(cluster(0).scheduler_address, patience=1)
    assert time.monotonic() - begun < 30
    assert threading.active_count() < 50
