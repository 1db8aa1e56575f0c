"""The arrays of a segment say what the records say, counted one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest

from index import snapshot
from index.cache import Cache
from index.columns import Postings, Segment
from index.fields import OPEN_END, OPEN_START
from index.snapshot import CACHE_BYTES, open_snapshot
from kilde.danish.mentions import Role
from kilde.model import Document
from tests.index.builders import Part, built, document, writer

CODES = ["0101", "0461", "0580", "0751"]


def random_documents(seed: int, count: int) -> list[Document]:
    """Documents with random kommuner, amounts and dates."""
    random = Random(seed)
    return [
        document(f"d{number}", [_random_part(random) for _ in range(random.randint(1, 4))]) for number in range(count)
    ]


def _random_part(random: Random) -> Part:
    codes = random.sample(CODES, random.randint(0, 3))
    days = sorted(date(2019 + random.randint(0, 3), random.randint(1, 12), 1) for _ in range(2))
    first, last = random.choice([(days[0], days[1]), (None, days[1]), (days[0], None), (days[0], days[0])])
    return Part(
        " ".join(random.choices(["indsats", "pulje", "børn", "skole", "kommune"], k=random.randint(1, 9))),
        kommuner=tuple((code, random.choice(list(Role))) for code in codes),
        amounts=tuple((str(random.randint(1, 90)), None) for _ in range(random.randint(0, 2))),
        dates=((first, last),) if random.random() < 0.7 else (),
    )


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> tuple[Segment, list[Document]]:
    documents = random_documents(1, 60)
    return open_snapshot(built(tmp_path_factory.mktemp("index"), documents)).segments[0], documents


def test_facets_count_every_value_of_every_record_once(segment: tuple[Segment, list[Document]]) -> None:
    arrays, documents = segment
    records = [record for each in documents for record in each.records]
    among = np.array([Random(number).random() < 0.5 for number in range(len(records))])
    for field, roles in (("kommune", {Role.AUTHORITY, Role.PLACE}), ("kommune_institution", {Role.INSTITUTION})):
        expected = Counter(
            code
            for record, inside in zip(records, among, strict=True)
            for code in {mention.code for mention in record.kommuner if mention.role in roles}
            if inside
        )
        column = arrays.facet(field)
        counted = dict(zip(column.values, column.counts(among).tolist(), strict=True))
        assert {value: count for value, count in counted.items() if count} == expected


@pytest.mark.parametrize(
    ("low", "high"),
    [(None, None), (date(2020, 5, 1), None), (None, date(2020, 5, 1)), (date(2020, 1, 1), date(2020, 12, 31))],
)
def test_spans_match_on_overlap(low: date | None, high: date | None, segment: tuple[Segment, list[Document]]) -> None:
    arrays, documents = segment
    first = low.toordinal() if low else None
    last = high.toordinal() if high else None
    expected = [
        any(
            (last is None or (mention.first.toordinal() if mention.first else OPEN_START) <= last)
            and (first is None or (mention.last.toordinal() if mention.last else OPEN_END) >= first)
            for mention in record.dates
        )
        for each in documents
        for record in each.records
    ]
    assert arrays.spans("mentioned").overlapping(first, last, arrays.size).tolist() == expected


def test_amounts_are_whole_øre(segment: tuple[Segment, list[Document]]) -> None:
    arrays, documents = segment
    expected = [int(mention.value * 100) for each in documents for record in each.records for mention in record.amounts]
    assert arrays.spans("amount").first.tolist() == expected


def test_places_are_the_positions_in_the_text(segment: tuple[Segment, list[Document]]) -> None:
    arrays, documents = segment
    expected = [
        number << 32 | place
        for number, record in enumerate(record for each in documents for record in each.records)
        for place, word in enumerate(record.text.split())
        if word == "børn"
    ]
    assert arrays.places("body", "barn").tolist() == expected


def test_ids_and_documents_belong_together(segment: tuple[Segment, list[Document]]) -> None:
    arrays, documents = segment
    pairs = [(each.id, record.id) for each in documents for record in each.records]
    assert [name.decode() for name in arrays.names("id")] == [record for _, record in pairs]
    assert len(set(arrays.documents.tolist())) == len(documents)


def test_an_unchanged_segment_keeps_its_arrays_in_the_next_commit(tmp_path: Path) -> None:
    built(tmp_path, random_documents(2, 10))
    before = open_snapshot(tmp_path)
    column = before.segments[0].facet("kommune")
    writer(tmp_path).update([document("ny", ["ny"])], (), 2)
    after = open_snapshot(tmp_path, before)
    assert after.segments[0].facet("kommune") is column
    assert open_snapshot(tmp_path, after) is after


def test_an_empty_index_has_no_segments(tmp_path: Path) -> None:
    writer(tmp_path).update([], (), 1)
    assert open_snapshot(tmp_path).segments == ()


def test_the_cache_is_bounded_and_forgets_the_oldest() -> None:
    cache = Cache(10_000)
    reads = Counter[int]()

    def get(key: int) -> None:
        def read() -> Postings:
            reads[key] += 1
            return Postings(np.zeros(100, dtype=np.int64), np.zeros(100))

        cache.get(key, read)

    for key in range(20):
        get(key)
        assert cache.size <= 10_000
    get(19)
    get(0)
    assert (reads[19], reads[0]) == (1, 2)


def test_the_cache_may_grow_with_the_index() -> None:
    cache = Cache(1_000)
    cache.get("a", lambda: Postings(np.zeros(100, dtype=np.int64), np.zeros(100)))
    cache.allow(10_000)
    cache.get("b", lambda: Postings(np.zeros(100, dtype=np.int64), np.zeros(100)))
    assert cache.size > 2 * 1_600
    cache.allow(1_000)
    cache.get("c", lambda: Postings(np.zeros(10, dtype=np.int64), np.zeros(10)))
    assert cache.size <= 1_000


@pytest.mark.parametrize(("share", "limit"), [(4, CACHE_BYTES), (0.000_001, None)])
def test_a_large_index_has_a_larger_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, limit: int
) -> None:
    built(tmp_path, random_documents(2, 10))
    allowed: list[int] = []
    monkeypatch.setattr(snapshot, "_CACHE_SHARE", share)
    monkeypatch.setattr(Cache, "allow", lambda _, bytes_: allowed.append(bytes_))
    opened = open_snapshot(tmp_path)
    assert allowed == [limit or sum(segment.nbytes for segment in opened.segments) // share]
