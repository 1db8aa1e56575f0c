"""The engine over a cluster: the same questions and answers as the embedded one's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import TypeVar

from index.opensearch.client import Client, ClusterError
from index.opensearch.state import Built, built
from kilde.opensearch import OpenSearch
from search.deadline import NEVER, Deadline
from search.facets import shown
from search.found import Reading
from search.hits import hit_of
from search.matching import BODY
from search.opensearch.answer import OpenSearchAnswer, selected
from search.opensearch.asking import Asker, patience
from search.opensearch.counting import counts
from search.opensearch.lexicon import OpenSearchLexicon
from search.opensearch.paging import rank
from search.page import Coverage, Page, Query, Texts
from search.query_tree import Node
from search.question import read
from search.suggest import suggestion

It = TypeVar("It")
_GONE = 404


class OpenSearchEngine:
    """Asks a cluster. Connects when first asked; several threads may search at once."""

    def __init__(self, place: OpenSearch, texts: Texts) -> None:
        self._place = place
        self._texts = texts
        self._lock = Lock()
        self._client: Client | None = None
        self._values: tuple[Built | None, dict[str, frozenset[str]]] = (None, {})

    def search(self, query: Query, deadline: Deadline = NEVER) -> Page:
        """The page of hits that the query asks for."""
        return self._again_if_gone(lambda: self._search(query, deadline))

    def ask(self, query: Query, deadline: Deadline = NEVER) -> OpenSearchAnswer:
        """All that answers the query."""
        return self._again_if_gone(lambda: self._answer(self._asker(deadline), query))

    def lexicon(self) -> OpenSearchLexicon:
        """The words and values of the newest commit."""
        return self._lexicon(self._asker(NEVER))

    def _search(self, query: Query, deadline: Deadline) -> Page:
        asker = self._asker(deadline)
        answer = self._answer(asker, query)
        reading = answer.reading
        ranking = rank(asker, reading)
        facets = counts(asker, reading, ranking.counted)
        chosen = {name: reading.selections.get(name, frozenset()) for name in facets}
        return Page(
            query=query,
            total=ranking.total,
            hits=tuple(hit_of(reading, found, self._texts) for found in ranking.found),
            facets={name: shown(name, found, chosen[name]) for name, found in facets.items()},
            next=ranking.next,
            suggestion=None if ranking.total else self._suggestion(asker, query),
            notes=reading.notes,
            coverage=Coverage(documents=0, months=0),
            absence=None if ranking.total else answer.absence(),
        )

    def _answer(self, asker: Asker, query: Query) -> OpenSearchAnswer:
        lexicon = self._lexicon(asker)

        def reading(query: Query) -> Reading:
            return read(query, lexicon, asker.deadline)

        return OpenSearchAnswer(asker, reading(query), reading)

    def _suggestion(self, asker: Asker, query: Query) -> str | None:
        """A query with hits under the same filters, where a word of this one is unknown."""
        lexicon = self._lexicon(asker)

        def hits(tree: Node) -> int:
            return asker.count(selected(read(replace(query, tree=tree, facets=()), lexicon, asker.deadline)))

        return suggestion(query.tree, lexicon, BODY, hits)

    def _asker(self, deadline: Deadline) -> Asker:
        with self._lock:
            self._client = client = self._client or Client(self._place)
        return Asker(client, built(client, patience(deadline)), deadline)

    def _lexicon(self, asker: Asker) -> OpenSearchLexicon:
        with self._lock:
            if self._values[0] != asker.built:
                self._values = (asker.built, {})
            return OpenSearchLexicon(asker, self._values[1])

    def _again_if_gone(self, action: Callable[[], It]) -> It:
        """What an action gives; once more where the index that it asked was swapped for another and taken away."""
        try:
            return action()
        except ClusterError as error:
            if error.status != _GONE:
                raise
            return action()
