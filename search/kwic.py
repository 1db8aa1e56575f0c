"""A concordance: every place where a query's words stand in the records that match, with what is left and right of it.

The places are those that snippets mark. A phrase is one place; each side of NEAR is one. Lines come by publication,
document and place; `kwic_order` sorts and samples them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.analysis import DANISH
from kilde.errors import MissingError, UsageError
from kilde.store import Store
from search.concordance import concordance, folded, words_around
from search.engine import Answer
from search.export_cells import Kind, Line, columns
from search.export_queries import Place, place_of
from search.found import Found
from search.marks import Expansions, marks
from search.matching import steps_of
from search.query_tree import FieldIs, Near, Node, Phrase, Word
from search.stops import terms

KWIC_COLUMNS = columns(
    "left keyword right record document version heading title publisher published source url document_start"
    " document_end",
    document_start=Kind.INTEGER, document_end=Kind.INTEGER,
)  # fmt: skip

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Width:
    """How much context stands on each side."""

    number: int
    in_words: bool = True
    """Else it counts characters."""


def kwic_lines(answer: Answer, store: Store, width: Width) -> Iterator[Line]:
    """The lines of a concordance in the order of publication, document and place.

    UsageError for a query without words: it matches records, but no place in them.
    """
    tree = answer.reading.tree
    if tree is None or all(isinstance(term, FieldIs) for term in terms(tree, ruled_out=False)):
        raise UsageError("a concordance shows words: name one beside the filters; `kilde mentions` shows kommuner")
    for found in answer.walk_by_place():
        yield from _lines_of(tree, found, store, answer.reading.expansions, width)


def _lines_of(tree: Node, found: Found, store: Store, expansions: Expansions, width: Width) -> Iterator[Line]:
    card, record = found.card, found.record
    version = card["version"]
    place = place_of(store, record, version)
    if place is None:
        raise MissingError(f"the index names record {record}, the store has none; run `kilde index --rebuild`")
    about = {name: card[name] for name in ("heading", "title", "publisher", "published", "url")}
    about |= {"record": record, "document": found.document, "version": version, "source": place.source}
    for start, end in matches(tree, place.text, expansions):
        line = _line(place, start, end, width) | about
        yield {column.name: line[column.name] for column in KWIC_COLUMNS}


def _line(place: Place, start: int, end: int, width: Width) -> Line:
    if width.in_words:
        left, right = words_around(place.text, start, end, width.number)
    else:
        context = concordance(place.text, start, end, width.number)
        left, right = context.left, context.right
    return {
        "left": left,
        "keyword": folded(place.text[start:end]),
        "right": right,
        "document_start": place.start + start,
        "document_end": place.start + end,
    }


def matches(tree: Node, text: str, expansions: Expansions) -> list[Span]:
    """The places of a query in a text, in order: a span for each match, none within another."""
    found = {span for term in terms(tree, ruled_out=False) for span in _of_term(term, text, expansions)}
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def _of_term(term: Word | Phrase | Near | FieldIs, text: str, expansions: Expansions) -> Iterator[Span]:
    if isinstance(term, Near):
        near = set(marks(term, text, expansions))
        for side in (term.left, term.right):
            yield from _joined([span for span in marks(side, text, expansions) if span in near], text, side)
    elif not isinstance(term, FieldIs):
        yield from _joined(marks(term, text, expansions), text, term)


def _joined(spans: list[Span], text: str, term: Word | Phrase) -> Iterator[Span]:
    """Forms that stand one after the other, made one span for each time that they give all steps of the term."""
    wanted = 1 if isinstance(term, Word) and (term.exact or term.prefix or term.fuzzy) else len(steps_of(term))
    begin, steps = None, 0
    for start, end in spans:
        begin = start if begin is None else begin
        steps += sum(len(form.keys.steps) for form in DANISH(text[start:end]))
        if steps >= wanted:
            yield begin, end
            begin, steps = None, 0
