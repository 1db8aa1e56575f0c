"""Search: a Query in, a Page out.

`Engine` is the seam: the embedded engine reads Whoosh's segments as numpy arrays; another may stand behind it with
the same queries and answers.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from search.coverage import absence_of
from search.deadline import NEVER, Deadline
from search.expansion import nearest
from search.hits import hit_of
from search.matching import BODY, EXACT_FIELDS, asked_of
from search.page import Coverage, Page, Query, Texts
from search.query_language import print_query
from search.query_tree import Node, Word
from search.question import Question, prepare
from search.ranking import Ranker, find_all, rank
from search.suggest import Speller, suggest


class Engine(Protocol):
    """Answers questions."""

    def search(self, query: Query, deadline: Deadline = NEVER) -> Page:
        """The page of hits that the query asks for; its coverage is for the caller to fill in.

        DamagedError or MissingError when the index cannot be read; UsageError for a cursor of another query;
        TooLongError when the deadline is past before the answer is there.
        """


def open_engine(index_folder: Path, texts: Texts) -> Engine:
    """The embedded engine over the index in a folder. It always answers from the newest commit."""
    return _EmbeddedEngine(index_folder, texts)


class _EmbeddedEngine:
    """Ranks records, and shows what a page has of them. Several threads may search at once."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        self._ranker = Ranker(folder)
        self._texts = texts

    def search(self, query: Query, deadline: Deadline = NEVER) -> Page:
        question = self._ranker.question(query, deadline)
        ranking = rank(question)
        return Page(
            query=query,
            total=ranking.total,
            hits=tuple(hit_of(question, ranked, self._texts) for ranked in ranking.records),
            facets=ranking.facets,
            next=ranking.next,
            suggestion=None if ranking.total else _suggestion(question),
            notes=question.notes,
            coverage=Coverage(documents=0, months=0),
            absence=None if ranking.total else absence_of(question),
        )


def _suggestion(question: Question) -> str | None:
    """A query with hits under the same filters, where a word of this one is unknown."""
    if question.query.tree is None:
        return None
    segments = question.collection.segments

    def knows(word: Word) -> bool:
        keys = {key for form in asked_of(word).forms for key in form.whole}
        return any(len(segment.postings(BODY, key).documents) for segment in segments for key in keys)

    def hits(tree: Node) -> int:
        other = prepare(replace(question.query, tree=tree, facets=()), question.snapshot, question.collection.deadline)
        return sum(len(each.records) for each in find_all(other))

    better = suggest(
        question.query.tree, Speller(knows, lambda word: nearest(word, EXACT_FIELDS[BODY], segments)), hits
    )
    return print_query(better) if better else None
