"""The made corpus: the same seed gives the same bytes, in all shapes, with words as spread as in real text."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.corpus import ITEM_WORDS, documents, write_corpus
from benchmarks.vocabulary import read_vocabulary, zipf

WORD = re.compile(r"[^\W\d_]+")


def digests(folder: Path) -> dict[str, str]:
    """The sha-256 of every file by its path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return list(documents(40, seed=1))


@pytest.mark.parametrize("count", [1, 7])
def test_same_seed_same_bytes(tmp_path: Path, count: int) -> None:
    """Two runs write the same files; the size that is returned is what stands on disk."""
    sizes = [write_corpus(count, 3, tmp_path / run) for run in ("one", "two")]
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one == two
    assert len(one) == count
    assert sizes == [sum(path.stat().st_size for path in (tmp_path / "one").rglob("*.*"))] * 2


def test_a_document_does_not_depend_on_the_count() -> None:
    assert list(documents(5, seed=1)) == list(islice(documents(9, seed=1), 5))


def test_seeds_differ() -> None:
    assert {text for _, text in documents(4, seed=1)}.isdisjoint(text for _, text in documents(4, seed=2))


def test_four_documents_show_all_shapes() -> None:
    assert {Path(path).suffix for path, _ in documents(4, seed=5)} == {".txt", ".tsv", ".html", ".csv"}


def test_documents_are_made_as_they_are_asked_for() -> None:
    """A stream: the first of a hundred million comes at once."""
    path, text = next(documents(100_000_000, seed=1))
    assert path.startswith("newsletters/000/000000")
    assert text


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(FileExistsError, match="give another --out"):
        write_corpus(1, 1, tmp_path)
    assert digests(tmp_path).keys() == {"mine.txt"}


def test_items_have_the_length_of_real_ones(texts: list[tuple[str, str]]) -> None:
    blocks = [block for path, text in texts if path.endswith(".txt") for block in text.split("\n\n\n")[1:-1]]
    mean = sum(len(block.split()) for block in blocks) / len(blocks)
    assert 0.9 * ITEM_WORDS < mean < 1.1 * ITEM_WORDS


def test_words_spread_as_in_text(texts: list[tuple[str, str]]) -> None:
    """A few words are most of the text, and new ones keep coming: half of them stand once (Zipf)."""
    counts = Counter(word for _, text in texts for word in WORD.findall(text.lower()))
    once = sum(count == 1 for count in counts.values())
    assert sum(count for _, count in counts.most_common(100)) > 0.4 * counts.total()
    half = {word for _, text in texts[:20] for word in WORD.findall(text.lower())}
    assert len(counts) > 1.4 * len(half)
    assert once > 0.4 * len(counts)


def test_no_slot_is_left_open(texts: list[tuple[str, str]]) -> None:
    assert not [path for path, text in texts if re.search(r"[{}]|\.\.", text)]


def test_a_grant_list_adds_up(texts: list[tuple[str, str]]) -> None:
    tables = [list(csv.reader(io.StringIO(text), delimiter=";")) for path, text in texts if path.endswith(".csv")]
    assert tables
    for head, *rows, total in tables:
        assert head == ["Kommune", "Projekt", "Periode", "Beløb (kr.)"]
        amounts = [int(row[3].replace(".", "")) for row in rows]
        assert total == ["I alt", "", "", f"{sum(amounts):,}".replace(",", ".")]


def test_vocabulary_is_whole() -> None:
    vocabulary = read_vocabulary()
    assert len(vocabulary.kommuner) == len(set(vocabulary.kommuner)) == 98
    assert len({noun.singular for noun in vocabulary.nouns}) == len(vocabulary.nouns) == len(vocabulary.noun_weights)
    assert {noun.article for noun in vocabulary.nouns} == {"en", "et"}


def test_zipf_halves_with_the_rank() -> None:
    assert zipf(3, 0) == pytest.approx((1, 1 + 1 / 2, 1 + 1 / 2 + 1 / 3))
