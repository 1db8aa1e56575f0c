"""Names of kommuner that share a head or a verb: `Holbæk, Greve og Ishøj kommuner`, `kommunerne Faxe (2 mio.) og Køge`.

Candidates in, enumerations out: each candidate is in one, most of them alone. One pass; what stands between two names
is looked at once, and never more than a line of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kilde.danish.folding import BLANK, GAP
from kilde.danish.gazetteer import Glue, Name

_LONGEST_LINK = 140
_WINDOW = 160

_SPACE = rf"(?:{BLANK}{{1,4}}+\n?{BLANK}{{0,8}}+|\n{BLANK}{{0,8}}+)"
_UNIT = r"(?:mio|mia|millioner|milliarder|tkr|t\.kr|kr|kroner|pct|procent|%)"
_AMOUNT = rf"(?:kr\.\s?)?\d[\d.,]{{0,15}}(?:\s?{_UNIT}\b\.?){{0,2}}(?:,-)?"
# "Aarhus (2,5 mio. kr.), Vejle med 1 mio. kr. og Odense"; "Faxe (projekt A), Køge"
_ASIDE = rf"(?:{_SPACE}?\([^()\n]{{1,60}}\)|:?{_SPACE}(?:(?:med|får|fik){_SPACE})?{_AMOUNT})?"
_BOTH = rf"(?:(?:også|både|hhv\.|henholdsvis){_SPACE})?"
_JOINT = (
    rf"(?:{_SPACE}?[,;/&+·]{_SPACE}?(?:(?:og|eller|samt){_SPACE})?"
    rf"|{_SPACE}(?:og/eller|og|eller|samt|som|såvel{_SPACE}som|&){_SPACE}){_BOTH}"
)
# One name of no kommune may stand between two: "Nakskov, Taastrup og Ishøj".
_OTHER = rf"(?:[A-ZÆØÅ][\w-]{{1,24}}{_JOINT})?"
# "Assens-, Middelfart- og Nordfyns Kommune": a hyphen for the head that follows.
_LINK = re.compile(rf"-?{_ASIDE}{_JOINT}{_OTHER}")
_DASHES = ("-", "–", "\u2010", "\u2011")
_TIGHT = (*_DASHES, "/")

_HEAD = re.compile(rf"{GAP}(?:regions)?kommune(?P<form>s|n|ns|r|rs|rne|rnes)?(?!\w)", re.IGNORECASE)

_SUCH_AS = (
    rf"(?:som|såsom|fx|f\.{BLANK}?eks\.|for{BLANK}eksempel|eksempelvis|bl\.{BLANK}?a\.|blandt{BLANK}and(?:et|re)"
    r"|herunder|heriblandt|inkl\.|inklusive|især|nemlig|dvs\.)"
)
_IS = rf"(?:(?:{_SUCH_AS}|både|enten|er|var|hhv\.|henholdsvis){_SPACE})?"
_BULLET = rf"(?:[•·*▪◦–-]{BLANK}{{0,4}}+|\d{{1,2}}[.)]{BLANK}{{1,4}}+)?+"
_AHEAD_FORMS = (
    # "kommunen Vejle", "Kommune: Vejle"
    rf"(?:n|r|rne)?[:\t]?{BLANK}{{0,4}}+[\"”»]?",
    # "en kommune som Vejle", "en større kommune end Vejle"
    rf"{_SPACE}(?:som|end){_SPACE}",
    # "kommunerne A og B", "kommuner (A, B)", "kommunerne er A og B"
    rf"(?:r|rne):?{GAP}[(–-]?{BLANK}{{0,4}}+{_BULLET}{_IS}",
    # "kommuner har fået støtte: A, B"
    rf"(?:r|rne)[^.:\n]{{0,90}}:{GAP}{_BULLET}",
    # "kommunerne i projektet er A og B"
    rf"(?:r|rne)[^.:;,\n]{{1,40}}{_SPACE}(?:er|var){_SPACE}",
    # "kommuner på Sjælland, bl.a. A"
    rf"(?:r|rne)[^.:;\n]{{0,60}},?{_SPACE}\(?{_SUCH_AS}{_SPACE}",
)
_AHEAD = re.compile(f"ommune(?:{'|'.join(_AHEAD_FORMS)})")


@dataclass(frozen=True, slots=True)
class Member:
    """A name in an enumeration, and the end of its own "Kommune" (plural ones belong to all)."""

    name: Name
    head_end: int | None
    plural: bool
    joint: str
    """What joins it to the next one without a blank: a dash (`Vejle-Kolding`) or a slash; empty for anything else."""

    @property
    def dashed(self) -> bool:
        """Joined to the next one by a dash."""
        return self.joint in _DASHES


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Names with nothing but joints between them, in the order of the text."""

    members: tuple[Member, ...]
    headed: bool
    """Whether some word says that these are kommuner."""
    plural: bool
    """Whether one word says it of all of them."""


def read_enumerations(text: str, names: Iterable[Name]) -> Iterator[Enumeration]:
    """The enumerations of the candidates of a text; those glued to other words stand alone."""
    members: list[Member] = []
    for name in names:
        if members and not _linked(text, members[-1], name):
            yield _enumeration(text, members)
            members = []
        elif members and text[members[-1].name.end : name.start] in _TIGHT:
            last = members[-1]
            members[-1] = Member(last.name, last.head_end, last.plural, text[last.name.end])
        members.append(_member(text, name))
    if members:
        yield _enumeration(text, members)


def _member(text: str, name: Name) -> Member:
    head = _HEAD.match(text, name.end) if name.glue is Glue.NONE else None
    if head is None:
        return Member(name, None, False, "")
    return Member(name, head.end(), (head["form"] or "").lower().startswith("r"), "")


def _linked(text: str, last: Member, name: Name) -> bool:
    if last.name.glue is not Glue.NONE or name.glue is not Glue.NONE:
        return False
    start = last.head_end or last.name.end
    if not 0 < name.start - start <= _LONGEST_LINK:
        return False
    return text[start : name.start] in _DASHES or _LINK.fullmatch(text, start, name.start) is not None


def _enumeration(text: str, members: list[Member]) -> Enumeration:
    start = members[0].name.start
    at = text.rfind("ommune", max(0, start - _WINDOW), start)
    plural = (at >= 0 and _AHEAD.fullmatch(text, at, start) is not None) or any(member.plural for member in members)
    return Enumeration(tuple(members), plural or any(member.head_end is not None for member in members), plural)
