"""Inverted entries say what the analyzer says of their texts, however often they are flushed and merged."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import positions, runs
from index.analysis import DANISH, read_keys
from index.arrays import starts_of
from index.inversion import MOST_TEXT, Inversion, Run
from index.merging import Source, merged
from index.postings import Lists
from index.vocabulary import Vocabulary
from kilde.entries import Entry, entries_of
from tests.index.builders import FETCHED, Part, document

WORDS = ("indsats", "indsatsen", "og", "Høje-Taastrup", "integrationsindsatser", "69,9", "Aarhus", "ukendtord", "æøå")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)

Places = dict[bytes, list[tuple[int, list[int]]]]


def entries(texts: list[str]) -> list[Entry]:
    each = document("a", [Part(text, heading=text[:9]) for text in texts])
    return entries_of(each, FETCHED)


def expected(texts: list[str]) -> Places:
    """By key the documents with its places, found word by word."""
    found: defaultdict[bytes, dict[int, list[int]]] = defaultdict(dict)
    for number, text in enumerate(texts):
        position = 0
        for form in DANISH.all_keys(text):
            for step in form.steps:
                for key in step:
                    found[key.encode()].setdefault(number, []).append(position)
                position += 1
    return {key: list(places.items()) for key, places in sorted(found.items())}


def places_of(lists: Lists) -> Places:
    assert lists.values is not None
    found, counts = positions.decode(lists.values.data, lists.values.sizes)
    rows = [found[start : start + count].tolist() for start, count in zip(starts_of(counts), counts, strict=True)]
    pairs = list(zip(lists.documents.tolist(), rows, strict=True))
    ends = lists.counts.cumsum().tolist()
    return {term: pairs[a:b] for term, a, b in zip(lists.terms, [0, *ends], ends, strict=False)}


def inverted(texts: list[str], most_forms: int = 1000) -> Run:
    inversion = Inversion(Vocabulary(read_keys, most_forms))
    for entry in entries(texts):
        inversion.add(entry)
    return inversion.flush()


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8).filter(any))
def test_postings_are_the_keys_of_the_analyzer(texts: list[str]) -> None:
    run = inverted(texts)
    assert places_of(run.lists["body"]) == expected(texts)
    for number, text in enumerate(texts):
        forms = {form.encode() for keys in DANISH.all_keys(text) for form in keys.exact}
        exact = run.lists["exact"]
        ends = exact.counts.cumsum().tolist()
        spans = zip(exact.terms, [0, *ends], ends, strict=False)
        assert {term for term, a, b in spans if number in exact.documents[a:b]} == forms


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=5).filter(any), min_size=1, max_size=5), st.booleans())
def test_runs_on_disk_merge_to_what_one_flush_gives(parts: list[list[str]], on_disk: bool) -> None:
    vocabulary = Vocabulary(read_keys, 3)
    inversion = Inversion(vocabulary)
    with TemporaryDirectory() as folder:
        sources: list[Source] = []
        for number, texts in enumerate(parts):
            for entry in entries(texts):
                inversion.add(entry)
            run = inversion.flush()
            runs.write_run(path := Path(folder) / f"{number}.run", run)
            sources.append(runs.open_run(path) if on_disk else runs.source_of(run))
        whole = inverted([text for texts in parts for text in texts])
        (body,) = merged(sources, "body")
        assert places_of(body) == places_of(whole.lists["body"])
        for field in ("id", "kind", "exact"):
            (found,) = merged(sources, field)
            same = whole.lists[field]
            assert sorted(found.terms) == found.terms
            if field != "id":
                assert (found.terms, found.documents.tolist()) == (same.terms, same.documents.tolist())


def test_slices_of_few_terms_are_the_same_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(WORDS), "indsats og Aarhus", "ukendtord"]
    sources: list[Source] = [runs.source_of(inverted([text])) for text in texts]
    (whole,) = merged(sources, "body")
    monkeypatch.setattr("index.merging.POSTINGS", 4)
    slices = list(merged(sources, "body"))
    assert len(slices) > 3
    assert [term for each in slices for term in each.terms] == whole.terms
    joined: Places = {}
    for each in slices:
        joined |= places_of(each)
    assert joined == places_of(whole)


def test_a_run_without_texts_has_its_columns() -> None:
    run = inverted(["", ""])
    assert "body" not in run.lists
    assert run.lists["id"].counts.tolist() == [1, 1]
    assert (run.size, len(run.columns["published"].sizes)) == (2, 2)
    assert "body" not in run.lengths


def test_positions_go_beyond_what_two_bytes_hold() -> None:
    text = "og " * 70_000 + "indsatsen"
    assert len(text) < MOST_TEXT
    places = places_of(inverted([text]).lists["body"])
    assert places[b"indsats"] == [(0, [70_000])]
    assert places[b"og"] == [(0, list(range(70_000)))]


def test_a_text_of_one_form_that_never_ends_is_cut() -> None:
    assert len(places_of(inverted(["a" * (MOST_TEXT + 5)]).lists["body"])) <= 2
