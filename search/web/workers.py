"""The workers: processes that answer one task at a time, and are killed when it takes longer than it may.

A thread cannot be stopped in Python, and an answer nobody waits for would go on to use a core; a process can.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal

from kilde.errors import DamagedError
from search.web.asked import Asked
from search.web.desk import Desk, answer
from search.web.errors import BusyError, TooSlowError
from search.web.library import Library
from search.web.view import Answer, Task

WORK_SECONDS = 4.0
"""Of computing. A question gives up by itself after half as long on the clock; this ends what does not look at it."""
PATIENCE = 2.5
"""How many times as long a task may take on the clock: a machine that is busy makes no task a wrong one."""
START_SECONDS = 60.0
MOST_WAITING = 64
"""Tasks that may wait for each worker."""
WARMING = (
    Task("results", asked=Asked(q="kommunens indsats", kommune=["0101"], year=["2020"])),
    Task("results", asked=Asked(q="xqzvw")),
    Task("kommune", key="0101-koebenhavn"),
)
"""Words, a word that there is none of, filters, and a page of a kommune."""
LOG = logging.getLogger("kilde.web")

_CONTEXT = get_context("forkserver")


def serve_tasks(connection: Connection, desk: Desk) -> None:
    """The life of a worker: it warms up, says that it is ready, and answers task by task."""
    signal(SIGINT, SIG_IGN)
    library = Library(desk.data, desk.opensearch)
    warm_up(library, desk)
    try:
        connection.send(None)
        while True:
            task = connection.recv()
            connection.send(answer(library, task, desk))
    except (EOFError, OSError):
        library.close()


def warm_up(library: Library, desk: Desk) -> None:
    """Answer what reads all that is read once: index, lexicon, templates. Else the first asker would wait for it.

    What is there then stays: the collector need not look through it again, which takes a tenth of a second.
    """
    for task in WARMING:
        answer(library, task, replace(desk, seconds=inf))
    gc.collect()
    gc.freeze()


def worked(process: int | None) -> float | None:
    """The seconds that a process has computed; None where the system does not say (it has no /proc)."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Worker:
    """One process and the pipe to it. Only one thread at a time may ask it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._start()

    def _start(self) -> None:
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=serve_tasks, args=(theirs, self._desk), daemon=True)
        self._process.start()
        theirs.close()
        self._is_ready = False

    def ask(self, task: Task, seconds: float) -> Answer:
        """The answer to a task. TooSlowError after so many seconds of work, when the process is killed and replaced."""
        try:
            self._await_ready()
            self._connection.send(task)
            if self._answers_within(seconds):
                found: Answer = self._connection.recv()
                return found
        except (EOFError, OSError) as error:
            self._replace()
            raise TooSlowError("the worker that should answer died; try again, or ask for less") from error
        self._replace()
        raise TooSlowError(f"this takes more than {seconds:g} seconds; ask for less: fewer words, a shorter period")

    def _answers_within(self, seconds: float) -> bool:
        """Whether the answer comes before the process has worked so long, or waited `PATIENCE` times as long."""
        ends, used = time.monotonic() + seconds * PATIENCE, worked(self._process.pid)
        wait = seconds
        while not self._connection.poll(wait):
            now = worked(self._process.pid)
            if used is None or now is None or now - used >= seconds or time.monotonic() >= ends:
                return False
            wait = min(seconds - (now - used), ends - time.monotonic())
        return True

    def _await_ready(self) -> None:
        if self._is_ready:
            return
        if not self._connection.poll(START_SECONDS):
            self._replace()
            raise DamagedError("the index takes too long to open; `kilde status` and the log say more")
        self._connection.recv()
        self._is_ready = True

    def _replace(self) -> None:
        LOG.warning("worker %s is replaced; it had computed %s seconds", self._process.pid, worked(self._process.pid))
        self.close()
        self._start()

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


class Workers:
    """A number of workers, and who waits for them. Belongs to one event loop."""

    def __init__(self, desk: Desk, count: int, seconds: float = WORK_SECONDS) -> None:
        self._idle = [Worker(desk) for _ in range(count)]
        self._count = count
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="kilde-worker")
        self._free = asyncio.Semaphore(count)
        self.waiting = 0
        self.replaced = 0

    async def run(self, task: Task, seconds: float | None = None) -> Answer:
        """The answer to a task, when a worker is free. BusyError where too many wait, TooSlowError as of a worker."""
        if self.waiting >= MOST_WAITING * self._count:
            raise BusyError("too many questions at once; try again in a moment")
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        worker = self._idle.pop()
        # An asker who goes away cancels this call; the worker is still busy then, and is free only when it has ended.
        asking = asyncio.get_running_loop().run_in_executor(self._threads, worker.ask, task, seconds or self._seconds)
        asking.add_done_callback(lambda ended: self._put_back(worker, ended))
        try:
            return await asyncio.shield(asking)
        except TooSlowError:
            self.replaced += 1
            raise

    def _put_back(self, worker: Worker, ended: asyncio.Future[Answer]) -> None:
        ended.exception()  # looked at, so that nobody misses it where the asker has gone
        self._idle.append(worker)
        self._free.release()

    def close(self) -> None:
        """End all workers that are not busy; a busy one ends with its task."""
        for worker in self._idle:
            worker.close()
        self._threads.shutdown(wait=False)
