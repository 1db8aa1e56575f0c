"""What the words next to a name of a kommune say about it: tables from `lexicon/place_*.tsv`, asked word by word."""

from __future__ import annotations

from functools import cache, lru_cache

from kilde.danish.lexicon_rows import read_rows

AUTHORITY, INSTITUTION, PLACE, NOTHING = "authority", "institution", "place", "none"
"""What a name and its neighbour are together; `none`: nothing that has to do with the kommune (Vejle Fjord)."""

_LONGEST = 60
_SHORTEST_ENDING = 3
# Danish nouns are inflected at the end; forms that no noun has do no harm.
_INFLECTIONS = (
    "", "s", "en", "et", "ens", "ets", "n", "ns", "t", "ts", "er", "ers", "erne", "ernes", "e", "es", "ne", "nes",
    "r", "rs", "rne", "rnes", "ben", "bens", "len", "let",
)  # fmt: skip

_ROLES = (
    "chef", "direktør", "formand", "leder", "konsulent", "minister", "ordfører", "medarbejder", "lærer", "læge",
    "rådgiver", "professor", "lektor", "borgmester", "rådmand", "advokat", "præst", "pædagog", "forsker", "koordinator",
    "sekretær", "medlem", "kandidat", "inspektør", "rektor", "forperson", "forkvinde", "tovholder", "forfatter",
)  # fmt: skip


@lru_cache(maxsize=8192)
def reading_after(word: str) -> str | None:
    """What a name and the word after it are together; None for a word that says nothing."""
    return _reading("after", word)


@lru_cache(maxsize=8192)
def reading_before(word: str) -> str | None:
    """What a name and the word before it are together; None for a word that says nothing."""
    return _reading("before", word)


@cache
def words(kind: str) -> frozenset[str]:
    """The words of a kind in `place_syntax.tsv`, in lower case."""
    return frozenset(word for word, of_kind in read_rows("place_syntax.tsv") if of_kind == kind)


@cache
def given_names() -> frozenset[str]:
    """Given names, with their capitals."""
    return frozenset(name for (name,) in read_rows("given_names.tsv"))


def is_office(word: str) -> bool:
    """Whether the word is a part of a kommune's government, alone or as its ending: `viceborgmesteren`."""
    lower = word.lower()
    return lower in words("office") or lower.endswith(_office_endings())


def is_role(word: str) -> bool:
    """Whether a person follows: `kontorchef`, `skolelederen`."""
    return word.lower().removesuffix("en").endswith(_ROLES)


@cache
def _office_endings() -> tuple[str, ...]:
    return tuple(word for word in words("office") if len(word) > _SHORTEST_ENDING)


def _reading(where: str, word: str) -> str | None:
    lower = word.lower()[:_LONGEST]
    capital = lower != word[:_LONGEST]
    whole, endings = _table(where, "word"), _table(where, "ending")
    forms = [(_table(where, "exact"), word), (whole, lower), (whole, lower.removesuffix("s"))]
    forms += [(endings, lower[first:]) for first in range(len(lower) - _SHORTEST_ENDING + 1)]
    for table, form in forms:
        entry = table.get(form)
        if entry is not None and (capital or not entry[1]):
            return entry[0]
    return None


@cache
def _table(where: str, match: str) -> dict[str, tuple[str, bool]]:
    """The reading by word, or by inflected ending, and whether a capital is needed."""
    found: dict[str, tuple[str, bool]] = {}
    for word, of_where, of_match, case, reading in read_rows("place_neighbours.tsv"):
        if (of_where, of_match) == (where, match):
            entry = (reading, case == "capital")
            inflected = [word + form for form in _INFLECTIONS] if match == "ending" else []
            found = dict.fromkeys(inflected, entry) | found | {word: entry}
    return found
