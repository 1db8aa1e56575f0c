"""Names that only hold the name of a kommune: institutions, streets, bays, people. Rules for `places.py`.

Each rule takes a sighting and answers with a reading, or None where it has nothing to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kilde.danish.folding import BLANK
from kilde.danish.gazetteer import Glue
from kilde.danish.mentions import Role
from kilde.danish.place_words import (
    AUTHORITY,
    INSTITUTION,
    NOTHING,
    PLACE,
    given_names,
    is_office,
    is_role,
    reading_after,
    reading_before,
    words,
)
from kilde.danish.sightings import Sighting, capitals_from

_ROLES = {AUTHORITY: Role.AUTHORITY, INSTITUTION: Role.INSTITUTION, NOTHING: None}

_AREA = ("området", "områdets", "egnen", "egnens")
_SEATS = frozenset(
    ("Retten", "Byretten", "Statsfængslet", "Arresthuset", "Arresten", "Universitetet", "Professionshøjskolen")
)
"""Institutions that are named by where they are: `Retten i Kolding`."""

_INITIAL = re.compile(r"(?<!\w)[A-ZÆØÅ]\.(?:[A-ZÆØÅ]\.)?")
_ROW_AMOUNT = re.compile(r"[^\n\t]{1,120}\d(?:[\d.,]{0,14}\d)?(?: (?:mio|mia|t)?\.? ?kr\.?| kroner)?[ \t]*(?:\n|\Z)")
_PARTY = re.compile(rf"{BLANK}\([A-ZÆØÅ]{{1,3}}\)")
_HYPHENED = re.compile(r"[-\u2010\u2011]\n?(\w{0,60})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule made of a name: its role, None for none, and the span it has in the text."""

    role: Role | None
    rule: str
    start: int
    end: int


def read(sighting: Sighting, role: Role | None, rule: str, start: int | None = None, end: int | None = None) -> Reading:
    """A reading of the name's own span, or of a longer one."""
    name = sighting.name
    return Reading(role, rule, name.start if start is None else start, name.end if end is None else end)


def glued(sighting: Sighting) -> Reading | None:
    """A part of a word: `GreveSolrødErhverv` is an institution, `Randersvej` nothing, `Københavnsområdet` the place."""
    name = sighting.name
    if name.glue is Glue.NONE:
        return None
    if name.tail.removeprefix("s") in _AREA:
        return read(sighting, Role.PLACE, "area")
    if name.tail.startswith("kommune"):
        return read(sighting, Role.AUTHORITY, "kommune")
    if name.glue is Glue.CAMEL and not (name.tail and reading_after(name.tail.capitalize()) == NOTHING):
        return read(sighting, Role.INSTITUTION, "camel_case")
    return read(sighting, None, "compound")


def hyphened(sighting: Sighting) -> Reading | None:
    """`Aarhus-modellen` and `Greve-Nielsen` are nothing; `Aarhus-borgmesteren` is the authority."""
    text, name = sighting.text, sighting.name
    if text[name.end - 1] == "-" or name.known.headed:
        return None
    before = text[max(0, name.start - 2) : name.start]
    if before[1:] == "-" and before[0].isalnum() and not sighting.dashed_before:
        return read(sighting, None, "hyphen_compound")
    found = None if sighting.member.dashed else _HYPHENED.match(text, name.end)
    if found and not found[1] and sighting.around.enumeration.headed:
        return None  # "Assens- og Middelfart Kommune"
    return _hyphened_with(sighting, found[1], found.end()) if found else None


def _hyphened_with(sighting: Sighting, word: str, end: int) -> Reading:
    if is_office(word):
        return read(sighting, Role.AUTHORITY, "office", end=end)
    if word.lower().startswith("kommune"):
        return read(sighting, Role.AUTHORITY, "kommune", end=end)
    if word in _AREA:
        return read(sighting, Role.PLACE, "area", end=end)
    following, last = capitals_from(sighting.text, end, sighting.limit)
    if word[:1].isupper() and any(reading_after(each) == INSTITUTION for each in following):
        return read(sighting, Role.INSTITUTION, "institution_after", end=last)
    return read(sighting, None, "hyphen_compound")


def thing_after(sighting: Sighting) -> Reading | None:
    """What the words after make of it: `Roskilde Universitet`, `Vejle Fjord`, `Lyngby Hovedgade`, `Greve Byråd`."""
    reading, end = sighting.reading_after
    if reading is None:
        return _unknown_after(sighting, end) if sighting.capitals_after[0] else None
    if reading == PLACE:
        return None
    return read(sighting, _ROLES[reading], f"{reading}_after", end=None if reading == NOTHING else end)


def place_after(sighting: Sighting) -> Reading | None:
    """A part of the town or what is around it: `Aarhus C`, `Odense by`."""
    return read(sighting, Role.PLACE, "place_after") if sighting.reading_after[0] == PLACE else None


def _unknown_after(sighting: Sighting, end: int) -> Reading | None:
    """A capitalised word that no table has: most of them make a name of an institution (`Aarhus Fremad`)."""
    around = sighting.around
    if sighting.is_upper or len(around.enumeration.members) > 1 or around.enumeration.headed:
        return None
    if around.begins_cell and _ROW_AMOUNT.match(sighting.text, sighting.name.end):
        return None
    ahead = sighting.words_ahead
    if len(ahead) > 1 and around.governor in words("preposition") and (is_role(ahead[-2]) or is_office(ahead[-2])):
        return None
    if "noun" in sighting.traits:
        return read(sighting, None, "common_noun")
    return read(sighting, Role.INSTITUTION, "named_after", end=end)


def person(sighting: Sighting) -> Reading | None:
    """A surname: after a given name, an initial or a title; or `greve` before a given name."""
    return read(sighting, None, "person") if _is_noble(sighting) or _is_surname(sighting) else None


def _is_noble(sighting: Sighting) -> bool:
    text, end = sighting.text, sighting.name.end
    if "noun" not in sighting.traits or text[end : end + 1] != " " or sighting.around.governor in words("preposition"):
        return False
    following = text[end + 1 : end + 30].split(maxsplit=1)
    return bool(following) and following[0].rstrip(".,") in given_names()


def _is_surname(sighting: Sighting) -> bool:
    ahead = sighting.words_ahead
    if not ahead:
        return False
    last = ahead[-1].lstrip("(\"”»'")
    if last in given_names() or last.lower() in words("title"):
        return True
    if not last[:1].isupper() or sighting.is_upper or last[-1] in ",:;!?)":
        return False
    if last[-1] == ".":
        return bool(_INITIAL.fullmatch(last)) and not sighting.traits.isdisjoint(("surname", "noun"))
    return _named(sighting, ahead)


def _named(sighting: Sighting, ahead: list[str]) -> bool:
    """Whether the capitalised words before are a person's: `kontorchef Fatma Yıldız Greve`, `Mette Holm Greve (S)`."""
    if reading_before(ahead[-1]) or ahead[-1].lower() in words("function"):
        return False
    for word in ahead[-2:-5:-1]:
        if word in given_names() or is_role(word):
            return True
        if not word[:1].isupper() or word[-1] in ".,:;!?":
            return False
    return _PARTY.match(sighting.text, sighting.name.end) is not None


def thing_before(sighting: Sighting) -> Reading | None:
    """What the words before make of it: `Jobcenter Randers`, `Røde Kors Odense`, `Retten i Kolding`."""
    ahead = sighting.words_ahead
    if not ahead or ahead[-1][-1] in '.,:;!?)”"»–—-•':
        return None
    if ahead[-1] == "i" and len(ahead) > 1 and ahead[-2] in _SEATS:
        start = sighting.text.rfind(ahead[-2], 0, sighting.name.start)
        return read(sighting, Role.INSTITUTION, "seat", start=start)
    word = ahead[-1].lstrip('("”„»«')
    reading = reading_before(word)
    if reading == PLACE:
        return read(sighting, Role.PLACE, "place_before")
    if reading is None and not _unknown_before(sighting, ahead, word):
        return None
    if reading is None and "surname" in sighting.traits and not _has_coined(ahead):
        return read(sighting, None, "person")
    return read(sighting, Role.INSTITUTION, "institution_before", start=_run_start(sighting, ahead))


def _unknown_before(sighting: Sighting, ahead: list[str], word: str) -> bool:
    """Whether a capitalised word that no table has stands in the middle of a sentence, no gap of a table."""
    if sighting.wraps_ahead or sighting.text[sighting.name.start - 3 : sighting.name.start].isspace():
        return False
    if sighting.is_upper or not word[:1].isupper() or word.lower() in words("function"):
        return False
    if len(ahead) == 1 or word != ahead[-1]:
        return _is_coined(word) and len(word) > 1
    return ahead[-2][-1] not in '.:!?•–—-"”»*'


def _is_coined(word: str) -> bool:
    """Whether it is an abbreviation or has a capital inside: `SIRI`, `FrivilligCenter`, `TV2`; no `DK-8000`."""
    return not word[1:].islower() and not word[-2:].isdecimal()


def _has_coined(ahead: list[str]) -> bool:
    """Whether the capitalised words before have one that is no person's: `EUC Nordvest`."""
    for word in ahead[:-5:-1]:
        if not word[:1].isupper() or word[-1] in ".,:;!?":
            return False
        if reading_before(word) or (len(word) > 1 and _is_coined(word)):
            return True
    return False


def _run_start(sighting: Sighting, ahead: list[str]) -> int:
    """Where the capitalised words before begin."""
    count = 1
    while count < min(4, len(ahead)):
        word = ahead[-count - 1]
        first = count + 1 == len(ahead)
        if not word[:1].isupper() or word[-1] in ".,:;!?" or word.lower() in words("function") or first:
            break
        count += 1
    start = sighting.name.start
    for word in ahead[: -count - 1 : -1]:
        start = sighting.text.rfind(word, 0, start)
    return start + len(ahead[-count]) - len(ahead[-count].lstrip('("”„»«'))
