"""R7: any byte that is not as it was written is found, and one command makes the index anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from index import storage
from index.snapshot import open_snapshot
from kilde.errors import DamagedError, KildeError
from tests.index.builders import built, document, writer

FLIPS = 500
DOCUMENTS = [document(f"d{number}", [f"En indsats for børn nummer{number}", "og en pulje"]) for number in range(12)]


def files_of(folder: Path) -> list[Path]:
    """All files of an index that have anything in them."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def test_every_one_of_500_flipped_bits_is_found(tmp_path: Path) -> None:
    """In each file of the index in turn, at places that are the same in every run."""
    folder = built(tmp_path / "index", DOCUMENTS)
    writer(folder).update([document("d3", ["ny"], version="v2")], (), 2)
    assert storage.verify(folder) == ()
    random = Random(7)
    files = files_of(folder)
    assert {path.suffix for path in files} >= {".seg", ".toc", ".json", ""}
    for flip in range(FLIPS):
        path = files[flip % len(files)]
        before = path.read_bytes()
        place, bit = random.randrange(len(before)), 1 << random.randrange(8)
        path.write_bytes(before[:place] + bytes([before[place] ^ bit]) + before[place + 1 :])
        assert storage.verify(folder), f"bit {bit} of byte {place} in {path.name}"
        path.write_bytes(before)
    assert storage.verify(folder) == ()


# Whoosh leaves files open when it fails on one that is not as it wrote it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_reader_of_damaged_bytes_says_what_to_do(tmp_path: Path) -> None:
    """It finds what it found before, or ends with an error for a person; nothing else comes out."""
    folder = built(tmp_path / "index", DOCUMENTS)
    random = Random(8)
    for path in files_of(folder):
        before = path.read_bytes()
        for _ in range(15):
            place = random.randrange(len(before))
            path.write_bytes(before[:place] + bytes([before[place] ^ 255]) + before[place + 1 :])
            try:
                snapshot = open_snapshot(folder)
                snapshot.segments[0].postings("body", "indsats")
                snapshot.segments[0].facet("kind")
            except KildeError as error:
                assert "kilde index --rebuild" in str(error)
        path.write_bytes(before)


def test_two_files_that_change_places_are_found(tmp_path: Path) -> None:
    folder = built(tmp_path / "index", DOCUMENTS)
    writer(folder).update([document("x", ["ny indsats"])], (), 2)
    one, other = sorted(storage.current(folder).glob("*.seg"))
    held = one.read_bytes()
    shutil.copyfile(other, one)
    other.write_bytes(held)
    assert storage.verify(folder)
    with pytest.raises(DamagedError, match="kilde index --rebuild"):
        open_snapshot(folder)
