"""When a document was published, and what that rests on.

The order is that of CONTRACTS: the document's own words (an imprint "Udgivet ...", a newsletter's title, a line under
the title that is a date), its metadata, the source, what was given. A newsletter's title often leaves the year out
("Integrationsnyt oktober"): then the year is taken from "Sidst opdateret ...", else from the metadata or what was
given, else from the dates in the text, and a Problem says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.imprints import Imprint
from kilde.danish.dates import TitleDate, find_dates, find_title_date
from kilde.model import Basis, DateMention, Grain, PartialDate, Problem, Publication, PublishedBasis, Severity, Span

LONGEST_DATELINE = 120
POINTED = frozenset({Grain.DAY, Grain.MONTH, Grain.YEAR})
PART_END = re.compile(r"[|·•–—]| - |, ")


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a document's publication from outside its words, each as it was written."""

    override: str | None = None
    pointed_out: str | None = None
    """What the source's definition points out on the page: it wins over the document's other words."""
    meta: str | None = None
    source: str | None = None
    given: str | None = None


def find_publication(
    text: str, title: Span | None, lead: Span | None, imprints: Sequence[Imprint], given: Given, *, dated_title: bool
) -> tuple[Publication | None, list[Problem]]:
    """The publication of a document; `dated_title` where the kind of document puts its own date into its title."""
    if given.override:
        return Publication(PartialDate.parse(given.override), PublishedBasis.OVERRIDE), []
    if given.pointed_out:
        return pointed_out(text, PartialDate.parse(given.pointed_out)), []
    own = published_imprint(imprints) or (dateline(text, lead) if lead else None)
    if own:
        return own, []
    if title and dated_title:
        found = find_title_date(text[title.start : title.end])
        if found:
            return from_title(text, title.start, found, imprints, given)
    return from_outside(given), []


def pointed_out(text: str, when: PartialDate) -> Publication:
    """The publication that a source points out, with the first words of the text that say the same."""
    day = next((it for it in find_dates(text) if it.first and it.grain in POINTED and partial(it) == when), None)
    if day is None:
        return Publication(when, PublishedBasis.META)
    return Publication(when, PublishedBasis.TEXT, Span(day.start, day.end))


def from_outside(given: Given) -> Publication | None:
    """The publication by metadata, source or what was given."""
    for value, basis in (
        (given.meta, PublishedBasis.META),
        (given.source, PublishedBasis.SOURCE),
        (given.given, PublishedBasis.GIVEN),
    ):
        if value:
            return Publication(PartialDate.parse(value), basis)
    return None


def published_imprint(imprints: Sequence[Imprint]) -> Publication | None:
    """The publication by a line "Udgivet ..."."""
    for imprint in imprints:
        if not imprint.updated and imprint.date.first:
            span = Span(imprint.start + imprint.date.start, imprint.start + imprint.date.end)
            return Publication(partial(imprint.date), PublishedBasis.TEXT, span)
    return None


def dateline(text: str, lead: Span) -> Publication | None:
    """The publication by the line under the title, where a date is all of it or a part of its own.

    "12. maj 2021", "Nr. 2, marts 2022", "Nyhedsbrev nr. 4 · 17. november 2022 · Svendborg Kommune". A sentence is none.
    """
    line = text[lead.start : lead.end]
    dates = find_dates(line) if len(line) <= LONGEST_DATELINE and not line.endswith(".") else []
    if len(dates) != 1 or dates[0].grain not in {Grain.DAY, Grain.MONTH} or dates[0].basis is not Basis.EXPLICIT:
        return None
    date = dates[0]
    before, after = PART_END.split(line[: date.start])[-1], PART_END.split(line[date.end :])[0]
    if (before + after).strip(" .,").casefold() not in {"", "den", "d", "dato:"}:
        return None
    return Publication(partial(date), PublishedBasis.TEXT, Span(lead.start + date.start, lead.start + date.end))


def partial(date: DateMention) -> PartialDate:
    """A date mention of a day, a month or a year as a partial date."""
    first = date.first
    if first is None:
        raise ValueError(f"a publication needs a beginning: {date.surface!r}")
    return PartialDate(
        first.year, first.month if date.grain is not Grain.YEAR else 0, first.day if date.grain is Grain.DAY else 0
    )


def from_title(
    text: str, offset: int, found: TitleDate, imprints: Sequence[Imprint], given: Given
) -> tuple[Publication | None, list[Problem]]:
    """The publication by a newsletter's title; a missing year is looked for in the order of the module's docstring."""
    span = Span(offset + found.start, offset + found.end)
    if found.year:
        return Publication(PartialDate(found.year, found.month or 0, found.day or 0), PublishedBasis.TEXT, span), []
    month = found.month or 0
    inferred = year_of_imprint(month, imprints) or year_of_outside(month, given) or year_of_text(text)
    if not inferred:
        detail = f"the title says {found.surface!r} and nothing says which year"
        return from_outside(given), [Problem("published_year_unknown", Severity.WARNING, detail, span)]
    year, because = inferred
    detail = f"the year {year} of {found.surface!r} is taken from {because}"
    when = PartialDate(year, month, found.day or 0)
    return Publication(when, PublishedBasis.INFERRED, span), [
        Problem("published_year_inferred", Severity.NOTE, detail, span)
    ]


def year_of_imprint(month: int, imprints: Sequence[Imprint]) -> tuple[int, str] | None:
    """The last such month before the page was last changed."""
    for imprint in imprints:
        if imprint.updated and imprint.date.first:
            day = imprint.date.first
            return day.year - (month > day.month), f'"Sidst opdateret {imprint.date.surface}"'
    return None


def year_of_outside(month: int, given: Given) -> tuple[int, str] | None:
    """The year of the metadata or of what was given; the one nearest to it where only the month stands in the title."""
    outside = from_outside(given)
    if outside is None:
        return None
    when = outside.when
    distance = month - when.month if when.month else 0
    year = when.year + (distance < -6) - (distance > 6)
    return year, f"{outside.basis.value} ({when})"


def year_of_text(text: str) -> tuple[int, str] | None:
    """The year that most of the full dates in the text have."""
    years = Counter(
        date.first.year for date in find_dates(text) if date.grain in {Grain.DAY, Grain.MONTH} and date.first
    )
    if not years:
        return None
    year, count = max(years.items(), key=lambda it: (it[1], it[0]))
    return year, f"the dates in the text ({count} of {years.total()})"
