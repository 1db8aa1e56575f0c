"""Data folders of several machines become one: the same as if one machine had done it all."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.identity import document_id
from ingest.report import Report
from ingest.sources.files import see_files
from ingest.sources.folder import find_targets
from ingest.sources.seen import Gone, Seen, Sight
from ingest.sources.shards import Shard, parse_shard, shared_sights, shared_targets
from kilde import runs
from kilde.errors import MissingError, UsageError
from kilde.folder import DataFolder
from kilde.forgetting import forget
from kilde.gathering import gather
from kilde.store import Store
from kilde.workforce import Workforce
from tests.conftest import SAMPLES, observation
from tests.crash.contents import Look, look
from tests.kilde.kept import letter, mail_with_attachment

OPTIONS = runs.Options(1)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, a mail with an attachment, an mbox of mails, a .zip, a copy and something that cannot be read."""
    folder = tmp_path_factory.mktemp("several") / "files"
    shutil.copytree(SAMPLES, folder)
    (folder / "bro.eml").write_bytes(mail_with_attachment("Se bilaget.", "bilag.txt", letter(4)))
    mails = [f"From x\nMessage-ID: <{n}@example.dk>\nSubject: Nyt {n}\n\n{letter(n)}\n" for n in range(4)]
    (folder / "liste.mbox").write_text("".join(mails), "utf-8")
    with zipfile.ZipFile(folder / "pakke.zip", "w") as archive:
        archive.writestr("a.txt", letter(5))
        archive.writestr("b.pdf", b"%PDF-1.4 and no more")
    (folder / "kopi-af-a.txt").write_text(letter(5), "utf-8")
    (folder / "brudt.pdf").write_bytes(b"%PDF-1.4 broken")
    return folder


@pytest.fixture(scope="module")
def whole(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Look:
    """What one machine makes of it."""
    return look(ingested(files, tmp_path_factory.mktemp("whole") / "data").path)


def ingested(files: Path, data: Path, shard: Shard | None = None) -> DataFolder:
    """A data folder with all files, or with one machine's share."""
    targets = find_targets([files], "prøver")
    folder = DataFolder(data)
    with runs.open_run(folder, "ingest", 1, lambda _: None) as run:
        sights = see_files(shared_targets(targets, shard) if shard else targets, run.started)
        runs.ingest_sights(run, shared_sights(sights, shard) if shard else sights, OPTIONS)
    return folder


def gathered(data: Path, folders: Sequence[DataFolder]) -> Report:
    """Gather folders into one."""
    with runs.open_run(DataFolder(data), "gather", 1, lambda _: None) as run:
        for folder in folders:
            gather(run, folder)
        run.update_index()
    return run.report


def test_three_shares_gathered_are_the_whole(files: Path, whole: Look, tmp_path: Path) -> None:
    """Archive, store and answers; gathered once more, nothing changes."""
    shares = [ingested(files, tmp_path / str(number), Shard(number, 3)) for number in (1, 2, 3)]
    sizes = [len(look(share.path).things) for share in shares]
    assert min(sizes) > 3
    report = gathered(tmp_path / "all", shares)
    found = look(tmp_path / "all")
    assert (found.things, found.hits, found.findings) == (whole.things, whole.hits, whole.findings)
    again = gathered(tmp_path / "all", shares)
    assert (again.added, again.unchanged) == (0, report.added)
    assert look(tmp_path / "all").things == whole.things


class NoReader(Executor):
    """A pool that must not be asked."""

    def submit(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("something is read that was read already")


def test_what_was_read_there_is_not_read_again(files: Path, whole: Look, tmp_path: Path) -> None:
    """Unless their rules are others, or their store is not there: then it is read here, and comes out the same."""
    share = ingested(files, tmp_path / "share")
    with runs.open_run(DataFolder(tmp_path / "all"), "gather", 1, lambda _: None) as run:
        run.workforce = Workforce(NoReader(), 1)
        gather(run, share)
        run.update_index()
    assert look(tmp_path / "all").things == whole.things
    with sqlite3.connect(share.store) as store:
        store.execute("UPDATE version SET rules = 'older', title = 'wrong'")
    gathered(tmp_path / "read-anew", [share])
    assert look(tmp_path / "read-anew").things == whole.things
    share.store.unlink()
    gathered(tmp_path / "archive-alone", [share])
    assert look(tmp_path / "archive-alone").things == whole.things


def test_versions_departures_and_what_was_forgotten(tmp_path: Path) -> None:
    """Later versions follow in a later gathering; what is gone is gone; what was forgotten on either side stays so."""
    share, ours = DataFolder(tmp_path / "share"), tmp_path / "ours"
    see(share, "2026-01-01T00:00:00Z", a=letter(1), b=letter(2), c=letter(3), d=letter(4))
    gathered(ours, [share])
    see(share, "2026-01-02T00:00:00Z", a=letter(5), b=None)
    see(share, "2026-01-03T00:00:00Z", a=letter(1))
    forget(share, document_id("brev", "c"), None, erased=False, options=OPTIONS)
    forget(DataFolder(ours), document_id("brev", "d"), None, erased=False, options=OPTIONS)
    report = gathered(ours, [share])
    with Store(DataFolder(ours).store) as store:
        ids = {name: document_id("brev", name) for name in "abcd"}
        history = [it.observed[8:10] for it in store.history(ids["a"])]
        gone = [name for name, id_ in ids.items() if (known := store.known(id_)) and known.gone]
        kept = store.document(ids["c"])
        forgotten = [name for name, id_ in ids.items() if (known := store.known(id_)) and known.forgotten]
    assert history == ["01", "02", "03"]
    assert gone == ["b"]
    assert kept is not None
    assert forgotten == ["d"]
    assert (report.added, report.gone) == (2, 1)
    before = look(ours).things
    gathered(ours, [share])
    assert look(ours).things == before


def see(folder: DataFolder, when: str, **texts: str | None) -> None:
    """Ingest originals as seen at a time; None for one that is gone."""
    sights: list[Sight] = []
    for name, text in texts.items():
        if text is None:
            sights.append(Gone("brev", name, when, "404"))
            continue
        seen = observation(text.encode(), name, source="brev")
        sights.append(Seen(replace(seen, observed=when), text.encode()))
    with runs.open_run(folder, "ingest", 1, lambda _: None) as run:
        runs.ingest_sights(run, sights, OPTIONS)


def test_a_folder_without_an_archive_is_refused(tmp_path: Path) -> None:
    """It is named, so that a mistyped path is seen."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingError, match="empty holds no archive"):
        gathered(tmp_path / "data", [DataFolder(tmp_path / "empty")])


@given(st.lists(st.text(), unique=True), st.integers(1, 12))
def test_each_locator_belongs_to_one_share(locators: list[str], machines: int) -> None:
    """Whatever it looks like; no other share has it."""
    shares = [Shard(number, machines) for number in range(1, machines + 1)]
    for locator in locators:
        assert sum(share.holds(locator) for share in shares) == 1


def test_shares_stay_what_they_are() -> None:
    """Machines with other versions of Kilde must agree; these were counted with sha256sum and bc."""
    names = ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt")
    assert [Shard(1, 3).holds(name) for name in names] == [False, True, False, False, True]


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/0", "a/b", "1", "-1/3", "1/2000", "1/2/3", ""])
def test_a_share_that_is_none_is_refused(text: str) -> None:
    """With what to write instead."""
    with pytest.raises(UsageError, match="write 2/3"):
        parse_shard(text)
    assert parse_shard(" 2/3 ") == Shard(2, 3)
