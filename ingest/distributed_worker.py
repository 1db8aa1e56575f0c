"""What dask's workers do for Kilde: each task in a process with limits, as on one machine.

So a document that takes too much memory or time, or that crashes a parser, costs its own answer and never the worker,
which dask would else start anew with the same document a few times and then give up on.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any, cast

from distributed import Worker, WorkerPlugin, get_worker

from ingest.fingerprint import rules_fingerprint
from ingest.sandbox import Answer, SandboxExecutor, portable
from kilde.errors import KildeError

NAME = "kilde-reading"


class SkewError(KildeError):
    """A worker reads by other rules than the run, so that its documents would differ."""


class ReadingPlugin(WorkerPlugin):
    """Owns the processes that read on one worker: as many as it has threads, made when they are first needed."""

    name = NAME
    idempotent = True
    """A second run at the same time uses what is there."""

    def setup(self, worker: Worker) -> None:
        """Make the pool of a worker that has just joined."""
        # Workers that dask's nanny starts count as daemons, and those may have no processes of their own.
        multiprocessing.current_process().daemon = False
        self.rules = rules_fingerprint()
        self.pool = SandboxExecutor(worker.state.nthreads)

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 (dask's signature)
        """End the processes with the worker."""
        self.pool.break_off()


def run_task(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], rules: str) -> Answer:
    """Call a function in a limited process of this worker; SkewError unless the worker reads by the same rules.

    An error is an answer like any other: what a document does to its reader is nothing for the log of a worker.
    """
    try:
        return Answer(plugin_of(get_worker(), rules).pool.submit(function, *args, **kwargs).result())
    except Exception as error:
        return Answer(error=portable(error))


def plugin_of(worker: Worker, rules: str) -> ReadingPlugin:
    """The plugin of a worker; raises SkewError where its rules are others."""
    plugin = cast(ReadingPlugin, worker.plugins[NAME])
    if plugin.rules != rules:
        raise SkewError(
            f"the worker {worker.address} reads by rules {plugin.rules} and this run by {rules}:"
            " install the same version of Kilde there, and start the worker anew"
        )
    return plugin
