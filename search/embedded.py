"""The embedded engine: answers from Whoosh's segments, read as numpy arrays in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.columns import Integers, Mask, Segment
from search import facets
from search.absence import absence_of
from search.arrivals import Arrivals
from search.deadline import NEVER, Deadline
from search.export_walk import walk, walk_by_place
from search.found import Commit, Days, Reading
from search.hits import hit_of
from search.lexicon import SegmentLexicon
from search.matching import BODY
from search.page import Coverage, Page, Query, Texts
from search.query_tree import Node
from search.question import Question, prepare
from search.ranking import Matching, Ranked, Ranker, find_all, rank
from search.suggest import suggestion
from search.watch import Candidates, Watch


class EmbeddedEngine:
    """Ranks records, and shows what a page has of them. Several threads may search at once."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        self._ranker = Ranker(folder)
        self._texts = texts

    def search(self, query: Query, deadline: Deadline = NEVER) -> Page:
        """The page of hits that the query asks for."""
        question = self._ranker.question(query, deadline)
        ranking, reading = rank(question), question.reading
        return Page(
            query=query,
            total=ranking.total,
            hits=tuple(hit_of(reading, ranked, self._texts) for ranked in ranking.records),
            facets=ranking.facets,
            next=ranking.next,
            suggestion=None if ranking.total else _suggestion(question),
            notes=question.notes,
            coverage=Coverage(documents=0, months=0),
            absence=None if ranking.total else absence_of(question),
        )

    def ask(self, query: Query, deadline: Deadline = NEVER) -> EmbeddedAnswer:
        """All that answers the query."""
        return EmbeddedAnswer(self._ranker.question(query, deadline))

    def lexicon(self) -> SegmentLexicon:
        """The words and values of the newest commit."""
        return SegmentLexicon(self._ranker.snapshot().segments)


class EmbeddedAnswer:
    """The records of a snapshot that answer a question."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self.reading: Reading = question.reading
        found = question.snapshot.manifest
        self.commit = Commit(found.generation, found.change, found.records)

    def walk(self) -> Iterator[Ranked]:
        """The records that match, in order."""
        return walk(self._question)

    def walk_by_place(self) -> Iterator[Ranked]:
        """The records that match, as mentions are listed."""
        return walk_by_place(self._question)

    def newest(self, arrivals: Arrivals, most: int) -> list[tuple[Ranked, int]]:
        """The records that match in the documents that were seen last."""
        parts = find_all(self._question)
        if not parts:
            return []
        ranks = np.concatenate([self._ranks(arrivals, it.segment)[it.records] for it in parts])
        homes = np.repeat(np.arange(len(parts)), [len(it.records) for it in parts])
        numbers = np.concatenate([it.records for it in parts])
        known = np.flatnonzero(ranks >= 0)
        if len(known) > most:
            last = np.partition(ranks[known], most - 1)[most - 1]
            known = known[ranks[known] <= last]
        order = known[np.lexsort((numbers[known], homes[known], ranks[known]))]
        return [(Ranked(parts[homes[it]].segment, int(numbers[it]), 0.0), int(ranks[it])) for it in order]

    def candidates(self, watch: Watch) -> Candidates:  # noqa: ARG002 (all hits are at hand)
        """The records that match, in order."""
        found = list(self.walk())
        return Candidates(found, len(found))

    def values(self, facet: str, *, by_document: bool) -> Counter[str]:
        """How many records or documents have each value of a facet."""
        roles = self.reading.query.filters.role
        found: Counter[str] = Counter()
        for part in find_all(self._question):
            found += facets.counts(part.segment, facet, roles, _mask(part), by_document)
        return found

    def published(self, *, by_document: bool) -> Counter[Days | None]:
        """How many records or documents were published when."""
        found: Counter[Days | None] = Counter()
        for part in find_all(self._question):
            records = _firsts(part) if by_document else part.records
            column = part.segment.spans("published")
            chosen = np.isin(column.documents, records)
            days = np.stack([column.first[chosen], column.last[chosen]], axis=1)
            for (first, last), count in zip(*np.unique(days, axis=0, return_counts=True), strict=True):
                found[int(first), int(last)] += int(count)
            found[None] += len(records) - len(days)
        return +found

    def amounts(self, low: int, high: int | None) -> list[int]:
        """The amounts that the records mention, each once for each document."""
        values: list[int] = []
        for part in find_all(self._question):
            column = part.segment.spans("amount")
            fits = _mask(part)[column.documents] & (column.first >= low)
            if high is not None:
                fits &= column.first <= high
            pairs = np.stack([part.segment.documents[column.documents[fits]], column.first[fits]], axis=1)
            values += np.unique(pairs, axis=0)[:, 1].tolist()
        return values

    def absence(self) -> str:
        """What it means that nothing matches."""
        return absence_of(self._question)

    def _ranks(self, arrivals: Arrivals, segment: Segment) -> Integers:
        """The places of a segment's records among arrivals: 0 for those of the document that was seen last."""
        kept = arrivals.columns
        if segment.id not in kept:
            names, places = np.unique(segment.names("document"), return_inverse=True)
            ranks = np.array([arrivals.ranks.get(name, -1) for name in names.tolist()], dtype=np.int64)
            for gone in kept.keys() - {each.id for each in self._question.snapshot.segments}:
                del kept[gone]
            kept[segment.id] = ranks[places] if len(ranks) else ranks
        return kept[segment.id]


def _suggestion(question: Question) -> str | None:
    """A query with hits under the same filters, where a word of this one is unknown."""

    def hits(tree: Node) -> int:
        other = prepare(replace(question.query, tree=tree, facets=()), question.snapshot, question.collection.deadline)
        return sum(len(each.records) for each in find_all(other))

    return suggestion(question.query.tree, SegmentLexicon(question.snapshot.segments), BODY, hits)


def _firsts(part: Matching) -> Integers:
    """One matching record for each document."""
    firsts: Integers = part.records[np.unique(part.segment.documents[part.records], return_index=True)[1]]
    return firsts


def _mask(part: Matching) -> Mask:
    mask = np.zeros(part.segment.size, dtype=bool)
    mask[part.records] = True
    return mask
