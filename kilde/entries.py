"""What the index keeps of a record, and the quick way to it from the record store.

An `Entry` is flat and small, since entries go from one process to another: days are ordinals, amounts are øre. They
are made from a document that is at hand, or read from the store a batch of documents at a time, without what the
index has no use for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from kilde.model import Document, RecordKind
from kilde.store import Store

BATCH = 64
"""Documents that are read together."""
_LARGEST_ORE = Decimal(10) ** 17
_COINS = "DKK"

Day: TypeAlias = int
"""A proleptic ordinal, as `date.toordinal` gives it."""
Named: TypeAlias = tuple[tuple[str, str], ...]
"""Codes of kommuner, each with its role."""
Days: TypeAlias = tuple[tuple[Day | None, Day | None], ...]
Ore: TypeAlias = tuple[tuple[int, int], ...]


class Entry(NamedTuple):
    """A record with what the index keeps of its document."""

    id: str
    document: str
    version: str
    source: str
    kind: str
    title: str
    publisher: str | None
    published: str | None
    """ISO 8601, as precise as it is known."""
    published_first: Day | None
    published_last: Day | None
    url: str | None
    day: Day
    """The day that decides which regions there are: of publication, else of the first fetching."""
    record_kind: str
    heading: str
    theme: str | None
    text: str
    kommuner: Named
    dates: Days
    """First and last days of the dates in the text; None is an open end."""
    amounts: Ore
    """Lower and upper values of the amounts in kroner."""


def entries_of(document: Document, fetched: date) -> list[Entry]:
    """The entries of a document: all records but imprints. `fetched` counts where it has no date of publication."""
    published = document.published
    first, last = (published.first, published.last) if published else (None, None)
    shared = (
        document.source, document.kind.value, document.title, document.publisher,
        str(published.when) if published else None, _ordinal(first), _ordinal(last), document.url,
        (first or fetched).toordinal(),
    )  # fmt: skip
    return [
        Entry(
            record.id, document.id, record.version, *shared, record.kind.value, record.heading, record.theme,
            record.text,
            tuple((it.code, it.role.value) for it in record.kommuner),
            tuple((_ordinal(it.first), _ordinal(it.last)) for it in record.dates),
            _in_ore((it.value, it.value_to) for it in record.amounts if it.unit == _COINS),
        )
        for record in document.records if record.kind is not RecordKind.IMPRINT
    ]  # fmt: skip


def read_entries(store: Store, documents: Iterable[str]) -> Iterator[list[Entry]]:
    """The entries of the current versions of documents, one list for each that can be read, in the order given."""
    waiting = iter(documents)
    while batch := list(islice(waiting, BATCH)):
        yield from _read(store, batch)


def ore(kroner: Decimal) -> int:
    """Kroner as whole øre, halves to the even one."""
    return round(kroner * 100)


def _read(store: Store, batch: Sequence[str]) -> Iterator[list[Entry]]:
    marks = ", ".join("?" * len(batch))
    current = f"JOIN document d ON d.id = m.document AND d.version = m.digest WHERE m.document IN ({marks})"
    found = _Found(
        _records(store, current, batch),
        _mentions(store, f"m.code, m.role FROM kommune_mention m {current}", batch),
        _mentions(store, f"m.first, m.last FROM date_mention m {current}", batch),
        _mentions(store, f"m.value, m.value_to FROM amount_mention m {current} AND m.unit = '{_COINS}'", batch),
    )
    versions = {
        row[0]: row
        for row in store.connection.execute(
            "SELECT m.document, m.digest, d.source, m.kind, m.title, m.publisher, m.published, m.published_first,"  # noqa: S608
            f" m.published_last, m.url, m.text FROM version m {current}",
            batch,
        )
    }
    for document in batch:
        if document in versions:
            yield _entries(store, versions[document], found)


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of a batch: records by document, mentions by document and position of the record."""

    records: Mapping[str, Sequence[Any]]
    kommuner: Mapping[tuple[str, int], Named]
    dates: Mapping[tuple[str, int], Sequence[tuple[str | None, str | None]]]
    amounts: Mapping[tuple[str, int], Sequence[tuple[str, str | None]]]


def _entries(store: Store, version: tuple[Any, ...], found: _Found) -> list[Entry]:
    document, digest, source, kind, title, publisher, published, first, last, url, text = version
    opening, closing = _day(first), _day(last)
    day = store.first_seen(document).toordinal() if opening is None else opening
    shared = (source, kind, title, publisher, published, opening, closing, url, day)
    entries = []
    for position, name, record_kind, heading, theme, start, stop in found.records.get(document, ()):
        key = (document, position)
        dates = tuple((_day(low), _day(high)) for low, high in found.dates.get(key, ()))
        amounts = _in_ore((Decimal(low), _decimal(high)) for low, high in found.amounts.get(key, ()))
        rest = (record_kind, heading, theme, text[start:stop], tuple(found.kommuner.get(key, ())), dates, amounts)
        entries.append(Entry(name, document, digest, *shared, *rest))
    return entries


def _records(store: Store, current: str, batch: Sequence[str]) -> dict[str, list[Any]]:
    """The records by document, in order; imprints left out."""
    found: dict[str, list[Any]] = {}
    query = (
        f"SELECT m.document, m.position, m.id, m.kind, m.heading, m.theme, m.start, m.stop FROM record m {current}"  # noqa: S608
        f" AND m.kind != '{RecordKind.IMPRINT.value}' ORDER BY m.document, m.position"
    )
    for document, *record in store.connection.execute(query, batch):
        found.setdefault(document, []).append(record)
    return found


def _mentions(store: Store, what: str, batch: Sequence[str]) -> dict[tuple[str, int], Any]:
    """Two columns of a table of mentions, by document and position of the record, in the order of the text."""
    found: dict[tuple[str, int], list[tuple[Any, Any]]] = {}
    query = f"SELECT m.document, m.position, {what} ORDER BY m.rowid"
    for document, position, one, other in store.connection.execute(query, batch):
        found.setdefault((document, position), []).append((one, other))
    return found


def _in_ore(spans: Iterable[tuple[Decimal, Decimal | None]]) -> Ore:
    pairs = ((low, low if high is None else high) for low, high in spans)
    return tuple((ore(min(pair)), ore(max(pair))) for pair in pairs if all(abs(each) < _LARGEST_ORE for each in pair))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _ordinal(day: date | None) -> Day | None:
    return day.toordinal() if day else None


@lru_cache(maxsize=1 << 14)
def _day(text: str | None) -> Day | None:
    return date.fromisoformat(text).toordinal() if text else None
