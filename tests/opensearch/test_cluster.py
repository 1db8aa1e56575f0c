"""The cluster of the tests is a real one: its nodes take over from each other, and nobody has to clean up after it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.opensearch.cluster import Cluster
from tests.opensearch.jdk import ROOT

DOCUMENTS = 30
PATIENCE = 120.0


def test_a_killed_node_is_replaced_and_comes_back(clean_cluster: Cluster) -> None:
    """The others answer for its shards at once; started again it has the port that it had."""
    cluster = clean_cluster
    cluster.ask("PUT", "/records", {"settings": {"number_of_shards": 3, "number_of_replicas": 1}})
    cluster.await_green()
    for number in range(DOCUMENTS):
        cluster.ask("PUT", f"/records/_doc/{number}", {"number": number})
    addresses, before = cluster.addresses, cluster.primaries("records")
    victim = next(iter(before))
    cluster.kill(victim)
    cluster.await_nodes(2)
    cluster.ask("POST", "/records/_refresh")
    assert cluster.ask("GET", "/records/_count")["count"] == DOCUMENTS
    after = cluster.primaries("records")
    assert victim not in after
    assert sorted(shard for held in after.values() for shard in held) == [0, 1, 2]
    cluster.start(victim)
    cluster.await_green()
    assert cluster.addresses == addresses


def test_nodes_end_with_the_process_that_started_them() -> None:
    """Killed with -9, so that it cannot clean up."""
    command = [sys.executable, "-m", "tests.opensearch.cluster", "--nodes", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        pids = json.loads(starter.stdout.readline())["pids"]
        assert [is_there(pid) for pid in pids] == [True]
        starter.send_signal(signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while any(is_there(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert [is_there(pid) for pid in pids] == [False]


def is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent to notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
