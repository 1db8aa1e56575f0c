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

from benchmarks.author import Author
from benchmarks.corpus import ITEM_WORDS, MIXED, NEWSLETTERS, documents, write_corpus
from benchmarks.vocabulary import read_vocabulary, zipf
from ingest.formats import media_type_of
from ingest.reading import read_document
from kilde.danish.kommuner import by_name
from kilde.model import Basis, Document, DocumentKind, Grain, Observation, RecordKind

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


def test_by_turns_a_page_and_a_text() -> None:
    assert [Path(path).suffix for path, _ in documents(4, seed=5)] == [".html", ".txt", ".html", ".txt"]


def test_four_mixed_documents_show_all_shapes() -> None:
    assert {Path(path).suffix for path, _ in documents(4, 5, MIXED)} == {".txt", ".tsv", ".html", ".csv"}


def test_documents_are_made_as_they_are_asked_for() -> None:
    """A stream: the first of a hundred million comes at once."""
    path, text = next(documents(100_000_000, seed=1))
    assert path == "newsletters/000/000000.html"
    assert text


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(FileExistsError, match="give another --out"):
        write_corpus(1, 1, tmp_path)
    assert digests(tmp_path).keys() == {"mine.txt"}


def reading(number: int) -> tuple[Author, Document]:
    """A document as its author wrote it and as it reads."""
    shape, author = NEWSLETTERS[number % 2], Author(read_vocabulary(), 1, number)
    body = shape.write(author).encode()
    name = f"{number}{shape.suffix}"
    seen = Observation("s", name, "0" * 64, len(body), media_type_of(name), "2026-01-01T00:00:00Z")
    return author, read_document(body, seen)


@pytest.fixture(scope="module")
def read() -> list[tuple[Author, Document]]:
    return [reading(number) for number in range(40)]


def test_sizes_are_those_of_newsletters(read: list[tuple[Author, Document]]) -> None:
    """About 6,000 characters of text and 8 records; items of the length that is said."""
    made = [document for _, document in read]
    assert all(document.kind is DocumentKind.NEWSLETTER for document in made)
    assert 5_400 < sum(len(document.text) for document in made) / len(made) < 6_600
    assert 7 < sum(len(document.records) for document in made) / len(made) < 9
    items = [record for document in made for record in document.records if record.kind is RecordKind.ITEM]
    assert 0.85 * ITEM_WORDS < sum(len(item.text.split()) for item in items) / len(items) < 1.15 * ITEM_WORDS


def test_mentions_are_as_dense_as_in_real_texts(read: list[tuple[Author, Document]]) -> None:
    """In 1,000 characters 2.4 kommuner, 1.8 dates and 1.3 amounts, as counted in newsletters and minutes."""
    characters = sum(len(document.text) for _, document in read) / 1_000
    records = [record for _, document in read for record in document.records]
    assert 2.0 < sum(len(record.kommuner) for record in records) / characters < 3.0
    assert 1.5 < sum(len(record.dates) for record in records) / characters < 2.2
    assert 1.0 < sum(len(record.amounts) for record in records) / characters < 1.6


def test_what_is_found_is_what_was_written(read: list[tuple[Author, Document]]) -> None:
    """Every kommune, amount and full date, and nothing else."""
    for author, document in read:
        written = Counter((kind, code_of(value) if kind == "kommune" else value) for kind, value in author.facts)
        assert found_in(document) == written, document.locator


def code_of(name: str) -> str:
    """The code of a kommune."""
    kommune = by_name(name)
    assert kommune is not None
    return kommune.code


def found_in(document: Document) -> Counter[tuple[str, str]]:
    """What was found, as an author keeps it."""
    facts: Counter[tuple[str, str]] = Counter()
    for record in document.records:
        facts.update(("kommune", it.code) for it in record.kommuner)
        facts.update((it.unit, f"{it.value:f}") for it in record.amounts)
        days = [it for it in record.dates if it.grain is Grain.DAY and it.basis is Basis.EXPLICIT]
        facts.update(("day", str(it.first)) for it in days if record.kind is not RecordKind.IMPRINT)
    return facts


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


def test_a_grant_list_adds_up() -> None:
    mixed = documents(12, 1, MIXED)
    tables = [list(csv.reader(io.StringIO(text), delimiter=";")) for path, text in mixed if path.endswith(".csv")]
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
