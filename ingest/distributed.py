"""The pool that reads on other machines: dask.distributed behind `concurrent.futures`, for the pipeline's batches.

Tasks are pure, so dask may run one twice when a worker is lost. What is lost for good is told: a task that took several
workers with it as WorkerDied, like a crash on one machine; the scheduler, or all workers, as SchedulerError.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import dask
from distributed import Client, KilledWorker
from distributed.comm.core import CommClosedError
from distributed.security import Security

from ingest.distributed_worker import ReadingPlugin, run_task
from ingest.fingerprint import rules_fingerprint
from ingest.sandbox import Answer, WorkerDied
from ingest.scheduler import Scheduler
from kilde.errors import KildeError

P = ParamSpec("P")
T = TypeVar("T")

CONNECT = 30.0
"""Seconds to reach the scheduler."""
JOIN = 60.0
"""Seconds until a first worker must have joined."""
ALONE = 300.0
"""Seconds that a run waits for workers after the last one is gone."""
LOOK = 2.0
"""Seconds between two looks at the workers."""
AGAIN = "what was stored is kept, the same command goes on from there"


class SchedulerError(KildeError):
    """The scheduler cannot be reached, or it has no workers."""


class DistributedExecutor(Executor):
    """Runs each task on a worker of a scheduler, in a process with limits."""

    def __init__(self, client: Client, alone: float = ALONE) -> None:
        self._client = client
        self._pool: Executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
        self._rules = rules_fingerprint()
        self._waiting: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._alone = alone
        threading.Thread(target=self._watch, name="workers", daemon=True).start()

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call of a function that every worker can import; its future raises what the call raised."""
        future: Future[T] = Future()
        with self._lock:
            self._waiting.add(future)
        task = self._pool.submit(run_task, function, args, kwargs, self._rules)
        task.add_done_callback(lambda done: self._hand_on(done, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End; with `cancel_futures` what workers have not begun is left out."""
        self._closed.set()
        self._pool.shutdown(wait=wait and not cancel_futures)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for all tasks; where the block was left by an error, break them off."""
        self.shutdown(cancel_futures=kind is not None)

    def _hand_on(self, done: Future[Answer], future: Future[T]) -> None:
        """Let a future be what came of its task, in our own errors."""
        error = failure(done)
        self._settle(future, done.result() if error is None else Answer(error=error))

    def _settle(self, future: Future[Any], answer: Answer) -> None:
        """Give a future its answer, once: the watch may have given up on it before."""
        with self._lock:
            if future not in self._waiting:
                return
            self._waiting.discard(future)
        future.set_result(answer.value) if answer.error is None else future.set_exception(answer.error)

    def _watch(self) -> None:
        """Give up on all tasks where no worker has been there for long; dask itself would wait for ever."""
        last = time.monotonic()
        while not self._closed.wait(LOOK):
            if self._has_workers():
                last = time.monotonic()
            elif time.monotonic() - last > self._alone:
                with self._lock:
                    lost = list(self._waiting)
                error = SchedulerError(f"no worker is left since {self._alone:.0f} s; {AGAIN}")
                for future in lost:
                    self._settle(future, Answer(error=error))

    def _has_workers(self) -> bool:
        """Whether any worker is there; of a scheduler that does not answer none is."""
        try:
            return bool(self._client.scheduler_info()["workers"])
        except (Exception, asyncio.CancelledError):  # whatever dask raises where the connection is going
            return False


def failure(done: Future[Any]) -> BaseException | None:
    """Why a task has no value, in our own errors; None where it has one."""
    try:
        error = done.exception()
    except CancelledError:
        return SchedulerError(f"the connection to the scheduler is lost; {AGAIN}")
    if isinstance(error, KilledWorker):
        return WorkerDied("crashed", "every machine that read it was lost")
    if isinstance(error, CommClosedError):
        return SchedulerError(f"the connection to the scheduler is lost: {error}; {AGAIN}")
    return error


@contextmanager
def connect(scheduler: Scheduler) -> Iterator[tuple[DistributedExecutor, int]]:
    """Connect to a scheduler with workers; the executor, and how many tasks the workers do at once.

    Raises SchedulerError where it cannot be reached, refuses us, or has no workers.
    """
    # What goes wrong is raised as SchedulerError; dask would print its tracebacks as well.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # A batch with its bytes may be larger than what dask warns of.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"}), client_of(scheduler) as client:
        try:
            client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError as error:
            raise SchedulerError(f"no worker has joined {scheduler.address} in {JOIN:.0f} s; start some") from error
        client.register_plugin(ReadingPlugin())
        with DistributedExecutor(client) as executor:
            yield executor, sum(client.nthreads().values())


def client_of(scheduler: Scheduler) -> Client:
    """A client; SchedulerError where there is no connection."""
    files = scheduler.certificates
    security = None
    if files is not None:
        security = Security(  # type: ignore[no-untyped-call]
            require_encryption=True,
            tls_ca_file=str(files.ca),
            tls_client_cert=str(files.certificate),
            tls_client_key=str(files.key),
        )
    # On a thread of its own: dask waits for ever for a port that takes the connection and never says a word.
    made: Future[Client] = Future()
    threading.Thread(target=open_client, args=(made, scheduler.address, security), daemon=True).start()
    try:
        return made.result(CONNECT * 1.5)
    except (OSError, ssl.SSLError, TypeError) as error:
        why = str(error) or "it does not answer"
        raise SchedulerError(f"the scheduler {scheduler.address} cannot be reached: {why}") from error


def open_client(made: Future[Client], address: str, security: Security | None) -> None:
    """Connect, and hand the client or the error on."""
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, security=security, timeout=CONNECT, set_as_default=False, name="kilde"
        )
        made.set_result(client)
    except BaseException as error:
        made.set_exception(error)
