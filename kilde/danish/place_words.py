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
    capital = word[:1].isupper() or lower != word[:_LONGEST]
    for ending in (False, True):
        table = _table(where, ending)
        if not ending and lower.endswith("s") and lower not in table:
            lower = lower[:-1]
        for first in range(max(1, len(lower) - _SHORTEST_ENDING + 1) if ending else 1):
            entry = table.get(lower[first:])
            if entry is not None and (capital or not entry[1]):
                return entry[0]
    return None


@cache
def _table(where: str, ending: bool) -> dict[str, tuple[str, bool]]:
    """The reading by word, or by inflected ending, and whether a capital is needed."""
    found: dict[str, tuple[str, bool]] = {}
    for word, of_where, match, case, reading in read_rows("place_neighbours.tsv"):
        if of_where == where and (match == "ending") == ending:
            entry = (reading, case == "capital")
            inflected = dict.fromkeys((word + form for form in _INFLECTIONS), entry) if ending else {}
            found = inflected | found | {word: entry}
    return found
