"""History, differences and the quarantine, as commands print them."""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kilde.cli import cli
from kilde.errors import UnreadableError
from tests.kilde.kept import Kept, kept_folder, letter


def kilde(kept: Kept, *args: str) -> Result:
    """Run a command over a data folder."""
    return CliRunner().invoke(cli, ["--data", str(kept.data.path), *args])


def answer(kept: Kept, *args: str) -> Any:
    """What a command prints as JSON."""
    result = kilde(kept, *args, "--format", "json")
    assert result.exit_code in {0, 3}, result.output
    return json.loads(result.stdout)


def refuse(*_: object) -> None:
    """A reader that cannot."""
    raise UnreadableError("unknown_type", "no reader for this type of file")


class Here(Executor):
    """Runs tasks in this process."""

    def __init__(self, _: int) -> None:
        pass

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A data folder with a document of two versions."""
    kept = kept_folder(tmp_path, 2)
    kept.write("2021/00.txt", letter(0).replace("200.000 kr.", "300.000 kr.") + "\nNye stier\n\nDer kommer flere.\n")
    kept.ingest()
    return kept


def test_history_lists_every_version(kept: Kept) -> None:
    """The oldest first, with what each gave."""
    values = answer(kept, "history", kept.id_of("2021/00.txt"))
    assert [it["state"] for it in values["history"]] == ["read", "read"]
    assert values["version"] == values["history"][1]["digest"] != values["history"][0]["digest"]
    assert "2021/00.txt" in kilde(kept, "history", values["id"][:8]).stdout


def test_history_tells_of_the_same_text_elsewhere(kept: Kept) -> None:
    """Other bytes, one text: another line end is enough."""
    kept.write("kopi.txt", letter(1).replace("\n", "\r\n"))
    kept.ingest()
    values = answer(kept, "history", kept.id_of("kopi.txt"))
    assert values["same_text"] == [kept.id_of("2021/01.txt")]


def test_diff_says_what_changed(kept: Kept) -> None:
    """Records, lines and mentions."""
    values = answer(kept, "diff", kept.id_of("2021/00.txt"))
    lines = [line for it in values["records"] for line in it["lines"]]
    assert any(line.startswith("+") and "300.000" in line for line in lines)
    assert any(line.startswith("-") and "200.000" in line for line in lines)
    assert (values["mentions"]["added"], values["mentions"]["lost"]) == (1, 1)
    back = answer(kept, "diff", kept.id_of("2021/00.txt"), values["new"][:8], values["old"][:8])
    assert (back["old"], back["new"]) == (values["new"], values["old"])
    assert "1 added, 1 lost" in kilde(kept, "diff", kept.id_of("2021/00.txt")).stdout


WRONG = [("00", ["zz"], "has no such version"), ("01", [], "has one version only")]


@pytest.mark.parametrize(("name", "versions", "told"), WRONG)
def test_versions_that_are_not_there_are_told(kept: Kept, name: str, versions: list[str], told: str) -> None:
    """In one line, with what to do."""
    result = kilde(kept, "diff", kept.id_of(f"2021/{name}.txt"), *versions)
    assert (result.exit_code, told in result.stderr) == (1, True)


def test_the_quarantine_is_listed_shown_retried_and_dropped(kept: Kept) -> None:
    """An empty file, then one that can be read."""
    kept.write("2021/01.txt", b"")
    kept.write("tom.txt", b" ")
    kept.ingest()
    listed = answer(kept, "quarantine", "list")
    assert [(it["locator"], it["code"]) for it in listed] == [("2021/01.txt", "empty"), ("tom.txt", "empty")]
    shown = answer(kept, "quarantine", "show", listed[1]["document"])
    assert [it["state"] for it in shown["history"]] == ["quarantined"]
    result = kilde(kept, "quarantine", "retry")
    assert (result.exit_code, "0 of 2 can be read now" in result.stderr) == (3, True)
    assert kilde(kept, "quarantine", "drop", listed[1]["document"]).exit_code == 0
    assert [it["locator"] for it in answer(kept, "quarantine", "list")] == ["2021/01.txt"]
    assert len(answer(kept, "quarantine", "list", "--all")) == 2
    assert answer(kept, "search", "bro")["coverage"]["quarantined"] == 1
    kept.write("2021/01.txt", letter(1))
    kept.ingest()
    assert answer(kept, "quarantine", "list") == []


def test_the_quarantine_is_read_by_better_rules(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no reader could read is read once one can."""
    with monkeypatch.context() as patch:
        patch.setattr("ingest.readings.read_document", refuse)
        patch.setattr("kilde.workforce.SandboxExecutor", Here)
        kept.write("ny.txt", letter(5))
        assert kept.ingest().quarantined == 1
    result = kilde(kept, "quarantine", "retry")
    assert (result.exit_code, "1 of 1 can be read now" in result.stderr) == (0, True)
    assert answer(kept, "search", "kommune:Haderslev")["total"] == 1


def test_reread_prints_the_difference(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is older than the rules of today; then all is."""
    assert answer(kept, "ingest", "--reread")["reread"] == 0
    monkeypatch.setattr("kilde.ingest_cli.rules_fingerprint", lambda: "newer")
    values = answer(kept, "ingest", "--reread", "--limit", "1")
    assert (values["reread"], values["differences"]) == (1, [])


def test_forget_asks_first(kept: Kept) -> None:
    """And does nothing where the answer is no."""
    id_ = kept.id_of("2021/01.txt")
    result = CliRunner().invoke(cli, ["--data", str(kept.data.path), "forget", id_], input="n\n")
    assert result.exit_code == 130
    assert kilde(kept, "forget", id_, "--yes").exit_code == 0
    assert kilde(kept, "show", id_).exit_code == 1
