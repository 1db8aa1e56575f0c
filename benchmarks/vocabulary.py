"""The words and sentences of the synthetic corpus: `vocabulary.tsv` read, and compounds made of it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

VOCABULARY: Final = Path(__file__).with_suffix(".tsv")
LEXEMES: Final = 150_000
"""Different words (each in up to five forms) that the corpus draws from."""
SLOT: Final = re.compile(r"\{(\w+)\}")

Sentence = tuple[str, ...]
"""Literal text and slot names by turns, literal text first."""


class Noun(NamedTuple):
    """A noun's article and forms; a compound has the gender and endings of its last part."""

    article: str
    singular: str
    definite: str
    plural: str
    definite_plural: str


class Kommune(NamedTuple):
    """A kommune's name, official name, and name after a preposition."""

    name: str
    official: str
    place: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that sentences are made of."""

    nouns: tuple[Noun, ...]
    noun_weights: tuple[float, ...]
    kommuner: tuple[Kommune, ...]
    kommune_weights: tuple[float, ...]
    adjectives: tuple[str, ...]
    verbs: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    headings: tuple[Sentence, ...]
    links: tuple[Sentence, ...]


def zipf(count: int, shift: float) -> tuple[float, ...]:
    """Cumulative weights of the ranks 1 to `count` by Zipf's law as Mandelbrot shifted it."""
    return tuple(accumulate(1 / (rank + shift) for rank in range(1, count + 1)))


def compounds(heads: list[Noun], modifiers: list[str], count: int) -> tuple[Noun, ...]:
    """The simple nouns, then compounds of two parts, then of three, in an order that never changes."""
    rng = random.Random("lexicon")
    nouns = {head.singular: head for head in heads}
    pairs = [(modifier, head) for modifier in modifiers for head in heads]
    rng.shuffle(pairs)
    for modifier, head in pairs:
        nouns.setdefault(modifier + head.singular, joined(modifier, head))
    while len(nouns) < count:
        first, (second, head) = rng.choice(modifiers), rng.choice(pairs)
        nouns.setdefault(first + second + head.singular, joined(first + second, head))
    return tuple(nouns.values())[:count]


def joined(modifier: str, head: Noun) -> Noun:
    """The head's forms, each behind the modifier."""
    return Noun(head.article, *(modifier + form for form in head[1:]))


def template(text: str) -> Sentence:
    """Literal text and slot names by turns."""
    return tuple(SLOT.split(text))


@cache
def read_vocabulary(path: Path = VOCABULARY) -> Vocabulary:
    """Read the table, one fact a line; the words are made once a process."""
    facts: dict[str, list[list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, *values = line.split("\t")
            facts.setdefault(kind, []).append(values)
    first = {kind: tuple(values[0] for values in rows) for kind, rows in facts.items()}
    return Vocabulary(
        nouns=compounds([Noun(*row) for row in facts["head"]], list(first["modifier"]), LEXEMES),
        noun_weights=zipf(LEXEMES, 2.7),
        kommuner=tuple(Kommune(*row) for row in facts["kommune"]),
        kommune_weights=zipf(len(facts["kommune"]), 5),
        adjectives=first["adjective"],
        verbs=first["verb"],
        sentences=tuple(map(template, first["sentence"])),
        headings=tuple(map(template, first["heading"])),
        links=tuple(map(template, first["link"])),
    )
