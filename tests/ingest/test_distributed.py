"""Reading on a dask scheduler's workers: the same store as without, whatever becomes of the workers."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client
from distributed.security import Security

from benchmarks.corpus import write_corpus
from ingest import distributed, pipeline
from ingest.distributed import SchedulerError, connect
from ingest.distributed_worker import SkewError
from ingest.sandbox import WorkerDied
from ingest.scheduler import find_scheduler
from ingest.sources.folder import find_targets
from kilde import runs
from kilde.folder import DataFolder
from tests.conftest import SAMPLES
from tests.crash.contents import Look, look
from tests.ingest.dask_hosts import Farm, farm, has_namespaces

DOCUMENTS, BATCH = 120, 8
"""Enough for many batches, so that a worker can be lost in the middle."""
CABLES = bool(os.environ.get("KILDE_OPENSEARCH"))
"""`make test-opensearch` pulls the cable as well: it takes dask eleven seconds or more to see that."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Loggers as they were: a connection silences those of dask."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up newsletters and the samples."""
    folder = tmp_path_factory.mktemp("files")
    write_corpus(DOCUMENTS, 7, folder)
    for path in SAMPLES.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="module")
def serial(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Look:
    """What this machine makes of them by itself."""
    data = DataFolder(tmp_path_factory.mktemp("serial") / "data")
    runs.ingest(data, find_targets([files], "x"), runs.Options(2, index=False), lambda _: None)
    return look(data.path)


@pytest.fixture(scope="module")
def near() -> Iterator[Farm]:
    """A scheduler and a worker on loopback."""
    with farm(1, apart=False) as found:
        yield found


@pytest.mark.parametrize("cable", [False, True] if CABLES else [False])
def test_the_store_is_the_same_when_a_host_is_lost(
    files: Path, serial: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cable: bool
) -> None:
    """A host that has work is lost with all its processes, also where nobody is told because its cable is dead.

    On machines without network namespaces there are no hosts, and only the processes are killed.
    """
    monkeypatch.setattr(pipeline, "BATCH", BATCH)
    with farm(2, apart=has_namespaces()) as found:
        options = runs.Options(1, index=False, scheduler=find_scheduler(found.address, found.environment))
        data = DataFolder(tmp_path / "data")
        with client(found) as observer:
            observer.wait_for_workers(2, timeout=60)
            cut = Cut(found, observer, cable=cable)
            report, _ = runs.ingest(data, find_targets([files], "x"), options, cut)
        assert cut.done, found.log()
        assert report.added == DOCUMENTS + len(list(SAMPLES.iterdir()))
    assert look(data.path).things == serial.things


class Cut:
    """Watches a run; when the first document is stored it cuts off a host that has work to do."""

    def __init__(self, hosts: Farm, observer: Client, *, cable: bool) -> None:
        self.hosts, self.observer, self.cable, self.done = hosts, observer, cable, False

    def __call__(self, _: object) -> None:
        if self.done:
            return
        busy = {address for address, tasks in self.observer.processing().items() if tasks}  # type: ignore[no-untyped-call]
        for host in self.hosts.hosts:
            if any(f"//{host.address}:" in address for address in busy):
                host.cut_off(cable=self.cable)
                self.done = True
                return


def client(found: Farm) -> Client:
    """A client beside the run's own."""
    files = {name.removeprefix("KILDE_DASK_"): path for name, path in found.environment.items()}
    security = (
        Security(  # type: ignore[no-untyped-call]
            require_encryption=True, tls_ca_file=files["CA"], tls_client_cert=files["CERTIFICATE"],
            tls_client_key=files["KEY"],
        )
        if files
        else None
    )  # fmt: skip
    return Client(found.address, security=security, set_as_default=False)  # type: ignore[no-untyped-call]


def test_a_task_that_goes_wrong_costs_its_own_answer(near: Farm) -> None:
    """Limits of memory hold on a worker, a crash leaves it alive, errors come back as they are."""
    with connect(find_scheduler(near.address, {})) as (executor, workers):
        assert workers == 1
        crash, memory = executor.submit(os._exit, 3), executor.submit(bytearray, 3 << 30)
        wrong, right = executor.submit(int, "x"), executor.submit(len, "abc")
        died, hungry = crash.exception(60), memory.exception(60)
        assert isinstance(died, WorkerDied)
        assert isinstance(hungry, WorkerDied)
        assert (died.code, hungry.code) == ("crashed", "out_of_memory")
        assert isinstance(wrong.exception(60), ValueError)
        assert right.result(60) == 3


def test_a_worker_with_other_rules_is_refused(near: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its documents would differ from the others'."""
    monkeypatch.setattr(distributed, "rules_fingerprint", lambda: "other")
    with connect(find_scheduler(near.address, {})) as (executor, _):
        error = executor.submit(len, "abc").exception(60)
    assert isinstance(error, SkewError)
    assert "same version of Kilde" in str(error)


def test_what_is_no_scheduler_is_left_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that takes the connection and never answers, and one that nobody listens on."""
    monkeypatch.setattr(distributed, "CONNECT", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        for listens in (False, True):
            if listens:
                silent.listen()
            with pytest.raises(SchedulerError, match=address), connect(find_scheduler(address, {})):
                pass


def test_a_scheduler_that_is_lost_ends_the_run(files: Path, serial: Look, tmp_path: Path) -> None:
    """With one error, at once; what was stored is kept, and a run without it finishes the work."""
    data = DataFolder(tmp_path / "data")
    targets = find_targets([files], "x")
    with farm(1, apart=False) as found:
        options = runs.Options(1, index=False, scheduler=find_scheduler(found.address, {}))

        def cut(_: object) -> None:
            found.scheduler.kill()

        with pytest.raises(SchedulerError, match="what was stored is kept"):
            runs.ingest(data, targets, options, cut)
    runs.ingest(data, targets, runs.Options(1, index=False), lambda _: None)
    assert look(data.path).things == serial.things
