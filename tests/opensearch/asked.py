"""Queries for the contract between the engines: the same for the same seed, of all kinds that the language has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from index.analysis import DANISH
from kilde.danish.kommuner import kommuner
from kilde.model import Document, DocumentKind
from search.page import FACETS, By, Filters, Query, Sort
from search.query import parse_query, print_query
from search.query_names import OPERATORS
from search.query_tree import Amounts, And, Dates, Exactly, FieldIs, FieldName, Near, Node, Not, Or, Phrase, Word

CODES = ("0101", "0461", "0580", "0751", "0169")
"""Of the documents with all roles."""
ROLES = ("authority", "place", "institution")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in the documents: the words of each in their order, titles, and values of facets."""

    texts: tuple[tuple[str, ...], ...]
    titles: tuple[tuple[str, ...], ...]
    publishers: tuple[str, ...]
    sources: tuple[str, ...]
    themes: tuple[str, ...]


def words_of(documents: Sequence[Document]) -> Words:
    """The words of some documents, as far as they can be typed as words of a query."""
    return Words(
        tuple(_typed(each.text) for each in documents),
        tuple(_typed(each.title) for each in documents),
        tuple(sorted({each.publisher for each in documents if each.publisher})),
        tuple(sorted({each.source for each in documents})),
        tuple(sorted({record.theme for each in documents for record in each.records if record.theme})),
    )


def queries(seed: int, count: int, words: Words) -> list[Query]:
    """So many queries, every tenth without words."""
    random = Random(seed)
    return [_query(random, words, number) for number in range(count)]


def _query(random: Random, words: Words, number: int) -> Query:
    tree = None if number % 10 == 9 else _tree(random, words)
    text = print_query(tree) if tree else ""
    return Query(
        text,
        parse_query(text),
        _filters(random, words),
        facets=tuple(random.sample(FACETS, random.choice((0, 3, 8)))),
        sort=random.choice((Sort.RELEVANCE, Sort.RELEVANCE, *Sort)),
        limit=random.choice((5, 10, 10, 20)),
        by=random.choice((By.RECORD, By.RECORD, By.DOCUMENT)),
    )


def _tree(random: Random, words: Words) -> Node:
    shape = random.random()
    if shape < 0.45:
        return _term(random, words)
    parts = tuple(_term(random, words) for _ in range(random.randint(2, 3)))
    if shape < 0.7:
        return And(parts)
    if shape < 0.85:
        return Or(parts)
    return And((*parts[:2], Not(_term(random, words))))


def _term(random: Random, words: Words) -> Node:
    kinds: Sequence[Callable[[Random, Words], Node]] = (
        _word, _word, _word, _exact, _prefix, _fuzzy, _misspelt, _phrase, _phrase, _near, _title, _value, _days,
        _amount,
    )  # fmt: skip
    return random.choice(kinds)(random, words)


def _word(random: Random, words: Words) -> Word:
    return Word(random.choice(random.choice(words.texts)))


def _exact(random: Random, words: Words) -> Word:
    return Word(_word(random, words).text, exact=True)


def _prefix(random: Random, words: Words) -> Node:
    word = _word(random, words).text
    return Word(word[: random.randint(2, 6)], prefix=True) if len(word) > 2 and word.isalpha() else Word(word)


def _fuzzy(random: Random, words: Words) -> Node:
    word = _word(random, words).text
    return Word(word, fuzzy=True) if len(word) > 3 and word.isalpha() else Word(word)


def _misspelt(random: Random, words: Words) -> Word:
    word = _word(random, words).text
    place = random.randrange(len(word))
    return Word(word[:place] + random.choice("abeknrstø") + word[place + 1 :])


def _phrase(random: Random, words: Words) -> Node:
    text = random.choice(words.texts)
    start = random.randrange(len(text))
    return Phrase(text[start : start + random.randint(1, 3)])


def _near(random: Random, words: Words) -> Near:
    text = random.choice(words.texts)
    left, right = (Word(random.choice(text)), Word(random.choice(text)))
    several = _phrase(random, words)
    assert isinstance(several, Phrase)
    return Near(several if random.random() < 0.3 else left, right, random.randint(1, 12))


def _title(random: Random, words: Words) -> FieldIs:
    title = random.choice([each for each in words.titles if each])
    value = Word(random.choice(title)) if random.random() < 0.5 else Phrase(title[: random.randint(1, 3)])
    return FieldIs(FieldName.TITLE, value)


def _value(random: Random, words: Words) -> FieldIs:
    field, values = random.choice((
        (FieldName.KOMMUNE, (*CODES, *random.sample(sorted(kommuner()), 5))),
        (FieldName.REGION, ("Region Midtjylland", "Region Hovedstaden")),
        (FieldName.KIND, tuple(kind.value for kind in DocumentKind)),
        (FieldName.SOURCE, words.sources),
        (FieldName.PUBLISHER, (*words.publishers, "styrelsen")),
        (FieldName.THEME, words.themes),
    ))  # fmt: skip
    return FieldIs(field, Exactly(random.choice(values)))


def _days(random: Random, words: Words) -> FieldIs:
    first = date(random.randint(2014, 2024), random.randint(1, 12), 1)
    last = date(first.year + random.randint(0, 3), 12, 31)
    ends = random.choice(((first, last), (first, None), (None, last)))
    return FieldIs(random.choice((FieldName.DATE, FieldName.MENTIONS)), Dates(*ends))


def _amount(random: Random, words: Words) -> FieldIs:
    low = random.choice((1, 10, 100, 500, 1000, 5000)) * 100_000
    return FieldIs(FieldName.AMOUNT, Amounts(*random.choice(((low, low * 10), (low, None), (None, low)))))


def _filters(random: Random, words: Words) -> Filters:
    """None in half of the cases, else up to three."""
    if random.random() < 0.5:
        return Filters()
    year = random.randint(2016, 2023)
    several = {
        "kommune": tuple(random.sample(CODES, random.randint(1, 3))),
        "role": tuple(random.sample(ROLES, random.randint(1, 2))),
        "source": tuple(random.sample(words.sources, random.randint(1, 2))),
        "kind": random.choice((("newsletter",), ("article", "minutes"), ("catalogue",))),
        "publisher": (random.choice(words.publishers),),
        "theme": (random.choice(words.themes),),
        "year": (str(year), str(year + 1)),
        "region": ("Region Midtjylland",),
        "published_from": date(year, random.randint(1, 12), 1),
        "published_to": date(year + 1, random.randint(1, 12), 1),
        "mentions_from": date(year, 1, 1),
        "mentions_to": date(year, 6, 30),
        "amount_min": random.choice((1, 50, 1000)) * 100_000,
        "amount_max": random.choice((1, 200, 5000)) * 100_000,
    }
    chosen = random.sample(sorted(several), random.randint(1, 3))
    return Filters(**{name: several[name] for name in chosen})  # type: ignore[arg-type]


def _typed(text: str) -> tuple[str, ...]:
    found = (text[form.start : form.end] for form in DANISH(text))
    return tuple(word for word in found if word.isalnum() and word.upper() not in OPERATORS)
