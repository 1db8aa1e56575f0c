"""A real cluster of OpenSearch for tests: one process for each node, on loopback, on ports that the system gives.

    with start_cluster(folder) as cluster:
        cluster.addresses                       # ["http://127.0.0.1:41231", ...]
        cluster.kill(cluster.primaries("records").popitem()[0])

Everything is below a folder that the caller owns. Nodes end with the process that started them, whatever ends it.
`python -m tests.opensearch.cluster` starts one, prints its addresses and keeps it until its standard input ends.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.opensearch.jdk import BuildError, Tools, class_path, find_tools

HEAP = "512m"
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of Java for a cluster of some minutes, which would be spent on compiling better than that pays for."""
START = 120.0
"""Seconds that a cluster has to be green: a JVM starts in about 5 s of processor time."""
LOG = """status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.} %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


class ClusterError(Exception):
    """A cluster did not come up, or not back; the message ends with the last lines of each node's log."""


@dataclass(slots=True)
class NodeProcess:
    """A node: its folder, and its process while it runs."""

    name: str
    home: Path
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    http: str = ""
    """Host and port; known once it has started, and the same when it is started again."""
    transport: str = ""

    @property
    def address(self) -> str:
        """Where the node answers."""
        return f"http://{self.http}"

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def start(self, settings: dict[str, Any]) -> None:
        """Start the process on the ports it had, or on any that are free."""
        ports = {"http.port": port_of(self.http), "transport.port": port_of(self.transport)}
        config = self.home / "config"
        config.mkdir(parents=True, exist_ok=True)
        # Every JSON text is YAML as well.
        (config / "opensearch.yml").write_text(json.dumps({**settings, **ports, "node.name": self.name}), "utf-8")
        (config / "log4j2.properties").write_text(LOG, "utf-8")
        (self.home / "addresses").unlink(missing_ok=True)
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, cwd=self.home
            )

    def await_addresses(self, until: float) -> None:
        """Wait until the node listens; raises ClusterError where it ends before or takes too long."""
        file = self.home / "addresses"
        while not file.is_file():
            if not self.runs:
                raise ClusterError(f"node {self.name} ended as it started")
            if time.monotonic() > until:
                raise ClusterError(f"node {self.name} does not listen after {START:.0f} s")
            time.sleep(0.05)
        self.http, self.transport = file.read_text("utf-8").split()

    def kill(self) -> None:
        """End the process at once, as kill -9 does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdin is not None:
                self.process.stdin.close()
            self.process = None

    def last_words(self) -> str:
        """The end of the node's log."""
        log = self.home / "log"
        lines = log.read_text("utf-8", "replace").splitlines() if log.is_file() else []
        return "\n".join([f"--- {self.name} ({log}):", *lines[-30:]])


@dataclass(slots=True)
class Cluster:
    """Nodes that form one cluster; any of them may be killed and started again."""

    folder: Path
    nodes: list[NodeProcess]
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60.0, trust_env=False))

    @property
    def addresses(self) -> list[str]:
        """Where the nodes answer, those that do not run now as well."""
        return [node.address for node in self.nodes]

    def node(self, name: str) -> NodeProcess:
        """A node by its name: n1, n2, ..."""
        return next(node for node in self.nodes if node.name == name)

    def start(self, *names: str) -> None:
        """Start nodes, all unless some are named, and wait until they have joined."""
        until = time.monotonic() + START
        started = [self.node(name) for name in names] or self.nodes
        with self.blaming():
            for node in started:
                node.start(self.settings())
            for node in started:
                node.await_addresses(until)
            # Nodes look into this file every second, so that no port needs to be known before.
            for node in self.nodes:
                others = "".join(f"{it.transport}\n" for it in self.nodes if it.transport)
                (node.home / "config" / "unicast_hosts.txt").write_text(others, "utf-8")
            self.await_nodes(sum(node.runs for node in self.nodes), until)

    def settings(self) -> dict[str, Any]:
        """The settings that all nodes share."""
        settings: dict[str, Any] = {
            "cluster.name": "kilde-tests",
            "network.host": "127.0.0.1",
            "node.roles": ["cluster_manager", "data", "ingest"],
            "path.repo": str(self.folder / "snapshots"),
            "action.auto_create_index": False,
            # The disks of those who test are often nearly full.
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        if len(self.nodes) == 1:
            return {**settings, "discovery.type": "single-node"}
        names = [node.name for node in self.nodes]
        return {
            **settings,
            "discovery.seed_providers": "file",
            # Addresses are told once a node listens; it must not wait for the others before that.
            "discovery.initial_state_timeout": "0s",
            "cluster.initial_cluster_manager_nodes": names,
        }

    def kill(self, name: str) -> None:
        """End a node as kill -9 does."""
        self.node(name).kill()

    def await_nodes(self, count: int, until: float | None = None) -> None:
        """Wait until as many nodes form the cluster."""
        self.await_health(f"wait_for_nodes={count}", until)

    def await_green(self, until: float | None = None) -> None:
        """Wait until every copy of every shard is where it should be."""
        self.await_health("wait_for_status=green&wait_for_no_relocating_shards=true", until)

    def await_health(self, what: str, until: float | None) -> None:
        """Wait until the cluster's health is as asked for; raises ClusterError after START seconds."""
        until = until or time.monotonic() + START
        path = f"/_cluster/health?{what}&timeout=5s"
        with self.blaming():
            while (health := self.ask("GET", path, allowed=(200, 408, 503))).get("timed_out", True):
                if time.monotonic() > until:
                    raise ClusterError(f"not {what} after {START:.0f} s: {health}")
                time.sleep(0.1)

    def primaries(self, index: str) -> dict[str, list[int]]:
        """Which primary shards of an index each node holds, by its name; nodes without any are left out."""
        rows = self.ask("GET", f"/_cat/shards/{index}?format=json&h=shard,prirep,node")
        held: dict[str, list[int]] = {}
        for row in rows:
            if row["prirep"] == "p" and row["node"]:
                held.setdefault(row["node"], []).append(int(row["shard"]))
        return held

    def clear(self) -> None:
        """Delete all indices."""
        names = [row["index"] for row in self.ask("GET", "/_cat/indices?format=json&h=index")]
        for name in names:
            self.ask("DELETE", f"/{name}")

    def ask(self, method: str, path: str, body: object = None, allowed: Sequence[int] = (200, 201)) -> Any:
        """A request to any node that runs; the answer's JSON. Raises ClusterError where it is none of the allowed."""
        trouble: object = "no node runs"
        for node in self.nodes:
            if not node.runs:
                continue
            try:
                answer = self.client.request(method, node.address + path, json=body)
            except httpx.TransportError as error:
                trouble = error
                continue
            if answer.status_code in allowed:
                return answer.json()
            raise ClusterError(f"{method} {path}: {answer.status_code} {answer.text[:1000]}")
        raise ClusterError(f"{method} {path}: {trouble}")

    @contextmanager
    def blaming(self) -> Iterator[None]:
        """Add the nodes' last words to an error."""
        try:
            yield
        except ClusterError as error:
            if "\n---" in str(error):
                raise
            raise ClusterError("\n".join([str(error), *(node.last_words() for node in self.nodes)])) from error

    def close(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            node.kill()
        self.client.close()


@contextmanager
def start_cluster(
    folder: Path, nodes: int = 3, heap: str = HEAP, tools: Tools | None = None, options: Sequence[str] = ()
) -> Iterator[Cluster]:
    """Start nodes below a folder and wait until they form a green cluster; ends them at the end of the block.

    `options` are those of Java. Raises ClusterError, or BuildError where its artifacts could not be had.
    """
    found = tools or find_tools()
    if isinstance(found, str):
        raise ClusterError(found)
    # A fixed heap, as OpenSearch asks for.
    command = java_command(found, class_path(found), [f"-Xms{heap}", f"-Xmx{heap}", *options])
    processes = [NodeProcess(name, home := folder / name, command(home)) for name in names(nodes)]
    cluster = Cluster(folder, processes)
    try:
        cluster.start()
        cluster.await_green()
        yield cluster
    finally:
        cluster.close()


def names(nodes: int) -> list[str]:
    """The names of nodes."""
    return [f"n{number}" for number in range(1, nodes + 1)]


def java_command(tools: Tools, path: str, options: Sequence[str]) -> Callable[[Path], list[str]]:
    """How a node is started in a folder."""
    java = str(tools.java_home / "bin" / "java")
    # The vector module and native access are what OpenSearch's own start script gives.
    access = ["--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]

    def command(home: Path) -> list[str]:
        log = f"-Dlog4j2.configurationFile={home / 'config' / 'log4j2.properties'}"
        return [java, *options, *access, log, f"-Djava.io.tmpdir={home}", "-cp", path, "Server", str(home)]

    return command


def port_of(address: str) -> str:
    """The port of an address; 0, which asks for any free one, where it is not known yet."""
    return address.rpartition(":")[2] or "0"


def main() -> None:
    """Start a cluster, print its addresses as one line of JSON, and keep it until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.opensearch.cluster", description=main.__doc__)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--heap", default=HEAP, help="of each node, as Java writes it (512m)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kilde-opensearch-") as folder:
        try:
            with start_cluster(Path(folder), options.nodes, options.heap, options=BRIEF) as cluster:
                pids = [node.process.pid for node in cluster.nodes if node.process]
                print(json.dumps({"addresses": cluster.addresses, "pids": pids, "folder": folder}), flush=True)
                while os.read(sys.stdin.fileno(), 4096):
                    pass
        except (ClusterError, BuildError) as error:
            sys.exit(f"cluster: {error}")


if __name__ == "__main__":
    main()
