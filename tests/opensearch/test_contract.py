"""Both engines give the same: 300 queries over 5,000 records, their pages, facets, exports, concordances and charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest

from kilde.errors import UsageError
from search.arrivals import arrivals_of
from search.chart import Axis, Unit, chart_of
from search.cli import StoreTexts
from search.engine import Answer
from search.export_hits import export_hits
from search.kwic import Width, kwic_lines
from search.mentions import Choice, find_mentions
from search.page import By, Page, Query, Sort
from search.similar import similar_to
from search.web import ledger
from tests.opensearch.asked import queries, words_of
from tests.opensearch.cluster import Cluster
from tests.opensearch.corpus import RECORDS, Both, build_both, documents, place_of

QUERIES = 300
SEED = 11
OVERLAP = 0.9
PAGES = 3
CHARTS = (
    (Axis.YEAR, Unit.RECORDS),
    (Axis.MONTH, Unit.DOCUMENTS),
    (Axis.KOMMUNE, Unit.DOCUMENTS),
    (Axis.REGION, Unit.RECORDS),
    (Axis.AMOUNTS, Unit.RECORDS),
    (Axis.KOMMUNE, Unit.MENTIONS),
)
LINES = 200


@pytest.fixture(scope="module")
def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    cluster.clear()
    found = build_both(tmp_path_factory.mktemp("contract") / "data", place_of(cluster), documents())
    assert sum(len(each.records) for each in found.documents) == RECORDS
    yield found
    found.store.connection.close()


@pytest.fixture(scope="module")
def asked(both: Both) -> list[Query]:
    return queries(SEED, QUERIES, words_of(both.documents[::5] + both.documents[-60:]))


def test_pages_are_the_same(both: Both, asked: list[Query]) -> None:
    """Totals, facets, notes, suggestions and absence alike; ranked lists overlap, other orders are the same order."""
    overlaps: list[float] = []
    found = suggested = 0
    for query in asked:
        ours, theirs = both.embedded.search(query), both.remote.search(query)
        assert _said(theirs) == _said(ours), query.text
        assert theirs.facets == ours.facets, query.text
        if query.sort is Sort.RELEVANCE:
            overlaps.append(_overlap(both, query))
            assert overlaps[-1] >= OVERLAP, query.text
            pairs = zip(ours.hits, theirs.hits, strict=True)
            assert all(it.score == pytest.approx(other.score, rel=1e-4) for it, other in pairs), query.text
        else:
            assert _plain(theirs) == _plain(ours), query.text
        found += bool(ours.total)
        suggested += ours.suggestion is not None
    assert min(overlaps) >= OVERLAP
    assert found > QUERIES // 2
    assert suggested > 3


def test_pages_go_on_where_the_last_ended(both: Both, asked: list[Query]) -> None:
    """Pages by cursor are the export in pieces, by record and by document."""
    for query in asked[:60]:
        expected = [each.record for each in islice(both.remote.ask(query).walk(), PAGES * query.limit)]
        got: list[str] = []
        cursor = None
        for _ in range(PAGES):
            page = both.remote.search(replace(query, cursor=cursor))
            got += [hit.id for hit in page.hits]
            cursor = page.next
            if cursor is None:
                break
        assert got == expected, query.text


def test_exports_have_the_same_records(both: Both, asked: list[Query]) -> None:
    """All of them, each once, in the same order where it is no ranking; the lines are the same."""
    for query in asked[::3]:
        ours, theirs = both.embedded.ask(query), both.remote.ask(query)
        records, others = _walked(ours), _walked(theirs)
        assert sorted(others) == sorted(records), query.text
        if query.sort is not Sort.RELEVANCE:
            assert others == records, query.text
        assert _places(theirs) == _places(ours), query.text
        if query.sort is not Sort.RELEVANCE and query.by is By.RECORD:
            assert _lines(theirs, both) == _lines(ours, both), query.text


def test_concordances_and_charts_are_the_same(both: Both, asked: list[Query]) -> None:
    """Every line of a concordance, and every bar."""
    lines = 0
    for query in asked[::6]:
        ours, theirs = both.embedded.ask(query), both.remote.ask(query)
        try:
            expected = list(islice(kwic_lines(ours, both.store, Width(5)), LINES))
        except UsageError as error:
            with pytest.raises(UsageError, match=str(error)[:20]):
                next(kwic_lines(theirs, both.store, Width(5)))
        else:
            assert list(islice(kwic_lines(theirs, both.store, Width(5)), LINES)) == expected, query.text
            lines += len(expected)
        for axis, unit in CHARTS:
            chart = chart_of(ours, axis, unit, both.store, 200)
            assert chart_of(theirs, axis, unit, both.store, 200) == chart, (query.text, axis, unit)
    assert lines > 1_000


def test_feeds_are_the_same(both: Both, asked: list[Query]) -> None:
    """What was seen last, where all hits fit into one answer and where they do not."""
    seen = ledger.by_observation(both.store)
    for query in asked[::6]:
        found = [
            [(each.record, rank) for each, rank in engine.ask(query).newest(arrivals_of(1, seen), 50)]
            for engine in (both.embedded, both.remote)
        ]
        assert found[1] == found[0], query.text


def test_the_lexicons_know_the_same(both: Both) -> None:
    """Words that begin so, words that look so, and how many records have them."""
    ours, theirs = both.embedded.lexicon(), both.remote.lexicon()
    assert theirs.records == ours.records == RECORDS
    for prefix in ("kom", "bor", "å", "xq"):
        forms = ours.beginning("body", prefix, 50)
        assert theirs.beginning("body", prefix, 50) == forms
        assert theirs.frequencies("exact", forms) == ours.frequencies("exact", forms)
    for word in ("komune", "tilskd", "flygtnige", "støte"):
        assert theirs.nearest(word, "body") == ours.nearest(word, "body")
    for field in ("kommune", "theme", "publisher", "kommune_institution"):
        assert theirs.values(field) == ours.values(field)


def test_similar_documents_are_the_same(both: Both) -> None:
    """By the same words; nearly equal scores may change places."""
    for document in both.documents[::80]:
        ours, theirs = (
            similar_to(both.store, engine, document.records[0].id, Query(limit=10))
            for engine in (both.embedded, both.remote)
        )
        assert (theirs.total, theirs.notes) == (ours.total, ours.notes)
        common = {hit.document for hit in ours.hits} & {hit.document for hit in theirs.hits}
        assert len(common) >= OVERLAP * len(ours.hits)


def test_mentions_are_those_of_the_store(both: Both) -> None:
    """They come from the store for both; every record with one is found by its kommune in both indices."""
    lines = list(find_mentions(both.store, Choice(code="0751", roles=("authority", "place"))))
    query = Query("kommune:0751", filters=replace(Query().filters, kommune=("0751",)))
    expected = {line["record"] for line in lines}
    assert expected
    for engine in (both.embedded, both.remote):
        assert {each.record for each in engine.ask(query).walk()} == expected


def _said(page: Page) -> tuple[object, ...]:
    return page.total, page.notes, page.suggestion, page.absence, len(page.hits), page.next is None


def _plain(page: Page) -> list[object]:
    return [replace(hit, score=0.0) for hit in page.hits]


def _overlap(both: Both, query: Query) -> float:
    """The share of the first ten hits that both lists have; hits with equal scores count as either."""
    first = replace(query, limit=10, facets=())
    ours, theirs = ([hit.id for hit in engine.search(first).hits] for engine in (both.embedded, both.remote))
    return len({*ours} & {*theirs}) / len(ours) if ours else float(not theirs)


def _walked(answer: Answer) -> list[str]:
    return [each.record for each in answer.walk()]


def _places(answer: Answer) -> list[str]:
    return [each.record for each in answer.walk_by_place()]


def _lines(answer: Answer, both: Both) -> list[object]:
    lines = export_hits(answer, LINES, "csv", StoreTexts(both.store), {}).lines
    return [{**line, "score": None} for line in lines]
