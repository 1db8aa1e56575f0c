"""Entries read from the store are those of the documents that were put there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kilde.danish.mentions import Role
from kilde.entries import Entry, entries_of, read_entries
from kilde.model import Document, Observation, RecordKind
from kilde.store import Store
from kilde.store_writer import StoreWriter
from tests.index.builders import Part, document

SEEN = date(2026, 1, 2)

DOCUMENTS = [
    document(
        "a",
        [
            Part(
                "Indsats i Aarhus: 7 mio. kr.",
                heading="Indsats",
                theme="NY I DANMARK",
                kommuner=(("0751", Role.AUTHORITY), ("0169", Role.PLACE), ("0751", Role.INSTITUTION)),
                amounts=(("7000000", None), ("2", "1.005"), ("1E+16", None)),
                dates=((date(2020, 1, 1), date(2020, 12, 31)), (date(2021, 1, 1), None), (None, None)),
            ),
            Part("Sidst opdateret 2020", kind=RecordKind.IMPRINT),
            "En anden post",
        ],
        published="2020-01",
    ),
    document("b", ["Uden noget"], published=None, publisher=None, title=""),
    document("c", []),
    document("d", ["§ 7 og \U0001f600 æøå"], published="2019"),
]


def filled(path: Path, documents: list[Document]) -> Path:
    """A record store with these documents."""
    with StoreWriter(path) as store:
        for number, each in enumerate(documents):
            seen = Observation(each.source, each.locator, each.version, 9, "text/plain", f"{SEEN}T03:04:05Z")
            store.add_observation(each.id, seen, ("made", number), ("made", number, ()))
            store.add_version(each)
            store.make_current(each.id, each.version)
        store.commit()
    return path


def test_what_is_read_is_what_the_documents_give(tmp_path: Path) -> None:
    ids = [each.id for each in reversed(DOCUMENTS)]
    with Store(filled(tmp_path / "kilde.sqlite", DOCUMENTS)) as store:
        read = list(read_entries(store, [*ids, "unknown"]))
    assert read == [entries_of(each, SEEN) for each in reversed(DOCUMENTS)]


def test_an_entry_is_flat(tmp_path: Path) -> None:
    first, second = entries_of(DOCUMENTS[0], SEEN)
    assert isinstance(first, Entry)
    assert first.kommuner == (("0751", "authority"), ("0169", "place"), ("0751", "institution"))
    assert first.amounts == ((700_000_000, 700_000_000), (100, 200), (10**18, 10**18))
    assert first.dates[1] == (date(2021, 1, 1).toordinal(), None)
    assert (first.published, first.day) == ("2020-01", date(2020, 1, 1).toordinal())
    assert (second.text, second.kommuner) == ("En anden post", ())
    assert entries_of(DOCUMENTS[1], SEEN)[0].day == SEEN.toordinal()


def test_of_many_documents_each_comes_once_and_in_order(tmp_path: Path) -> None:
    many = [document(f"d{number}", [f"post {number}"]) for number in range(150)]
    with Store(filled(tmp_path / "kilde.sqlite", many)) as store:
        read = [entry.text for entries in read_entries(store, [each.id for each in many]) for entry in entries]
    assert read == [f"post {number}" for number in range(150)]
