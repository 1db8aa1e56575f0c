"""A cluster of three nodes for the tests here.

Only `make test-opensearch` runs them: they take minutes, and need a JDK of 21 or newer and Maven. Where those are
missing the tests are left out and say so; where they are there, a cluster that does not start is an error.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.opensearch.cluster import BRIEF, Cluster, start_cluster
from tests.opensearch.jdk import find_tools

collect_ignore_glob = [] if os.environ.get("KILDE_OPENSEARCH") else ["test_*.py"]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three nodes, for all tests of the run."""
    tools = find_tools()
    if isinstance(tools, str):
        pytest.skip(tools)
    folder: Path = tmp_path_factory.mktemp("opensearch")
    with start_cluster(folder, tools=tools, options=BRIEF) as found:
        yield found


@pytest.fixture
def clean_cluster(cluster: Cluster) -> Cluster:
    """The cluster without any index and with all its nodes, whatever the test before did."""
    down = [node.name for node in cluster.nodes if not node.runs]
    if down:
        cluster.start(*down)
    cluster.clear()
    return cluster
