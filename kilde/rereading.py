"""Documents read anew from the archive: by better rules, or because they could not be read before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ingest.archiving.archive import Archived, Place
from ingest.identity import document_id
from ingest.pipeline import BATCH
from ingest.readings import Reading
from kilde.model import Document
from kilde.runs import Run
from kilde.store import Store
from kilde.store_tables import TABLES

SHOWN = 5
"""Mentions of each sort that a difference keeps to show."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading a document anew changed; `examples` are surfaces with what happened to them."""

    document: str
    source: str
    locator: str
    records: int
    records_before: int
    added: int
    lost: int
    changed: int
    examples: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.lost or self.changed or self.records != self.records_before)


def reread(run: Run, documents: Iterable[str], *, latest: bool = False) -> list[Difference]:
    """Read documents anew and store what came of it; returns what changed.

    Parts are read with what they came in. The current version is read, with `latest` what was seen last.
    """
    roots = list(dict.fromkeys(run.store.root(document) for document in documents))
    differences: list[Difference] = []
    for start in range(0, len(roots), BATCH):
        batch = [entry for root in roots[start : start + BATCH] if (entry := entry_of(run.store, root, latest=latest))]
        differences += reread_batch(run, batch)
    return differences


def entry_of(store: Store, document: str, *, latest: bool) -> Archived | None:
    """Where the original of a document's version stands."""
    known = store.known(document)
    found = store.archived(document, None if latest or known is None else known.version)
    if found is None:
        return None
    seen, file, place = found
    original = store.original(seen.digest)
    body = Place(original.file, original.place, original.part) if original else Place(file, place)
    return Archived(seen, Place(file, place), body)


def reread_batch(run: Run, batch: Sequence[Archived]) -> list[Difference]:
    """Read a batch anew and store it in one commit."""
    pipeline = run.pipeline()
    differences = []
    for readings in pipeline.results(batch, pipeline.submit(batch)):
        before = {reading_id(it): run.store.document(reading_id(it)) for it in readings}
        pipeline.keeper.keep_readings(readings, renew=True)
        differences += [difference for difference in compared(run.store, before) if difference.any]
    run.store.commit()
    return differences


def reading_id(reading: Reading) -> str:
    """The id of the document that was read."""
    seen = reading.archived.observation
    return document_id(seen.source, seen.locator)


def compared(store: Store, before: dict[str, Document | None]) -> Iterator[Difference]:
    """What changed in documents that can be read."""
    for id_, old in before.items():
        new = store.document(id_)
        if new is not None:
            yield difference_of(old, new)


def difference_of(old: Document | None, new: Document) -> Difference:
    """What is found in a document now and was not before, and the other way round."""
    one, two = mentions_of(old), mentions_of(new)
    added = [f"+ {key[1]}" for key in two if key not in one]
    lost = [f"- {key[1]}" for key in one if key not in two]
    changed = [f"~ {key[1]}" for key in two if key in one and one[key] != two[key]]
    return Difference(
        new.id, new.source, new.locator, len(new.records), len(old.records) if old else 0,
        len(added), len(lost), len(changed), (*added[:SHOWN], *lost[:SHOWN], *changed[:SHOWN]),
    )  # fmt: skip


def mentions_of(document: Document | None) -> dict[tuple[str, str, int], Any]:
    """What the mentions of a document say, by their kind, their surface, and which of those that read so each is."""
    found: dict[tuple[str, str, int], Any] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for record in document.records if document else ():
        for table in TABLES:
            for mention in getattr(record, table.attribute):
                values = asdict(mention)
                key = (table.name, mention.surface)
                seen[key] += 1
                found[*key, seen[key]] = {name: it for name, it in values.items() if name not in {"start", "end"}}
    return found
