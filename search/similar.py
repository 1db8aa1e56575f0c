"""More like this: the documents that share the most telling words of a record or document.

A word tells the more, the more often the text has it and the fewer records of the index have it (tf-idf, counted over
the index's postings). The search for those words is an ordinary one: filters, scores and snippets are as everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from math import log

from index.analysis import DANISH
from index.columns import Segment
from index.snapshot import Snapshot
from kilde.danish.words import is_stop_word
from kilde.errors import MissingError, UsageError
from kilde.model import Document
from kilde.store import Store
from search.export_walk import walk
from search.hits import hit_of
from search.matching import BODY
from search.page import By, Coverage, Page, Query, Texts
from search.query_tree import Node, Or, Word
from search.question import prepare

MOST_WORDS = 25
"""Words that are searched."""
MOST_TEXT = 200_000
"""Characters of the text that are looked at."""
MOST_WEIGHED = 1_000
"""Words, the most frequent ones, whose records are counted."""
_SHORTEST = 3
"""Characters of a telling word."""


def similar_to(store: Store, snapshot: Snapshot, id_: str, query: Query, texts: Texts) -> Page:
    """The page of documents most like the record or document with this id, without that document.

    `query` gives filters and limit; its text and tree are replaced. A hit is a document's most similar record.
    MissingError where nothing has the id, UsageError where it begins several.
    """
    document, text = text_of(store, id_)
    words = telling_words(text, snapshot.segments)
    tree = _any_of(words)
    asked = replace(query, text=f"similar to {id_}", tree=tree, by=By.DOCUMENT, cursor=None)
    if tree is None:
        return _page(asked, 0, (), ("its words are in no other record",))
    question = prepare(asked, snapshot)
    found = [it for it in walk(question) if it.document != document.id]
    hits = tuple(hit_of(question, it, texts) for it in islice(found, query.limit))
    return _page(asked, len(found), hits, (f"by the words {', '.join(words)}",))


def text_of(store: Store, id_: str) -> tuple[Document, str]:
    """The document of an id (or of its beginning), and the text of the record or of the whole document."""
    found = dict.fromkeys(store.find(id_))
    if not found:
        raise MissingError(f"nothing has the id {id_!r}; `kilde search` shows ids")
    if len(found) > 1:
        raise UsageError(f"{id_!r} begins several ids: {', '.join(record or document for document, record in found)}")
    document_id, record_id = next(iter(found))
    document = store.document(document_id)
    if document is None:
        raise MissingError(f"document {document_id} could never be read; `kilde status` says why")
    texts = [record.text for record in document.records if not record_id or record.id == record_id]
    return document, "\n".join(texts)[:MOST_TEXT]


def telling_words(text: str, segments: Sequence[Segment]) -> tuple[str, ...]:
    """The words of a text that tell most of it, the best first, each in its first form; stop words and numbers never.

    A word that no two records of the index have is none: nothing else could be found by it.
    """
    counted: Counter[tuple[str, ...]] = Counter()
    surfaces: dict[tuple[str, ...], str] = {}
    for form in DANISH(text):
        surface = " ".join(text[form.start : form.end].split())
        if len(surface) >= _SHORTEST and not any(map(str.isdecimal, surface)) and not is_stop_word(surface):
            counted[form.keys.whole] += 1
            surfaces.setdefault(form.keys.whole, surface)
    total = sum(segment.size for segment in segments)
    weights = {}
    for keys, count in counted.most_common(MOST_WEIGHED):
        records = sum(len(segment.postings(BODY, key).documents) for segment in segments for key in keys)
        if records > 1:
            weights[keys] = (1 + log(count)) * log(1 + total / records)
    best: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for keys in sorted(weights, key=lambda keys: (-weights[keys], keys)):
        if seen.isdisjoint(keys):  # `kurser` is of `kurs` and of `kursus`
            best.append(keys)
        seen.update(keys)
    return tuple(surfaces[keys] for keys in best[:MOST_WORDS])


def _any_of(words: Sequence[str]) -> Node | None:
    parts = tuple(map(Word, words))
    return Or(parts) if len(parts) > 1 else next(iter(parts), None)


def _page(query: Query, total: int, hits: tuple, notes: tuple[str, ...]) -> Page:  # type: ignore[type-arg]
    return Page(query, total, hits, {}, None, None, notes, Coverage(documents=0, months=0))
