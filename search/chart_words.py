"""The Danish words around a chart: its title, what is left out, what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kilde.danish.numbers import print_number
from search.chart import Axis, Chart, Unit
from search.labels import label
from search.page import Coverage, Filters, Query
from search.table import shown

UNITS = {
    Unit.RECORDS: ("post", "poster"),
    Unit.DOCUMENTS: ("dokument", "dokumenter"),
    Unit.MENTIONS: ("omtale", "omtaler"),
    Unit.AMOUNTS: ("beløb", "beløb"),
}
"""One and several."""
AXES = {
    Axis.YEAR: "efter udgivelsesår",
    Axis.MONTH: "efter udgivelsesmåned",
    Axis.KOMMUNE: "efter kommune",
    Axis.REGION: "efter region",
    Axis.AMOUNTS: "efter størrelse",
}
LISTED = {
    "kommune": "kommune",
    "region": "region",
    "source": "kilde",
    "kind": "type",
    "publisher": "udgiver",
    "theme": "tema",
    "year": "år",
    "role": "rolle",
}
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
          "december")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caption:
    """A chart's title, the filters below it, and what stands at its foot; all in Danish."""

    title: str
    filters: str
    notes: tuple[str, ...]
    footing: str

    @property
    def text(self) -> str:
        """All of it as sentences."""
        return " ".join(f"{part}." for part in (self.title, self.filters, *self.notes, self.footing) if part)


def caption_of(chart: Chart, query: Query, coverage: Coverage, today: date) -> Caption:
    """The words around a chart of a query's hits."""
    return Caption(_title(chart, query), _filters(query.filters), tuple(notes_of(chart)), _footing(coverage, today))


def notes_of(chart: Chart) -> list[str]:
    """What a reader of the bars should know."""
    notes = []
    if chart.undated:
        known = "udgivelsesmåned" if chart.axis is Axis.MONTH else "udgivelsesår"
        notes.append(f"{counted(chart.undated, chart.unit)} uden kendt {known} er ikke med")
    if chart.others:
        notes.append(f"{number(chart.others)} med færre er ikke vist")
    if chart.quartiles:
        low, median, high = (kroner(each) for each in chart.quartiles)
        notes.append(f"Median {median}; den midterste halvdel ligger fra {low} til {high}")
    if chart.axis is Axis.AMOUNTS:
        notes.append("Hvert beløb er talt én gang for hvert dokument, og beløb kan gå igen i flere dokumenter")
    return notes


def counted(count: int, unit: Unit) -> str:
    """`1 omtale`, `1.200 omtaler`."""
    return f"{number(count)} {UNITS[unit][count != 1]}"


def number(count: int) -> str:
    """A whole number as Danes write it."""
    return print_number(Decimal(count))


def kroner(value: float) -> str:
    """An amount of a statistic, with as many digits as it deserves.

    >>> kroner(1_234_567.0), kroner(950.5)
    ('1,23 mio. kr.', '950,5 kr.')
    """
    for size, unit in ((10**9, "mia. kr."), (10**6, "mio. kr.")):
        if value >= size:
            return f"{print_number(round(Decimal(value) / size, 2))} {unit}"
    return f"{print_number(round(Decimal(value), 2))} kr."


def _title(chart: Chart, query: Query) -> str:
    about = f" om »{shown(query.text)}«" if query.text.strip() else ""
    several = UNITS[chart.unit][1]
    return f"{several.capitalize()}{about} {AXES[chart.axis]}"


def _filters(filters: Filters) -> str:
    parts = [
        f"{name}: {' eller '.join(shown(label(facet, value)) for value in getattr(filters, facet))}"
        for facet, name in LISTED.items()
        if getattr(filters, facet)
    ]
    parts += _span("udgivet", _day(filters.published_from), _day(filters.published_to))
    parts += _span("nævner datoer", _day(filters.mentions_from), _day(filters.mentions_to))
    low, high = (None if it is None else kroner(it / 100) for it in (filters.amount_min, filters.amount_max))
    parts += _span("nævner beløb", low, high)
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _span(name: str, first: str | None, last: str | None) -> list[str]:
    ends = [f"fra {first}" if first else "", f"til {last}" if last else ""]
    return [" ".join([name, *filter(None, ends)])] if any(ends) else []


def _day(day: date | None) -> str | None:
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}" if day else None


def _footing(coverage: Coverage, today: date) -> str:
    documents = "dokument" if coverage.documents == 1 else "dokumenter"
    months = "måned" if coverage.months == 1 else "måneder"
    searched = f"{number(coverage.documents)} {documents} fra {number(coverage.months)} {months}"
    missing = f", {number(coverage.quarantined)} kunne ikke læses" if coverage.quarantined else ""
    return f"Søgt i {searched}{missing}; lavet med Kilde {_day(today)}"
