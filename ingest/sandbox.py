"""The pool that reads: worker processes with limits, of which any may die without harm to the others.

A task that takes too much memory or time, or that crashes inside a C library, costs its own answer (WorkerDied) and
its worker. Another worker takes the place and the other tasks go on. Tasks and their answers are pickled.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from ingest.limits import Limits, limit_process, memory_now, start_clock, stop_clock
from kilde.errors import KildeError, UnreadableError

P = ParamSpec("P")
T = TypeVar("T")

# Not by fork: a child would inherit the lock of the data folder and hold it on when this process is killed.
CONTEXT = get_context("forkserver")
PRELOADED = ["ingest.pipeline", "ingest.sandbox"]
"""Modules that the process which makes the workers imports once for all of them."""

OUT_OF_MEMORY = 112
"""The exit code by which a worker says that its memory was not enough."""
WORN = 0.25
"""The share of its memory that a worker may hold on to after a task; one that keeps more is replaced."""
COLLECTED = 50_000
"""New objects after which a worker looks for garbage."""
START = 60.0
"""Seconds that a worker has to start."""
GRACE = 5.0
"""Seconds that a worker has to leave by itself."""


class WorkerDied(UnreadableError):  # noqa: N818 (it is what happened, and reads so where it is caught)
    """A task's worker died; `code` is "out_of_memory", "timeout" or "crashed"."""


class WorkerStartError(KildeError):
    """Workers do not start: trouble of this machine or installation, and of no document."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is asked to do."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task: a value, or an error."""

    value: Any = None
    error: BaseException | None = None
    worn: bool = False
    """The worker should be replaced."""


class SandboxExecutor(Executor):
    """Runs each task in one of a few limited processes, which start when they are first needed."""

    def __init__(self, workers: int, limits: Limits | None = None) -> None:
        self._threads = ThreadPoolExecutor(workers, "sandbox")
        self._limits = limits or Limits()
        self._idle: deque[Worker] = deque()
        self._all: set[Worker] = set()
        self._lock = Lock()

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call of a function; its future raises what the call raised, or WorkerDied."""
        return self._threads.submit(self._run, function, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers once all tasks are done; with `cancel_futures`, those that have not begun are left out."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        while self._idle:
            self._retire(self._idle.popleft())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for all tasks; where the block was left by an error, break them off."""
        if kind is None:
            self.shutdown()
        else:
            self.break_off()

    def break_off(self) -> None:
        """End the workers now, whatever they do; the futures of their tasks raise WorkerDied."""
        with self._lock:
            for worker in self._all:
                worker.kill()
        self.shutdown(cancel_futures=True)

    def _run(self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        """Have a worker do a task, on a thread that waits for it."""
        worker = self._take()
        try:
            answer = worker.do(Task(function, args, kwargs))
        except BaseException:
            self._retire(worker)
            raise
        if answer.worn:
            self._retire(worker)
        else:
            self._idle.append(worker)
        if answer.error is not None:
            raise answer.error
        value: T = answer.value
        return value

    def _take(self) -> Worker:
        with self._lock:
            worker = self._idle.popleft() if self._idle else Worker(self._limits)
            self._all.add(worker)
        return worker

    def _retire(self, worker: Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.end()


class Worker:
    """A process that does one task after the other; it owns the process and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        CONTEXT.set_forkserver_preload(PRELOADED)
        self.pipe, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=work, args=(theirs, limits), daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False

    def do(self, task: Task) -> Answer:
        """Have a task done; raises WorkerDied where the process ends on it, WorkerStartError where it never began."""
        self.await_start()
        try:
            self.pipe.send(task)
            # A process that a task forked may hold the pipe open, so that its end alone tells nothing.
            ready = wait([self.pipe, self.process.sentinel])
            if self.pipe in ready:
                answer: Answer = self.pipe.recv()
                return answer
        except (EOFError, ConnectionError):
            pass
        self.process.join(GRACE)
        raise death(self.process.exitcode)

    def await_start(self) -> None:
        """Wait until the process is ready for its first task, so that no document is blamed for what came before."""
        if self.ready:
            return
        wait([self.pipe, self.process.sentinel], START)
        try:
            self.ready = self.pipe.poll() and bool(self.pipe.recv())
        except (EOFError, ConnectionError):
            self.ready = False
        if not self.ready:
            raise WorkerStartError("the processes that read documents do not start; see what they print above")

    def kill(self) -> None:
        """End the process, and those that a task may have started in it: they are in its group."""
        self.process.kill()
        if self.process.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Let the process leave; one that stays is killed."""
        self.pipe.close()
        self.process.join(GRACE)
        self.kill()
        self.process.join()


def death(exit_code: int | None) -> WorkerDied:
    """What a worker's exit code says of its last task."""
    if exit_code == -signal.SIGALRM:
        return WorkerDied("timeout", "reading it took more time than one document may take")
    if exit_code == OUT_OF_MEMORY:
        return WorkerDied("out_of_memory", "reading it took more memory than one document may take")
    if exit_code == -signal.SIGKILL:
        return WorkerDied("out_of_memory", "the process that read it was killed; most often memory had run out")
    how = signal.Signals(-exit_code).name if exit_code and exit_code < 0 else f"exit code {exit_code}"
    return WorkerDied("crashed", f"the process that read it crashed ({how})")


def run_limited(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a process with limits; raises WorkerDied where it goes beyond them."""
    with SandboxExecutor(1) as pool:
        return pool.submit(function, *args, **kwargs).result()


def work(pipe: Connection, limits: Limits) -> None:
    """A worker's life: one task after the other, until the pipe ends."""
    own = os.getpid()
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    silence()
    end_with_parent()
    limit_process(limits)
    # What reading makes is gone after it: collecting garbage less often than usual saves a twentieth of the time.
    gc.freeze()
    gc.set_threshold(COLLECTED)
    pipe.send(True)
    most = memory_now()[1] + WORN * limits.memory
    while True:
        try:
            task: Task = pipe.recv()
        except EOFError:
            return
        start_clock(limits.seconds)
        answer = pickled(do(task), most)
        if os.getpid() != own:
            os._exit(1)  # a process that the task forked
        stop_clock()
        pipe.send_bytes(answer)


def do(task: Task) -> Answer:
    """Do a task; leaves with OUT_OF_MEMORY where memory runs out, since nobody knows what is broken then."""
    try:
        return Answer(task.function(*task.args, **task.kwargs))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:
        return Answer(error=portable(error))


def pickled(answer: Answer, most: float) -> bytes:
    """An answer ready to be sent; the worker is worn where it holds more than `most` bytes now."""
    try:
        return pickle.dumps(Answer(answer.value, answer.error, worn=memory_now()[1] > most))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        return pickle.dumps(Answer(error=portable(error)))


def portable(error: BaseException) -> BaseException:
    """An error that another process can unpickle: itself with its traceback as a note, or its traceback in words."""
    words = "".join(traceback.format_exception(error))
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 (what this process has just pickled itself)
    except Exception:
        return RuntimeError(words)
    error.add_note(f"in a reading process:\n{words}")
    return error if type(copy) is type(error) else RuntimeError(words)


def silence() -> None:
    """Let nothing that a parser prints reach the output of the command."""
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def end_with_parent() -> None:
    """Let this process end when the one that started it is gone, however that ended; else it would wait for ever."""
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
