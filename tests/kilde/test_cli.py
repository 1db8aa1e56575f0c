"""The command line, end to end, on the samples: what it prints, what it exits with, what it says about wrong input."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kilde.cli import cli
from tests.conftest import SAMPLES

Kilde = Callable[..., Result]
INSIDE = 1
"""Documents among the samples that stand inside of others: the table that a mail brings."""


@pytest.fixture
def kilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kilde:
    """Runs a command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KILDE_DATA", raising=False)

    def run(*args: str | Path) -> Result:
        return CliRunner().invoke(cli, [str(arg) for arg in args])

    return run


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all samples, made once; tests that write copy it."""
    data = tmp_path_factory.mktemp("ingested") / "data"
    result = CliRunner().invoke(cli, ["--data", str(data), "ingest", str(SAMPLES), "--format", "json"])
    assert result.exit_code == 0, result.output
    return data


@pytest.fixture
def copied(ingested: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(ingested, tmp_path / "copied"))


def answer(result: Result) -> Any:
    """The JSON that a command printed."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def one_line(result: Result, code: int, *words: str) -> None:
    """An error is one line that says what to do, without a traceback."""
    assert result.exit_code == code, result.output
    lines = [line for line in result.stderr.splitlines() if line.startswith("kilde: ")]
    assert len(lines) == 1, result.stderr
    assert all(word in lines[0] for word in words), lines[0]
    assert "Traceback" not in result.output


def test_ingest_reports_and_a_second_run_adds_nothing(kilde: Kilde) -> None:
    """The report of CONTRACTS; all samples are read."""
    first = answer(kilde("ingest", SAMPLES, "--format", "json"))
    number = len(list(SAMPLES.iterdir()))
    assert (first["seen"], first["added"], first["unchanged"], first["quarantined"]) == (number, number, 0, 0)
    second = answer(kilde("ingest", SAMPLES, "--format", "json"))
    assert (second["added"], second["unchanged"], second["records"]) == (0, number, 0)


SEARCHES = [
    ("sommerskole",),
    ("kommune:Svendborg",),
    ("tilskud", "--facet", "kommune", "--facet", "year", "--facet", "region"),
    ("--kommune", "Aabenraa", "--facet", "kommune"),
    ("--from", "2019", "--to", "2021-06", "--sort", "newest"),
    ("--kind", "grants", "--amount-min", "1000000"),
]


def test_rebuilds_change_no_answer(kilde: Kilde, copied: Path) -> None:
    """The index from the store, and both from the archive."""

    def answers() -> list[Any]:
        found = [answer(kilde("--data", copied, "search", *words, "--format", "json")) for words in SEARCHES]
        for page in found:
            page.pop("next")  # a cursor names the index's generation
        listed = kilde("--data", copied, "mentions", "--all", "--format", "jsonl").stdout
        return [*found, listed, kilde("--data", copied, "grants", "--format", "csv").stdout]

    before = answers()
    assert all(it["total"] for it in before[: len(SEARCHES)])
    assert kilde("--data", copied, "index", "--rebuild").exit_code == 0
    assert answers() == before
    for name in ("kilde.sqlite", "kilde.sqlite-wal", "kilde.sqlite-shm"):
        (copied / name).unlink(missing_ok=True)
    shutil.rmtree(copied / "index")
    assert kilde("--data", copied, "ingest", "--from-archive").exit_code == 0
    assert answers() == before


def test_facets_are_exact(kilde: Kilde, ingested: Path) -> None:
    """Each count is the number of hits that the search for that value gives."""
    for facet in ("kommune", "region", "publisher", "kind", "year", "theme"):
        page = answer(kilde("--data", ingested, "search", "--facet", facet, "--limit", "0", "--format", "json"))
        values = page["facets"][facet]
        assert values
        for value in values[:4]:
            narrowed = ("--data", ingested, "search", f"--{facet}", value["value"], "--limit", "0", "--format", "json")
            assert answer(kilde(*narrowed))["total"] == value["count"]


def test_mentions_point_at_their_characters(kilde: Kilde, ingested: Path) -> None:
    """Each line's surface is what stands at its place in the document that `show` prints."""
    result = kilde("--data", ingested, "mentions", "Åbenrå", "--format", "jsonl")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines
    for line in lines:
        text = answer(kilde("--data", ingested, "show", line["document"], "--format", "json"))["text"]
        assert text[line["document_start"] : line["document_end"]] == line["surface"]
        assert line["code"] == "0580"


def test_a_former_kommune_is_explained(kilde: Kilde, ingested: Path) -> None:
    """What became of it is said on standard error, and that is searched."""
    result = kilde("--data", ingested, "mentions", "Farum", "--format", "jsonl")
    assert result.exit_code == 0
    assert "Furesø" in result.stderr
    assert {json.loads(line)["code"] for line in result.stdout.splitlines()} <= {"0190"}


def test_the_original_comes_out_as_it_came(kilde: Kilde, ingested: Path) -> None:
    """Byte for byte, for every document."""
    hits = answer(kilde("--data", ingested, "search", "--limit", "500", "--format", "json"))["hits"]
    bodies = {path.read_bytes() for path in SAMPLES.iterdir()}
    mail = message_from_bytes((SAMPLES / "landsbynyt-2023-04.eml").read_bytes())
    named = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    attached = [part.get_payload(decode=True) for part in named]
    assert len(attached) == INSIDE
    bodies |= set(attached)
    found = {kilde("--data", ingested, "original", hit["document"]).stdout_bytes for hit in hits}
    assert found == bodies


def test_extract_gives_the_ids_that_ingest_gives(kilde: Kilde, ingested: Path) -> None:
    """For the document and all of its records."""
    for path in sorted(SAMPLES.iterdir())[:5]:
        read = answer(kilde("extract", path, "--format", "json"))
        stored = answer(kilde("--data", ingested, "show", read["id"], "--format", "json"))
        assert stored == read


def test_a_changed_document_is_found_in_its_new_version_only(kilde: Kilde, tmp_path: Path) -> None:
    """The word that went is not found, the word that came is; and back again."""
    folder = tmp_path / "nyt"
    folder.mkdir()
    file = folder / "a.txt"

    def totals() -> tuple[int, int]:
        found = [answer(kilde("search", word, "--format", "json"))["total"] for word in ("kålhoved", "gulerod")]
        return found[0], found[1]

    for text, expected in (("kålhoved", (1, 0)), ("gulerod", (0, 1)), ("kålhoved", (1, 0))):
        file.write_text(f"Nyt fra haven\n\nI dag er der høstet en {text} i haven.\n", "utf-8")
        assert kilde("ingest", folder).exit_code == 0
        assert totals() == expected


def test_status_counts(kilde: Kilde, ingested: Path) -> None:
    """Documents and sizes are those that are there."""
    values = answer(kilde("--data", ingested, "status", "--format", "json"))
    assert values["documents"] == len(list(SAMPLES.iterdir())) + INSIDE
    assert values["quarantine"] == []
    assert all(size > 0 for size in values["bytes"].values())
    assert kilde("--data", ingested, "status").exit_code == 0


BAD = [("empty.txt", b"", "empty"), ("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "binary"),
       ("paper.docx", b"PK\x03\x04", "damaged_zip")]  # fmt: skip


def test_bad_files_are_told_kept_and_counted(kilde: Kilde, tmp_path: Path) -> None:
    """Exit code 3; one line each; the rest is searchable; the original can be had back."""
    folder = tmp_path / "blandet"
    folder.mkdir()
    for name, body, _ in BAD:
        (folder / name).write_bytes(body)
    (folder / "god.txt").write_text("God fil\n\nVejle Kommune har åbnet en børnehave.\n", "utf-8")
    (folder / "tabt.txt").symlink_to(folder / "findes-ikke")
    result = kilde("ingest", folder, "--format", "json")
    assert result.exit_code == 3
    for name, _, code in BAD:
        assert re.search(rf"quarantined blandet/{name}: .*\({code}\)", result.stderr)
    assert "not archived blandet/tabt.txt" in result.stderr
    assert json.loads(result.stdout)["quarantined"] == 4
    page = answer(kilde("search", "børnehave", "--format", "json"))
    assert (page["total"], page["coverage"]["quarantined"]) == (1, 4)
    listed = answer(kilde("status", "--format", "json"))["quarantine"]
    assert {it["code"] for it in listed} == {"empty", "binary", "damaged_zip", "symbolic_link"}


WRONG = [
    (("ingest",), 2, ("kilde ingest PATH",)),
    (("ingest", "no-such-folder"), 1, ("no-such-folder",)),
    (("ingest", "--from-archive", "x"), 2, ("--from-archive",)),
    (("ingest", ".", "--published", "maj 2020"), 2, ("2020-01",)),
    (("search", "a"), 1, ("kilde ingest",)),
    (("mentions",), 2, ("--all",)),
    (("mentions", "Aarhuus"), 2, ("Aarhus",)),
    (("show", "zzzz"), 1, ("kilde ingest",)),
    (("status",), 1, ("kilde ingest",)),
    (("index", "--rebuild"), 1, ("kilde ingest",)),
    (("extract", "no-such-file"), 1, ("no-such-file",)),
    (("nonsense",), 2, ("nonsense",)),
    (("search", "--limit", "x"), 2, ("--limit",)),
    (("search", "--kind", "avis"), 2, ("--kind", "newsletter")),
    (("search", "--year", "20"), 2, ("--year",)),
    (("grants", "--from", "2022", "--to", "2021"), 2, ("--from", "--to")),
    (("--config", "no.toml", "status"), 78, ("no.toml",)),
]


@pytest.mark.parametrize(("args", "code", "words"), WRONG, ids=[" ".join(it[0]) for it in WRONG])
def test_wrong_calls_are_told_in_one_line(
    kilde: Kilde, args: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    """What was wrong and what to do, and the exit code of CONTRACTS; nothing is made."""
    one_line(kilde(*args), code, *words)
    assert not Path("kilde-data").exists()


def test_ids_that_are_not_there(kilde: Kilde, ingested: Path) -> None:
    """A wrong id is told."""
    one_line(kilde("--data", ingested, "show", "zzzz"), 1, "zzzz")
    one_line(kilde("--data", ingested, "original", "zzzz"), 1, "zzzz")


def test_extract_refuses_what_it_cannot_read(kilde: Kilde, tmp_path: Path) -> None:
    """Exit code 65."""
    (tmp_path / "x.txt").write_bytes(b"")
    one_line(kilde("extract", tmp_path / "x.txt"), 65, "empty")


@pytest.mark.parametrize("damage", ["gone", "truncated", "garbage"])
def test_a_damaged_index_names_the_command_that_mends_it(kilde: Kilde, copied: Path, damage: str) -> None:
    """And that command does mend it."""
    files = sorted(path for path in (copied / "index").rglob("*") if path.is_file())
    if damage == "gone":
        shutil.rmtree(copied / "index")
    for path in files if damage != "gone" else []:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if damage == "truncated" else b"x" * 99)
    one_line(kilde("--data", copied, "search", "tilskud"), 1, "kilde index --rebuild")
    assert kilde("--data", copied, "index", "--rebuild").exit_code == 0
    assert answer(kilde("--data", copied, "search", "tilskud", "--format", "json"))["total"]


def test_a_damaged_store_names_the_command_that_mends_it(kilde: Kilde, copied: Path) -> None:
    """And that command does mend it."""
    (copied / "kilde.sqlite").write_bytes(b"x" * 4096)
    one_line(kilde("--data", copied, "search", "tilskud"), 1, "kilde ingest --from-archive")
    assert kilde("--data", copied, "ingest", "--from-archive").exit_code == 0
    assert answer(kilde("--data", copied, "search", "tilskud", "--format", "json"))["total"]


def test_a_dry_run_stores_nothing(kilde: Kilde) -> None:
    """It reads everything and reports."""
    assert answer(kilde("ingest", SAMPLES, "--dry-run", "--format", "json"))["added"] == len(list(SAMPLES.iterdir()))
    assert not Path("kilde-data").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("search", "tilskud", "--facet", "kommune", "--facet", "theme"),
        ("mentions", "Vejle"),
        ("grants",),
        ("kommuner",),
        ("kommuner", "Ærø"),
        ("show",),
        ("status",),
    ],
    ids=lambda it: " ".join(it),
)
def test_tables_for_the_eyes(kilde: Kilde, ingested: Path, args: tuple[str, ...]) -> None:
    """Something is printed, nothing is wrong."""
    if args == ("show",):
        page = answer(kilde("--data", ingested, "search", "tilskud", "--format", "json"))
        args = ("show", page["hits"][0]["id"])
    result = kilde("--data", ingested, *args)
    assert result.exit_code == 0, result.stderr
    assert len(result.stdout.splitlines()) > 3


def test_explain_shows_what_was_taken_and_what_was_refused(kilde: Kilde, tmp_path: Path) -> None:
    """Each candidate with its rule."""
    (tmp_path / "x.txt").write_text(
        "Vejen til job er lang. Vejle Kommune gav 31.02.2020 støtte på 2 mio. kr.\n", "utf-8"
    )
    candidates = answer(kilde("explain", tmp_path / "x.txt", "--format", "json"))
    outcome = {(it["surface"], it["taken"]) for it in candidates}
    assert {("Vejen", False), ("Vejle Kommune", True), ("2 mio. kr.", True), ("31.02.2020", False)} <= outcome
    assert all(it["rule"] for it in candidates)
    assert kilde("explain", tmp_path / "x.txt").exit_code == 0
