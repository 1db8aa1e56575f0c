"""Kilde from Python: the same answers as the commands, as values and as tables."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import kilde
from kilde.api import Kilde
from kilde.cli import cli
from kilde.errors import MissingError, QueryError, SettingsError, UsageError
from search.export_cells import Column
from search.kwic import KWIC_COLUMNS
from search.mentions import GRANT_COLUMNS, MENTION_COLUMNS
from search.render import HIT_COLUMNS, hit_json

NOTEBOOK = Path(__file__).parents[2] / "docs" / "kilde.ipynb"


@pytest.fixture
def archive(samples_folder: Path) -> Iterator[Kilde]:
    with kilde.open(samples_folder) as opened:
        yield opened


def printed(folder: Path, *words: str) -> list[Any]:
    """The lines of JSON that a command prints."""
    result = CliRunner().invoke(cli, ["--data", str(folder), *words, "--format", "jsonl"])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("text", "filters", "options"),
    [
        ("bolig", {}, ()),
        ("bolig OR tolk", {"sort": "newest"}, ("--sort", "newest")),
        ("", {"by": "document"}, ("--by", "document")),
        ("bolig", {"kommune": ["Aarhus", "Århus"]}, ("--kommune", "0751")),
        ("", {"published_from": date(2020, 1, 1), "kind": "article"}, ("--from", "2020-01-01", "--kind", "article")),
        ("", {"amount_min": 1_000_000, "year": 2019}, ("--amount-min", "1000000", "--year", "2019")),
    ],
)  # fmt: skip
def test_a_search_gives_what_the_command_gives(
    archive: Kilde, samples_folder: Path, text: str, filters: dict[str, Any], options: tuple[str, ...]
) -> None:
    hits = archive.search(text, **filters)
    expected = printed(samples_folder, "search", *([text] if text else []), *options)
    assert [hit_json(hit) for hit in hits] == expected
    assert hits.total == len(expected) == len(list(hits)) > 0


def test_a_limit_leaves_the_total_as_it_is(archive: Kilde) -> None:
    hits = archive.search("bolig", limit=2, facets=["year", "kind"])
    assert (len(list(hits)), hits.total > 2) == (2, True)
    assert set(hits.facets) == {"year", "kind"}
    assert repr(hits) == f"<Hits of 'bolig': {hits.total}>"


def test_lines_are_those_of_the_commands(archive: Kilde, samples_folder: Path) -> None:
    assert list(archive.mentions("Århus", role="authority")) == printed(
        samples_folder, "mentions", "Aarhus", "--role", "authority"
    )
    assert list(archive.mentions(published_to="2018")) == printed(samples_folder, "mentions", "--all", "--to", "2018")
    assert list(archive.grants(["Lolland", "Tønder"])) == printed(
        samples_folder, "grants", "--kommune", "Lolland", "--kommune", "Tønder"
    )
    assert list(archive.kwic("bolig", words=4)) == printed(samples_folder, "kwic", "bolig", "--words", "4")
    two = archive.kwic("bolig", sort="left", sample_size=2, seed=7)
    assert list(two) == list(two)
    assert len(list(two)) == 2


@pytest.mark.parametrize(
    ("ask", "columns"),
    [
        (lambda it: it.search("bolig"), HIT_COLUMNS),
        (lambda it: it.search("qzxqzx"), HIT_COLUMNS),
        (lambda it: it.mentions(), MENTION_COLUMNS),
        (lambda it: it.grants(), GRANT_COLUMNS),
        (lambda it: it.kwic("bolig"), KWIC_COLUMNS),
    ],
)
def test_an_answer_is_a_table_in_the_columns_of_the_csv(archive: Kilde, ask: Any, columns: tuple[Column, ...]) -> None:
    answer = ask(archive)
    frame = answer.to_frame()
    assert list(frame.columns) == [column.name for column in columns]
    assert len(frame) == len(list(answer))


def test_without_pandas_the_message_says_what_to_do(archive: Kilde, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingError, match="pip install pandas"):
        archive.search("bolig").to_frame()


def test_documents_and_records_are_found_by_the_beginning_of_their_id(archive: Kilde) -> None:
    hit = archive.search("bolig").first()
    assert hit is not None
    document, record = archive.document(hit.document), archive.record(hit.id[:14])
    assert document.text[record.start : record.end] == record.text
    assert hit.document not in [it.document for it in archive.similar(hit.id)]
    with pytest.raises(UsageError, match="use document"):
        archive.record(hit.document)
    with pytest.raises(MissingError, match="nothing has the id"):
        archive.record("0000")


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (lambda it: it.search("(bolig"), QueryError, r"expected '\)'"),
        (lambda it: it.search(sort="best"), UsageError, "expected one of relevance"),
        (lambda it: it.search(comune="Aarhus"), UsageError, "there is no filter 'comune'"),
        (lambda it: it.search(published_from="i går"), UsageError, "i går"),
        (lambda it: it.mentions("Ahrus"), UsageError, "did you mean Aarhus"),
        (lambda it: list(it.kwic("kommune:Aarhus")), UsageError, "a concordance shows words"),
    ],
)
def test_a_wrong_call_says_what_to_do(archive: Kilde, wrong: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        wrong(archive)


def test_the_folder_is_the_one_named_or_that_of_the_settings(
    samples_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KILDE_DATA", raising=False)
    with pytest.raises(MissingError, match="there is no data folder kilde-data"):
        kilde.open()
    monkeypatch.setenv("KILDE_DATA", str(samples_folder))
    with kilde.open() as opened:
        assert opened.folder.path == samples_folder
    synonyms = tmp_path / "ord.txt"
    synonyms.write_text("domicil = bolig\n", encoding="utf-8")
    config = tmp_path / "egen.toml"
    config.write_text(f'synonyms = "{synonyms}"\n', encoding="utf-8")
    with kilde.open(config=config) as opened:
        assert opened.search("domicil").total == opened.search("bolig OR domicil").total
        assert opened.search("domicil").notes == ("also searched: bolig",)
    with pytest.raises(SettingsError):
        kilde.open(config=tmp_path / "ingen.toml")


def test_importing_kilde_loads_nothing() -> None:
    code = "import sys, kilde; print([name for name in sys.modules if name.startswith(('kilde.', 'whoosh', 'numpy'))])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        kilde.close  # noqa: B018


def test_the_notebook_runs_and_shows_what_it_prints(samples_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook of format 4; its cells run in order. docs/notebook.py makes it anew where the samples changed."""
    monkeypatch.setenv("KILDE_DATA", str(samples_folder))
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert (notebook["nbformat"], len({cell["id"] for cell in notebook["cells"]})) == (4, len(notebook["cells"]))
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    names: dict[str, Any] = {}
    for cell in cells:
        outputs = runpy.run_path(str(NOTEBOOK.with_name("notebook.py")))["run"]("".join(cell["source"]), names)
        assert [output.get("text") for output in outputs] == [output.get("text") for output in cell["outputs"]]
    assert len(cells) >= 8
