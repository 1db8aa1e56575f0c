"""Why a word has its keys: which rule and which table of the lexicon made each. For people; nothing is found by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kilde.danish.compounds import firsts
from kilde.danish.inflections import nouns
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.stems import fold
from kilde.danish.words import names, read

_TABLES = ("verbs", "adjectives", "invariants", "stop_words")


@dataclass(frozen=True, slots=True)
class Reason:
    """A key, what it is (word, compound, part, stem, name or form), and why it is there."""

    key: str
    kind: str
    why: str


def reasons(word: str) -> tuple[Reason, ...]:
    """A reason for each key of a word, in the order of `Word.all`.

    >>> [(it.key, it.kind) for it in reasons("integrationsindsatserne")]
    [('integration+indsats', 'compound'), ('integration', 'part'), ('indsats', 'part')]
    """
    found = read(word)
    return tuple(_reason(key, is_part=key not in found.keys and key != found.plain) for key in found.all)


def _reason(key: str, *, is_part: bool) -> Reason:
    kind = "part" if is_part else "word"
    if key.startswith("@"):
        known = key in _named()
        name = ("name", "a name of the lexicon: never stemmed or split")
        kind, why = name if known else ("form", "no word of the lexicon: as it stands, without a genitive s")
    elif key.startswith("~"):
        kind, why = kind if is_part else "stem", "no word of the lexicon: endings taken off by rule"
    elif "+" in key:
        kind, why = kind if is_part else "compound", f"put together of {' and '.join(key.split('+'))}"
    else:
        why = _of_tables(key)
    return Reason(key, kind, why)


def _of_tables(key: str) -> str:
    tables = _tables().get(key, ())
    return f"lexicon: {', '.join(tables)}" if tables else "as it stands"


@cache
def _named() -> frozenset[str]:
    return frozenset(names().values())


@cache
def _tables() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for word, table in _entries():
        found.setdefault(fold(word), {})[table] = None
    return {word: tuple(tables) for word, tables in found.items()}


def _entries() -> Iterator[tuple[str, str]]:
    listed = {row[0] for row in read_rows("nouns.tsv")}
    for noun in nouns():
        yield noun.lemma, "nouns" if noun.lemma in listed else "nouns made of verbs and adjectives"
    for table in _TABLES:
        yield from ((row[0], table) for row in read_rows(f"{table}.tsv"))
    for word in {word for words in firsts().values() for word in words} - {fold(noun.lemma) for noun in nouns()}:
        yield word, "first parts of compounds"
