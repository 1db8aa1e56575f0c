"""Charts: counts equal to those of brute force, and pictures that can be read without seeing them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from kilde.cli import cli
from kilde.danish.kommuner import kommuner
from kilde.folder import DataFolder
from kilde.model import Role
from search.chart import MOST_MARKS, Axis, Bar, Chart, Unit, marked_periods
from search.chart_sizes import range_label
from search.chart_svg import svg_of, ticks
from search.chart_table import blocks, print_chart
from search.chart_words import Caption, caption_of, notes_of
from search.page import Coverage, Filters, Query
from tests.index.builders import Part, document
from tests.search.corpus import documents
from tests.search.stored import stored

CORPUS = documents(11, 80)
MARKED = {Role.AUTHORITY, Role.PLACE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return stored(tmp_path_factory.mktemp("chart") / "data", CORPUS, segments=3)


def run(folder: DataFolder, *args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["--data", str(folder.path), "chart", *map(str, args)])


def answer(folder: DataFolder, *args: str) -> Any:
    result = run(folder, *args, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def bars(folder: DataFolder, *args: str) -> dict[str, int]:
    return {bar["value"]: bar["count"] for bar in answer(folder, *args)["bars"] if bar["count"]}


@pytest.mark.parametrize(("axis", "length"), [("year", 4), ("month", 7)])
@pytest.mark.parametrize("unit", ["records", "documents", "mentions"])
def test_bars_over_time(axis: str, length: int, unit: str, folder: DataFolder) -> None:
    """As counted by hand; what has no such date is not in a bar, and is told."""
    expected: Counter[str] = Counter()
    for each in CORPUS:
        when = str(each.published.when)[:length] if each.published else ""
        mentions = sum(mention.role in MARKED for record in each.records for mention in record.kommuner)
        weight = {"records": len(each.records), "documents": 1, "mentions": mentions}[unit]
        expected[when if len(when) == length else "?"] += weight
    found = answer(folder, "--by", axis, "--count", unit)
    assert {bar["value"]: bar["count"] for bar in found["bars"] if bar["count"]} == {
        when: count for when, count in expected.items() if when != "?" and count
    }
    assert (found["undated"], found["total"]) == (expected["?"], sum(expected.values()))
    values = [bar["value"] for bar in found["bars"]]
    assert values == sorted(values)
    assert len(values) == len(set(values))


def test_bars_of_kommuner_and_regions(folder: DataFolder) -> None:
    """Records, documents and mentions, as counted by hand; institutions left out."""
    records: Counter[str] = Counter()
    found_in: Counter[str] = Counter()
    mentions: Counter[str] = Counter()
    for each in CORPUS:
        named = [[it.code for it in record.kommuner if it.role in MARKED] for record in each.records]
        records.update(code for codes in named for code in set(codes))
        mentions.update(code for codes in named for code in codes)
        found_in.update({code for codes in named for code in codes})
    assert bars(folder, "--by", "kommune") == records
    assert bars(folder, "--by", "kommune", "--count", "documents") == found_in
    assert bars(folder, "--by", "kommune", "--count", "mentions") == mentions
    assert set(bars(folder, "--by", "region")) == {kommuner()[code].region for code in records}
    first = answer(folder, "--by", "kommune", "--limit", "2")
    assert [bar["count"] for bar in first["bars"]] == sorted(records.values(), reverse=True)[:2]
    assert first["others"] == len(records) - 2


def test_mentions_are_those_of_the_kommuner_asked_for(folder: DataFolder) -> None:
    """`--kommune Aarhus --by year --count mentions` counts Aarhus, not what stands beside it."""
    expected = sum(
        it.code == "0751" and it.role in MARKED for each in CORPUS for r in each.records for it in r.kommuner
    )
    assert answer(folder, "--kommune", "Aarhus", "--count", "mentions")["total"] == expected
    assert answer(folder, "kommune:Aarhus", "--count", "mentions")["total"] == expected


def test_amounts_are_a_histogram(tmp_path: Path) -> None:
    """Each once a document, in sizes 1, 2, 5; quartiles of them; those outside the filters left out."""
    amounts = (("500000", None), ("999999.99", None), ("1000000", None), ("2000000", "3000000"), ("2000000", None))
    found = [
        document("a", [Part("pulje en", amounts=amounts), Part("pulje to", amounts=amounts[:1])]),
        document("b", [Part("pulje tre", amounts=(("500000", None), ("0", None), ("-5", None)))]),
    ]
    folder = stored(tmp_path / "data", found)
    assert bars(folder, "pulje", "--by", "amounts") == {"500000": 3, "1000000": 1, "2000000": 1}
    whole = answer(folder, "pulje", "--by", "amounts")
    assert (whole["total"], whole["quartiles"]) == (5, [500000.0, 999999.99, 1000000.0])
    assert bars(folder, "--by", "amounts", "--amount-min", "1000000") == {"1000000": 1, "2000000": 1}
    assert answer(folder, "findesikke", "--by", "amounts")["quartiles"] is None


def test_years_without_records_are_shown(tmp_path: Path) -> None:
    """A gap is a finding."""
    folder = stored(
        tmp_path / "data", [document("a", ["x"], published="2018-12"), document("b", ["y"], published="2021")]
    )
    assert [bar["count"] for bar in answer(folder)["bars"]] == [1, 0, 0, 1]
    assert [bar["value"] for bar in answer(folder, "--by", "month")["bars"]] == ["2018-12"]


def test_csv_has_the_bars(folder: DataFolder) -> None:
    """For whoever draws themselves."""
    rows = list(csv.DictReader(io.StringIO(run(folder, "--format", "csv").stdout)))
    assert [row["value"] for row in rows] == ["2018", "2019", "2020", "2021"]


@pytest.mark.parametrize(
    "args",
    [(), ("--by", "month"), ("--by", "kommune"), ("--by", "amounts"), ("findesikke",), ("--by", "region")],
    ids=str,
)
def test_a_terminal_of_80_columns_shows_it(args: tuple[str, ...], folder: DataFolder) -> None:
    """No line is wider; the last says what was searched."""
    result = run(folder, *args)
    assert max(map(cell_len, result.stdout.splitlines())) <= 80
    assert "searched 80 documents" in " ".join(result.stdout.split())


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 100))
def test_blocks_are_as_long_as_they_should(count: int, most: int, room: int) -> None:
    """To an eighth of a cell, never longer than the room, and never nothing for something."""
    count = min(count, most)
    bar = blocks(count, most, room)
    assert len(bar) <= room
    assert bool(bar) == bool(count)


@given(st.integers(0, 10**9))
def test_ticks_are_round_and_cover(most: int) -> None:
    """From zero in equal steps of 1, 2 or 5, a handful of them."""
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= 7
    assert {later - earlier for earlier, later in pairwise(found)} == {found[1]}
    assert str(found[1]).strip("0") in {"1", "2", "5"}


@pytest.mark.parametrize("count", [1, 12, 13, 30, 240])
def test_labels_have_room(count: int) -> None:
    """Months are labelled by their years where there are many."""
    months = [f"{2000 + number // 12}-{number % 12 + 1:02}" for number in range(count)]
    marks = marked_periods([Bar(month, month, 1) for month in months])
    assert 1 <= len(marks) <= MOST_MARKS
    assert all(months[place].startswith(mark) for place, mark in marks)


NASTY = "<script>alert(1)</script> & \"'\x00\x1b\u202e ]]>"
CHART = Chart(Axis.KOMMUNE, Unit.MENTIONS, (Bar("0751", "Aarhus", 1200), Bar("x", NASTY, 0)), 1201, undated=1, others=3)


def caption(chart: Chart, query: Query) -> Caption:
    return caption_of(chart, query, Coverage(2000, 178, quarantined=2), date(2026, 11, 3))


def test_danish_words_around_a_chart() -> None:
    """Title, filters, notes and what it rests on."""
    filters = Filters(kommune=("0751", "0461"), kind=("newsletter",), published_from=date(2019, 1, 1), amount_max=500)
    found = caption(CHART, Query("ny pulje", filters=filters))
    assert found.title == "Omtaler om »ny pulje« efter kommune"
    assert found.filters == (
        "Kommune: Aarhus eller Odense; type: Nyhedsbrev; udgivet fra 1. januar 2019; nævner beløb til 5 kr."
    )
    assert found.notes == ("1 omtale uden kendt udgivelsesår er ikke med", "3 med færre er ikke vist")
    assert found.footing == (
        "Søgt i 2.000 dokumenter fra 178 måneder, 2 kunne ikke læses; lavet med Kilde 3. november 2026"
    )
    amounts = Chart(Axis.AMOUNTS, Unit.AMOUNTS, (), 3, quartiles=(950.5, 1_234_567.0, 2e9))
    assert notes_of(amounts)[0] == "Median 1,23 mio. kr.; den midterste halvdel ligger fra 950,5 kr. til 2 mia. kr."


@pytest.mark.parametrize("axis", list(Axis))
@pytest.mark.parametrize("count", [0, 1, 30])
def test_a_picture_can_be_read_aloud(axis: Axis, count: int) -> None:
    """Well-formed XML in Danish with title and description; each bar has its name and count; nothing is run."""
    made = tuple(Bar(f"20{place:02}", f"{NASTY} {place}", place) for place in range(count))
    chart = Chart(axis, Unit.RECORDS, made, count)
    root = ElementTree.fromstring(svg_of(chart, caption(chart, Query(NASTY * 4))))
    space = "{http://www.w3.org/2000/svg}"
    assert (root.get("role"), root.get("lang"), root.get("aria-labelledby")) == ("img", "da", "title desc")
    texts = {it.get("id"): it.text or "" for it in root if it.get("id")}
    assert texts["title"].startswith("Poster om »<script>")
    assert texts["desc"].startswith("Søjlediagram. Poster om")
    assert len(root.findall(f"{space}rect/{space}title")) == count
    assert {it.tag.removeprefix(space) for it in root.iter()} <= {"svg", "title", "desc", "rect", "text", "path"}
    sizes = [float(it.get("font-size", 0)) for it in root.iter(f"{space}text")]
    assert min(sizes) >= 12
    height = float(root.get("height", 0))
    assert all(0 <= float(it.get("y", 0)) <= height for it in root.iter(f"{space}text"))


@pytest.mark.parametrize(
    "args", [("--by", "month"), ("--by", "kommune"), ("--by", "amounts"), ("findesikke",)], ids=str
)
def test_pictures_as_files(args: tuple[str, ...], folder: DataFolder, tmp_path: Path) -> None:
    """SVG and PNG, told on standard error."""
    for name in ("a.svg", "b.png"):
        result = run(folder, *args, "-o", tmp_path / name)
        assert result.exit_code == 0, result.stderr
        assert name in result.stderr
    assert ElementTree.parse(tmp_path / "a.svg").getroot().get("role") == "img"
    picture = import_module("matplotlib.image").imread(tmp_path / "b.png")
    assert picture.shape[1] > 500
    assert 0 < (picture[..., :3].mean(axis=2) < 0.9).mean() < 0.6


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("-o", "a.pdf"), ".svg"),
        (("--by", "amounts", "--count", "records"), "--count"),
        (("--by", "region", "--count", "mentions"), "--by kommune"),
        (("--by", "uge"), "--by"),
    ],
)
def test_wrong_calls(folder: DataFolder, args: tuple[str, ...], words: str) -> None:
    """Told, with what to do."""
    result = run(folder, *args)
    assert result.exit_code == 2
    assert words in result.stderr


def test_too_many_months_are_refused(tmp_path: Path) -> None:
    """No picture of a thousand months."""
    found = [document("a", ["x"], published="1900-01"), document("b", ["y"], published="2020-01")]
    result = run(stored(tmp_path / "data", found), "--by", "month")
    assert result.exit_code == 2
    assert "--from" in result.stderr


def test_labels_cannot_act_on_the_terminal() -> None:
    """Whatever a region is called."""
    console = Console(width=80, file=io.StringIO(), color_system=None, highlight=False)
    print_chart(CHART, console)
    stream = console.file
    assert isinstance(stream, io.StringIO)
    assert not [character for character in stream.getvalue() if character in "\x00\x1b\u202e"]
    assert range_label(0.01, 1) == "0–1 kr."
