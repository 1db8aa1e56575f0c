"""What a Danish word is: the keys that bring its forms, its compounds and its spellings together.

A key of a word of the lexicon is the word (`indsats`), of a compound its parts (`integration+indsats`), of an unknown
word its stem (`~facilitator`), of a name the name (`@randers`); unknown words carry that last key beside their stem.
A text is indexed by all keys of its words; a word of a query is looked up by the keys that say what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from kilde.danish.compounds import LONGEST_WORD, Part, firsts, split
from kilde.danish.inflections import lemmas, noun_heads
from kilde.danish.kommuner import former_kommuner, kommuner
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.stems import fold, stem

_APOSTROPHE = re.compile("['’](?:s|e|en|er|et|ens|ets|ers|ere|erne|ernes|ene|n|t|r|ne)?$")
_SHORTEST_NAME = 3
"""Letters of a name that a compound begins with."""
_MOST_READINGS = 4
"""Ways to read a compound that are kept."""


@dataclass(frozen=True, slots=True)
class Word:
    """The keys of a word. `keys` say what it is, `parts` what it is made of, `plain` is its form as it stands."""

    keys: tuple[str, ...]
    parts: tuple[str, ...] = ()
    plain: str | None = None

    @property
    def all(self) -> tuple[str, ...]:
        """Every key, without repeats: what a text with this word is found by."""
        return tuple(dict.fromkeys((*self.keys, *self.parts, *((self.plain,) if self.plain else ()))))


@lru_cache(maxsize=1 << 14)
def read(word: str) -> Word:
    """The keys of one word without spaces or hyphens, in any case and spelling.

    >>> read("integrationsindsatserne")
    Word(keys=('integration+indsats',), parts=('integration', 'indsats'), plain=None)
    >>> read("Københavns").keys
    ('@københavn',)
    """
    if len(word) > LONGEST_WORD:
        return Word((fold(word[:LONGEST_WORD]),))
    bare = (_APOSTROPHE.sub("", word) or word) if "'" in word or "’" in word else word
    form = fold(bare)
    known = lemmas().get(form)
    name = names().get(form)
    if name and (known is None or bare[:1].isupper()):
        words = known if known and _begins_sentences(form, known) else (name,)
        return Word(words, _seen_through(words), name)
    # `børne- og ungeudvalget`: the form that a word takes in a compound may stand alone.
    known = known or firsts().get(form) or (None if form.isalpha() else (form,))
    return Word(known, _seen_through(known)) if known else _read_unknown(form, bare)


def _begins_sentences(form: str, known: Part) -> bool:
    """Whether the word that is spelt like a name has a capital as often: `Vejen til job`, but hardly `Tønder`."""
    return form.endswith(("en", "et")) or known != noun_heads().get(form)


def _read_unknown(form: str, bare: str) -> Word:
    # `dataanalyse` has no å: the parts meet in aa.
    parts = _split(form, bare) or (split(bare.lower()) if "aa" in bare.lower() else ())
    if not parts:
        return Word(("~" + stem(form),), (), "@" + _without_genitive(form))
    return Word(_joined(parts), _inside(parts))


def query_keys(word: str) -> tuple[str, ...]:
    """The keys that a word of a query is looked up by: a capitalised name, or unknown word, only as it stands."""
    found = read(word)
    return (found.plain,) if found.plain and word[:1].isupper() else found.keys


def is_stop_word(word: str) -> bool:
    """Whether a query may leave the word out."""
    return word.lower() in _stop_words()


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(word for (word,) in read_rows("stop_words.tsv"))


@cache
def names() -> dict[str, str]:
    """Names of kommuner, towns and countries, with their genitives: folded form to key."""
    spelled = {fold(form): fold(each.name) for each in kommuner().values() for form in each.spellings}
    towns = {fold(name): fold(name) for (name,) in read_rows("place_names.tsv")}
    former = {fold(each.name): fold(each.name) for each in former_kommuner()}
    whole = {form: name for form, name in (towns | former | spelled).items() if form.isalpha()}
    pieces = {piece: piece for form in spelled for piece in re.split("[- ]", form) if len(piece) > 2}
    plain = {piece: name for piece, name in pieces.items() if piece not in lemmas()} | whole
    found = {form: "@" + name for form, name in plain.items()}
    return {form + "s": key for form, key in found.items() if not form.endswith("s")} | found


def _split(form: str, bare: str) -> tuple[Part, ...]:
    parts = split(form)
    named = _with_name(form) if bare[:1].isupper() else ()
    is_sure = parts and not parts[0][0].startswith("~")
    # `Aarhusområdet` is no år-hus-område, but `Halssygdomme` are no sygdomme of Hals.
    return named if named and (not is_sure or named[0][0].removeprefix("@") not in lemmas()) else parts


def _with_name(form: str) -> tuple[Part, ...]:
    """A name and what follows it: `Københavnsområdet`."""
    if form[:_SHORTEST_NAME] not in _beginnings():
        return ()
    for end in range(len(form) - 4, _SHORTEST_NAME - 1, -1):
        if (name := names().get(form[:end])) and (head := lemmas().get(form[end:])):
            return (name,), head
    return ()


@cache
def _beginnings() -> frozenset[str]:
    """The first letters of names."""
    return frozenset(name[:_SHORTEST_NAME] for name in names())


def _joined(parts: tuple[Part, ...]) -> tuple[str, ...]:
    if all(len(words) == 1 for words in parts):
        return ("+".join([words[0] for words in parts]),)
    return tuple("+".join(words) for words in list(product(*parts))[:_MOST_READINGS])


def _inside(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """The keys of each part and of the compounds within the compound."""
    single = [word for part in parts for word in (*part, *_seen_through(part))]
    spans = [
        parts[start:end]
        for start in range(len(parts))
        for end in range(start + 2, len(parts) + 1)
        if end - start < len(parts)
    ]
    return tuple(dict.fromkeys([*single, *(key for span in spans for key in _joined(span))]))


def _seen_through(words: Part) -> Part:
    """What words of the lexicon are made of, where a reader sees it."""
    if _made_of().keys().isdisjoint(words):
        return ()
    return tuple(dict.fromkeys(part for word in words for part in _made_of().get(word, ())))


@cache
def _made_of() -> dict[str, Part]:
    rows = {fold(word): tuple(fold(part) for part in parts.split()) for word, parts in read_rows("see_through.tsv")}
    return {word: (*parts, *(more for part in parts for more in rows.get(part, ()))) for word, parts in rows.items()}


def _without_genitive(form: str) -> str:
    return form[:-1] if len(form) > 3 and form.endswith("s") and form[-2] not in "sxz" else form
