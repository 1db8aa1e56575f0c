"""Kommuner named in a Danish text, each with what the name stands for: the authority, the place or an institution.

The lexicon finds candidates (`gazetteer.py`); names with nothing but joints between them are read together
(`enumerations.py`). Rules are asked in order and the first that answers decides: those on one name in `NAME_RULES`,
then those on all of an enumeration (`place_roles.py`). Every mention carries the name of its rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kilde.danish.enumerations import Enumeration, Member, read_enumerations
from kilde.danish.folding import fold
from kilde.danish.gazetteer import Name, find_names
from kilde.danish.mentions import KommuneMention, Rejected, Role
from kilde.danish.place_names import Reading, glued, hyphened, person, place_after, read, thing_after, thing_before
from kilde.danish.place_roles import judge
from kilde.danish.sightings import Sighting, Surroundings
from kilde.danish.web_addresses import Address, find_addresses

Found = tuple[str, str | None, Reading]
"""Code, name of the former kommune, and reading."""

NameRule = Callable[[Sighting], Reading | None]

_SHARING = ("er", "erne", "ers", "hospital")
"""Ends of a last word that names several: `Tønder og Varde Gymnasier`, `Herlev og Gentofte Hospital`."""


def find_kommuner(text: str, rejected: list[Rejected] | None = None) -> list[KommuneMention]:
    """The kommuner named in `text`, sorted by start; they overlap only where one word names two kommuner.

    Candidates that a rule refused are appended to `rejected`, where one is given.

    >>> [(m.surface, m.code, m.role.value) for m in find_kommuner("Roskilde Universitet ligger i Roskilde.")]
    [('Roskilde Universitet', '0265', 'institution'), ('Roskilde', '0265', 'place')]
    """
    folded = fold(text)
    mentions: list[KommuneMention] = []
    for code, former, reading in _readings(folded.text):
        start, end = folded.span(reading.start, reading.end)
        surface = text[start:end]
        if reading.role is not None:
            mentions.append(KommuneMention(start, end, surface, code, reading.role, reading.rule, former))
        elif rejected is not None:
            rejected.append(Rejected(start, end, surface, "kommune", reading.rule))
    return mentions


def _readings(text: str) -> list[Found]:
    """What is found, in the order of the text."""
    addresses = list(find_addresses(text))
    found: list[Found] = [(address.code, None, _host(address)) for address in addresses if address.code]
    found += [
        (name.known.code, name.known.former, reading)
        for name, reading in _read_names(text, _outside(addresses, find_names(text)))
    ]
    found.sort(key=lambda each: each[2].start)
    return list(_apart(text, found))


def _apart(text: str, found: list[Found]) -> Iterator[Found]:
    """Where two names claim the same words, as in `Aalborg Universitet Esbjerg`, the first one has them."""
    done = 0
    word = (-1, -1)
    for code, former, reading in found:
        if reading.role is None:
            yield code, former, reading
            continue
        if reading.start < done and (reading.start, reading.end) != word:
            rest = text[done : reading.end]
            reading = replace(reading, start=reading.end - len(rest.lstrip()))
        if reading.start < reading.end:
            done, word = reading.end, (reading.start, reading.end)
            yield code, former, reading


def _host(address: Address) -> Reading:
    return Reading(Role.INSTITUTION, "web_address", address.shown_start, address.shown_end)


def _outside(addresses: list[Address], names: Iterator[Name]) -> Iterator[Name]:
    """The names that are no part of an address."""
    position = 0
    for name in names:
        while position < len(addresses) and addresses[position].end <= name.start:
            position += 1
        if position == len(addresses) or name.end <= addresses[position].start:
            yield name


def _read_names(text: str, names: Iterator[Name]) -> Iterator[tuple[Name, Reading]]:
    previous = ("", 0)
    for enumeration, limit in _with_limits(text, read_enumerations(text, names)):
        around = Surroundings(text, enumeration, previous)
        shared = _shared_thing(around, limit)
        verdict = last = None
        members = enumeration.members
        for position, member in enumerate(members):
            following = members[position + 1].name.start if position + 1 < len(members) else limit
            before = members[position - 1] if position else None
            sighting = Sighting(around, member, following, before is not None and before.dashed)
            reading = _alone(sighting)
            if reading is None and (shared or _shares(before, last)):
                reading = read(sighting, Role.INSTITUTION, "shared_institution")
            if reading is None:
                verdict = verdict or judge(around)
                reading = read(sighting, *verdict)
            yield member.name, reading
            last = reading
        if verdict:
            previous = (verdict[1], around.end)


def _alone(sighting: Sighting) -> Reading | None:
    for rule in PLAIN_RULES if sighting.is_plain else NAME_RULES:
        reading = rule(sighting)
        if reading is not None:
            return reading
    return None


def _with_limits(text: str, enumerations: Iterator[Enumeration]) -> Iterator[tuple[Enumeration, int]]:
    """Each enumeration, and where the next one starts."""
    waiting: Enumeration | None = None
    for enumeration in enumerations:
        if waiting:
            yield waiting, enumeration.members[0].name.start
        waiting = enumeration
    if waiting:
        yield waiting, len(text)


def _shares(before: Member | None, last: Reading | None) -> bool:
    """Whether the institution of the name before has this one's too: `Jobcenter Brøndby/Ishøj`."""
    return bool(before and before.joint and last and last.role is Role.INSTITUTION)


def _shared_thing(around: Surroundings, limit: int) -> bool:
    """Whether the last institution is one of each name: `Tønder og Varde Gymnasier`, `Herlev-Gentofte Hospital`."""
    members = around.enumeration.members
    if len(members) < 2:
        return False
    thing = thing_after(Sighting(around, members[-1], limit, members[-2].dashed))
    if thing is None or thing.role is not Role.INSTITUTION:
        return False
    return bool(members[-2].joint) or around.text[thing.start : thing.end].lower().endswith(_SHARING)


def _kommune_head(sighting: Sighting) -> Reading | None:
    """`Faxe Kommunes`, `Faxe og Køge kommuner`; the plural is no part of the name."""
    member = sighting.member
    if member.head_end is None:
        return None
    return read(sighting, Role.AUTHORITY, "kommune", end=None if member.plural else member.head_end)


def _former(sighting: Sighting) -> Reading | None:
    """Towns that had a kommune until 2006 (Ribe, Grindsted) are none where nothing says "kommuner"."""
    if not sighting.name.known.headed:
        return None
    named = sighting.around.enumeration.plural
    return read(sighting, Role.AUTHORITY, "list") if named else read(sighting, None, "no_kommune_of_today")


def _listed(sighting: Sighting) -> Reading | None:
    """A name that shares a "Kommune" with others."""
    return read(sighting, Role.AUTHORITY, "list") if sighting.around.enumeration.headed else None


NAME_RULES: tuple[NameRule, ...] = (
    glued,
    _kommune_head,
    hyphened,
    _former,
    person,
    thing_after,
    thing_before,
    _listed,
    place_after,
)
PLAIN_RULES: tuple[NameRule, ...] = (_kommune_head, _former, _listed)
"""Those that can have an answer where nothing but commas is beside the name: long lists are read with these."""
