"""What is forgotten is gone from every layer, and no run, rebuild or restored backup brings it back."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from ingest.archiving.archive import archive_files
from kilde import runs
from kilde.backup import back_up, restore
from kilde.check import check_all
from kilde.errors import MissingError, UsageError
from kilde.folder import DataFolder
from kilde.forgetting import forget
from kilde.runs import ERASURE, Options
from kilde.state import State
from kilde.store import Store
from kilde.tombstones import tombstones
from tests.kilde.kept import Kept, kept_folder, letter, mail_with_attachment

OPTIONS = Options(1)
SECRET = "Hemmeligstrup"


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A data folder with a document that will be forgotten."""
    kept = kept_folder(tmp_path)
    kept.write("hemmelig.txt", letter(1).replace("broer", SECRET))
    kept.ingest()
    return kept


def holds(folder: DataFolder, text: str, *, archive: bool) -> list[str]:
    """The files below a data folder that hold a text, the archive's inflated."""
    found = []
    for path in sorted(folder.path.rglob("*")):
        if path.is_file() and not path.name.startswith("state.sqlite"):
            in_archive = path.parent == folder.archive
            body = gzip.decompress(path.read_bytes()) if in_archive else path.read_bytes()
            if in_archive <= archive and text.encode() in body:
                found.append(path.name)
    return found


@pytest.mark.parametrize("erased", [False, True])
def test_no_layer_holds_it_and_no_run_brings_it_back(kept: Kept, erased: bool) -> None:
    """Not by name, not by its bytes under another name, not by a rebuild."""
    done = forget(kept.data, kept.id_of("hemmelig.txt"), "GDPR", erased=erased, options=OPTIONS)
    assert done.documents
    assert holds(kept.data, SECRET, archive=erased) == []
    shutil.copy(kept.files / "hemmelig.txt", kept.files / "andet-navn.txt")
    assert kept.ingest().forgotten == 2
    runs.ingest_from_archive(kept.data, OPTIONS, lambda _: None)
    with kept.store() as store:
        assert store.counts().documents == 3
        known = store.known(done.documents[0])
        assert known is not None
        assert known.forgotten
    assert check_all(kept.data).findings == ()


def test_what_was_erased_is_erased_from_a_restored_backup_too(kept: Kept, tmp_path: Path) -> None:
    """No byte of it comes back with a backup from before; bytes that another document has as well stay for that one."""
    kept.write("post.txt", letter(2))
    kept.ingest()
    back_up(kept.data, tmp_path / "backup")
    for locator in ("hemmelig.txt", "2021/02.txt"):
        forget(kept.data, kept.id_of(locator), None, erased=True, options=OPTIONS)
    shutil.rmtree(kept.data.archive)
    kept.data.store.unlink()
    restore(tmp_path / "backup", kept.data, OPTIONS)
    assert holds(kept.data, SECRET, archive=True) == []
    with kept.store() as store:
        assert sorted(it.locator for it in store.known_of("breve")) == ["2021/00.txt", "2021/01.txt", "post.txt"]
    assert check_all(kept.data).findings == ()


def test_the_tombstone_outlives_a_restored_backup(kept: Kept, tmp_path: Path) -> None:
    """A backup from before, restored beside the state of now."""
    id_ = kept.id_of("hemmelig.txt")
    back_up(kept.data, tmp_path / "backup")
    forget(kept.data, id_, None, erased=False, options=OPTIONS)
    again = DataFolder(tmp_path / "again")
    again.make()
    shutil.copy(kept.data.state, again.state)
    restore(tmp_path / "backup", again, OPTIONS)
    with Store(again.store) as store:
        assert store.document(id_) is None
        assert store.counts().documents == 3
    assert check_all(again).findings == ()


def test_bytes_that_another_document_has_stay_for_it(kept: Kept) -> None:
    """Erasing one of two documents with the same bytes leaves the other whole, and says so."""
    kept.write("tvilling.txt", (kept.files / "hemmelig.txt").read_bytes())
    kept.ingest()
    other = kept.id_of("tvilling.txt")
    done = forget(kept.data, kept.id_of("hemmelig.txt"), None, erased=True, options=OPTIONS)
    assert done.shared == (other,)
    with kept.store() as store:
        document = store.document(other)
        assert document is not None
        assert SECRET in document.text
    assert check_all(kept.data).findings == ()


def test_an_erasure_that_was_cut_short_is_finished_by_the_next_run(kept: Kept) -> None:
    """Whatever runs next first does what is pending."""
    id_ = kept.id_of("hemmelig.txt")
    forget(kept.data, id_, None, erased=False, options=OPTIONS)
    with State(kept.data.state) as state:
        state.set_pending(ERASURE, [id_])
    kept.ingest()
    assert holds(kept.data, SECRET, archive=True) == []
    with State(kept.data.state) as state:
        assert state.pending(ERASURE) is None
        assert [(it.erased is not None, it.locator) for it in tombstones(state)] == [(True, "")]


def test_a_tombstone_without_its_deed_is_honoured_by_the_next_run(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the tombstone and the store."""
    id_ = kept.id_of("hemmelig.txt")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kilde.store_writer.StoreWriter.forget", killed)
        with pytest.raises(KeyboardInterrupt):
            forget(kept.data, id_, None, erased=False, options=OPTIONS)
    kept.ingest()
    with kept.store() as store:
        assert store.document(id_) is None


def test_parts_go_with_what_they_came_in(kept: Kept) -> None:
    """A mail takes its attachments along; an attachment alone can be forgotten, not erased."""
    kept.write("brev.eml", mail_with_attachment(letter(4), "bilag.txt", letter(5)))
    kept.ingest()
    mail = kept.id_of("brev.eml")
    with kept.store() as store:
        (part,) = store.parts(mail)
        assert store.document(part) is not None
    with pytest.raises(UsageError, match="came inside of"):
        forget(kept.data, part, None, erased=True, options=OPTIONS)
    done = forget(kept.data, mail, None, erased=True, options=OPTIONS)
    assert set(done.documents) == {mail, part}
    assert len(archive_files(kept.data.archive)) == 1
    assert check_all(kept.data).findings == ()


def test_an_unknown_id_is_told(kept: Kept) -> None:
    """Nothing is written."""
    with pytest.raises(MissingError, match="no document has this id"):
        forget(kept.data, "zzzz", None, erased=False, options=OPTIONS)
