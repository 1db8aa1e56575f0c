"""Several processes build one commit; none of them outlives its parent, and what one cannot do is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import storage
from index.build import rebuild_index, update_index
from index.snapshot import open_snapshot
from index.workers import Workers
from kilde.entries import entries_of
from kilde.errors import KildeError
from kilde.model import Observation
from kilde.store import Store
from kilde.store_writer import StoreWriter
from tests.index.builders import FETCHED, document, writer
from tests.index.test_writer import found, records

DOCUMENTS = [document(f"d{number}", [f"En indsats nummer{number}", "og en pulje"]) for number in range(30)]


def filled(path: Path) -> Path:
    """A record store with the documents."""
    with StoreWriter(path) as store:
        for number, each in enumerate(DOCUMENTS):
            seen = Observation(each.source, each.locator, each.version, 9, "text/plain", "2026-01-02T03:04:05Z")
            store.add_observation(each.id, seen, ("made", number), ("made", number, ()))
            store.add_version(each)
            store.make_current(each.id, each.version)
        store.commit()
    return path


def test_two_processes_build_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.build.FEW", 0)
    monkeypatch.setattr("index.workers.BATCH", 4)
    with Store(filled(tmp_path / "kilde.sqlite")) as store:
        assert update_index(tmp_path / "two", store, jobs=2) == 60
        assert update_index(tmp_path / "two", store, jobs=2) == 0
        assert rebuild_index(tmp_path / "one", store, jobs=1) == 60
    one, two = open_snapshot(tmp_path / "one"), open_snapshot(tmp_path / "two")
    assert (len(one.segments), len(two.segments)) == (1, 2)
    for key in ("indsats", "pulje", "nummer7"):
        assert found(one, key) == found(two, key) != set()
    assert storage.verify(tmp_path / "two") == ()
    assert one.manifest.records == two.manifest.records == 60


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_session_takes_documents_while_processes_build(jobs: int, tmp_path: Path) -> None:
    """A document that comes again counts once, wherever it went before; one that is taken back does not."""
    newer = document("d3", ["En ny ordning"], version="v2")
    with writer(tmp_path).session(jobs=jobs, apart=True) as session:
        for each in DOCUMENTS[:10]:
            session.add(each)
        session.add(newer)
        session.remove(DOCUMENTS[4].id)
        session.commit(5)
    after = open_snapshot(tmp_path)
    assert found(after, "ordning") == records(newer)
    expected = set().union(*(records(each) for number, each in enumerate(DOCUMENTS[:10]) if number not in (3, 4)))
    assert found(after, "indsats") | found(after, "pulje") == expected
    assert (after.manifest.change, after.manifest.records) == (5, len(expected) + 1)


def test_a_session_without_a_commit_leaves_nothing(tmp_path: Path) -> None:
    writer(tmp_path).update(DOCUMENTS[:2], (), 1)
    with writer(tmp_path).session(jobs=2) as session:
        session.add(DOCUMENTS[5])
    after = open_snapshot(tmp_path)
    assert (after.manifest.change, after.manifest.records) == (1, 4)
    assert len(list(storage.current(tmp_path).iterdir())) == 3


def test_a_worker_that_ends_is_told_of(tmp_path: Path) -> None:
    workers = Workers(tmp_path, 2)
    try:
        for worker in workers._workers:
            worker.process.kill()
            worker.process.join()
        with pytest.raises(KildeError, match="has ended: try again, with fewer jobs"):
            _build(workers)
    finally:
        workers.close()


def _build(workers: Workers) -> None:
    for each in DOCUMENTS:
        workers.replace(each.id, entries_of(each, FETCHED))
    workers.finish()


def test_what_a_worker_raises_comes_out(tmp_path: Path) -> None:
    workers = Workers(tmp_path, 2)
    try:
        with pytest.raises(KildeError, match="no record store"):
            workers.read(tmp_path / "none.sqlite", ["a"])
    finally:
        workers.close()


PARENT = """
import os, sys, time
from pathlib import Path
from index.workers import Workers
if __name__ == "__main__":
    workers = Workers(Path(sys.argv[1]), 2)
    print(*(worker.process.pid for worker in workers._workers), flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks Linux which processes there are")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    )
    with parent:
        assert parent.stdout is not None
        pids = [int(each) for each in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(_runs, pids))
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 20
    while any(map(_runs, pids)):
        assert time.monotonic() < deadline, "a worker lives on"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
