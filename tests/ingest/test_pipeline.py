"""Originals to the store: nothing twice, nothing lost, the same answers after a rebuild or an interruption."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.archiving.archive import ArchiveWriter, archive_files
from ingest.identity import document_id
from ingest.keeping import Keeper
from ingest.pipeline import Pipeline
from ingest.readings import Failure
from ingest.report import Report
from ingest.sources.folder import find_targets, see
from kilde.model import Document
from kilde.store import Store
from kilde.store_writer import StoreWriter

FIRST = "Nyt om broer\n\nEsbjerg Kommune har fået 2 mio. kr. til en bro den 3. maj 2021. Den bliver lang.\n\nFlot.\n"
SECOND = "Nyt om broer\n\nVarde Kommune har fået 3 mio. kr. til en bro den 4. maj 2021. Den bliver kort.\n\nFlot.\n"


class Here(Executor):
    """Runs tasks in this process."""

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future


@contextmanager
def opened(data: Path, executor: Executor | None = None) -> Iterator[tuple[Pipeline, ArchiveWriter]]:
    """A pipeline over a data folder."""
    data.mkdir(exist_ok=True)
    with ArchiveWriter(data / "raw") as archive, StoreWriter(data / "kilde.sqlite") as store:
        yield Pipeline(Keeper(store, lambda _: None, Report()), data / "raw", executor or Here(), 1), archive


def ingest(data: Path, *paths: Path, source: str | None = None, executor: Executor | None = None) -> Report:
    """Ingest paths; returns the report."""
    now = datetime(2026, 1, 2, tzinfo=UTC)
    with opened(data, executor) as (pipeline, archive):
        pipeline.ingest([see(target, now=now) for target in find_targets(paths, source)], archive)
        return pipeline.report


def current(data: Path) -> list[Document]:
    """The current documents, by locator."""
    with Store(data / "kilde.sqlite") as store:
        found = store.documents(document for document, readable in store.changed() if readable)
        return sorted(found, key=lambda it: it.locator)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents."""
    folder = tmp_path / "nyheder"
    (folder / "2021").mkdir(parents=True)
    (folder / "a.txt").write_text(FIRST, "utf-8")
    (folder / "2021" / "b.txt").write_text(SECOND, "utf-8")
    return folder


def test_the_same_again_adds_nothing(tmp_path: Path, folder: Path) -> None:
    """Not to the archive, not to the store, and nothing changes."""
    data = tmp_path / "data"
    assert (ingest(data, folder).added, ingest(data, folder).added) == (2, 0)
    size = archive_files(data / "raw")[0].stat().st_size
    report = ingest(data, folder)
    assert (report.seen, report.unchanged, report.records) == (2, 2, 0)
    assert archive_files(data / "raw")[0].stat().st_size == size
    assert [it.locator for it in current(data)] == ["2021/b.txt", "a.txt"]


def test_a_file_has_the_id_that_its_folder_gives_it(tmp_path: Path, folder: Path) -> None:
    """Naming the folder or the file in it comes to the same."""
    data = tmp_path / "data"
    ingest(data, folder)
    assert ingest(data, folder / "a.txt").unchanged == 1
    assert current(data)[1].id == document_id("nyheder", "a.txt")


def test_a_date_given_once_is_not_forgotten(tmp_path: Path, folder: Path) -> None:
    """A run without `--published` leaves it, for unchanged files and for changed ones; a new date replaces it."""
    data = tmp_path / "data"

    def run(published: str | None) -> Report:
        with opened(data) as (pipeline, archive):
            now = datetime(2026, 1, 2, tzinfo=UTC)
            seen = [see(target, now=now, published=published) for target in find_targets([folder], None)]
            pipeline.ingest(seen, archive)
            return pipeline.report

    assert run("given:2021-05").added == 2
    assert run(None).unchanged == 2
    (folder / "a.txt").write_text(SECOND + "Mere.\n", "utf-8")
    assert run(None).added == 1
    assert {str(it.published.when) for it in current(data) if it.published} == {"2021-05"}
    assert run("given:2021-06").added == 2
    assert {str(it.published.when) for it in current(data) if it.published} == {"2021-06"}


def test_a_change_makes_a_version_and_going_back_brings_the_old_one_back(tmp_path: Path, folder: Path) -> None:
    """The old body is not stored again, and its version is the same row as before."""
    data = tmp_path / "data"
    ingest(data, folder)
    before = current(data)[1]
    (folder / "a.txt").write_text(SECOND, "utf-8")
    ingest(data, folder)
    assert current(data)[1].text == SECOND
    (folder / "a.txt").write_text(FIRST, "utf-8")
    assert ingest(data, folder).added == 1
    assert current(data)[1] == before
    with Store(data / "kilde.sqlite") as store:
        counts = store.counts()
        assert (counts.documents, counts.versions, counts.originals) == (2, 3, 2)
        assert store.document(before.id, current(data)[0].version) is not None


def test_the_same_bytes_under_two_names_are_two_documents_of_one_body(tmp_path: Path, folder: Path) -> None:
    """A renamed file is a new locator."""
    data = tmp_path / "data"
    (folder / "c.txt").write_text(FIRST, "utf-8")
    assert ingest(data, folder).added == 3
    with Store(data / "kilde.sqlite") as store:
        assert (store.counts().documents, store.counts().originals) == (3, 2)


def test_a_rebuild_gives_the_same_answers(tmp_path: Path, folder: Path) -> None:
    """The store is a function of the archive, versions and ids included."""
    data = tmp_path / "data"
    ingest(data, folder)
    (folder / "a.txt").write_text(FIRST.replace("Flot.", "Flot, og en hel del længere end før."), "utf-8")
    ingest(data, folder)
    before = current(data)
    (data / "kilde.sqlite").unlink()
    with opened(data) as (pipeline, _):
        pipeline.catch_up()
        assert pipeline.report.added == 3
    assert current(data) == before


def test_what_an_interrupted_run_archived_is_read_by_the_next(tmp_path: Path, folder: Path) -> None:
    """The archive is synced before it is read: a run that dies between the two loses nothing."""
    data = tmp_path / "data"
    ingest(data, folder)
    (folder / "c.txt").write_text(FIRST + "Mere.\n", "utf-8")
    with opened(data) as (pipeline, archive):
        now = datetime(2026, 1, 2, tzinfo=UTC)
        list(
            pipeline.archived(
                [see(target, now=now) for target in find_targets([folder], None)], archive, [], lambda _: None
            )
        )
    assert len(current(data)) == 2
    with opened(data) as (pipeline, _):
        pipeline.catch_up()
        assert pipeline.report.added == 1
    assert len(current(data)) == 3
    assert ingest(data, folder).unchanged == 3


@pytest.mark.parametrize(("seconds", "seen"), [(0.0, [0, 1]), (3600.0, [0, 0])])
def test_what_is_stored_counts_while_the_run_goes_on(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, seen: list[int]
) -> None:
    """Others see the batches before, once the time between two commits has passed."""
    monkeypatch.setattr("ingest.pipeline.BATCH", 1)
    monkeypatch.setattr("ingest.pipeline.COMMITTED", seconds)
    found: list[int] = []
    with opened(tmp_path / "data") as (pipeline, archive):
        pipeline.keeper.watch = lambda _: found.append(len(current(tmp_path / "data")))
        now = datetime(2026, 1, 2, tzinfo=UTC)
        pipeline.ingest([see(target, now=now) for target in find_targets([folder], None)], archive)
    assert found == seen
    assert len(current(tmp_path / "data")) == 2


def test_processes_give_what_one_process_gives(tmp_path: Path, folder: Path) -> None:
    """The order of the archive is the order of the store, however many read."""
    for number in range(150):
        (folder / f"{number:03}.txt").write_text(FIRST.replace("3. maj", f"{number % 28 + 1}. maj"), "utf-8")
    ingest(tmp_path / "one", folder)
    with ProcessPoolExecutor(2) as pool:
        ingest(tmp_path / "two", folder, executor=pool)
    assert current(tmp_path / "one") == current(tmp_path / "two")


BAD = [
    ("empty.txt", b"", "empty"),
    ("blank.txt", b" \n\n", "empty"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "binary"),
    ("report.docx", b"PK\x03\x04", "damaged_zip"),
    ("report.odt", b"\x01\x02\x03", "unknown_type"),
    ("line.txt", b"a" * 10_000_001, "too_large"),
]


@pytest.mark.parametrize(("name", "body", "code"), BAD, ids=[it[0] for it in BAD])
def test_what_cannot_be_read_is_kept_and_the_rest_goes_on(
    tmp_path: Path, folder: Path, name: str, body: bytes, code: str
) -> None:
    """Archived, quarantined with a reason, unchanged the next time; its neighbours are read."""
    data = tmp_path / "data"
    (folder / name).write_bytes(body)
    report = ingest(data, folder)
    assert (report.added, report.quarantined) == (3, 1)
    assert len(current(data)) == 2
    with Store(data / "kilde.sqlite") as store:
        assert [(it.locator, it.code) for it in store.quarantined()] == [(name, code)]
    assert ingest(data, folder).unchanged == 3


def test_a_bad_version_never_replaces_a_good_one(tmp_path: Path, folder: Path) -> None:
    """The document stays as it was; the quarantine says what came."""
    data = tmp_path / "data"
    ingest(data, folder)
    (folder / "a.txt").write_bytes(b"")
    assert ingest(data, folder).quarantined == 1
    assert current(data)[1].text == FIRST
    (folder / "a.txt").write_text(FIRST, "utf-8")
    ingest(data, folder)
    with Store(data / "kilde.sqlite") as store:
        assert store.quarantined() == []


def test_a_failure_names_the_original(tmp_path: Path) -> None:
    """The watcher is told which file it was and why."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.odt").write_bytes(b"\x01\x02")
    told: list[object] = []
    with opened(tmp_path / "data") as (pipeline, archive):
        pipeline.keeper.watch = told.append
        pipeline.ingest([see(it, now=datetime.now(UTC)) for it in find_targets([tmp_path / "x"], None)], archive)
    assert [(it.observation.locator, it.code) for it in told if isinstance(it, Failure)] == [("a.odt", "unknown_type")]
