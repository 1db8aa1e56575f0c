"""The pool that reads: whatever a task does to its process, the other tasks have their answers."""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.limits import Limits, start_document
from ingest.sandbox import SandboxExecutor, WorkerDied, run_limited
from kilde.errors import UnreadableError

MEGABYTE = 1024 * 1024
SMALL = Limits(memory=256 * MEGABYTE, seconds=1.0)


def crash() -> None:
    """Read where nothing is."""
    ctypes.string_at(0)


def hang_in_c() -> None:
    """Hold the interpreter's lock in C code for ever: no other thread can do anything about it."""
    ctypes.PyDLL(None).sleep(30)


def eat() -> int:
    """Fill memory."""
    return len([bytearray(MEGABYTE) for _ in range(2_000)])


def eat_the_answer() -> bytes:
    """An answer that cannot be pickled in the memory that there is."""
    return bytes(150 * MEGABYTE)


def fork_on() -> int:
    """Start processes that would outlive the task, and end."""
    for _ in range(3):
        if os.fork() == 0:
            time.sleep(30)
    return os.getpid()


def fork_and_die() -> None:
    """Start a process that holds the pipe open, and crash."""
    if os.fork() == 0:
        time.sleep(30)
    os.abort()


def junk() -> str:
    """Print where a native library prints."""
    os.write(1, b"junk")
    os.write(2, b"junk")
    print("junk", flush=True)
    return "fine"


def write(path: Path) -> str:
    """Write to a file."""
    with path.open("wb", buffering=0) as stream:
        stream.write(b"x" * 10)
    return "written"


def documents(count: int, seconds: float) -> str:
    """Take some time for each of several documents."""
    for _ in range(count):
        start_document()
        time.sleep(seconds)
    return "all"


def refuse() -> None:
    """Raise an error of Kilde's own, which takes two arguments."""
    raise UnreadableError("binary", "no text")


class OddError(Exception):
    """An error that pickle cannot bring back."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def raise_odd() -> None:
    """Raise it."""
    raise OddError("a", "b")


DEATHS: list[tuple[str, Callable[[], Any], str]] = [
    ("a crash in C", crash, "crashed"),
    ("an exit", lambda: None, "crashed"),
    ("a sleep", lambda: None, "timeout"),
    ("a hang in C", hang_in_c, "timeout"),
    ("memory", eat, "out_of_memory"),
    ("memory for the answer", eat_the_answer, "out_of_memory"),
    ("a crash with a child that holds the pipe", fork_and_die, "crashed"),
]


@pytest.fixture(scope="module")
def pool() -> Any:
    """A pool of one small worker."""
    with SandboxExecutor(1, SMALL) as pool:
        yield pool


@pytest.mark.parametrize(("name", "task", "code"), DEATHS, ids=[it[0] for it in DEATHS])
def test_a_death_costs_one_answer(pool: SandboxExecutor, name: str, task: Callable[[], Any], code: str) -> None:
    """It says why, and the tasks before and behind it have theirs."""
    function, args = {"an exit": (os._exit, (3,)), "a sleep": (time.sleep, (30,))}.get(name, (task, ()))
    before, bad, after = pool.submit(abs, -1), pool.submit(function, *args), pool.submit(abs, -2)
    with pytest.raises(WorkerDied) as caught:
        bad.result(timeout=30)
    assert caught.value.code == code
    assert (before.result(timeout=30), after.result(timeout=30)) == (1, 2)


def test_workers_work_side_by_side() -> None:
    """A death in one leaves the other alone, and each task has its own answer."""
    with SandboxExecutor(2, SMALL) as pool:
        tasks = [
            pool.submit(crash if number % 5 == 0 else abs, *([] if number % 5 == 0 else [number]))
            for number in range(20)
        ]
        found = [type(error) if (error := task.exception(timeout=30)) else task.result() for task in tasks]
    assert found == [WorkerDied if number % 5 == 0 else number for number in range(20)]


def test_time_is_for_one_document(pool: SandboxExecutor) -> None:
    """A batch may take longer than the limit; no document in it may."""
    assert pool.submit(documents, 4, 0.4).result(timeout=30) == "all"
    with pytest.raises(WorkerDied, match="time"):
        pool.submit(documents, 1, 1.5).result(timeout=30)


def test_no_limit_of_time_outside_of_a_worker() -> None:
    """Reading in this process starts no clock."""
    start_document()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_a_task_leaves_behind_is_ended() -> None:
    """Processes that it forked go with their worker, and what they would answer is nobody's answer."""
    with SandboxExecutor(1, SMALL) as pool:
        worker = pool.submit(os.getpid).result(timeout=30)
        try:
            assert pool.submit(fork_on).result(timeout=30) == worker
        except BlockingIOError:
            return  # the system let it start none
        assert pool.submit(os.getpid).result(timeout=30) == worker
    assert ended(lambda: not any(group_of(int(it.name)) == worker for it in Path("/proc").glob("[0-9]*")))


def test_nothing_is_printed_and_nothing_written(
    pool: SandboxExecutor, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Parsers print what they like, and no file gets a byte."""
    assert pool.submit(junk).result(timeout=30) == "fine"
    assert capfd.readouterr() == ("", "")
    with pytest.raises(OSError, match="File too large"):
        pool.submit(write, tmp_path / "a").result(timeout=30)
    assert all(path.stat().st_size == 0 for path in tmp_path.iterdir())


def test_limits_of_the_system_are_set(pool: SandboxExecutor) -> None:
    """Memory, files, core dumps; and they hold for what is really held, not for what is mapped."""
    for which, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64)):
        assert pool.submit(resource.getrlimit, which).result(timeout=30) == (most, most)
    with pytest.raises(WorkerDied):
        pool.submit(eat).result(timeout=30)


@pytest.mark.parametrize(("task", "kind", "words"), [
    (refuse, UnreadableError, "no text"),
    (raise_odd, RuntimeError, "OddError: ab"),
])  # fmt: skip
def test_errors_come_back(pool: SandboxExecutor, task: Callable[[], Any], kind: Any, words: str) -> None:
    """As they were raised, or in words; the worker lives on."""
    worker = pool.submit(os.getpid).result(timeout=30)
    with pytest.raises(kind, match=words):
        pool.submit(task).result(timeout=30)
    assert pool.submit(os.getpid).result(timeout=30) == worker


def test_a_task_that_cannot_be_sent_is_refused(pool: SandboxExecutor) -> None:
    """With pickle's own error, and the next one is done."""
    with pytest.raises((pickle.PicklingError, AttributeError), match="pickle"):
        pool.submit(lambda: None).result(timeout=30)
    assert pool.submit(abs, -1).result(timeout=30) == 1


def test_a_single_call_has_the_limits_too() -> None:
    """What `kilde extract` uses."""
    assert run_limited(abs, -3) == 3
    with pytest.raises(WorkerDied):
        run_limited(crash)


BROKEN = """
import multiprocessing, sys
from ingest.sandbox import WorkerStartError, run_limited
if __name__ != "__main__":
    raise RuntimeError("no process but the first one can import this")
try:
    run_limited(abs, -1)
except WorkerStartError as error:
    print(error)
"""


def test_workers_that_do_not_start_are_no_documents_fault(tmp_path: Path) -> None:
    """Else a broken installation would put every document into quarantine."""
    script = tmp_path / "run.py"
    script.write_text(BROKEN, "utf-8")
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert "do not start" in run.stdout


SCRIPT = """
import os, sys, time
from ingest.sandbox import SandboxExecutor
if __name__ == "__main__":
    pool = SandboxExecutor(2)
    print(*[pool.submit(os.getpid).result() for _ in range(1)], flush=True)
    pool.submit(time.sleep, 50)
    print("busy", flush=True)
    time.sleep(50)
"""


def test_workers_end_when_their_run_is_killed(tmp_path: Path) -> None:
    """Busy or idle: a run that is killed leaves no process that holds memory or pipes."""
    script = tmp_path / "run.py"
    script.write_text(SCRIPT, "utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        worker = int(run.stdout.readline())
        assert run.stdout.readline() == "busy\n"
        run.kill()
    assert ended(lambda: group_of(worker) is None)


def ended(is_over: Callable[[], bool]) -> bool:
    """Whether something comes to its end within ten seconds."""
    for _ in range(100):
        if is_over():
            return True
        time.sleep(0.1)
    return False


def group_of(process: int) -> int | None:
    """The process group of a process that runs; one that ended and that nobody has asked about does not run."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[2])
