"""Random documents and queries, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from kilde.danish.mentions import Role
from kilde.model import Document, DocumentKind
from search.query_tree import And, FieldIs, FieldName, Near, Node, Not, Or, Phrase, Word
from tests.index.builders import Part, document

_TEXT = """
indsats indsatsen integrationsindsatser børn barnets flygtninge flygtningefamilier kommunen kommunernes pulje puljerne
og i til den skole folkeskolen bolig boligplacering Aarhus Århus Odense Randers Høje-Taastrup 69,9 2020 frivillige
frivilligt arbejde arbejdskraft ny nye støtte støtter facilitator facilitatoren
"""
WORDS = _TEXT.split()
CODES = ("0101", "0461", "0580", "0751", "0169")
PUBLISHERS = ("Styrelsen", "Ministeriet", None)
THEMES = ("NY I DANMARK", "LIVET I DANMARK", None)


def documents(seed: int, count: int, version: str = "v1") -> list[Document]:
    """Newsletters of one to five records each."""
    random = Random(seed)
    return [_document(f"d{number}", random, version) for number in range(count)]


def _document(name: str, random: Random, version: str) -> Document:
    year, month = random.randint(2018, 2021), random.randint(1, 12)
    published = random.choice([None, f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{random.randint(1, 28):02}"])
    return document(
        name,
        [_part(random) for _ in range(random.randint(1, 5))],
        version=version,
        title=_sentence(random, 3),
        published=published,
        publisher=random.choice(PUBLISHERS),
        source=random.choice(["uim", "siri"]),
        kind=random.choice([DocumentKind.NEWSLETTER, DocumentKind.CATALOGUE]),
    )


def _part(random: Random) -> Part:
    heading = _sentence(random, random.randint(0, 4))
    codes = random.sample(CODES, random.randint(0, 3))
    amounts = [Decimal(random.randint(1, 500)) * 1000 for _ in range(random.choice([0, 0, 1, 2]))]
    return Part(
        f"{heading}\n{_sentence(random, random.randint(1, 40))}.",
        heading=heading,
        theme=random.choice(THEMES),
        kommuner=tuple((code, random.choice(list(Role))) for code in codes),
        amounts=tuple((str(amount), str(amount * 2) if random.random() < 0.3 else None) for amount in amounts),
        dates=((date(year := random.randint(2015, 2022), 1, 1), date(year, 12, 31)),) if random.random() < 0.6 else (),
    )


def _sentence(random: Random, count: int) -> str:
    return " ".join(random.choices(WORDS, k=count))


def trees(seed: int, count: int) -> list[Node]:
    """Queries of words, phrases, NEAR, =words, titles, AND, OR and NOT."""
    random = Random(seed)
    return [_tree(random, 2) for _ in range(count)]


def _tree(random: Random, depth: int) -> Node:
    if depth and random.random() < 0.6:
        parts = [_tree(random, depth - 1) for _ in range(random.randint(2, 3))]
        if random.random() < 0.5:
            return Or(_flat(parts, Or))
        ruled_out: list[Node] = [Not(_term(random))] if random.random() < 0.4 else []
        return And((*_flat(parts, And), *ruled_out))
    return _term(random)


def _flat(parts: Sequence[Node], kind: type[And | Or]) -> tuple[Node, ...]:
    return tuple(leaf for part in parts for leaf in (part.parts if isinstance(part, kind) else (part,)))


def _term(random: Random) -> Node:
    kinds: list[Callable[[Random], Node]] = [_word, _word, _word, _exact, _phrase, _near, _title]
    return random.choice(kinds)(random)


def _word(random: Random) -> Word:
    return Word(random.choice(WORDS))


def _exact(random: Random) -> Word:
    return Word(random.choice(WORDS), exact=True)


def _phrase(random: Random) -> Phrase:
    return Phrase(tuple(random.choices(WORDS, k=random.randint(1, 3))))


def _near(random: Random) -> Near:
    # Whoosh loses some matches where a side takes several positions, as Høje-Taastrup does.
    short = [word for word in WORDS if "-" not in word]
    return Near(Word(random.choice(short)), Word(random.choice(short)), random.randint(1, 6))


def _title(random: Random) -> FieldIs:
    return FieldIs(FieldName.TITLE, _word(random) if random.random() < 0.5 else _phrase(random))
