"""The writer keeps the index in step: updates, removals, rebuilds, merges; Whoosh reads it as its own."""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex

from index import storage
from index.building import FLUSH_BYTES, Builder
from index.fields import FACETS, FIELDS, FieldType, pack, schema
from index.merging import MOST_SEGMENTS
from index.snapshot import Snapshot, open_snapshot
from kilde.danish.mentions import Role
from kilde.entries import entries_of
from kilde.errors import KildeError, LockedError
from kilde.model import Document, RecordKind
from search.page import FACETS as SEARCH_FACETS
from tests.index.builders import FETCHED, Part, built, document, writer


def found(snapshot: Snapshot, key: str, field: str = "body") -> set[str]:
    """The ids of the live records with a key."""
    return {
        segment.names("id")[number].decode()
        for segment, live in zip(snapshot.segments, snapshot.live, strict=True)
        for number in segment.postings(field, key).documents
        if live[number]
    }


def records(each: Document) -> set[str]:
    return {record.id for record in each.records if record.kind is not RecordKind.IMPRINT}


def test_an_update_adds_and_says_how_many(tmp_path: Path) -> None:
    first = document("a", ["En indsats.", Part("Sidst opdateret 2020", kind=RecordKind.IMPRINT)])
    assert writer(tmp_path).update([first], (), 3) == 1
    assert found(open_snapshot(tmp_path), "indsats") == records(first)
    assert writer(tmp_path).covers() == 3


def test_a_changed_document_is_found_in_its_new_version_only(tmp_path: Path) -> None:
    old, new = document("a", ["gammel pulje"]), document("a", ["ny ordning", "mere"], version="v2")
    writer(tmp_path).update([old], (), 1)
    assert writer(tmp_path).update([new], (), 2) == 2
    after = open_snapshot(tmp_path)
    assert found(after, "pulje") == set()
    assert found(after, "ordning") == {new.records[0].id}
    assert after.manifest.records == 2


def test_the_same_document_twice_in_one_update_counts_once(tmp_path: Path) -> None:
    old, new = document("a", ["gammel pulje"]), document("a", ["ny ordning"], version="v2")
    writer(tmp_path).update([old, new], (), 1)
    after = open_snapshot(tmp_path)
    assert (found(after, "pulje"), found(after, "ordning")) == (set(), records(new))


def test_removed_documents_are_gone_and_unknown_ones_do_no_harm(tmp_path: Path) -> None:
    one, two = document("a", ["en pulje"]), document("b", ["en pulje"])
    writer(tmp_path).update([one, two], (), 1)
    assert writer(tmp_path).update([], [one.id, "unknown"], 2) == 0
    assert found(open_snapshot(tmp_path), "pulje") == records(two)


def test_many_updates_leave_few_segments_and_all_records(tmp_path: Path) -> None:
    documents = [document(f"d{number}", [f"pulje nummer{number}"]) for number in range(40)]
    for number, each in enumerate(documents):
        writer(tmp_path).update([each], (), number + 1)
        assert len(open_snapshot(tmp_path).segments) <= MOST_SEGMENTS
    assert found(open_snapshot(tmp_path), "pulje") == set().union(*map(records, documents))


def test_replacing_everything_again_and_again_leaves_no_dead_weight(tmp_path: Path) -> None:
    for number in range(12):
        writer(tmp_path).update([document(f"d{each}", ["pulje"]) for each in range(5)], (), number)
    after = open_snapshot(tmp_path)
    assert after.manifest.records == 5
    assert after.documents <= 15


def test_a_rebuild_answers_as_the_updates_did(tmp_path: Path) -> None:
    documents = [
        document(f"d{number}", [Part(f"En indsats i by{number % 3}", kommuner=(("0751", Role.PLACE),)), "Og en til"])
        for number in range(9)
    ]
    for each in documents:
        writer(tmp_path / "updated").update([each], (), 1)
    built(tmp_path / "rebuilt", documents)
    left, right = (open_snapshot(tmp_path / name) for name in ("updated", "rebuilt"))
    for key in ("indsats", "~by", "en", "til"):
        assert found(left, key) == found(right, key)
    assert found(left, "0751", "kommune") == found(right, "0751", "kommune") != set()


def test_readers_keep_their_commit_through_updates_and_a_rebuild(tmp_path: Path) -> None:
    old, new = document("a", ["gammel pulje"]), document("a", ["ny ordning"], version="v2")
    writer(tmp_path).update([old], (), 1)
    before = open_snapshot(tmp_path)
    writer(tmp_path).update([new], (), 2)
    writer(tmp_path).rebuild([new], 3)
    writer(tmp_path).update([], (), 4)
    assert found(before, "pulje") == records(old)
    assert before.segments[0].card(0)["version"] == old.version
    assert found(open_snapshot(tmp_path, before), "ordning") == records(new)


def test_generations_count_on_and_the_old_one_goes_with_the_next_write(tmp_path: Path) -> None:
    each = document("a", ["en pulje"])
    numbers = []
    for step in (lambda: writer(tmp_path).update([each], (), 1), lambda: writer(tmp_path).rebuild([each], 2)):
        step()
        numbers.append(open_snapshot(tmp_path).manifest.generation)
    assert len(list(tmp_path.glob("g*"))) == 2
    writer(tmp_path).update([each], (), 3)
    numbers.append(open_snapshot(tmp_path).manifest.generation)
    assert numbers == sorted(set(numbers))
    assert len(list(tmp_path.glob("g*"))) == 1


def test_a_failure_halfway_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    old = document("a", ["gammel pulje"])
    writer(tmp_path).update([old], (), 1)

    def failing() -> Iterator[Document]:
        yield document("a", ["ny ordning"], version="v2")
        raise RuntimeError("the store is gone")

    for write in (lambda: writer(tmp_path).update(failing(), (), 2), lambda: writer(tmp_path).rebuild(failing(), 2)):
        with pytest.raises(RuntimeError, match="the store is gone"):
            write()
        after = open_snapshot(tmp_path)
        assert (found(after, "pulje"), found(after, "ordning"), after.manifest.change) == (records(old), set(), 1)
    writer(tmp_path).update([document("b", ["en ordning"])], (), 3)
    assert open_snapshot(tmp_path).manifest.records == 2


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with storage.writing(tmp_path), pytest.raises(LockedError, match="another run"):
        writer(tmp_path).update([], (), 1)


def test_little_memory_makes_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [document(f"d{number}", ["En lille indsats for børn"]) for number in range(20)]
    built(tmp_path / "large", documents)
    assert FLUSH_BYTES > 100
    monkeypatch.setattr("index.workers.Builder", lambda folder: Builder(folder, 30))
    built(tmp_path / "small", documents)
    left, right = (open_snapshot(tmp_path / name).segments[0] for name in ("large", "small"))
    assert left.places("body", "indsats").tolist() == right.places("body", "indsats").tolist() != []


def test_the_day_of_fetching_gives_the_region_where_nothing_else_does(tmp_path: Path) -> None:
    part = Part("I Ringsted", kommuner=(("0329", Role.PLACE),))
    cases = [("a", None, FETCHED.year, "Region Sjælland"), ("b", "2027-02", 2027, "Region Østdanmark")]
    for name, published, _, region in cases:
        each = document(name, [part], published=published)
        (entry,) = entries_of(each, FETCHED)
        assert {field.name: field for field in FIELDS}["region"].values(entry) == [region]
    assert date(2024, 5, 1) == FETCHED


def test_the_facets_of_answers_are_facets_of_the_index() -> None:
    assert set(SEARCH_FACETS) <= set(FACETS)


DOCUMENTS = [
    document(
        "a",
        [
            Part(
                "Særlig indsats i Aarhus og Høje-Taastrup: 7 mio. kr. til flygtningefamilier",
                heading="Særlig indsats",
                theme="NY I DANMARK",
                kommuner=(("0751", Role.AUTHORITY), ("0169", Role.PLACE), ("0751", Role.INSTITUTION)),
                amounts=(("7000000", None), ("1", "2")),
                dates=((date(2020, 1, 1), date(2020, 12, 31)), (date(2021, 1, 1), None)),
            ),
            "og og og " * 200,
        ],
    ),
    document("b", ["Uden noget"], published=None, publisher=None, title=""),
]


def stock(documents: list[Document]) -> Any:
    """What Whoosh itself writes for the same entries and schema."""
    index = FileIndex.create(RamStorage(), schema())
    with index.writer() as each:
        for entry in (entry for one in documents for entry in entries_of(one, FETCHED)):
            values = {field.name: field.values(entry) for field in FIELDS}
            spans = {field.name: pack(values[field.name]) for field in FIELDS if field.type is FieldType.SPANS}
            each.add_document(**values | spans)
    return index


def test_whoosh_reads_the_same_from_our_segments_as_from_its_own(tmp_path: Path) -> None:
    ours = FileIndex(FileStorage(str(storage.current(built(tmp_path, DOCUMENTS))))).reader()
    theirs = stock(DOCUMENTS).reader()
    assert list(ours.all_terms()) == list(theirs.all_terms())
    for field, term in ours.all_terms():
        assert list(_postings(ours, field, term)) == list(_postings(theirs, field, term)), (field, term)
        left, right = ours.term_info(field, term), theirs.term_info(field, term)
        for name in ("weight", "doc_frequency", "min_length", "max_length", "max_weight", "min_id", "max_id"):
            assert getattr(left, name)() == getattr(right, name)(), (field, term, name)
    for field in ("body", "heading", "title", "exact"):
        assert ours.field_length(field) == theirs.field_length(field)
        for number in range(3):
            assert ours.doc_field_length(number, field) == theirs.doc_field_length(number, field)
    for number in range(ours.doc_count_all()):
        assert ours.stored_fields(number)["card"] == theirs.stored_fields(number)["card"]


def _postings(reader: Any, field: str, term: bytes) -> Iterator[tuple[Any, ...]]:
    matcher = reader.postings(field, term)
    while matcher.is_active():
        places = matcher.value_as("positions") if matcher.supports("positions") else None
        yield matcher.id(), matcher.weight(), places
        matcher.next()


def test_an_index_that_loses_everything_goes_on(tmp_path: Path) -> None:
    each = document("a", ["en pulje"])
    writer(tmp_path).update([each], (), 1)
    writer(tmp_path).update([], [each.id], 2)
    assert open_snapshot(tmp_path).manifest.records == 0
    writer(tmp_path).update([each], (), 3)
    assert found(open_snapshot(tmp_path), "pulje") == records(each)


def test_an_index_of_before_that_cannot_be_removed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was forgotten stands in it."""
    writer(tmp_path).update([document("a", ["gammel pulje"])], (), 1)
    with monkeypatch.context() as patch:
        patch.setattr("index.storage.shutil.rmtree", lambda *_, **__: None)
        writer(tmp_path).rebuild([document("b", ["ny ordning"])], 2)
        with pytest.raises(KildeError, match="g000001 holds an index of before and cannot be removed"):
            writer(tmp_path).tidy()
    writer(tmp_path).tidy()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["g000002"]
