"""Saved searches: what is new is given once, whatever happens to the index, the documents or the run itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kilde.cli import cli
from kilde.errors import LockedError, MissingError, UsageError
from kilde.lock import write_lock
from kilde.saved import mark_given, not_given, remove_search, save_search, saved_search, saved_searches
from kilde.state import State
from search.page import By, Filters, Query, Sort
from search.query import parse_query
from search.saved import begin_delivery, query_from, question_json, settle_delivery
from search.saved_cli import LOCK

NOW = "2026-01-02T03:04:05Z"
Kilde = Callable[..., Result]


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.sqlite")


@pytest.fixture
def kilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kilde:
    """Runs a command on a data folder of two documents, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KILDE_DATA", raising=False)
    Path("breve").mkdir()
    Path("breve/a.txt").write_text("Nyt om boliger\n\nKommunen bygger nye boliger i 2020.\n", encoding="utf-8")
    Path("breve/b.txt").write_text("Nyt om skoler\n\nSkolen får ny bolig og 2 mio. kr.\n", encoding="utf-8")

    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(cli, ["--data", "data", *map(str, words)])

    assert run("ingest", "breve").exit_code == 0
    return run


def news(kilde: Kilde, *words: str) -> list[str]:
    """The titles of what is new."""
    result = kilde("run", "bo", "--new-since-last", "--format", "jsonl", *words)
    assert result.exit_code == 0, result.output
    return [json.loads(line)["title"] for line in result.stdout.splitlines()]


def test_what_is_new_is_given_once(kilde: Kilde) -> None:
    """Across new documents, changed versions and a rebuilt index; a run without the option marks nothing."""
    assert kilde("save", "bo", "bolig").exit_code == 0
    assert len(json.loads(kilde("run", "bo", "--format", "json").stdout)["hits"]) == 2
    assert sorted(news(kilde)) == ["Nyt om boliger", "Nyt om skoler"]
    assert news(kilde) == []

    Path("breve/c.txt").write_text("Nyt om klubber\n\nKlubben søger en bolig.\n", encoding="utf-8")
    Path("breve/a.txt").write_text("Nyt om boliger\n\nKommunen bygger flere nye boliger i 2020.\n", encoding="utf-8")
    assert kilde("ingest", "breve").exit_code == 0
    assert kilde("index", "--rebuild").exit_code == 0
    assert news(kilde) == ["Nyt om klubber"]
    assert news(kilde) == []


def test_filters_are_saved_and_listed(kilde: Kilde) -> None:
    assert kilde("save", "bo", "bolig", "--amount-min", "1000000", "--sort", "oldest").exit_code == 0
    assert news(kilde) == ["Nyt om skoler"]
    (listed,) = json.loads(kilde("saved", "--format", "json").stdout)
    assert (listed["name"], listed["query"], listed["filters"]) == ("bo", "bolig", {"amount_min": 1000000})
    assert (listed["given"], listed["sort"], listed["by"]) == (1, "oldest", "record")
    assert "amount_min=1000000" in " ".join(kilde("saved").stdout.split())


def test_by_document_a_document_is_given_once(kilde: Kilde) -> None:
    assert kilde("save", "bo", "bolig", "--by", "document").exit_code == 0
    assert len(news(kilde)) == 2
    assert news(kilde) == []


def test_a_table_and_json_say_how_much_is_new(kilde: Kilde) -> None:
    kilde("save", "bo", "bolig")
    found = json.loads(kilde("run", "bo", "--new-since-last", "--format", "json").stdout)
    assert (found["new"], found["total"], len(found["hits"])) == (2, 2, 2)
    again = kilde("run", "bo", "--new-since-last")
    assert "0 new of 2 hits of bo" in again.stdout


def test_a_run_that_cannot_write_gives_the_same_again(kilde: Kilde, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is marked before it is written."""
    kilde("save", "bo", "bolig")
    assert kilde("run", "bo", "--new-since-last", "--output", "ingen/mappe.csv").exit_code == 1

    def broken(*_: object) -> None:
        raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr("search.saved_cli.write_export", broken)
        kilde("run", "bo", "--new-since-last", "--format", "jsonl")
    assert len(news(kilde)) == 2


def test_a_file_that_was_written_before_a_crash_is_not_given_twice(kilde: Kilde) -> None:
    """The manifest beside it tells; without the file the hits come again."""
    kilde("save", "bo", "bolig")
    assert kilde("run", "bo", "--new-since-last", "-o", "ny.jsonl").exit_code == 0
    written = [json.loads(line)["id"] for line in Path("ny.jsonl").read_text(encoding="utf-8").splitlines()]
    about = json.loads(Path("ny.jsonl.manifest.json").read_text(encoding="utf-8"))
    assert about["saved_search"] == "bo"
    with State(Path("data/state.sqlite")) as state:
        for number, given in ((about["delivery"], 2), ("another", 0)):
            state.connection.execute("DELETE FROM saved_hit")
            pending = {"output": str(Path("ny.jsonl").absolute()), "delivery": number, "keys": written}
            state.set_pending("saved search bo", pending)
            assert settle_delivery(state, "bo") == given
            assert saved_search(state, "bo").given == given
            assert settle_delivery(state, "bo") == 0
        begin_delivery(state, "bo", ["x"], Path("aldrig.jsonl"))
        assert settle_delivery(state, "bo") == 0


def test_two_runs_at_once_do_not_give_the_same(kilde: Kilde) -> None:
    kilde("save", "bo", "bolig")
    with write_lock(Path("data"), LOCK):
        assert kilde("run", "bo", "--new-since-last").exit_code == LockedError.exit_code
    assert len(news(kilde)) == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("save", "to ord", "bolig"), 2, "expected a name"),
        (("save", "x", "(bolig"), 2, "expected ')'"),
        (("run", "intet"), 1, "there is no saved search 'intet'; `kilde saved` lists them"),
        (("saved", "--remove", "intet"), 1, "there is no saved search"),
    ],
)
def test_wrong_calls_say_what_to_do(kilde: Kilde, words: tuple[str, ...], code: int, said: str) -> None:
    result = kilde(*words)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


def test_a_name_is_taken_once_and_free_when_removed(state: State) -> None:
    save_search(state, "bo", {"query": "bolig"}, NOW)
    with pytest.raises(UsageError, match="kilde saved --remove bo"):
        save_search(state, "bo", {"query": "hus"}, NOW)
    mark_given(state, "bo", ["r1"], NOW)
    with pytest.raises(MissingError, match="did you mean bo"):
        remove_search(state, "bol")
    remove_search(state, "bo")
    save_search(state, "bo", {"query": "hus"}, NOW)
    assert [(it.name, it.given, it.last_run) for it in saved_searches(state)] == [("bo", 0, None)]


def test_not_given_keeps_order_and_takes_many(state: State) -> None:
    save_search(state, "bo", {}, NOW)
    many = [f"r{number}" for number in range(3_000)]
    mark_given(state, "bo", many[::2], NOW)
    mark_given(state, "bo", many[:10], NOW)
    assert not_given(state, "bo", [*many, "r11"]) == many[11::2]


def test_a_question_reads_back() -> None:
    filters = Filters(
        kommune=("0751",),
        year=("2020", "2021"),
        published_from=date(2020, 1, 1),
        mentions_to=date(2021, 12, 31),
        amount_min=150_050,
    )
    text = '"ny pulje" kommune:Aarhus'
    query = Query(text, parse_query(text), filters, sort=Sort.AMOUNT, by=By.DOCUMENT)
    assert query_from(json.loads(json.dumps(question_json(query)))) == query


def test_the_data_folder_may_be_copied(kilde: Kilde) -> None:
    """What was given goes with the state."""
    kilde("save", "bo", "bolig")
    news(kilde)
    shutil.copytree("data", "kopi")
    result = CliRunner().invoke(cli, ["--data", "kopi", "run", "bo", "--new-since-last", "--format", "jsonl"])
    assert (result.exit_code, result.stdout) == (0, "")
