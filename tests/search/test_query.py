"""The query language: what is read, what is refused and how, and that printing reads back."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kilde.errors import QueryError
from search.query import parse_query, print_query
from search.query_errors import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS
from search.query_tree import Amounts, And, Dates, Exactly, FieldIs, FieldName, Near, Node, Not, Or, Phrase, Word
from tests.search.trees import depth, trees
from tests.timing import least_seconds

DOCS = (Path(__file__).parents[2] / "docs" / "query.md").read_text(encoding="utf-8")

A, B, C = Word("a"), Word("b"), Word("c")


def kommune(code: str, former: str | None = None) -> FieldIs:
    """A kommune asked for."""
    return FieldIs(FieldName.KOMMUNE, Exactly(code, former))


def days(first: date | None, last: date | None) -> FieldIs:
    """Publication asked for."""
    return FieldIs(FieldName.DATE, Dates(first, last))


def kroner(low: int | None, high: int | None) -> FieldIs:
    """Amounts asked for, in kroner."""
    return FieldIs(FieldName.AMOUNT, Amounts(low and low * 100, high and high * 100))


# The language of CONTRACTS, one line after the other.
CONTRACT: list[tuple[str, Node | None]] = [
    ("", None),
    (" \n\u00a0", None),
    ("indsats kommune:Aarhus", And((Word("indsats"), kommune("0751")))),
    ('"a phrase"', Phrase(("a", "phrase"))),
    ("a OR b", Or((A, B))),
    ("a ELLER b", Or((A, B))),
    ("a eller b", And((A, Word("eller"), B))),
    ("a NOT b", And((A, Not(B)))),
    ("a IKKE b", And((A, Not(B)))),
    ("a ikke b", And((A, Word("ikke"), B))),
    ("a -b", And((A, Not(B)))),
    ("-a", Not(A)),
    ("(-a)", Not(A)),
    ("a - b", And((A, B))),
    ("a -5", And((A, Word("5")))),
    ("a-b", Word("a-b")),
    ("(a OR b) c", And((Or((A, B)), C))),
    ("in*", Word("in", prefix=True)),
    ("word~", Word("word", fuzzy=True)),
    ("=word", Word("word", exact=True)),
    ("a NEAR/5 b", Near(A, B, 5)),
    ("beløb:>=5mio", kroner(5_000_000, None)),
    ("amount:1mio..10mio", kroner(1_000_000, 10_000_000)),
    ("dato:2019..2020", days(date(2019, 1, 1), date(2020, 12, 31))),
]

# Precedence and nesting: docs/query.md.
GROUPS: list[tuple[str, Node | None]] = [
    ("a b OR c", Or((And((A, B)), C))),
    ("a OR b OR c", Or((A, B, C))),
    ("a OR (b OR c)", Or((A, Or((B, C))))),
    ("NOT a b", And((Not(A), B))),
    ("NOT NOT a", Not(Not(A))),
    ("NOT a NEAR/2 b", Not(Near(A, B, 2))),
    ("((a))", A),
    ("(a)(b)", And((A, B))),
    ('-"a b" -(a OR b)', And((Not(Phrase(("a", "b"))), Not(Or((A, B)))))),
    ("-=a", Not(Word("a", exact=True))),
    ("a AND b OG c", And((A, B, C))),
    ('"a b" NEAR/100 in*', Near(Phrase(("a", "b")), Word("in", prefix=True), 100)),
]

# Words that are more than letters: issue 5, and what people paste.
WORDS: list[tuple[str, Node | None]] = [
    ("69,9", Word("69,9")),
    ("igu'en", Word("igu'en")),
    ("§ 12", Word("§ 12")),
    ("§12,", Word("§ 12")),
    ("§§ 12-14", Word("§ 12-14")),
    ('"jf. § 12, stk. 3"', Phrase(("jf", "§ 12", "stk", "3"))),
    ("§ a", A),
    ("50 %", Word("50")),
    ("50%", Word("50%")),
    ("navn@kommune.dk", Word("navn@kommune.dk")),
    ("https://eksempel.dk/a?b=c", Word("https://eksempel.dk/a?b=c")),
    ("10:30", Word("10:30")),
    ("børne- og", And((Word("børne"), Word("og")))),
    ("Randers'", Word("Randers")),
    ("a/b", Word("a/b")),
    ("«a», (b).", And((Phrase(("a",)), B))),
    ("“a b” »c«", And((Phrase(("a", "b")), Phrase(("c",))))),
    ("A & b", And((Word("A"), B))),
    ("a – b •", And((A, B))),
    ("Formål: a", And((Word("Formål"), A))),
    ("ind\u00adsats\u200b", Word("indsats")),
    ("A\u030arhus", Word("Århus")),
    ("a\x00b", And((A, B))),
    ("+a", A),
    ("=OR", Word("OR", exact=True)),
    ("OR*", Word("OR", prefix=True)),
    ("=kommune:a", Word("kommune:a", exact=True)),
    ("bolig(er)", And((Word("bolig"), Word("er")))),
    ("word~.", Word("word", fuzzy=True)),
]

FIELDS: list[tuple[str, Node | None]] = [
    ('kommune:"Høje Taastrup"', kommune("0169")),
    ("kommune:Høje Taastrup a", And((kommune("0169"), A))),
    ("kommune:Høje-Tåstrup", kommune("0169")),
    ("Kommune:751", kommune("0751")),
    ("kommune:Aarhus Kommune", kommune("0751")),
    ("kommune:Aarhus by", And((kommune("0751"), Word("by")))),
    ("kommune:Aarhus, a", And((kommune("0751"), A))),
    ("kommune:Farum", kommune("0190", "Farum")),
    ("kommune:Ringkøbing Skjern", kommune("0760")),
    ("kommune:Ringkøbing (Skjern)", And((kommune("0760", "Ringkøbing"), Word("Skjern")))),
    ("-kommune:Aarhus", Not(kommune("0751"))),
    (",kommune:Aarhus", kommune("0751")),
    ("region:Region Nordjylland", FieldIs(FieldName.REGION, Exactly("Region Nordjylland"))),
    ("region:ØSTDANMARK", FieldIs(FieldName.REGION, Exactly("Region Østdanmark"))),
    ("type:Nyhedsbrev", FieldIs(FieldName.KIND, Exactly("newsletter"))),
    ("kind:minutes", FieldIs(FieldName.KIND, Exactly("minutes"))),
    ('udgiver:"Styrelsen  for X"', FieldIs(FieldName.PUBLISHER, Exactly("Styrelsen for X"))),
    ("kilde:prøver a", And((FieldIs(FieldName.SOURCE, Exactly("prøver")), A))),
    ("tema:bolig", FieldIs(FieldName.THEME, Exactly("bolig"))),
    ("titel:in*", FieldIs(FieldName.TITLE, Word("in", prefix=True))),
    ("title:=a", FieldIs(FieldName.TITLE, Word("a", exact=True))),
    ('title:"a b"', FieldIs(FieldName.TITLE, Phrase(("a", "b")))),
    ("title:§12", FieldIs(FieldName.TITLE, Word("§ 12"))),
    ("nævner:2020-02", FieldIs(FieldName.MENTIONS, Dates(date(2020, 2, 1), date(2020, 2, 29)))),
    ("date:2020", days(date(2020, 1, 1), date(2020, 12, 31))),
    ("date:=2020", days(date(2020, 1, 1), date(2020, 12, 31))),
    ("date:>2020", days(date(2021, 1, 1), None)),
    ("date:<2020-03", days(None, date(2020, 2, 29))),
    ("date:≤2020-03", days(None, date(2020, 3, 31))),
    ("date:2019…2020-02-03.", days(date(2019, 1, 1), date(2020, 2, 3))),
    ("date:2019 .. 2020", days(date(2019, 1, 1), date(2020, 12, 31))),
    ("date:2019 - 2020", days(date(2019, 1, 1), date(2020, 12, 31))),
    ("date:16.1.2020 a", And((days(date(2020, 1, 16), date(2020, 1, 16)), A))),
    ("date:marts 2020 a", And((days(date(2020, 3, 1), date(2020, 3, 31)), A))),
    ("date:2020 -marts", And((days(date(2020, 1, 1), date(2020, 12, 31)), Not(Word("marts"))))),
    ("date:2020 OR marts", Or((days(date(2020, 1, 1), date(2020, 12, 31)), Word("marts")))),
    ("amount:500.000", kroner(500_000, 500_000)),
    ("amount:1,5mio", kroner(1_500_000, 1_500_000)),
    ("amount:69,9mio", kroner(69_900_000, 69_900_000)),
    ("amount:69,9 mio. kr. a", And((kroner(69_900_000, 69_900_000), A))),
    ('amount:>="5 mio. kr."', kroner(5_000_000, None)),
    ("amount:500tkr..2mia", kroner(500_000, 2_000_000_000)),
    ("amount:1-10mio", kroner(1_000_000, 10_000_000)),
    ("amount:10 000", kroner(10_000, 10_000)),
    ("amount:>0,05", FieldIs(FieldName.AMOUNT, Amounts(6, None))),
    ("amount:5 2020", And((kroner(5, 5), Word("2020")))),
]

REFUSED: list[tuple[str, int, str | None]] = [
    # Parentheses and quotation marks.
    ("(a b", 0, "(a b)"),
    ("a ((b) c", 2, "a ((b) c)"),
    ("a b)", 3, "a b"),
    ("a ()", 2, "a"),
    ("a (–) b", 2, "a b"),
    ('a "b c', 2, 'a "b c"'),
    ('a "', 2, "a"),
    ('a ""', 2, "a"),
    ('"a* b"', 0, '"a b"'),
    # Operators without their words.
    ("OR a", 0, "a"),
    ("a OR", 2, "a"),
    ("a OR OR b", 2, "a OR b"),
    ("a NOT", 2, "a"),
    ("a AND", 2, "a"),
    ("(a ELLER) b", 3, "(a ) b"),
    ("NEAR/5 a", 0, "a"),
    ("a NEAR/5", 2, "a"),
    ("a NEAR b", 2, "a NEAR/5 b"),
    ("a NEAR/0 b", 2, "a NEAR/5 b"),
    ("a NEAR/101 b", 2, "a NEAR/5 b"),
    ("a NEAR/x b", 2, "a NEAR/5 b"),
    ("a NEAR/5 (b OR c)", 2, "a (b OR c)"),
    ("a NEAR/5 b NEAR/5 c", 11, "a NEAR/5 b b NEAR/5 c"),
    ("OR", 0, None),
    ("–", 0, None),
    # What other engines read otherwise.
    ("a || b", 2, "a OR b"),
    ("a && b", 2, "a b"),
    ("a ! b", 2, "a NOT b"),
    ("a *", 2, "a"),
    ('="a b"', 0, '"a b"'),
    ('"a b"~5', 5, '"a b"5'),
    # Signs of words.
    ("a i*", 2, "a i"),
    ("ab~", 0, "ab"),
    ("in*tegr", 0, "in*"),
    ("*tegr", 0, "tegr*"),
    ("word~2", 0, "word~"),
    ("=word*", 0, "word*"),
    # Fields.
    ("a komune:Aarhus", 2, "a kommune:Aarhus"),
    ("mail:a", 0, '"mail:a"'),
    ('Formål:"a b"', 0, 'Formål "a b"'),
    ("kommune: Aarhus", 0, "kommune:Aarhus"),
    ('kommune: "Aarhus"', 0, 'kommune:"Aarhus"'),
    ("kommune:", 0, None),
    ("(kommune: )", 1, "()"),
    ("kommune:(Aarhus OR Odense)", 0, None),
    ("kommune:Ahrus a", 8, "kommune:Aarhus a"),
    ("kommune:Xyzzyq", 8, None),
    ("region:nordjyland", 7, "region:nordjylland"),
    ("type:nyhedsbrv", 5, "type:nyhedsbrev"),
    ('title:="a b"', 0, 'title:"a b"'),
    ("titel:a*", 0, "titel:a"),
    ("titel:in*t", 0, "titel:in*"),
    ("titel:=in*", 0, "titel:in*"),
    ('titel:"a* b"', 0, 'titel:"a b"'),
    ("titel:–", 0, None),
    # Dates and amounts.
    ("date:2020..2019", 5, "date:2019..2020"),
    ("date:2019..", 5, "date:>=2019"),
    ("date:..2019", 5, "date:<=2019"),
    ("date:>=2019..2020", 5, "date:2019..2020"),
    ("date:20", 5, None),
    ("date:2020-13", 5, None),
    ("date:>9999", 5, None),
    ("date:<0001", 5, None),
    ("beløb:69..", 6, "beløb:>=69"),
    ("beløb:1..10mio", 6, "beløb:1mio..10mio"),
    ("beløb:250,000", 6, "beløb:250.000"),
    ("beløb:5.5", 6, "beløb:5,5"),
    ("beløb:5m", 6, "beløb:5mio"),
    ("beløb:>=", 0, None),
    ("beløb:>= 5mio", 0, "beløb:>=5mio"),
    ("beløb:10%", 6, None),
    ("beløb:10EUR", 6, None),
    ("beløb:0,005", 6, None),
    ("beløb:mange", 6, None),
    # Limits, and bytes that are no text.
    ("a" * (MAX_CHARACTERS + 1), MAX_CHARACTERS, None),
    (" ".join("a" * (MAX_TERMS + 1)), 2 * MAX_TERMS, None),
    ('"' + "a " * (MAX_TERMS + 1) + '"', 0, None),
    ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH, None),
    ("NOT " * (MAX_DEPTH + 1) + "a", 4 * MAX_DEPTH, None),
    ("a \udc80", 2, None),
]


@pytest.mark.parametrize(("text", "tree"), [*CONTRACT, *GROUPS, *WORDS, *FIELDS])
def test_reads(text: str, tree: Node | None) -> None:
    """A query means this tree, and its printed form means it too."""
    assert parse_query(text) == tree
    assert parse_query(print_query(tree)) == tree


@pytest.mark.parametrize(("text", "position", "suggestion"), REFUSED)
def test_refuses(text: str, position: int, suggestion: str | None) -> None:
    """A wrong query is refused at this place, with this to write instead."""
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.position, caught.value.suggestion) == (position, suggestion)
    assert str(caught.value).startswith(f"character {position + 1}: expected ")
    assert suggestion is None or str(caught.value).endswith(f"; try: {suggestion}")


def test_allows_what_the_limits_allow() -> None:
    """The limits themselves are within."""
    assert parse_query("a" * MAX_CHARACTERS) == Word("a" * MAX_CHARACTERS)
    assert parse_query(" ".join("a" * MAX_TERMS)) == And((A,) * MAX_TERMS)
    assert parse_query("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == A


def rows(head: str) -> list[list[str]]:
    """The rows of the tables of docs/query.md that have this head, without the quotes of code."""
    found = []
    for table in re.findall(rf"^\| {head} .*\n\|[-|]+\n((?:\|.*\n)+)", DOCS, re.MULTILINE):
        for line in table.splitlines():
            cells = re.split(r"(?<!\\)\|", line)[1:-1]
            found.append([cell.strip().replace("\\|", "|").strip("`") for cell in cells])
    return found


@pytest.mark.parametrize(("text", "printed"), [(row[0], row[2]) for row in rows(r"you write \| it finds")])
def test_documented_queries_are_read(text: str, printed: str) -> None:
    """Every example of docs/query.md prints as it says."""
    tree = parse_query(text)
    assert print_query(tree) == printed
    assert parse_query(printed) == tree


@pytest.mark.parametrize(("text", "message"), [(row[0], row[1]) for row in rows(r"you write \| the answer")])
def test_documented_refusals(text: str, message: str) -> None:
    """Every refusal of docs/query.md is worded as it says."""
    with pytest.raises(QueryError, match=re.escape(message)):
        parse_query(text)


def test_documentation_names_every_field() -> None:
    """The table of fields has all of them, and the page has examples at all."""
    named = {name for row in rows("field") for name in re.findall(r"(\w+):", row[0])}
    assert {FieldName.KOMMUNE, "beløb", "nævner"} <= named
    assert {"date:2020", "kind:page"} <= {print_query(parse_query(text)) for text in ("dato:2020", "type:side")}
    assert set(FieldName) <= named
    assert len(rows("you write")) > 40


@given(trees)
def test_printed_trees_read_back(tree: Node) -> None:
    """parse(print(tree)) == tree for every tree within the limits."""
    printed = print_query(tree)
    assume(depth(tree) <= MAX_DEPTH and len(printed) <= MAX_CHARACTERS)
    assert parse_query(printed) == tree


QUERYISH = st.lists(
    st.sampled_from(
        ["(", ")", '"', "»", "-", "=", "*", "~", ":", "..", ">=", "<", " ", " ", " ", "§", "§ ", "OR", "NOT", "NEAR/5",
         "NEAR", "a", "børn", "12", "2020", "5", "mio", "kr.", "kommune:", "Aarhus", "Høje", "Taastrup", "dato:",
         "beløb:", "titel:", "type:", "side", "x:", ",", ".", "|", "\u00ad", "\u0301", "½", "Farum", "region:",
         "\udc80"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=40), QUERYISH))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but QueryError is raised, at a place of the text; what is read prints and reads back."""
    try:
        tree = parse_query(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        return
    assert parse_query(print_query(tree)) == tree


@given(QUERYISH)
def test_suggestions_lead_somewhere(text: str) -> None:
    """Who follows the suggestions comes to a query that is read, or to an error without one."""
    for _ in range(60):
        try:
            parse_query(text)
        except QueryError as error:
            if error.suggestion is None:
                return
            text = error.suggestion
        else:
            return
    pytest.fail(f"suggestions go on for ever: {text}")


HOSTILE = [
    "(" * 600,
    '"' * 600,
    "a:" * 300,
    "-" * 600,
    "§ " * 300,
    "dato:1 " * 90,
    "*~" * 300,
    "a " * 300,
    "1 . " * 150,
]


@pytest.mark.parametrize("unit", HOSTILE, ids=lambda unit: unit[:3])
def test_work_grows_with_the_text(unit: str) -> None:
    """Four times the text is at most some twelve times the work, also where it is refused at the end."""
    short, long = (least_seconds(partial(refused, unit[:size]), runs=5) for size in (128, 512))
    assert long < 12 * short + 0.005


def refused(text: str) -> None:
    """Read a query three times, whether it is one or not."""
    for _ in range(3):
        with suppress(QueryError):
            parse_query(text)
