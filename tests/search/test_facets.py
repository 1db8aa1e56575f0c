"""Facet counts are what counting one by one gives, with several values per record and selections of several facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kilde.danish.kommuner import kommuner, region_on
from kilde.danish.mentions import Role
from kilde.model import Document, Record
from search.engine import Engine, open_engine
from search.page import FACETS, By, FacetValue, Filters, Query
from search.query_language import parse_query
from tests.index.builders import FETCHED, Texts, built, document, writer
from tests.search.corpus import CODES, documents


def values(document_: Document, record: Record, facet: str, roles: Iterable[str]) -> set[str]:
    """The values of a facet that a record has, read from the record itself."""
    wanted = set(roles) or {Role.AUTHORITY, Role.PLACE}
    codes = {mention.code for mention in record.kommuner if mention.role in wanted}
    named = {mention.code for mention in record.kommuner if mention.role is not Role.INSTITUTION}
    day = document_.published.first if document_.published else FETCHED
    return {
        "kommune": codes,
        "region": {region_on(code, day) for code in named},
        "source": {document_.source},
        "kind": {document_.kind.value},
        "publisher": {document_.publisher} - {None},
        "theme": {record.theme} - {None},
        "year": {str(document_.published.when.year)} if document_.published else set(),
        "role": {mention.role.value for mention in record.kommuner},
    }[facet]  # type: ignore[return-value]


def in_ranges(each: Document, record: Record, filters: Filters) -> bool:
    """Whether a record has something in common with every range of the filters."""
    amounts = [(it.value, it.value_to or it.value) for it in record.amounts if it.unit == "DKK"]
    return (
        meets([(each.published.first, each.published.last)] if each.published else [], "published", filters)
        and meets([(it.first or date.min, it.last or date.max) for it in record.dates], "mentions", filters)
        and meets([(int(low * 100), int(high * 100)) for low, high in amounts], "amount", filters)
    )


def meets(spans: Sequence[tuple[Any, Any]], name: str, filters: Filters) -> bool:
    """Whether any of the spans has something in common with a range; no bounds, no range."""
    ends = ("_min", "_max") if name == "amount" else ("_from", "_to")
    low, high = (getattr(filters, name + end) for end in ends)
    if low is None and high is None:
        return True
    return any((low is None or last >= low) and (high is None or first <= high) for first, last in spans)


def brute_force(
    everything: Iterable[Document], filters: Filters, word: str | None, by: By
) -> tuple[int, dict[str, Counter[str]]]:
    """The number of hits and the facet counts."""
    total: set[str] = set()
    units: dict[str, dict[str, set[str]]] = {facet: {} for facet in FACETS}
    for each in everything:
        for record in each.records:
            if word and word not in record.text.replace(".", " ").split():
                continue
            if not in_ranges(each, record, filters):
                continue
            unit = record.id if by is By.RECORD else each.id
            fits = {
                facet: not getattr(filters, facet)
                or bool(set(getattr(filters, facet)) & values(each, record, facet, filters.role))
                for facet in FACETS
            }
            if all(fits.values()):
                total.add(unit)
            for facet in FACETS:
                if all(fit for other, fit in fits.items() if other != facet):
                    for value in values(each, record, facet, filters.role):
                        units[facet].setdefault(value, set()).add(unit)
    return len(total), {facet: Counter({v: len(u) for v, u in found.items()}) for facet, found in units.items()}


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, list[Document]]:
    folder = tmp_path_factory.mktemp("facets")
    built(folder, documents(1, 30))
    changed = documents(5, 10, "v2")
    writer(folder).update(changed, (), 2)
    current = [*changed, *documents(1, 30)[10:]]
    return open_engine(folder, Texts(current)), current


def random_filters(random: Random) -> Filters:
    choices = {
        "kommune": CODES,
        "region": sorted({each.region for each in kommuner().values()}),
        "source": ("uim", "siri"),
        "kind": ("newsletter", "catalogue"),
        "publisher": ("Styrelsen", "Ministeriet"),
        "theme": ("NY I DANMARK", "LIVET I DANMARK"),
        "year": ("2018", "2019", "2020", "2021"),
        "role": tuple(role.value for role in Role),
    }
    chosen = random.sample(sorted(choices), random.randint(0, 3))
    found: dict[str, Any] = {name: tuple(random.sample(choices[name], random.randint(1, 2))) for name in chosen}
    return Filters(**found | random_ranges(random))


def random_ranges(random: Random) -> dict[str, Any]:
    """Up to two ranges, open at an end or closed."""
    days = [date(random.randint(2016, 2022), random.randint(1, 12), random.randint(1, 28)) for _ in range(4)]
    kroner = sorted(random.randint(0, 800) * 100_000 for _ in range(2))
    bounds: dict[tuple[str, str], list[Any]] = {
        ("published_from", "published_to"): sorted(days[:2]),
        ("mentions_from", "mentions_to"): sorted(days[2:]),
        ("amount_min", "amount_max"): kroner,
    }
    chosen = random.sample(list(bounds), random.choice((0, 0, 1, 2)))
    found = [(name, bound) for names in chosen for name, bound in zip(names, bounds[names], strict=True)]
    return dict(found if random.random() < 0.7 else found[:1])


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("seed", range(40))
def test_counts_are_exact(seed: int, by: By, indexed: tuple[Engine, list[Document]]) -> None:
    engine, current = indexed
    random = Random(seed)
    filters = random_filters(random)
    word = random.choice([None, "2020", "69,9"])
    page = engine.search(Query(word or "", parse_query(word or ""), filters, FACETS, by=by, limit=0))
    total, expected = brute_force(current, filters, word, by)
    assert page.total == total
    for facet in FACETS:
        found = Counter({value.value: value.count for value in page.facets[facet] if value.count})
        assert found == expected[facet], facet


def counted(engine: Engine, text: str, facet: str, **filters: Any) -> dict[str, tuple[int, bool]]:
    query = Query(text, parse_query(text), Filters(**filters), (facet,))
    return {value.value: (value.count, value.selected) for value in engine.search(query).facets[facet]}


PULJER = [
    document("a", ["pulje"], publisher="Styrelsen for Uddannelse", published="2019"),
    document("b", ["pulje", "andet"], publisher="Styrelsen for Integration", published="2020"),
    document("c", ["pulje"], publisher="Ministeriet", published="2020-05"),
]


@pytest.fixture
def puljer(tmp_path: Path) -> Engine:
    return open_engine(built(tmp_path, PULJER), Texts(PULJER))


@pytest.mark.parametrize(
    ("text", "filters", "years"),
    [
        ("pulje", {}, {"2019": (1, False), "2020": (2, False)}),
        ("pulje", {"year": ("2019",)}, {"2019": (1, True), "2020": (2, False)}),
        ("pulje", {"year": ("2019", "2020")}, {"2019": (1, True), "2020": (2, True)}),
        ("pulje", {"year": ("1999",)}, {"2019": (1, False), "2020": (2, False), "1999": (0, True)}),
        ("pulje udgiver:integration", {}, {"2020": (1, False)}),
        ("pulje", {"publisher": ("ministeriet",)}, {"2020": (1, False)}),
        ("pulje -udgiver:ministeriet", {}, {"2019": (1, False), "2020": (1, False)}),
    ],
)
def test_a_facet_does_not_restrict_itself(
    text: str, filters: dict[str, tuple[str, ...]], years: dict[str, tuple[int, bool]], puljer: Engine
) -> None:
    assert counted(puljer, text, "year", **filters) == years


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("pulje udgiver:ministeriet", {"Ministeriet"}),
        ("udgiver:ministeriet", {"Ministeriet"}),
        ("udgiver:ministeriet OR udgiver:uddannelse", {"Ministeriet", "Styrelsen for Uddannelse"}),
        ('udgiver:"STYRELSEN FOR integration"', {"Styrelsen for Integration"}),
        ("udgiver:styrelsen", {"Styrelsen for Integration", "Styrelsen for Uddannelse"}),
        ("-udgiver:ministeriet", set()),
        ("pulje OR udgiver:ministeriet", set()),
        ("udgiver:styrelsen udgiver:integration", set()),
    ],
)
def test_a_field_at_the_top_of_a_query_is_a_selection(text: str, selected: set[str], puljer: Engine) -> None:
    found = counted(puljer, text, "publisher")
    assert {value for value, (_, chosen) in found.items() if chosen} == selected


def test_values_are_shown_in_danish(tmp_path: Path) -> None:
    current = documents(1, 30)
    engine = open_engine(built(tmp_path, current), Texts(current))
    page = engine.search(Query(facets=("kommune", "kind", "role", "region")))
    labels = {name: {value.value: value.label for value in found} for name, found in page.facets.items()}
    assert labels["kommune"]["0751"] == "Aarhus"
    assert labels["kind"] == {"newsletter": "Nyhedsbrev", "catalogue": "Katalog"}
    assert labels["role"]["place"] == "Sted"
    assert labels["region"]["Region Midtjylland"] == "Region Midtjylland"


def test_the_most_frequent_value_comes_first(puljer: Engine) -> None:
    values_ = puljer.search(Query(facets=("year",))).facets["year"]
    assert values_ == (FacetValue("2020", "2020", 3, False), FacetValue("2019", "2019", 1, False))
