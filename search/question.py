"""A query made ready: stop words out, words expanded, values of facets found, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.snapshot import Snapshot
from search import facets
from search.deadline import NEVER, Deadline
from search.found import Reading
from search.labels import label
from search.lexicon import Lexicon, SegmentLexicon
from search.matching import BODY, TITLE, Collection
from search.page import Query
from search.query_tree import Exactly, FieldIs, Node, Word
from search.stops import terms, without_stop_words
from search.synonyms import widened


@dataclass(frozen=True, slots=True)
class Question:
    """A query that is ready for the segments of a snapshot.

    `tree` is what is left to match when `selections`, the chosen values of facets, are taken from it.
    """

    query: Query
    snapshot: Snapshot
    tree: Node | None
    collection: Collection
    selections: Mapping[str, frozenset[str]]
    notes: tuple[str, ...]

    @property
    def reading(self) -> Reading:
        """The query as it was read."""
        known = self.collection
        return Reading(
            self.query, self.tree, self.selections, known.expansions, known.values, self.notes, known.deadline
        )


def prepare(query: Query, snapshot: Snapshot, deadline: Deadline = NEVER) -> Question:
    """A query for a snapshot; as `read`."""
    it = read(query, SegmentLexicon(snapshot.segments), deadline)
    collection = Collection(snapshot.segments, it.expansions, it.values, query.filters.role, deadline)
    return Question(query, snapshot, it.tree, collection, it.selections, it.notes)


def read(query: Query, lexicon: Lexicon, deadline: Deadline = NEVER) -> Reading:
    """A query with its stop words out, words expanded, and values of facets found.

    TooLongError when expanding words goes past the deadline; answering the question later looks at it too.
    """
    tree, notes = without_stop_words(query.tree)
    tree, also = widened(tree, query.synonyms)
    notes += also
    roles = query.filters.role
    selections = facets.selected_by_filters(query.filters, lexicon.values)
    tree, named = facets.selected_by_text(tree, selections)
    for facet, meant in named.items():
        found = (facets.matching_values(each, lexicon.values, roles) for each in meant)
        selections[facet] = frozenset().union(*found)
    expansions: dict[tuple[str, Word], tuple[str, ...]] = {}
    values: dict[FieldIs, frozenset[str]] = {}
    for term in terms(tree) if tree else ():
        word, field = (term.value, TITLE) if isinstance(term, FieldIs) else (term, BODY)
        deadline.check()
        if isinstance(word, Word) and (word.prefix or word.fuzzy):
            expansions[field, word], note = lexicon.expand(word, field)
            notes += (note,) if note else ()
        elif isinstance(term, FieldIs) and isinstance(term.value, Exactly):
            values[term] = facets.matching_values(term, lexicon.values, roles)
    notes += tuple(_former_notes(query.tree))
    return Reading(query, tree, selections, expansions, values, notes, deadline)


def _former_notes(tree: Node | None) -> list[str]:
    """What is said of kommuner of before 2007: their successors have more in them than was asked for."""
    found = (term.value for term in terms(tree) if isinstance(term, FieldIs)) if tree else ()
    former = (value for value in found if isinstance(value, Exactly) and value.former)
    return [f"{each.former} is in {label('kommune', each.value)} now: all of it is searched" for each in former]
