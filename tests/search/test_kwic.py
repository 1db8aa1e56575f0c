"""Concordances: a line for each match, in context, in the order that was asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from kilde.cli import cli
from kilde.errors import UsageError
from kilde.folder import DataFolder
from search.concordance import words_around
from search.kwic import matches
from search.kwic_order import danish_key, in_order, key_of, sample
from search.kwic_table import print_kwic
from search.query_language import parse_query
from tests.index.builders import Part, document
from tests.search.corpus import documents
from tests.search.stored import stored

DOCUMENTS = [
    document(
        "a",
        [Part("Ny pulje\nDer er en ny pulje til unge i Aarhus. Puljen er stor.", heading="Ny pulje"),
         "Ælde og Ødis og Århus får puljer."],
        title="Nyt fra A", published="2020-02",
    ),
    document("b", ["En gammel pulje, og puljer for børn."], title="Årsskrift", published="2019-05-04"),
    document("c", ["Ingen dato: sidste pulje."], title="Zebra", published=None),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return stored(tmp_path_factory.mktemp("kwic") / "data", DOCUMENTS)


def run(folder: DataFolder, *args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["--data", str(folder.path), *map(str, args)])


def lines(folder: DataFolder, *args: str) -> list[dict[str, Any]]:
    result = run(folder, "kwic", *args, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def shown(found: Sequence[dict[str, Any]]) -> list[str]:
    return [f"{line['left']}|{line['keyword']}|{line['right']}" for line in found]


# Query, text, and the places: one row for each kind of term.
MATCHES = [
    ("pulje", "Puljen, en pulje og børnepuljerne", ["Puljen", "pulje", "børnepuljerne"]),
    ('"ny pulje"', "en ny pulje, nye puljer; ny, pulje ny", ["ny pulje", "nye puljer", "ny, pulje"]),
    ('"ny pulje"', "ny pulje ny pulje", ["ny pulje", "ny pulje"]),
    ("Høje-Taastrup", "Høje-Taastrup, Høje Tåstrup og Høje", ["Høje-Taastrup", "Høje Tåstrup"]),
    ("Høje-Taastrup", "Høje-Taastrup Høje Taastrup", ["Høje-Taastrup", "Høje Taastrup"]),
    ('"ny pulje" NEAR/3 unge', "ny pulje til unge, og så er der slet ingen ny pulje", ["ny pulje", "unge"]),
    ('pulje OR "ny pulje"', "en ny pulje og en pulje", ["ny pulje", "pulje"]),
    ("pulje -unge", "unge pulje", ["pulje"]),
    ("=puljen", "puljen pulje", ["puljen"]),
    ("pul*", "puljen pulsen ny", ["puljen", "pulsen"]),
    ("pulje kommune:Aarhus titel:nyt", "Aarhus nyt pulje", ["pulje"]),
    ("igu'en", "IGU'en og igu", ["IGU'en", "igu"]),
]


@pytest.mark.parametrize(("query", "text", "expected"), MATCHES, ids=[f"{it[0]} in {it[1]}" for it in MATCHES])
def test_places(query: str, text: str, expected: list[str]) -> None:
    """A phrase is one place, a side of NEAR too, and none stands within another."""
    tree = parse_query(query)
    assert tree is not None
    assert [text[start:end] for start, end in matches(tree, text, {})] == expected


def test_lines_stand_where_they_say(folder: DataFolder) -> None:
    """Each place in its document holds what the line has in the middle, on one line."""
    texts = {it.id: it.text for it in DOCUMENTS}
    found = lines(folder, "pulje")
    assert len(found) == 7
    for line in found:
        assert texts[line["document"]][line["document_start"] : line["document_end"]] == line["keyword"]


def test_the_order_is_that_of_mentions(folder: DataFolder) -> None:
    """Publication, unknown last; document; place."""
    found = lines(folder, "pulje")
    assert [line["published"] for line in found] == ["2019-05-04"] * 2 + ["2020-02"] * 4 + [None]
    places = [(line["document"], line["document_start"]) for line in found[2:6]]
    assert places == sorted(places)


def test_context_is_counted_in_words_or_characters(folder: DataFolder) -> None:
    """A mark that stands alone is no word; context stays within the record."""
    assert shown(lines(folder, "gammel", "--words", "1")) == ["En|gammel|pulje,"]
    assert shown(lines(folder, "gammel", "--chars", "9")) == ["En|gammel|pulje, og"]
    assert shown(lines(folder, '"sidste pulje"', "--words", "2")) == ["Ingen dato:|sidste pulje|."]


@given(st.text(alphabet="ab \n.,(\u00ad", max_size=60), st.integers(0, 60), st.integers(0, 60), st.integers(1, 9))
def test_words_around_are_the_nearest(text: str, one: int, other: int, count: int) -> None:
    """On each side a part of the folded text, with at most as many words as asked for."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    left, right = words_around(text, start, end, count)
    plain = text.replace("\u00ad", "")
    assert " ".join(plain.split()).count("a") >= left.count("a") + right.count("a")
    for side in (left, right):
        assert sum(any(map(str.isalnum, piece)) for piece in side.split()) <= count
        assert side == " ".join(side.split())


def test_words_sort_as_danes_sort_them(folder: DataFolder) -> None:
    """Æ, ø, å behind z, aa with å; the nearest word first."""
    found = lines(folder, "og OR får OR pulje NEAR/9 unge", "--sort", "1L")
    keys = [danish_key((line["left"].split() or [""])[-1].strip(".,")) for line in found]
    assert keys == sorted(keys)
    right = lines(folder, "pulje", "--sort", "right")
    keys = [danish_key(line["right"].strip(" .,")) for line in right]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    "words",
    [
        ["andel", "Varde", "zebra", "Ærø", "ærøsk", "Ølgod", "Åbenrå", "Aalborg", "Århus"],
        ["e", "é", "f"],
        ["tün", "tysk", "tyst"],
        ["1", "2", "a"],
    ],
)
def test_danish_order(words: list[str]) -> None:
    """Retskrivningsordbogen's order: accents count for nothing, ü as y."""
    assert [danish_key(word) for word in words] == sorted(danish_key(word) for word in words)


def line_of(left: str, keyword: str = "x", right: str = "", title: str = "", place: int = 0) -> dict[str, Any]:
    return {
        "left": left, "keyword": keyword, "right": right, "title": title, "document": "d", "record": "r" * 16,
        "version": "v", "document_start": place, "document_end": place + 1, "published": None,
    }  # fmt: skip


def test_keys_of_orders() -> None:
    """Several orders, each behind the one before; words counted from the keyword."""
    line = line_of("a b c", "X", ", d (e)")
    keys = {
        order: key(line) for order in ("1L", "2l", "9L", "1R,2R", "left", "right,keyword") if (key := key_of(order))
    }
    assert keys == {
        "1L": ["c"], "2l": ["b"], "9L": [""], "1R,2R": ["d", "e"], "left": ["c b a"], "right,keyword": ["d e", "x"]
    }  # fmt: skip
    assert key_of("date") is None


@pytest.mark.parametrize("order", ["", "foo", "0L", "10R", "left,date", "L1"])
def test_orders_that_are_none(order: str) -> None:
    with pytest.raises(UsageError, match="--sort"):
        key_of(order)


@given(st.lists(st.tuples(st.sampled_from(["å", "a", "ø", "b"]), st.integers(0, 9))), st.integers(1, 5))
def test_sorting_in_parts_is_sorting(found: list[tuple[str, int]], part: int) -> None:
    """However small the parts; lines of one key stay in their order."""
    given_lines = [line_of(left, place=place) for left, place in found]
    key = key_of("left")
    assert key is not None
    assert list(in_order(given_lines, key, part)) == sorted(given_lines, key=key)


@given(st.integers(0, 40), st.integers(1, 20), st.integers(-3, 3), st.randoms())
def test_a_sample_is_the_same_in_any_order(count: int, size: int, seed: int, random: Any) -> None:
    """Of that size, without doubles, in the order that the lines came in."""
    given_lines = [line_of("", place=place) for place in range(count)]
    chosen = sample(given_lines, size, seed)
    assert len(chosen) == min(size, count)
    assert chosen == [line for line in given_lines if line in chosen]
    mixed = given_lines.copy()
    random.shuffle(mixed)
    assert sorted(line["document_start"] for line in sample(mixed, size, seed)) == [
        line["document_start"] for line in chosen
    ]


def test_each_line_has_the_same_chance() -> None:
    """Over many seeds no line is drawn much more often than another; and seeds differ."""
    given_lines = [line_of("", place=place) for place in range(10)]
    drawn = [line["document_start"] for seed in range(2000) for line in sample(given_lines, 3, seed)]
    counts = [drawn.count(place) for place in range(10)]
    assert min(counts) > 500
    assert max(counts) < 700


def test_a_sample_does_not_depend_on_segments(tmp_path: Path) -> None:
    """The same content indexed at once and bit by bit, in another order."""
    content = documents(4, 30)
    one = stored(tmp_path / "one", content)
    other = stored(tmp_path / "other", content[::-1], segments=4)
    args = ("indsats OR skole OR børn", "--sample", "15", "--seed", "3")
    assert lines(one, *args) == lines(other, *args)
    assert lines(one, *args) != lines(one, *args[:-1], "4")
    assert lines(one, args[0], "--sort", "right,2L") == lines(other, args[0], "--sort", "right,2L")


def test_json_says_what_it_covers(folder: DataFolder) -> None:
    """One object: the lines, how many there are in all, and the coverage."""
    found = json.loads(run(folder, "kwic", "pulje", "--sample", "2", "--format", "json").stdout)
    assert len(found["lines"]) == 2
    assert (found["query"], found["total"], found["records"], found["seed"]) == ("pulje", 7, 4, 1)
    assert found["coverage"]["documents"] == 3
    none = json.loads(run(folder, "kwic", "findesikke", "--format", "json").stdout)
    assert (none["lines"], none["total"]) == ([], 0)
    part = json.loads(run(folder, "kwic", "pulje", "--limit", "1", "--format", "json").stdout)
    assert (len(part["lines"]), part["total"]) == (1, None)


def test_filters_are_those_of_search(folder: DataFolder) -> None:
    """Only records that match are looked into."""
    assert {line["published"] for line in lines(folder, "pulje", "--from", "2020")} == {"2020-02"}
    assert lines(folder, "pulje", "--year", "1999") == []


def test_exports_hold_the_lines(folder: DataFolder, tmp_path: Path) -> None:
    """A manifest tells how they were drawn and sorted."""
    target = tmp_path / "k.csv"
    result = run(folder, "kwic", "pulje", "--sample", "4", "--seed", "2", "--sort", "left", "-o", target)
    assert result.exit_code == 0, result.stderr
    about = json.loads((tmp_path / "k.csv.manifest.json").read_text("utf-8"))
    assert about["options"] == {"context": {"words": 8}, "sort": "left", "sample": 4, "seed": 2}
    assert (about["rows"], about["total"], about["records"]) == (4, 7, 4)
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    expected = lines(folder, "pulje", "--sample", "4", "--seed", "2", "--sort", "left")
    assert [row["left"] for row in rows] == [line["left"] for line in expected]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("kommune:Aarhus",), "kilde mentions"),
        (("titel:nyt",), "kilde mentions"),
        (("pulje", "--words", "3", "--chars", "3"), "--words"),
        (("pulje", "--sort", "længde"), "--sort"),
        (("pulje", "--format", "json", "-o", "x.json"), "--format json"),
    ],
)
def test_wrong_calls(folder: DataFolder, args: tuple[str, ...], words: str) -> None:
    """Told in one line."""
    result = run(folder, "kwic", *args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.startswith("kilde: ")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_keywords_stand_below_each_other(width: int) -> None:
    """Whatever stands around them: wide letters, control sequences, nothing."""
    found = [
        line_of("langt " * 30, "nøgle", "ord " * 40), line_of("", "nøgle", ""), line_of("漢字" * 30, "nøgle", ", ja"),
        line_of("\x1b[31m[bold]", "nøgle", "\u202eomvendt"),
    ]  # fmt: skip
    console = Console(width=width, file=io.StringIO(), color_system=None, highlight=False)
    print_kwic(found, console)
    stream = console.file
    assert isinstance(stream, io.StringIO)
    printed = stream.getvalue().splitlines()
    assert len({cell_len(line[: line.index("nøgle")]) for line in printed}) == 1
    assert {cell_len(line) for line in printed} <= {max(width, cell_len(printed[0]))}
    assert not [character for character in stream.getvalue() if character in "\x1b\u202e"]


def test_the_table_ends_with_what_was_searched(folder: DataFolder) -> None:
    """How many lines, drawn from how many; and a stop word that was ignored is told."""
    printed = run(folder, "kwic", "og pulje", "--sample", "2").stdout
    assert "nearly all texts have them: og" in printed
    assert "drawn with seed 1; searched 3 documents of 2 months" in " ".join(printed.split())
