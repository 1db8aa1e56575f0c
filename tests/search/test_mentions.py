"""Mentions, grants and hits as exports: all of them, in the order of CONTRACTS, with what they rest on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from kilde.cli import cli
from kilde.danish.mentions import Role
from kilde.folder import DataFolder
from kilde.store import Store
from kilde.store_writer import StoreWriter
from search.export_queries import held
from search.mentions import Choice, find_mentions, of_kommuner
from tests.index.builders import Part, document
from tests.search.payloads import PAYLOADS
from tests.search.stored import stored

AARHUS, ODENSE = ("0751", Role.AUTHORITY), ("0461", Role.PLACE)
DOCUMENTS = [
    document("sen", [Part("b", kommuner=(AARHUS, ODENSE))], published="2021-03-04", source="siri"),
    document("udateret", [Part("c", kommuner=(AARHUS,))], published=None),
    document("tidlig", [Part("a", kommuner=(ODENSE,)), Part("aa", kommuner=(AARHUS,))], published="2019"),
    document("måned", [Part("d", kommuner=(("0751", Role.INSTITUTION), ODENSE))], published="2019-01"),
    *(
        document(f"ond {number}", [Part(f"x{payload}", heading=payload, kommuner=(ODENSE,))], title=payload,
                 publisher=payload, published="2022")
        for number, payload in enumerate(PAYLOADS)
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return stored(tmp_path_factory.mktemp("mentions") / "data", DOCUMENTS)


def run(folder: DataFolder, *args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["--data", str(folder.path), *map(str, args)])


def lines(folder: DataFolder, *args: str) -> list[dict[str, Any]]:
    result = run(folder, *args, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def places(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(line["published"], line["code"]) for line in found]


def test_the_order_is_publication_document_place(folder: DataFolder) -> None:
    """The finer of two dates with one first day comes first; unknown last."""
    assert places(lines(folder, "mentions", "Aarhus")) == [
        ("2019-01", "0751"), ("2019", "0751"), ("2021-03-04", "0751"), (None, "0751")
    ]  # fmt: skip
    assert places(lines(folder, "mentions", "--all", "--to", "2021")) == [
        ("2019-01", "0461"), ("2019-01", "0751"), ("2019", "0461"), ("2019", "0751"), ("2021-03-04", "0461"),
        ("2021-03-04", "0751"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--role", "institution"), ["2019-01"]),
        (("--role", "authority"), ["2019", "2021-03-04", None]),
        (("--from", "2019-06"), ["2019", "2021-03-04"]),
        (("--from", "2020"), ["2021-03-04"]),
        (("--to", "2019-01"), ["2019-01", "2019"]),
        (("--to", "2018"), []),
        (("--source", "siri"), ["2021-03-04"]),
        (("--source", "siri", "--source", "prøver"), ["2019-01", "2019", "2021-03-04", None]),
    ],
)
def test_what_narrows_a_list(args: tuple[str, ...], expected: list[str | None], folder: DataFolder) -> None:
    """Roles and sources are alternatives; a period matches where it overlaps; without a date nothing lies in one."""
    assert [line["published"] for line in lines(folder, "mentions", "Aarhus", *args)] == expected


def test_several_kommuner_come_in_one_order(folder: DataFolder) -> None:
    """Not one list behind the other."""
    with Store(folder.store) as store:
        choice = of_kommuner(("0461", "0751"), Choice(published_to=date(2021, 12, 31)))
        found = list(find_mentions(store, choice))
        assert places(found) == places(lines(folder, "mentions", "--all", "--to", "2021"))
        assert of_kommuner((), Choice()) == Choice()


@pytest.mark.parametrize("command", [("mentions", "--all"), ("search",)], ids=["mentions", "search"])
def test_exports_hold_all_and_no_formulas(command: tuple[str, ...], folder: DataFolder, tmp_path: Path) -> None:
    """Every form has every line; what documents are called is text in each."""
    expected = lines(folder, *command)
    number = sum(len(record.kommuner) for each in DOCUMENTS for record in each.records)
    assert len(expected) == (number if command[0] == "mentions" else len(DOCUMENTS) + 1)
    for form in ("csv", "xlsx", "parquet", "jsonl"):
        result = run(folder, *command, "-o", tmp_path / f"a.{form}")
        assert result.exit_code == 0, result.stderr
        about = json.loads((tmp_path / f"a.{form}.manifest.json").read_text("utf-8"))
        assert (about["rows"], about["command"]) == (len(expected), command[0])
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"))))
    assert [row["document"] for row in rows] == [line["document"] for line in expected]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@＝＋－＠\t\r\n" and cell]
    sheet = load_workbook(tmp_path / "a.xlsx")["data"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    titles = [line["title"] for line in expected]
    assert import_module("pyarrow.parquet").read_table(tmp_path / "a.parquet")["title"].to_pylist() == titles


def test_a_manifest_says_what_the_lines_rest_on(folder: DataFolder, tmp_path: Path) -> None:
    """What was asked and when, the archive's end, the store's change, the index's commit, versions and coverage."""
    target = tmp_path / "a.csv"
    args = ("search", "a OR b", "--source", "siri", "--amount-max", "7,50", "--from", "2020", "-o", target)
    assert run(folder, *args).exit_code == 0
    about = json.loads((tmp_path / "a.csv.manifest.json").read_text("utf-8"))
    assert about["query"] == "a OR b"
    assert about["filters"] == {"source": ["siri"], "published_from": "2020-01-01", "amount_max": 7.5}
    with Store(folder.store) as store:
        assert about["store"]["change"] == about["index"]["change"] == store.change()
        assert about["archive"] == {"file": "kilde-00001.warc.gz", "offset": len(DOCUMENTS) - 1}
    assert about["rules"] == [{"reader": "test 1", "rules": "", "documents": len(DOCUMENTS)}]
    assert about["coverage"]["documents"] == len(DOCUMENTS)
    assert len(about["analyzer"]) == 64
    assert list(about["columns"]) == target.read_text("utf-8").splitlines()[0].split(",")


def test_search_exports_everything_unless_a_limit_is_given(folder: DataFolder) -> None:
    """A page is ten hits, an export is all; with a cursor it is the page."""
    assert len(json.loads(run(folder, "search", "--format", "json").stdout)["hits"]) == 10
    found = lines(folder, "search", "--sort", "oldest")
    assert len(found) == len(DOCUMENTS) + 1
    assert lines(folder, "search", "--sort", "oldest", "--limit", "3") == found[:3]
    page = json.loads(run(folder, "search", "--sort", "oldest", "--limit", "5", "--format", "json").stdout)
    assert page["hits"] == found[:5]
    assert lines(folder, "search", "--sort", "oldest", "--limit", "5", "--cursor", page["next"]) == found[5:10]
    assert len(lines(folder, "search", "--by", "document")) == len(DOCUMENTS)


def test_standard_output_gets_a_manifest_where_it_is_told(folder: DataFolder, tmp_path: Path) -> None:
    """And no talk among the data."""
    result = run(folder, "mentions", "Aarhus", "--format", "xlsx", "--manifest", tmp_path / "om.json")
    assert load_workbook(io.BytesIO(result.stdout_bytes)).sheetnames == ["data", "manifest"]
    assert json.loads((tmp_path / "om.json").read_text("utf-8"))["filters"] == {"kommune": ["0751"]}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("search", "-o", "svar.txt"), ".csv"),
        (("search", "--format", "json", "-o", "svar.json"), "--format json"),
        (("mentions", "--all", "--manifest", "m.json"), "--manifest"),
        (("search", "--limit", "1001"), "--output"),
        (("search", "-o", "svar.csv", "--cursor", "x"), "--cursor"),
        (("mentions", "--all", "-o", "a.csv", "--manifest", "a.csv"), "name two"),
    ],
)
def test_wrong_calls(args: tuple[str, ...], words: str, folder: DataFolder) -> None:
    """Told in one line before anything is written."""
    result = run(folder, *args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not Path(args[-1]).exists()


def test_an_export_is_of_one_moment(tmp_path: Path) -> None:
    """What another run commits meanwhile is not in it."""
    folder = stored(tmp_path / "data", DOCUMENTS[:3])
    later = document("nyt", [Part("e", kommuner=(AARHUS,))], published="2024")
    with Store(folder.store) as store, held(store):
        found: Iterator[dict[str, Any]] = find_mentions(store, Choice())
        first = next(found)
        with StoreWriter(folder.store) as other:
            other.add_version(later)
            other.connection.execute(
                "INSERT INTO document (id, source, locator, version, container, forgotten, change)"
                " VALUES (?, 's', 'l', ?, 0, 0, 99)",
                (later.id, later.version),
            )
            other.next_change()
            other.commit()
        change = store.change()
        assert len([first, *found]) == len(list(find_mentions(store, Choice()))) == 5
    with Store(folder.store) as store:
        assert store.change() > change
        assert len(list(find_mentions(store, Choice()))) == 6


def test_tables_say_what_was_searched(folder: DataFolder) -> None:
    """Below mentions and grants alike; and what documents are called cannot act on the terminal."""
    for args in (("mentions", "--all"), ("grants",)):
        result = run(folder, *args)
        assert result.stdout.splitlines()[-1].startswith(f"searched {len(DOCUMENTS)} documents of")
        assert "\u200b" not in result.stdout
