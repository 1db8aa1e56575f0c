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
from kilde.danish.words import is_stop_word
from kilde.errors import MissingError, UsageError
from kilde.model import Document
from kilde.store import Store
from search.arrivals import arrivals_of
from search.engine import Engine
from search.lexicon import Lexicon
from search.matching import BODY
from search.page import By, Coverage, Hit, Page, Query
from search.query_tree import Node, Or, Word

MOST_WORDS = 25
"""Words that are searched."""
MOST_TEXT = 200_000
"""Characters of the text that are looked at."""
MOST_WEIGHED = 1_000
"""Words, the most frequent ones, whose records are counted."""
_SHORTEST = 3
"""Characters of a telling word."""


def similar_to(store: Store, engine: Engine, id_: str, query: Query) -> Page:
    """The page of documents most like the record or document with this id, without that document.

    `query` gives filters and limit; its text and tree are replaced. A hit is a document's most similar record.
    MissingError where nothing has the id, UsageError where it begins several.
    """
    document, text = text_of(store, id_)
    words = telling_words(text, engine.lexicon())
    tree = _any_of(words)
    asked = replace(query, text=f"similar to {id_}", tree=tree, by=By.DOCUMENT, cursor=None)
    if tree is None:
        return _page(asked, 0, (), ("its words are in no other record",))
    page = engine.search(replace(asked, limit=query.limit + 1))
    others = tuple(hit for hit in page.hits if hit.document != document.id)
    is_counted = len(others) < len(page.hits) or _matches(engine, asked, document.id)
    return _page(asked, page.total - is_counted, others[: query.limit], (f"by the words {', '.join(words)}",))


def _matches(engine: Engine, query: Query, document: str) -> bool:
    """Whether a document is among the hits of a query."""
    return bool(engine.ask(query).newest(arrivals_of(0, [(document, "")]), 1))


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


def telling_words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
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
    weighed = counted.most_common(MOST_WEIGHED)
    frequencies = iter(lexicon.frequencies(BODY, [key for keys, _ in weighed for key in keys]))
    weights = {}
    for keys, count in weighed:
        records = sum(islice(frequencies, len(keys)))
        if records > 1:
            weights[keys] = (1 + log(count)) * log(1 + lexicon.records / records)
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


def _page(query: Query, total: int, hits: tuple[Hit, ...], notes: tuple[str, ...]) -> Page:
    return Page(query, total, hits, {}, None, None, notes, Coverage(documents=0, months=0))
