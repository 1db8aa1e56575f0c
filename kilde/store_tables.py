"""The tables of the record store: which hold mentions, and what their rows come out as. No SQL is spoken here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kilde import rows
from kilde.model import Hints, RecordKind

SCHEMA = 2
REBUILD = "`kilde ingest --from-archive` makes it anew"
COUNTED = f"kind != '{RecordKind.IMPRINT.value}'"
"""Imprints are kept and shown with their document, and counted nowhere."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of mentions: the attribute of Record that it holds, its columns, and the way to a row and back."""

    name: str
    attribute: str
    columns: str
    to_row: Callable[[Any], rows.Row]
    from_row: Callable[[rows.Row], Any]


TABLES = (
    Table("kommune", "kommuner", "start, stop, surface, code, role, rule, former", rows.kommune_row, rows.kommune_of),
    Table("date", "dates", "start, stop, surface, first, last, grain, basis, rule, problem",
          rows.date_row, rows.date_of),
    Table("amount", "amounts", "start, stop, surface, value, value_to, unit, approximate, bound, rule, problem",
          rows.amount_row, rows.amount_of),
    Table("group", "groups", "start, stop, surface, n, noun, value, unit, rule", rows.group_row, rows.group_of),
    Table("grant", "grants", "start, stop, surface, code, value, value_to, unit, purpose, period, rule",
          rows.grant_row, rows.grant_of),
)  # fmt: skip
MENTION_TABLES = tuple(f"{table.name}_mention" for table in TABLES)
VERSION_TABLES = ("version", "record", *MENTION_TABLES)
"""The tables whose rows belong to a version: document and digest."""


@dataclass(frozen=True, slots=True)
class Original:
    """Where a body of bytes stands in the archive; `part` leads to it inside of what stands there."""

    digest: str
    size: int
    media_type: str
    file: str
    place: int
    part: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastSeen:
    """What was last seen under a locator, as far as it tells whether something is new."""

    digest: str
    publisher: str | None
    published: str | None
    url: str | None
    hints: Hints
    gone: bool


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An original that is archived and could not be read."""

    document: str
    source: str
    locator: str
    digest: str
    code: str
    detail: str
    rules: str = ""
    """Fingerprint of the rules that failed."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One observation of a document, as its history shows it."""

    observed: str
    digest: str
    size: int
    media_type: str
    file: str
    place: int
    state: str
    """read, quarantined, or container."""
    rules: str | None
    records: int


@dataclass(frozen=True, slots=True)
class Known:
    """A document and what is known of it, whether or not it could be read."""

    id: str
    source: str
    locator: str
    version: str | None
    parent: str | None
    gone: str | None
    forgotten: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds, of what is current; imprints are not counted."""

    documents: int
    versions: int
    originals: int
    original_bytes: int
    records: int
    kommuner: int
    dates: int
    amounts: int
    problems: int
    quarantined: int
    months: int
    """Different months of publication."""
    gone: int
    """Documents that their source has no more; they are still found."""
