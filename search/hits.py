"""What is shown of a record that answers a question: its card, and the words that were asked for in its text."""

from __future__ import annotations

from search.marks import marks
from search.page import Hit, Texts
from search.question import Question
from search.ranking import Ranked
from search.snippets import snippet


def hit_of(question: Question, ranked: Ranked, texts: Texts) -> Hit:
    """A record as pages and exports show it. TooLongError when the question's deadline is past."""
    question.collection.deadline.check()
    card = ranked.segment.card(ranked.number)
    name = ranked.record
    text = texts.text(name, card["version"])
    roles = question.query.filters.role or ("authority", "place")
    return Hit(
        id=name,
        document=ranked.document,
        version=card["version"],
        title=card["title"],
        heading=card["heading"],
        kind=card["kind"],
        record_kind=card["record_kind"],
        publisher=card["publisher"],
        published=card["published"],
        url=card["url"],
        score=ranked.score,
        snippet=snippet(text, marks(question.tree, text, question.collection.expansions)),
        kommuner=tuple(sorted({code for role in roles for code in card["kommuner"].get(role, ())})),
        amounts=tuple(card["amounts"]),
    )
