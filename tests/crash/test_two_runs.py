"""Runs at the same time: one writes, the others are told who does, readers see none of it. All are real processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.corpus import write_corpus
from kilde.errors import LockedError
from kilde.lock import write_lock
from tests.crash.conftest import LONG
from tests.kilde.kept import letter

STARTS = 4
ROUNDS = 12 if LONG else 1
BUSY = re.compile(r"kilde: process \d+ \(since \d{4}-\d\d-\d\d \d\d:\d\d UTC\) writes to .*; try again when it is done")


def command(data: Path, *args: str | Path) -> list[str]:
    """A call of kilde in a process of its own."""
    return [sys.executable, "-c", "from kilde.cli import main; main()", "--data", str(data), *map(str, args)]


def start(data: Path, *args: str | Path) -> subprocess.Popen[str]:
    """Start a call."""
    return subprocess.Popen(command(data, *args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of several batches."""
    folder = tmp_path_factory.mktemp("made") / "corpus"
    write_corpus(90, 7, folder)
    return folder


def holder(data: Path, runs: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """Wait until one of some runs has the lock, and let it stand still there."""
    while True:
        told = (data / "lock").read_text("utf-8") if (data / "lock").exists() else ""
        for run in runs:
            if told.startswith(f"process {run.pid} "):
                run.send_signal(signal.SIGSTOP)
                return run
        assert any(run.poll() is None for run in runs), [run.communicate() for run in runs]
        time.sleep(0.005)


def test_of_several_starts_exactly_one_runs(corpus: Path, tmp_path: Path) -> None:
    """The others exit with 75 and say who is at work, since when; the one that runs is held until they have."""
    for number in range(ROUNDS):
        data = tmp_path / f"data{number}"
        runs = [start(data, "ingest", corpus, "--jobs", "1") for _ in range(STARTS)]
        running = holder(data, runs)
        others = [run for run in runs if run is not running]
        ends = [(run.communicate()[1].strip().splitlines()[-1], run.returncode) for run in others]
        running.send_signal(signal.SIGCONT)
        told = running.communicate()
        assert running.returncode == 0, told
        assert [code for _, code in ends] == [75] * (STARTS - 1), ends
        assert all(BUSY.fullmatch(err) and f"process {running.pid} " in err for err, _ in ends), ends


def lock_is_free(data: Path) -> bool:
    """Whether a run could take the lock now."""
    try:
        with write_lock(data):
            return True
    except LockedError:
        return False


def children(process: int) -> str:
    """The processes that a process has started."""
    return Path(f"/proc/{process}/task/{process}/children").read_text("utf-8")


def test_the_lock_is_free_when_its_holder_is_killed(corpus: Path, tmp_path: Path) -> None:
    """Within a second, though the processes that read documents are at work."""
    data = tmp_path / "data"
    run = start(data, "ingest", corpus, "--jobs", "2")
    while not (data / "lock").exists() or not children(run.pid):
        assert run.poll() is None, run.communicate()
        time.sleep(0.005)
    assert not lock_is_free(data)
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 1
    while not lock_is_free(data):
        assert time.monotonic() < deadline, "the lock is held by what the killed run has left"
    run.communicate()


SEARCHER = """
import os, sys, kilde
from pathlib import Path
data, stop, seen = Path(sys.argv[1]), Path(sys.argv[2]), 0
while not stop.exists():
    with kilde.open(data) as opened:
        found = opened.search("broer", facets=("kommune",))
        assert list(found) and found.total
        opened.mentions().first()
    seen += 1
    if seen == 1:
        print("ready", flush=True)
print(seen)
"""


def test_searches_go_on_while_runs_write(corpus: Path, tmp_path: Path) -> None:
    """Not one fails while documents come in, the index is made anew, and the store is."""
    data, letters, stop = tmp_path / "data", tmp_path / "breve", tmp_path / "stop"
    letters.mkdir()
    for number in range(3):
        (letters / f"{number}.txt").write_text(letter(number), "utf-8")
    subprocess.run(command(data, "ingest", letters), check=True, capture_output=True)
    searcher = subprocess.Popen(
        [sys.executable, "-c", SEARCHER, str(data), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert searcher.stdout is not None
    assert searcher.stdout.readline() == "ready\n"
    rounds: list[tuple[str | Path, ...]] = [("ingest", corpus), ("index", "--rebuild"), ("ingest", "--from-archive")]
    for args in rounds * (3 if LONG else 1):
        done = subprocess.run(command(data, *args), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert searcher.poll() is None, searcher.communicate()
    stop.touch()
    out, err = searcher.communicate()
    assert (searcher.returncode, err) == (0, "")
    assert int(out) > 1


def test_a_run_that_is_killed_at_any_moment_is_made_good(corpus: Path, tmp_path: Path) -> None:
    """R2: kill -9 by a timer over a run of several batches and processes, again and again, until one is left to end."""
    data, whole = tmp_path / "data", tmp_path / "whole"
    begun = time.monotonic()
    subprocess.run(command(whole, "ingest", corpus, "--jobs", "2"), check=True, capture_output=True)
    needed = time.monotonic() - begun
    kills = 0
    for number in range(60 if LONG else 2):
        run = subprocess.Popen(
            command(data, "ingest", corpus, "--jobs", "2"), stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            run.wait(needed * (0.2 + 0.37 * number % 0.75))
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
            kills += 1
        run.wait()
    assert kills
    subprocess.run(command(data, "ingest", corpus, "--jobs", "2"), check=True, capture_output=True)
    assert answers(data) == answers(whole)


def answers(data: Path) -> tuple[str, str]:
    """What a folder answers, and what its check says."""
    asked = (("search", "--limit", "1000", "--sort", "newest", "--facet", "kommune", "--format", "json"), ("check",))
    found = [subprocess.run(command(data, *args), capture_output=True, text=True, check=False) for args in asked]
    assert [it.returncode for it in found] == [0, 0], [it.stdout + it.stderr for it in found]
    return found[0].stdout, found[1].stdout
