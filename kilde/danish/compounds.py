"""The parts of a Danish compound: `integrationsindsatserne` is `integration` and `indsats`.

A word is split only where the lexicon covers all of it, or where a long noun ends it; so `hus` is not found in
`Aarhus`, nor `retning` in `forretning`. Words of the lexicon are never split.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from heapq import heappop, heappush
from typing import TypeAlias

from kilde.danish.inflections import heads, lemmas, noun_heads, nouns
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.stems import fold, stem

Part: TypeAlias = tuple[str, ...]
"""The words that a part may be a form of; one that starts with `~` is the stem of an unknown word."""
Cover: TypeAlias = tuple[int, tuple[Part, ...]]
"""What parts cost, and the parts."""

SHORTEST_WORD = 6
LONGEST_WORD = 60
"""Letters of a word that is split; longer ones are no Danish words."""
_SHORTEST_PART = 4
_SHORTEST_TAIL = 6
"""Letters of a noun that is found at the end of a word whose beginning is unknown."""
_MOST_PARTS = 5
# Nouns made with these endings take -s when something follows: the end of a first part, whatever it is.
_DERIVED = re.compile(r"[a-zæøå]{2,40}(?:tion|sion|itet|hed|ing|else|dom|skab)s")
_DERIVED_HEAD = re.compile(r"[a-zæøå]{3,40}(?:(?:tion|sion|itet|hed|ning|ering)(?:en|er|erne)?|else(?:n|r|rne)?)s?")
_DERIVED_COST = 3
_SHORTEST_BEFORE_DERIVED = 6
_DERIVED_END = re.compile("s(?:(?<=(?:tion|sion|itet|else|skab)s)|(?<=(?:hed|ing|dom)s))")
"""The same endings by their last letter, which is found at once."""
_SHORTEST_FIRST = 2
"""Letters that a first part has at least."""
_SHORTEST_HEAD = 2
_TELLING = 6
"""Letters by which the first parts are found that a word may begin with: few begin with the same six."""
_VOWEL = re.compile("[aeiouyæøå]")


@lru_cache(maxsize=1 << 12)
def split(word: str) -> tuple[Part, ...]:
    """The parts of a folded word, the last one its head; empty where it is no compound.

    >>> split("arbejdskraftreserven")
    (('arbejde',), ('kraft',), ('reserve',))
    """
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD or not word.isalpha():
        return ()
    covered = _covers(word)
    found = [
        (cost + (_DERIVED_COST if head[0].startswith("~") else 1), start, (*parts, head))
        for start, (cost, parts) in covered.items()
        if (head := _head(word, start)) is not None
    ]
    if found:
        return min(found, key=lambda each: each[:2])[2]
    return _with_unknown_first(word)


@cache
def firsts() -> Mapping[str, Part]:
    """The forms that words of the lexicon take before another part, and the words."""
    found: dict[str, dict[str, None]] = {}
    for form, lemma in _first_forms():
        found.setdefault(fold(form), {})[fold(lemma)] = None
    for form, lemma in read_rows("joining.tsv"):
        found[form] = {lemma: None}
    return {form: tuple(words) for form, words in found.items() if form not in _particles()}


def _first_forms() -> Iterator[tuple[str, str]]:
    short = {word for word, _ in read_rows("short_parts.tsv")}
    for noun in nouns():
        if _is_part(noun.lemma, short):
            yield from ((form, noun.lemma) for form in _joined(noun.lemma))
            yield from ((plural, noun.lemma) for plural in noun.plural)
            yield from ((plural + "e", noun.lemma) for plural in noun.plural if plural[-1] not in "aeiouyæøå")
    for infinitive, *_ in read_rows("verbs.tsv"):
        if len(infinitive) >= _SHORTEST_PART:
            yield infinitive, infinitive
    for adjective, *_ in read_rows("adjectives.tsv"):
        if len(adjective) >= _SHORTEST_PART and not adjective.endswith(("ig", "sk")):
            yield adjective, adjective


def _joined(lemma: str) -> Iterator[str]:
    yield lemma
    if lemma.endswith("ium"):
        yield lemma[:-2] + "e"
    vowel = lemma[-1] in "aeiouyæøå"
    if lemma.endswith("else") or (not vowel and lemma[-1] not in "sxz"):
        yield lemma + "s"
    if not vowel:
        yield lemma + "e"


@cache
def _heads() -> Mapping[str, Part]:
    short = {word for word, place in read_rows("short_parts.tsv") if place == "both"}
    banned = {form for form, where in read_rows("no_heads.tsv") if where == "any"}
    found = {form: tuple(word for word in words if _is_part(word, short)) for form, words in heads().items()}
    return {form: words for form, words in found.items() if words and form not in banned and _is_part(form, short)}


@cache
def _tails() -> Mapping[str, Part]:
    banned = {form for form, _ in read_rows("no_heads.tsv")}
    found = noun_heads().items()
    return {form: words for form, words in found if form not in banned and len(words[0]) >= _SHORTEST_TAIL}


def _is_part(word: str, short: set[str]) -> bool:
    return len(word) >= _SHORTEST_PART or word in short


@cache
def _particles() -> frozenset[str]:
    return frozenset(word for (word,) in read_rows("particles.tsv"))


def _head(word: str, start: int) -> Part | None:
    """The last part of a word, where what begins there is one."""
    if start > len(word) - _SHORTEST_HEAD:
        return None
    if head := _heads().get(word[start:]):
        return head
    derived = start >= _SHORTEST_BEFORE_DERIVED and word[start - 1] == "s" and _DERIVED_HEAD.fullmatch(word, start)
    return ("~" + stem(word[start:]),) if derived else None


def _covers(word: str) -> dict[int, Cover]:
    """Where first parts can end that fill a word from its beginning, with the cheapest of them.

    Only the places that are reached are gone on from, so the work is in the few ways to read a word, not in its
    letters squared. Of ways that cost the same the one with the longest last part counts.
    """
    derived = [match.end() for match in _DERIVED_END.finditer(word)]
    found: dict[int, Cover] = {}
    waiting = [0]
    last = len(word) - _SHORTEST_FIRST - _SHORTEST_HEAD
    while waiting:
        start = heappop(waiting)
        cost, parts = found.get(start, (0, ()))
        if len(parts) >= _MOST_PARTS - 1 or start > last:
            continue
        for end, price, part in _firsts_at(word, start, derived):
            if end not in found:
                heappush(waiting, end)
            elif found[end][0] <= cost + price:
                continue
            found[end] = (cost + price, (*parts, part))
    return found


def _firsts_at(word: str, start: int, derived: Iterable[int]) -> Iterator[tuple[int, int, Part]]:
    """The first parts that begin at a place, with their end, cost and words; `derived` are the ends of such endings."""
    known = firsts()
    exact, longer = _beginning(word[start : start + _TELLING])
    for length, part in exact:
        yield start + length, 1, part
    for form in longer:
        if word.startswith(form, start):
            yield start + len(form), 1, known[form]
    for end in derived:
        form = word[start:end]
        if form not in known and _DERIVED.fullmatch(form):
            yield end, _DERIVED_COST, lemmas().get(form[:-1]) or ("~" + stem(form[:-1]),)


@lru_cache(maxsize=1 << 15)
def _beginning(letters: str) -> tuple[tuple[tuple[int, Part], ...], tuple[str, ...]]:
    """The forms of `firsts` that these letters begin with, as lengths and words; and those that begin with them all."""
    known = firsts()
    lengths = range(_SHORTEST_FIRST, min(_TELLING, len(letters) + 1))
    exact = tuple((length, known[form]) for length in lengths if (form := letters[:length]) in known)
    return exact, _by_beginning().get(letters, ())


@cache
def _by_beginning() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for form in firsts():
        if len(form) >= _TELLING:
            found.setdefault(form[:_TELLING], []).append(form)
    return {letters: tuple(forms) for letters, forms in found.items()}


def _with_unknown_first(word: str) -> tuple[Part, ...]:
    tails = _tails()
    for start in range(3, len(word) - _SHORTEST_TAIL + 1):
        rest = word[:start]
        if (tail := tails.get(word[start:])) and _may_begin(rest):
            return ("~" + stem(rest.removesuffix("s")),), tail
    return ()


def _may_begin(rest: str) -> bool:
    """Whether unknown letters may be a first part: `uraf` and `indb` end or begin with a prefix of what follows."""
    begins = any(rest[: len(rest) - more] in _particles() for more in range(3))
    return _VOWEL.search(rest) is not None and not begins and not rest.endswith(_last_particles())


@cache
def _last_particles() -> tuple[str, ...]:
    return tuple(sorted(particle for particle in _particles() if len(particle) > 1))
