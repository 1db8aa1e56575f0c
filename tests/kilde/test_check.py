"""`kilde check` sees whatever is not as it was written, in any layer, and names the command that mends it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from ingest.archiving.archive import archive_files
from kilde import runs
from kilde.check import check_all
from kilde.errors import DamagedError
from kilde.findings import NEXT_RUN, RESTORE
from kilde.folder import DataFolder
from kilde.runs import Options
from tests.kilde.kept import Kept, kept_folder, letter

FLIPS = 60
"""Flipped bits that are tried in the archive; any of them must be seen."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A data folder that is as it should be."""
    return kept_folder(tmp_path_factory.mktemp("whole"))


def layers(kept: Kept) -> set[str]:
    """The layers in which something is found."""
    return {finding.layer for finding in check_all(kept.data).findings}


def test_a_whole_folder_gives_no_finding(whole: Kept) -> None:
    """And all of it was looked at."""
    checked = check_all(whole.data)
    assert checked.findings == ()
    assert (checked.files, checked.observations, checked.originals, checked.versions) == (1, 3, 3, 3)


def test_every_flipped_bit_of_the_archive_is_seen(whole: Kept) -> None:
    """Header, content or checksum of a gzip member, wherever it is."""
    (path,) = archive_files(whole.data.archive)
    body = path.read_bytes()
    dice = random.Random(5)
    unseen = []
    try:
        for position in [*range(20), *(dice.randrange(len(body)) for _ in range(FLIPS))]:
            bit = 1 << dice.randrange(8)
            path.write_bytes(body[:position] + bytes([body[position] ^ bit]) + body[position + 1 :])
            if "archive" not in layers(whole):
                unseen.append((position, bit))
    finally:
        path.write_bytes(body)
    assert unseen == []


def test_a_missing_or_torn_archive_is_seen(whole: Kept) -> None:
    """A file that is gone, and one that ends in the middle."""
    (path,) = archive_files(whole.data.archive)
    body = path.read_bytes()
    try:
        path.write_bytes(body[:-40])
        assert "archive" in layers(whole)
        path.unlink()
        assert "archive" in layers(whole)
    finally:
        path.write_bytes(body)


def test_a_torn_tail_is_no_damage_and_goes_with_the_next_run(tmp_path: Path) -> None:
    """Wherever a write broke off that was never acknowledged: `kilde check` says that the next run mends it."""
    kept = kept_folder(tmp_path, 2)
    (path,) = archive_files(kept.data.archive)
    before = path.read_bytes()
    kept.write("nyt.txt", letter(5))
    later = Kept(DataFolder(tmp_path / "later"), kept.files)
    shutil.copytree(kept.data.path, later.data.path)
    later.ingest()
    whole = archive_files(later.data.archive)[0].read_bytes()
    assert whole.startswith(before)
    for length in range(len(before) + 1, len(whole), 97):
        path.write_bytes(whole[:length])
        found = [it for it in check_all(kept.data).findings if it.layer == "archive"]
        assert [it.mend for it in found] == [NEXT_RUN], length
    kept.ingest()
    assert check_all(kept.data).findings == ()


def test_what_was_acknowledged_is_never_cut_off(tmp_path: Path) -> None:
    """A damaged record at the end of the archive is no torn tail: a run refuses, and the file stays as it is."""
    kept = kept_folder(tmp_path, 2)
    (path,) = archive_files(kept.data.archive)
    damaged = path.read_bytes()[:-40]
    path.write_bytes(damaged)
    assert RESTORE in {it.mend for it in check_all(kept.data).findings}
    with pytest.raises(DamagedError, match="backup"):
        kept.ingest()
    assert path.read_bytes() == damaged


STORE_DAMAGE = [
    ("UPDATE version SET text = replace(text, 'Broen', 'Broem')", "store"),
    ("DELETE FROM observation WHERE number = 1", "store"),
    ("UPDATE record SET stop = 100000 WHERE position = 2", "store"),
    ("UPDATE document SET change = 99999", "index"),
]


@pytest.mark.parametrize(("statement", "layer"), STORE_DAMAGE, ids=[it[0][:20] for it in STORE_DAMAGE])
def test_a_store_that_was_tampered_with_is_seen(tmp_path: Path, statement: str, layer: str) -> None:
    """And made anew by the command that the finding names."""
    kept = kept_folder(tmp_path, 2)
    with sqlite3.connect(kept.data.store) as connection:
        connection.execute(statement)
    connection.close()
    findings = check_all(kept.data).findings
    assert layer in {it.layer for it in findings}
    runs.ingest_from_archive(kept.data, Options(1), lambda _: None)
    assert check_all(kept.data).findings == ()


def test_what_is_archived_and_not_stored_is_seen(tmp_path: Path) -> None:
    """As after a run that was killed; the next one mends it."""
    kept = kept_folder(tmp_path, 2)
    store = kept.data.store.read_bytes()
    kept.write("ny.txt", letter(4))
    kept.ingest(index=False)
    for path in kept.data.path.glob("kilde.sqlite-*"):
        path.unlink()
    kept.data.store.write_bytes(store)
    findings = check_all(kept.data).findings
    assert any("archived and not in the store" in it.what for it in findings)
    kept.ingest()
    assert check_all(kept.data).findings == ()


def test_a_quick_check_leaves_bodies_unread(tmp_path: Path) -> None:
    """But what stands where is compared all the same."""
    kept = kept_folder(tmp_path, 1)
    checked = check_all(kept.data, quick=True)
    assert (checked.originals, checked.versions, checked.observations, checked.findings) == (0, 0, 1, ())
