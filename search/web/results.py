"""The search page: a question to a `View` of hits, facets, timeline and map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kilde.danish.kommuner import kommuner
from search.page import FacetValue, Hit, Page, Segment
from search.render import HIT_COLUMNS, hit_line, page_json
from search.web.addresses import Address, kommune_address, record_address, search_address
from search.web.asked import Asked, pairs_of, query_of
from search.web.danish import told
from search.web.denmark import Denmark, denmark
from search.web.library import Library
from search.web.newest import feed
from search.web.timeline import Timeline, timeline
from search.web.view import Form, Sheet, Task, View
from search.web.words import Wording, day, money, wording

FACETS = ("kommune", "region", "year", "kind", "publisher", "theme", "source")
LISTED = ("region", "kind", "publisher", "theme", "source")
"""The facets that are shown as boxes to tick, besides kommuner."""
OPEN_VALUES = 7
MOST_VALUES = 60
MOST_CHIPS = 5
DKK = 100

_LISTS = frozenset({"kommune", "region", "year", "kind", "publisher", "theme", "source", "role"})


@dataclass(frozen=True, slots=True)
class Filter:
    """An active filter: what it says, and the address without it."""

    name: str
    label: str
    address: Address


@dataclass(frozen=True, slots=True)
class Chip:
    """A kommune or amount that a record mentions."""

    text: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as the page shows it."""

    address: Address
    heading: tuple[Segment, ...]
    title: str
    """Of the document; empty where the heading says the same."""
    about: tuple[str, ...]
    snippet: tuple[Segment, ...]
    kommuner: tuple[Chip, ...]
    more_kommuner: int
    amounts: tuple[str, ...]
    more_amounts: int


@dataclass(frozen=True, slots=True)
class Box:
    """A facet with its values: those that are open, and those behind "all"."""

    name: str
    values: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]


def results(library: Library, task: Task) -> View:
    """The view of a search."""
    asked, say = task.asked, wording(task.language)
    if task.form is Form.ATOM:
        return feed(library, query_of(asked), heading_of(asked, say), search_address(pairs_of(asked)))
    page = library.search(query_of(asked, FACETS if task.form is Form.HTML else None))
    address = search_address(pairs_of(task.asked))
    following = address.having("cursor", page.next) if page.next else None
    return View(
        template="results.html",
        title=heading_of(asked, say),
        address=address,
        content=_content(page, asked, address, task.language) if task.form is Form.HTML else {},
        data=page_json(page),
        sheet=Sheet(HIT_COLUMNS, [hit_line(hit) for hit in page.hits]) if task.form is Form.CSV else None,
        next=following,
        indexed=False,
    )


def heading_of(asked: Asked, say: Wording) -> str:
    """What a search is called."""
    names = [kommuner()[code].name for code in asked.kommune[:3] if code in kommuner()]
    parts = [asked.q.strip(), ", ".join(names), ", ".join(asked.year[:3])]
    return " · ".join(part for part in parts if part) or say("search.everything")


def _content(page: Page, asked: Asked, address: Address, language: str) -> dict[str, object]:
    say = wording(language)
    first = address.without("cursor")
    counts = {value.value: value.count for value in page.facets["kommune"]}
    return {
        "asked": asked,
        "page": page,
        "notes": [told(note, language) for note in page.notes],
        "hits": [shown(hit, asked, language) for hit in page.hits],
        "filters": filters(first, say, language),
        "boxes": [_box(name, page.facets[name], OPEN_VALUES) for name in LISTED if page.facets[name]],
        "kommuner": _box("kommune", page.facets["kommune"], OPEN_VALUES),
        "timeline": years_of(page, first),
        "map": country(counts, first, frozenset(asked.kommune)),
        "first": first,
        "suggestion": first.having("q", page.suggestion) if page.suggestion else None,
        "kept": [pair for pair in first.query if pair[0] in ("year", "mentions_from", "mentions_to", "role")],
    }


def years_of(page: Page, address: Address) -> Timeline | None:
    """The bars of a page's years, each of which chooses its year or takes it away."""
    counts = {int(value.value): value.count for value in page.facets["year"] if value.count}
    chosen = frozenset(int(value.value) for value in page.facets["year"] if value.selected)
    return timeline(counts, lambda year: address.toggled("year", str(year)), chosen)


def country(counts: dict[str, int], address: Address, chosen: frozenset[str]) -> Denmark:
    """The map of a search, on which each kommune chooses itself or takes itself away."""
    return denmark(counts, lambda code: address.toggled("kommune", code), chosen)


def _box(name: str, values: Sequence[FacetValue], size: int) -> Box:
    """The chosen values and the largest first; the rest behind them."""
    chosen = [value for value in values if value.selected]
    others = [value for value in values if not value.selected]
    opened = (*chosen, *others[: max(size - len(chosen), 0)])
    rest = others[max(size - len(chosen), 0) :]
    limit = len(kommuner()) if name == "kommune" else MOST_VALUES
    return Box(name, opened, tuple(rest[:limit]))


def filters(address: Address, say: Wording, language: str) -> list[Filter]:
    """The active filters, in the order of the address."""
    found = []
    for name, value in address.query:
        if name in _LISTS:
            found.append(Filter(name, value_label(name, value, say), address.toggled(name, value)))
        elif name in ("from", "to", "mentions_from", "mentions_to"):
            label = say(f"filter.{name}", value=day(value, language))
            found.append(Filter(name, label, address.without(name)))
        elif name in ("amount_min", "amount_max"):
            amount = money(round(float(value.replace(",", ".")) * DKK), language)
            found.append(Filter(name, say(f"filter.{name}", value=amount), address.without(name)))
    return found


def value_label(facet: str, value: str, say: Wording) -> str:
    """What a value of a facet is called."""
    if facet == "kommune":
        known = kommuner().get(value)
        return known.name if known else value
    return say(f"{facet}.{value}") if facet in ("kind", "role") else value


def shown(hit: Hit, asked: Asked, language: str) -> Shown:
    """A hit as the page shows it: its heading on top, and not again in the snippet."""
    say = wording(language)
    heading = " ".join((hit.heading or hit.title).split()) or say("untitled")
    title = " ".join(hit.title.split())
    about = (hit.publisher or "", say(f"kind.{hit.kind}"), day(hit.published, language) or say("undated"))
    chosen = set(asked.kommune)
    codes = sorted(hit.kommuner, key=lambda code: (code not in chosen, code))
    known = [kommuner()[code] for code in codes if code in kommuner()]
    marked, snippet = split_heading(hit.snippet, heading)
    amounts = [money(amount, language) for amount in dict.fromkeys(hit.amounts)]
    return Shown(
        record_address(hit.id),
        marked,
        "" if title == heading else title,
        tuple(part for part in about if part),
        snippet,
        tuple(Chip(kommune.name, kommune_address(kommune)) for kommune in known[:MOST_CHIPS]),
        max(len(known) - MOST_CHIPS, 0),
        tuple(amounts[:MOST_CHIPS]),
        max(len(amounts) - MOST_CHIPS, 0),
    )


def split_heading(snippet: Sequence[Segment], heading: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """The heading with its marks, and the snippet behind it, on one line each.

    >>> split_heading([Segment("Ny ", False), Segment("pulje", True), Segment("\\nDer er", False)], "Ny pulje")[0]
    (Segment(text='Ny ', marked=False), Segment(text='pulje', marked=True))
    """
    pieces = [Segment(_flat(piece.text), piece.marked) for piece in snippet]
    if not "".join(piece.text for piece in pieces).startswith(heading):
        return (Segment(heading, marked=False),), tuple(pieces)
    first: list[Segment] = []
    rest: list[Segment] = []
    left = len(heading)
    for piece in pieces:
        first.append(Segment(piece.text[:left], piece.marked))
        behind = piece.text[left:]
        rest.append(Segment(behind if rest and rest[-1].text else behind.lstrip(), piece.marked))
        left = max(left - len(piece.text), 0)
    return tuple(piece for piece in first if piece.text), tuple(piece for piece in rest if piece.text)


def _flat(text: str) -> str:
    """The text with single spaces, those at its ends kept."""
    return " ".join(f"|{text}|".split())[1:-1]
