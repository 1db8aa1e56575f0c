"""Who reads documents in a run: processes of this machine, or the workers of a dask scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ingest.sandbox import SandboxExecutor
from ingest.scheduler import Scheduler
from kilde.errors import MissingError


@dataclass(frozen=True, slots=True)
class Workforce:
    """A pool, and how many tasks it does at once."""

    executor: Executor
    workers: int
    apart: bool = False
    """They do not see the archive: originals are sent to them."""


@contextmanager
def open_workforce(jobs: int, scheduler: Scheduler | None = None) -> Iterator[Workforce]:
    """A pool of `jobs` processes, or that of a scheduler; raises SchedulerError where it does not answer."""
    if scheduler is None:
        with SandboxExecutor(jobs) as executor:
            yield Workforce(executor, jobs)
        return
    with load_distributed().connect(scheduler) as (executor, workers):
        yield Workforce(executor, workers, apart=True)


def load_distributed() -> Any:
    """`ingest.distributed`, which stands on an extra of Kilde; raises MissingError where that is not installed."""
    try:
        return import_module("ingest.distributed")
    except ModuleNotFoundError as error:
        if error.name not in {"dask", "distributed"}:
            raise
        raise MissingError("--scheduler needs dask; install it with: pip install 'kilde[dask]'") from error
