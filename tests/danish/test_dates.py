"""Dates in Danish text: a table of cases, the sources of a missing year in their order, and what must always hold."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kilde.danish.dates import DateContext, find_dates
from kilde.danish.mentions import Basis, DateMention, PartialDate, Rejected

TABLE = Path(__file__).with_name("dates.tsv")
ESCAPES = (("\\n", "\n"), ("\\t", "\t"), ("\\u00a0", "\u00a0"), ("\\u00ad", "\u00ad"))


def unescaped(text: str) -> str:
    for escape, character in ESCAPES:
        text = text.replace(escape, character)
    return text


def rows() -> list[tuple[str, str, str, str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    cells = [line.split("\t") for line in lines]
    return [(unescaped(text), published, unescaped(expected), origin) for text, published, expected, origin in cells]


def shown(mention: DateMention) -> str:
    problem = f"!{mention.problem}" if mention.problem else ""
    return f"{mention.surface}={mention.first}..{mention.last}:{mention.grain}:{mention.basis}{problem}"


def context(published: str = "", *headings: str, title: str = "") -> DateContext:
    return DateContext(headings, title, PartialDate.parse(published) if published else None)


@pytest.mark.parametrize(("text", "published", "expected", "origin"), rows(), ids=lambda cell: str(cell)[:40])
def test_table(text: str, published: str, expected: str, origin: str) -> None:
    found = find_dates(text, context(published))
    assert [shown(mention) for mention in found] == ([] if expected == "-" else expected.split(" | ")), origin
    assert all(text[mention.start : mention.end] == mention.surface for mention in found)


DAY = "Vi ses den 12. marts."
SOURCES = [
    # text, context, year of the last date in it, where it came from
    ("Vi ses den 12. marts i 2015.", context("2020-02-01", title="Nyt 2018"), 2015, "sentence"),
    (DAY, context("2020-02-01"), 2020, "publication"),
    (DAY, context("2020-02-01", title="Træf 2019"), 2019, "title"),
    (DAY, context("2020-02-01", "Møder i 2021", title="Træf 2019"), 2021, "heading"),
    (DAY, context("2020-02-01", "Om os", "Møder i 2021", title="Træf 2019"), 2021, "heading"),
    (DAY, context("2020-02-01", "Møder i foråret 2021", "Træf 2019"), 2021, "heading"),
    (DAY, context("", title="Træf 2019"), 2019, "title"),
    (DAY, context("2020-02-01", "Budget 2021"), 2020, "publication"),
    (DAY, context("2020-02-01", "Byråd 2018-2021"), 2020, "publication"),
    (DAY, context("2020-02-01", "Lejren 2026"), 2020, "publication"),
    ("Det blev aftalt den 12. marts.", context("2020-02-01", "Møder i 2021"), 2019, "publication"),
    ("Den 3. februar 2016 var første møde. " + DAY, context("", "Møder i 2021"), 2016, "section"),
    ("Den 3. februar 2016 var første møde.\n\nVi sås igen den 12. marts.", context("2020-02-01"), 2020, "publication"),
    ("Planen udløber den 31. december 2021. " + DAY, context("2021-02-01"), 2021, "publication"),
    ("Ordningen gælder fra 1. januar 2026. Frist er den 1. november.", context("2025-09-01"), 2025, "section"),
    ("I 2014 kom de første. De næste kom den 12. marts.", context("2020-02-01"), 2014, "section"),
    ("I 2014 kom de første. " + DAY, context("2020-02-01"), 2020, "publication"),
    ("I 2014 kom de første. " + DAY, context(), 2014, "section"),
    ("Sidst opdateret 07.02.2018\n\n" + DAY, context("2020-02-01"), 2020, "publication"),
]


@pytest.mark.parametrize(("text", "known", "year", "source"), SOURCES)
def test_a_missing_year_comes_from_the_first_source_that_has_it(
    text: str, known: DateContext, year: int, source: str
) -> None:
    found = [mention for mention in find_dates(text, known) if mention.basis is Basis.INFERRED][-1]
    assert found.first is not None
    assert (found.first.year, found.rule.partition("+")[2]) == (year, source)


REFUSALS = [
    ("31.02.2020", "31.02.2020", "impossible_date"),
    ("den 12. marts", "12. marts", "no_year"),
    ("2019 personer", "2019", "counted"),
    ("2000 Frederiksberg", "2000", "postal_code"),
    ("sag 2019-1234", "2019-1234", "number"),
    ("LBK nr. 2020", "2020", "numbered"),
    ("kr. 2020", "2020", "amount"),
    ("tlf. 2019 2233", "2019", "phone"),
    ("version 1.2.2020", "1.2.2020", "version"),
    ("afsnit 1.2.10", "1.2.10", "paragraph"),
    ("i 1.2.10", "1.2.10", "undated_figures"),
    ("ca. 3/4", "3/4", "fraction"),
    ("punkt 3. Maj Holm", "3. Maj", "numbered"),
    ("hvert år den 1. april", "1. april", "recurring"),
    ("Afdeling 2100", "2100", "unlikely"),
    ("B 1903", "1903", "code"),
    ("det sidste kvartal", "sidste kvartal", "relative"),
    ("Jan 2", "Jan", "bare_month"),
    ("hver sommer 2 uger", "sommer", "bare_season"),
]


@pytest.mark.parametrize(("text", "surface", "rule"), REFUSALS)
def test_a_refusal_says_its_rule(text: str, surface: str, rule: str) -> None:
    refused: list[Rejected] = []
    assert find_dates(text, rejected=refused) == []
    assert (surface, rule) in [(one.surface, one.rule) for one in refused]
    assert all(text[one.start : one.end] == one.surface and one.kind == "date" for one in refused)


PIECES = [
    *("12.", "31", "2020", "2019-1234", "1/4", "20", "'21", "16.09.2020", "10.03.21", "0", "00", "99", "1900", "2100"),
    *("marts", "maj", "jan.", "Oktober", "sommer", "efteråret", "kvartal", "halvår", "uge", "primo", "erne", "måned"),
    *(
        "og",
        "til",
        "fra",
        "mellem",
        "den",
        "d.",
        "i",
        "mandag",
        "første",
        "ottende",
        "skoleåret",
        "'erne",
        "kr.",
        "nr.",
    ),
    *(
        "-",
        "–",
        ",",
        ".",
        ":",
        "/",
        "(",
        "\n",
        "\n\n",
        "\t",
        "• ",
        "\u00a0",
        "\u00ad",
        "https://x.dk/",
        "hvert år",
        "i går",
    ),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
JOINED = st.one_of(TEXTS, st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
CONTEXTS = st.builds(
    DateContext,
    st.lists(TEXTS, max_size=2).map(tuple),
    TEXTS,
    st.sampled_from([None, *map(PartialDate.parse, ("2020", "2020-02", "2020-02-29", "0001-01-01", "9999-12-31"))]),
)


@given(JOINED, CONTEXTS)
@example("29. februar", DateContext(published=PartialDate(9999, 12, 31)))
@example("i forrige år og i sidste uge", DateContext(published=PartialDate(1, 1, 1)))
def test_any_text_gives_dates_in_order_that_stand_where_they_say(text: str, known: DateContext) -> None:
    refused: list[Rejected] = []
    found = find_dates(text, known, refused)
    assert found == find_dates(text, known)
    spans = [(one.start, one.end, one.surface) for one in found] + [
        (one.start, one.end, one.surface) for one in refused
    ]
    assert all(text[start:end] == surface != "" for start, end, surface in spans)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.first is not None and one.last is not None and one.first <= one.last for one in found)


SENTENCES = [
    "Mødet den 12. marts 2020 er flyttet til den 14. april 2020.",
    "Fra 2016 til 2019 fik 15 kommuner støtte.",
    "I perioden 1. marts 2018 til 28. februar 2021 gælder en ny aftale.",
    "Regnskab for 3. og 4. kvartal 2023 samt budget 2025-28",
    "Kurset er torsdag d. 5. marts 2020 kl. 10.30",
    "Efterår 2019 og uge 14, 2022",
    "Skoleåret 2020/21 begynder den ottende august 2020.",
    "Der kom 2019 personer i 2019, mest i 1. halvår 2019",
    "Nyhedsbrev oktober 2021",
    "kl. 12, 13. marts 2021",
    "LBK nr. 2020",
    "12.",
    "marts 2020",
    "2020",
    "fra",
    "i",
]


def known_alone() -> list[str]:
    """The texts of the table that need nothing from outside, and give nothing by it."""
    return [text for text, _, expected, _ in rows() if text and "\n" not in text and not needs_context(text, expected)]


def needs_context(text: str, expected: str) -> bool:
    refused: list[Rejected] = []
    find_dates(text, rejected=refused)
    return "inferred" in expected or any(one.rule == "no_year" for one in refused)


ALONE = [*SENTENCES, *known_alone()]


@given(st.lists(st.sampled_from(ALONE), min_size=1, max_size=5), st.sampled_from(["\n\n", "\n \n", "\n\n\n"]))
def test_what_a_paragraph_gives_does_not_depend_on_its_neighbours(paragraphs: list[str], between: str) -> None:
    alone = [(shown(one)) for paragraph in paragraphs for one in find_dates(paragraph)]
    assert [shown(one) for one in find_dates(between.join(paragraphs))] == alone


SPACES = st.sampled_from([" ", "  ", "\u00a0", " \u00a0", "\n", "\u202f", " \n ", "\u2009"])


@given(st.sampled_from(ALONE), st.data())
def test_white_space_of_any_kind_is_white_space(sentence: str, data: st.DataObject) -> None:
    # a dash that begins a line is a list mark, so the space before a dash stays one
    pieces = re.split("( (?![-–] ))", sentence)
    spaced = "".join(data.draw(SPACES) if piece == " " else piece for piece in pieces)
    found, plain = ([re.sub(r"\s+", " ", shown(one)) for one in find_dates(text)] for text in (spaced, sentence))
    assert found == plain


@given(st.sampled_from(SENTENCES), st.data())
def test_soft_hyphens_are_nothing(sentence: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(sentence)))
    hyphenated = f"{sentence[:place]}\u00ad{sentence[place:]}"
    found = [shown(one).replace("\u00ad", "") for one in find_dates(hyphenated)]
    assert found == [shown(one) for one in find_dates(sentence)]
