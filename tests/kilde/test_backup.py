"""A backup holds all that cannot be made anew, is checked, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.archiving.archive import archive_files
from kilde.backup import back_up, read_manifest, restore
from kilde.check import check_all
from kilde.errors import DamagedError, MissingError, UsageError
from kilde.folder import DataFolder
from kilde.runs import Options
from tests.kilde.kept import Kept, kept_folder, letter


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A data folder to back up."""
    return kept_folder(tmp_path)


def test_what_is_restored_is_what_was_backed_up(kept: Kept, tmp_path: Path) -> None:
    """Documents, ids and state; the index is made anew, and new files go on from there."""
    back_up(kept.data, tmp_path / "b")
    before = kept.contents()
    back = Kept(DataFolder(tmp_path / "back"), kept.files)
    restore(tmp_path / "b", back.data, Options(1))
    assert back.contents() == before
    assert check_all(back.data).findings == ()
    assert back.ingest().unchanged == 3


def test_a_backup_is_brought_up_to_date(kept: Kept, tmp_path: Path) -> None:
    """The same folder again, after more was ingested."""
    first = back_up(kept.data, tmp_path / "b")
    kept.write("mere.txt", letter(5))
    kept.ingest()
    second = back_up(kept.data, tmp_path / "b")
    assert [it.path for it in first.files] == [it.path for it in second.files]
    assert second.size > first.size
    back = Kept(DataFolder(tmp_path / "back"), kept.files)
    restore(tmp_path / "b", back.data, Options(1))
    assert back.contents() == kept.contents()


def test_a_store_that_is_ahead_of_the_archive_never_gets_into_a_backup(kept: Kept, tmp_path: Path) -> None:
    """The store is copied first; what the archive holds beyond it is read by the next run."""
    store = kept.data.store.read_bytes()
    kept.write("mere.txt", letter(5))
    kept.ingest()
    made = back_up(kept.data, tmp_path / "b")
    (tmp_path / "b" / "kilde.sqlite").write_bytes(store)
    with pytest.raises(DamagedError, match="is not as it was written"):
        restore(tmp_path / "b", DataFolder(tmp_path / "back"), Options(1))
    assert made.files


@pytest.mark.parametrize("name", ["raw/kilde-00001.warc.gz", "state.sqlite", "kilde.sqlite"])
def test_a_damaged_backup_is_refused_and_makes_nothing(kept: Kept, tmp_path: Path, name: str) -> None:
    """One byte is enough."""
    back_up(kept.data, tmp_path / "b")
    path = tmp_path / "b" / name
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(bytes(body))
    with pytest.raises(DamagedError, match="use another backup"):
        restore(tmp_path / "b", DataFolder(tmp_path / "back"), Options(1))
    assert not (tmp_path / "back").exists()


def test_nothing_is_written_over(kept: Kept, tmp_path: Path) -> None:
    """Neither a data folder that is in use nor a folder of other things."""
    back_up(kept.data, tmp_path / "b")
    with pytest.raises(UsageError, match="move them away"):
        restore(tmp_path / "b", kept.data, Options(1))
    with pytest.raises(UsageError, match="is no backup"):
        back_up(kept.data, kept.files)
    with pytest.raises(MissingError, match="no backup of Kilde"):
        restore(kept.files, DataFolder(tmp_path / "back"), Options(1))


def test_a_manifest_cannot_lead_out_of_the_backup(kept: Kept, tmp_path: Path) -> None:
    """A path that somebody put there by hand."""
    back_up(kept.data, tmp_path / "b")
    manifest = tmp_path / "b" / "backup.json"
    manifest.write_text(manifest.read_text("utf-8").replace("raw/kilde-00001", "raw/../../kilde-00001"), "utf-8")
    with pytest.raises(DamagedError, match="is no file of a backup"):
        read_manifest(tmp_path / "b")


@pytest.mark.parametrize("loss", ["flipped", "cut", "gone"])
def test_a_good_backup_is_never_replaced_by_a_damaged_archive(tmp_path: Path, loss: str) -> None:
    """The backup refuses, and the earlier one stays as it is and can be restored."""
    kept = kept_folder(tmp_path, 2)
    into = tmp_path / "backup"
    back_up(kept.data, into)
    before = {path: path.read_bytes() for path in into.rglob("*") if path.is_file()}
    (path,) = archive_files(kept.data.archive)
    body = path.read_bytes()
    if loss == "flipped":
        path.write_bytes(body[:900] + bytes([body[900] ^ 1]) + body[901:])
    elif loss == "cut":
        path.write_bytes(body[:-40])
    else:
        path.unlink()
    with pytest.raises(DamagedError, match="backup"):
        back_up(kept.data, into)
    assert {path: path.read_bytes() for path in into.rglob("*") if path.is_file()} == before
