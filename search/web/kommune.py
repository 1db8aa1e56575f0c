"""The pages of kommuner and regions: mentions by year, grants, who is mentioned with them, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kilde.danish.kommuner import Kommune, kommuner
from kilde.errors import MissingError
from kilde.model import Record
from search.export_cells import Kind, columns
from search.mentions import MENTION_COLUMNS, grant_values, mention_values, place_values
from search.page import FacetValue, Filters, Hit, Page, Query, Sort
from search.query import parse_query
from search.web import ledger
from search.web.addresses import (
    KOMMUNER,
    Address,
    kommune_address,
    record_address,
    region_address,
    regions,
    search_address,
)
from search.web.asked import Asked
from search.web.denmark import denmark
from search.web.library import Library
from search.web.newest import feed
from search.web.results import shown
from search.web.timeline import Timeline, timeline
from search.web.view import Form, Json, Sheet, Task, View
from search.web.words import alphabetical, day, money, wording

NEWEST = 6
LINES = 12
GRANTS = 12
SUMS = 6
COMPANY = 12
LIST_COLUMNS = columns("code name official region landsdel records address", records=Kind.INTEGER)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Company:
    """A kommune that is mentioned in the same records, how often, and the search for both."""

    name: str
    count: int
    share: int
    """Per cent of the largest."""
    address: Address
    both: Address


@dataclass(frozen=True, slots=True)
class Sum:
    """A record with the largest amount that it mentions."""

    amount: str
    heading: str
    published: str
    address: Address


@dataclass(frozen=True, slots=True)
class Gaps:
    """Years of the archive without a mention: those it has documents of, and those it has none of."""

    silent: tuple[int, ...]
    uncollected: tuple[int, ...]


def all_kommuner(library: Library, task: Task) -> View:
    """The view of all kommuner: a map, and a list by region."""
    say = wording(task.language)
    if task.form is Form.ATOM:
        return feed(library, Query(), say("kommuner.title"), Address(KOMMUNER))
    page = library.search(Query(facets=("kommune", "region"), limit=0))
    counts = {value.value: value.count for value in page.facets["kommune"]}
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "official": each.official,
            "region": each.region,
            "landsdel": each.landsdel,
            "records": counts.get(each.code, 0),
            "address": kommune_address(each).path,
        }
        for each in sorted(kommuner().values(), key=lambda each: alphabetical(each.name))
    ]
    areas = sorted({each.region for each in kommuner().values()})
    return View(
        template="kommuner.html",
        title=say("kommuner.title"),
        address=Address(KOMMUNER),
        content={
            "map": denmark(counts, lambda code: kommune_address(kommuner()[code])),
            "groups": [(name, region_address(name), [row for row in rows if row["region"] == name]) for name in areas],
            "addresses": {each.code: kommune_address(each) for each in kommuner().values()},
        },
        data={"kommuner": rows},
        sheet=Sheet(LIST_COLUMNS, rows),
    )


def kommune(library: Library, task: Task) -> View:
    """The view of a kommune; its key is the code. MissingError for a code that is none."""
    found = kommuner().get(task.key[:4])
    if found is None:
        raise MissingError(f"there is no kommune with the code {task.key[:4]!r}")
    address = kommune_address(found)
    asked = Asked(kommune=[found.code])
    filters = Filters(kommune=(found.code,))
    content = {"kommune": found, "region": region_address(found.region)} if task.form is Form.HTML else {}
    return _area(library, task, _Area(found.name, address, asked, filters, (found.code,)), content)


def region(library: Library, task: Task) -> View:
    """The view of a region; its key is the end of its address. MissingError where there is none of that name."""
    name = regions().get(task.key)
    if name is None:
        raise MissingError(f"there is no region {task.key[:50]!r}")
    members = tuple(each.code for each in kommuner().values() if name in (each.region, each.region_2027))
    content = {
        "kommune": None,
        "members": sorted((kommuner()[code] for code in members), key=lambda it: alphabetical(it.name)),
    }
    area = _Area(name, region_address(name), Asked(region=[name]), Filters(region=(name,)), members)
    return _area(library, task, area, content | {"addresses": {code: kommune_address(kommuner()[code])
                                                               for code in members}})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Area:
    """A kommune or a region: what is searched for it, and its codes."""

    name: str
    address: Address
    asked: Asked
    filters: Filters
    codes: tuple[str, ...]


def _area(library: Library, task: Task, area: _Area, content: dict[str, object]) -> View:
    if task.form is Form.ATOM:
        return feed(library, Query(filters=area.filters), area.name, area.address)
    is_page = task.form is Form.HTML
    limit = NEWEST if is_page else task.asked.limit
    page = _newest(library, area.filters, limit, task.asked.cursor)
    lines = list(mention_lines(library, page.hits, area.codes))
    years = {int(value.value): value.count for value in page.facets["year"] if value.count}
    search = search_address([("kommune" if len(area.codes) == 1 else "region", value)
                             for value in (area.filters.kommune or area.filters.region)])  # fmt: skip
    if is_page:
        content |= _content(library, task, area, page, years, search) | {"lines": lines[:LINES]}
    following = area.address.having("cursor", page.next) if page.next else None
    return View(
        template="kommune.html",
        title=area.name,
        address=area.address,
        content=content,
        data=_data(area, page, years, lines),
        sheet=Sheet(MENTION_COLUMNS, lines),
        next=following,
    )


def _newest(library: Library, filters: Filters, limit: int, cursor: str | None = None) -> Page:
    """The newest records. A kommune is asked for by filter and query, so that others are counted beside it."""
    text = f"kommune:{filters.kommune[0]}" if filters.kommune else ""
    facets = ("year", "kommune", "publisher")
    return library.search(
        Query(text, parse_query(text), filters, facets=facets, sort=Sort.NEWEST, limit=limit, cursor=cursor)
    )


def _content(
    library: Library, task: Task, area: _Area, page: Page, years: dict[int, int], search: Address
) -> dict[str, object]:
    archive = library.search(Query(facets=("year",), limit=0))
    collected = frozenset(int(value.value) for value in archive.facets["year"] if value.count)
    counts = {value.value: value.count for value in page.facets["kommune"]}
    inside = {code: counts.get(code, 0) for code in area.codes}
    return {
        "page": page,
        "search": search,
        "hits": [shown(hit, area.asked, task.language) for hit in page.hits],
        "timeline": _years(years, search, collected),
        "gaps": gaps(years, collected),
        "company": company(page.facets["kommune"], area, search),
        "grants": newest_grants(library, area.codes),
        "largest": largest(library, area.filters, task.language),
        "publishers": page.facets["publisher"][:6],
        "map": denmark(inside, lambda code: kommune_address(kommuner()[code]), frozenset(area.codes)),
    }


def _years(years: dict[int, int], search: Address, collected: frozenset[int]) -> Timeline | None:
    return timeline(years, lambda year: search.having("year", str(year)), frozenset(), collected)


def gaps(years: dict[int, int], collected: frozenset[int]) -> Gaps:
    """The years without a mention, from the archive's first to its last."""
    if not collected:
        return Gaps((), ())
    run = range(max(min(collected), max(collected) - 100), max(collected) + 1)
    silent = tuple(year for year in run if year in collected and not years.get(year))
    return Gaps(silent, tuple(year for year in run if year not in collected))


def company(values: Sequence[FacetValue], area: _Area, search: Address) -> list[Company]:
    """The kommuner that are mentioned in the same records most often."""
    others = [value for value in values if value.value not in area.codes and value.count][:COMPANY]
    most = max((value.count for value in others), default=1)
    return [
        Company(
            value.label,
            value.count,
            round(value.count / most * 100),
            kommune_address(kommuner()[value.value]),
            search.having("q", f"kommune:{value.value}"),
        )
        for value in others
        if value.value in kommuner()
    ]


def largest(library: Library, filters: Filters, language: str) -> list[Sum]:
    """The records that mention the largest amounts, the largest first."""
    page = library.search(Query(filters=filters, sort=Sort.AMOUNT, limit=SUMS))
    return [
        Sum(
            money(max(hit.amounts), language),
            " ".join((hit.heading or hit.title).split()) or wording(language)("untitled"),
            day(hit.published, language),
            record_address(hit.id),
        )
        for hit in page.hits
        if hit.amounts
    ]


def newest_grants(library: Library, codes: Sequence[str]) -> list[Row]:
    """The grants of these kommuner that were published last, undated ones behind them."""
    rows = []
    for document_id, position, grant in ledger.newest_grants(library.store, codes, GRANTS):
        document = library.document(document_id)
        found = document.records[position - 1]
        rows.append({**grant_values(found, grant), **place_values(document, found, grant)})
    return rows


def mention_lines(library: Library, hits: Sequence[Hit], codes: Sequence[str]) -> Iterator[Row]:
    """The mentions of these kommuner in the records of hits, each in its context."""
    wanted = frozenset(codes)
    for hit in hits:
        document = library.document(hit.document, hit.version)
        record: Record = next(each for each in document.records if each.id == hit.id)
        for mention in record.kommuner:
            if mention.code in wanted:
                yield {**mention_values(record, mention), **place_values(document, record, mention)}


def _data(area: _Area, page: Page, years: dict[int, int], lines: list[Row]) -> Json:
    one: Kommune | None = kommuner()[area.codes[0]] if len(area.codes) == 1 else None
    return {
        "code": one.code if one else None,
        "name": area.name,
        "region": one.region if one else area.name,
        "records": page.total,
        "years": {str(year): years[year] for year in sorted(years)},
        "mentions": lines,
        "next": page.next,
    }
