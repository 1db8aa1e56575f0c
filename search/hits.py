"""What is shown of a record that answers a question: its card, and the words that were asked for in its text."""

from __future__ import annotations

from search.found import Found, Reading
from search.marks import marks
from search.page import Hit, Texts
from search.snippets import snippet


def hit_of(reading: Reading, found: Found, texts: Texts) -> Hit:
    """A record as pages and exports show it. TooLongError when the question's deadline is past."""
    reading.deadline.check()
    card, name = found.card, found.record
    text = texts.text(name, card["version"])
    roles = reading.query.filters.role or ("authority", "place")
    return Hit(
        id=name,
        document=found.document,
        version=card["version"],
        title=card["title"],
        heading=card["heading"],
        kind=card["kind"],
        record_kind=card["record_kind"],
        publisher=card["publisher"],
        published=card["published"],
        url=card["url"],
        score=found.score,
        snippet=snippet(text, marks(reading.tree, text, reading.expansions)),
        kommuner=tuple(sorted({code for role in roles for code in card["kommuner"].get(role, ())})),
        amounts=tuple(card["amounts"]),
    )
