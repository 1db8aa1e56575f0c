"""The store: what goes in comes out, and damage is refused with the command that mends it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kilde.errors import DamagedError, MissingError
from kilde.model import (
    AmountMention,
    Basis,
    Bound,
    DateMention,
    Document,
    DocumentKind,
    Field,
    Grain,
    GrantMention,
    GroupMention,
    KommuneMention,
    Link,
    PartialDate,
    Problem,
    Publication,
    PublishedBasis,
    Record,
    RecordKind,
    Role,
    Severity,
    Span,
    Stretch,
)
from kilde.store import Store
from kilde.store_writer import CACHE_KB, LOG_PAGES, StoreWriter
from tests.conftest import observation

TEXT = "Titel\n\nAarhus får 2,5 mio. kr. i maj 2021.\n\nSidst opdateret 1. juni 2021\n\nAbonnér"
SEEN = observation(TEXT.encode(), "a.txt", source="s")

RECORD = Record(
    id="r1", document="d1", version=SEEN.digest, position=1, kind=RecordKind.ROW, heading="Titel", theme="Tema",
    start=0, end=42, text=TEXT[:42],
    fields=(Field("Kommune", "Aarhus", None, 7, 13), Field("Liste", "x", ("a", "b"), 0, 1)),
    links=(Link("Læs mere", None), Link("her", "https://a.example")),
    kommuner=(KommuneMention(7, 13, "Aarhus", "0751", Role.AUTHORITY, "list", "Hammel"),),
    dates=(DateMention(34, 42, "maj 2021", date(2021, 5, 1), None, Grain.MONTH, Basis.INFERRED, "month", "odd"),),
    amounts=(
        AmountMention(18, 31, "2,5 mio. kr.", Decimal("2500000.50"), Decimal(3), "DKK", True, Bound.MAX, "dkk", None),
    ),
    groups=(GroupMention(0, 5, "Titel", 15, "kommuner", Decimal(1), "DKK", "count"),),
    grants=(GrantMention(7, 31, "Aarhus får", "0751", Decimal("2.5"), None, "DKK", "broer", "2021", "verb"),),
)  # fmt: skip
IMPRINT = Record(
    id="r2", document="d1", version=SEEN.digest, position=2, kind=RecordKind.IMPRINT, heading="", theme=None,
    start=44, end=72, text=TEXT[44:72],
    kommuner=(KommuneMention(0, 5, "Sidst", "0101", Role.PLACE, "x"),),
)  # fmt: skip
DOCUMENT = Document(
    id="d1", version=SEEN.digest, source="s", locator="a.txt", kind=DocumentKind.GRANTS, title="Titel", publisher="P",
    published=Publication(PartialDate(2021, 5), PublishedBasis.TEXT, Span(34, 42)), updated=date(2021, 6, 1),
    language="da", url=None, text=TEXT, text_sha256="ab", reader="text/1", records=(RECORD, IMPRINT),
    boilerplate=(Stretch(74, 81, "footer"),), structure=(Stretch(0, 5, "table_head"),),
    problems=(Problem("a", Severity.NOTE, "b", Span(1, 2)), Problem("c", Severity.ERROR, "d")), rules="f00",
)  # fmt: skip


def filled(path: Path) -> StoreWriter:
    """A store with the document in it."""
    store = StoreWriter(path)
    store.add_observation("d1", SEEN, ("kilde-00001.warc.gz", 10), ("kilde-00001.warc.gz", 10, ()))
    store.add_version(DOCUMENT)
    store.make_current("d1", SEEN.digest)
    store.commit()
    return store


def test_a_document_comes_out_as_it_went_in(tmp_path: Path) -> None:
    """Every field of every value, exact decimals and open dates included."""
    with filled(tmp_path / "k.sqlite") as store:
        assert store.document("d1") == DOCUMENT
        assert store.document("d1", "other") is None
        assert store.document("d2") is None
        assert store.record_text("r1", SEEN.digest) == RECORD.text


def test_imprints_are_kept_and_not_counted(tmp_path: Path) -> None:
    """Their record is in the document; no count and no list of mentions has it."""
    with filled(tmp_path / "k.sqlite") as store:
        counts = store.counts()
        assert (counts.records, counts.kommuner, counts.months) == (1, 1, 1)
        assert [(mention.code, position) for _, position, mention in store.mentions("kommune")] == [("0751", 1)]
        assert list(store.mentions("kommune", "0101")) == []


def test_changes_grow(tmp_path: Path) -> None:
    """Each change of what is current has a number, and an index can ask what came after the one it covers."""
    with filled(tmp_path / "k.sqlite") as store:
        covered = store.change()
        assert list(store.changed(covered)) == []
        other = replace(SEEN, locator="b.txt")
        store.add_observation("d2", other, ("kilde-00001.warc.gz", 20), ("kilde-00001.warc.gz", 10, ()))
        assert list(store.changed(covered)) == [("d2", False)]
        store.make_current("d1", SEEN.digest)
        assert [document for document, _ in store.changed(covered)] == ["d2", "d1"]


def test_a_replaced_version_leaves_no_rows_behind(tmp_path: Path) -> None:
    """The mentions of the rows before are gone with them."""
    with filled(tmp_path / "k.sqlite") as store:
        store.add_version(replace(DOCUMENT, records=(replace(RECORD, kommuner=(), amounts=()),)))
        found = store.document("d1")
        assert found is not None
        assert [len(record.kommuner) for record in found.records] == [0]


def test_readers_do_not_see_half_a_batch(tmp_path: Path) -> None:
    """Until the commit a reader has the store as it was."""
    with filled(tmp_path / "k.sqlite") as store, Store(tmp_path / "k.sqlite") as reader:
        store.clear()
        assert reader.document("d1") == DOCUMENT
        store.commit()
        assert reader.document("d1") is None


def test_the_log_is_long_and_its_pages_stay_in_memory(tmp_path: Path) -> None:
    """SQLite's own bounds, of 4 MB and 2 MB, made what comes before the index take a third longer."""
    with StoreWriter(tmp_path / "k.sqlite") as store:
        asked = ("journal_mode", "synchronous", "wal_autocheckpoint", "cache_size")
        found = [store.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert found == ["wal", 2, LOG_PAGES, -CACHE_KB]


def test_ids_are_found_by_their_beginning(tmp_path: Path) -> None:
    """Documents and records; a wildcard of SQL is no wildcard here."""
    with filled(tmp_path / "k.sqlite") as store:
        assert store.find("d") == [("d1", "")]
        assert store.find("R1") == [("d1", "r1")]
        assert store.find("zz%") == []


def test_the_views_serve_sql_tools(tmp_path: Path) -> None:
    """Text and offsets of what is current, with SQL alone."""
    filled(tmp_path / "k.sqlite").connection.close()
    connection = sqlite3.connect(tmp_path / "k.sqlite")
    rows = connection.execute("SELECT heading, text, source FROM current_record ORDER BY position").fetchall()
    assert rows[0] == ("Titel", RECORD.text, "s")
    where = connection.execute("SELECT document_start, document_stop FROM current_kommune_mention").fetchall()
    assert where[0] == (7, 13)
    connection.close()


def test_a_missing_store_names_the_command(tmp_path: Path) -> None:
    """Nothing is made by asking."""
    with pytest.raises(MissingError, match="kilde ingest"):
        Store(tmp_path / "k.sqlite")
    assert not (tmp_path / "k.sqlite").exists()


@pytest.mark.parametrize("damage", ["truncated", "garbage", "schema"])
def test_a_damaged_store_names_the_command(tmp_path: Path, damage: str) -> None:
    """A store that is not as it should be is refused, with what mends it."""
    path = tmp_path / "k.sqlite"
    filled(path).connection.close()
    if damage == "schema":
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        path.write_bytes(path.read_bytes()[:50] if damage == "truncated" else b"x" * 5000)
    with pytest.raises(DamagedError, match="--from-archive"):
        Store(path)
