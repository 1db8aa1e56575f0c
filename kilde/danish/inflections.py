"""The forms of the words of the lexicon: what a reader would look up in a dictionary when meeting a form.

Nouns, verbs and adjectives stand in `lexicon/` with the forms that cannot be guessed; the rest is made here by the
rules of Retskrivningsordbogen. A form may belong to several words: `retter` is of `ret` and of `rette`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kilde.danish.lexicon_rows import read_rows
from kilde.danish.stems import fold

NONE = "0"
"""Stands in the lexicon where a word has no such form."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun's forms, each with its variants."""

    lemma: str
    definite: tuple[str, ...]
    plural: tuple[str, ...]


@cache
def nouns() -> tuple[Noun, ...]:
    """The nouns of the lexicon, and those that its adjectives and verbs make: `udsathed`, `placering`."""
    listed = read_rows("nouns.tsv")
    known = {lemma for lemma, *_ in listed}
    made = ((lemma, "-en", "-er") for lemma in dict.fromkeys(_derived()) if lemma not in known)
    return tuple(
        Noun(lemma, tuple(_spelled(lemma, definite)), tuple(_spelled(lemma, plural)))
        for lemma, definite, plural in (*listed, *made)
    )


def _derived() -> Iterator[str]:
    yield from (adjective + "hed" for adjective, *_ in read_rows("adjectives.tsv") if not adjective.endswith("sk"))
    yield from (infinitive[:-1] + "ing" for infinitive, *_ in read_rows("verbs.tsv") if infinitive.endswith("ere"))


@cache
def lemmas() -> Mapping[str, tuple[str, ...]]:
    """The words, folded, that a folded form may belong to.

    >>> lemmas()["børnenes"], lemmas()["retter"]
    (('barn',), ('ret', 'rette'))
    """
    found = dict(_inflected())
    for (word,) in read_rows("invariants.tsv"):
        found.setdefault(word, (word,))
    for (word,) in read_rows("stop_words.tsv"):
        # `have` is hardly ever the plural of `hav`.
        grammatical = set(found.get(word, ())) - set(noun_heads().get(word, ()))
        found[word] = tuple(sorted(grammatical | {word}))
    # `læs` is an imperative, but `ret` is the noun.
    for form, lemma in _imperatives():
        found.setdefault(fold(form), (fold(lemma),))
    return found


@cache
def noun_heads() -> Mapping[str, tuple[str, ...]]:
    """Like `lemmas`, of nouns alone."""
    return _gathered(_noun_forms())


@cache
def heads() -> Mapping[str, tuple[str, ...]]:
    """Like `lemmas`, of words that may end a compound: without imperatives, and as a noun where it may be one."""
    return {**_inflected(), **noun_heads()}


@cache
def _inflected() -> Mapping[str, tuple[str, ...]]:
    found = dict(noun_heads())
    for form, words in _gathered((*_verb_forms(), *_adjective_forms())).items():
        found[form] = tuple(sorted({*found[form], *words})) if form in found else words
    return found


def _gathered(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    last, word = "", ""
    for form, lemma in pairs:
        if lemma != last:
            last, word = lemma, fold(lemma)
        folded = fold(form)
        words = found.get(folded)
        if words is None:
            found[folded] = (word,)
        elif word not in words:
            found[folded] = tuple(sorted((*words, word)))
    return found


def _noun_forms() -> Iterator[tuple[str, str]]:
    for noun in nouns():
        forms = {noun.lemma, *noun.definite, *noun.plural}
        forms |= {form for plural in noun.plural for form in _definite_plurals(plural, noun)}
        forms |= set(_other_spellings(noun))
        for form in forms | {form + "s" for form in forms if not form.endswith(("s", "x", "z"))}:
            yield form, noun.lemma


def _other_spellings(noun: Noun) -> Iterator[str]:
    """Forms beside those of the table: `kriterie` for `kriterium`, `cykelen` for `cyklen`."""
    if noun.lemma.endswith("ium"):
        yield noun.lemma[:-2] + "e"
    if noun.lemma.endswith(("el", "er")):
        yield from (noun.lemma + form[-2:] for form in noun.definite if form.endswith(("en", "et")))


def _verb_forms() -> Iterator[tuple[str, str]]:
    for infinitive, present, past, participle, plural in read_rows("verbs.tsv"):
        pasts, plurals = past.split("/"), plural.split("/")
        participles = participle.split("/")
        active = {infinitive, present, *pasts, *participles, *plurals}
        # `given`, which agrees with a noun as adjectives do, beside `givet` and `givne`.
        active |= {form[:-2] + "en" for form in participles if form.endswith("et") and plurals[0].endswith("ne")}
        if not infinitive.endswith("s"):
            ongoing = infinitive + ("nde" if infinitive.endswith("e") else "ende")
            passive = {form + "s" for form in (infinitive, *pasts, *plurals) if form[-1] in "eoåøi"}
            passive |= {form + "es" for form in pasts if form.endswith("t")}
            active |= passive | {ongoing, ongoing + "s"}
        for form in active:
            yield form, infinitive


def _imperatives() -> Iterator[tuple[str, str]]:
    for infinitive, *_ in read_rows("verbs.tsv"):
        stem = infinitive.removesuffix("e")
        if (len(stem) >= 3 and not stem.endswith("s")) or stem in ("læs", "løs", "vis"):
            yield stem[:-1] if stem[-1] == stem[-2] else stem, infinitive


def _adjective_forms() -> Iterator[tuple[str, str]]:
    for row in read_rows("adjectives.tsv"):
        common, neuter, plural = row[:3]
        comparative, superlative = row[3:]
        plurals = plural.split("/")
        root = plurals[0].removesuffix("e")
        compared = [root + "ere"] if comparative == "-" else _listed(comparative)
        highest = [root + "est", common + "st"] if superlative == "-" else _listed(superlative)
        forms = {common, *neuter.split("/"), *plurals, *compared, *highest, *(form + "e" for form in highest)}
        for form in forms | {form + "s" for form in plurals if form.endswith("e")}:
            yield form, common


def _definite_plurals(plural: str, noun: Noun) -> Iterator[str]:
    if plural == noun.lemma:
        # `tilbud` doubles its consonant: `tilbuddet`, `tilbuddene`.
        yield from (form[:-2] + "ene" for form in noun.definite if form.endswith(("en", "et")))
    elif plural.endswith("ere"):
        yield plural[:-1] + "ne"
    elif plural.endswith("s"):
        # `mailene` of `mails`, `gæssene` of `gæs`.
        yield from (form[:-2] + "ene" for form in noun.definite if form.endswith(("en", "et")))
        yield from (plural + "ene", plural + "sene")
    else:
        yield plural + ("ne" if plural.endswith(("e", "r")) else "ene")


def _spelled(lemma: str, cell: str) -> Iterable[str]:
    return (lemma + form[1:] if form.startswith("-") else form for form in _listed(cell))


def _listed(cell: str) -> list[str]:
    return [] if cell == NONE else cell.split("/")
