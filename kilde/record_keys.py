"""Which records the store holds as current, without their texts: what an index elsewhere is compared with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter

from kilde.model import RecordKind
from kilde.store import Store

REJECTED = "index_rejected"
"""The code in the quarantine of a document that can be read, and that the index does not take."""
_KEYS = (
    "SELECT r.document, r.id, r.digest FROM record r JOIN document d ON d.id = r.document AND d.version = r.digest"
    " WHERE r.kind != ? AND NOT EXISTS"
    " (SELECT 1 FROM quarantine q WHERE q.document = r.document AND q.digest = r.digest AND q.code = ?)"
)


def record_keys(store: Store, beginnings: Collection[str] = ()) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The current documents with their records, as (record, version), in the order of ids.

    Imprints are left out, and documents that the index has rejected. With `beginnings`, only documents whose ids begin
    with one of these.
    """
    ranges = [(each, f"{each}\U0010ffff") for each in sorted(beginnings)] or [("", "\U0010ffff")]
    for low, high in ranges:
        rows = store.connection.execute(
            f"{_KEYS} AND r.document >= ? AND r.document < ? ORDER BY r.document",
            (RecordKind.IMPRINT.value, REJECTED, low, high),
        )
        for document, found in groupby(rows, key=itemgetter(0)):
            yield document, [(record, version) for _, record, version in found]
