"""What came of an observation, as a store holds it: the same readings that reading it anew would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.archiving.archive import Archived, Place
from ingest.readings import Container, Failure, Outcome, Reading
from kilde import rows
from kilde.model import Observation
from kilde.store import Store

OUTCOMES = (
    "SELECT o.document, d.parent, d.container, v.rules, q.code, q.detail, q.rules,"
    " d.source, d.locator, o.digest, g.size, o.media_type, o.observed, o.publisher, o.published, o.url, o.hints"
    " FROM observation o JOIN document d ON d.id = o.document JOIN original g ON g.digest = o.digest"
    " LEFT JOIN version v ON v.document = o.document AND v.digest = o.digest"
    " LEFT JOIN quarantine q ON q.document = o.document AND q.digest = o.digest"
    " WHERE o.file = ? AND o.place = ? ORDER BY o.number"
)


def stored_readings(store: Store, place: Place, archived: Archived, rules: str) -> list[Reading] | None:
    """The readings of the observation at a place of the store's archive, as readings of `archived`.

    None where the store has none that these rules made: then it is to be read anew.
    """
    found = store.connection.execute(OUTCOMES, (place.file, place.offset)).fetchall()
    if not found or any(made not in (None, rules) for row in found for made in (row[3], row[6])):
        return None
    readings: list[Reading] = []
    held: dict[str, Archived] = {}
    for row in found:
        document, parent = row[0], held.get(row[1])
        seen = rows.observation_of(row[7:])
        if parent is None and held:
            return None
        it = archived if parent is None else part_of(parent, seen, failed=row[3] is None and row[4] is not None)
        held[document] = it
        readings += [
            Reading(it, outcome, parent.observation.locator if parent else None)
            for outcome in outcomes(store, row, it.observation)
        ]
    return readings


def part_of(parent: Archived, seen: Observation, *, failed: bool) -> Archived:
    """Where a part stands; one that could not be taken out goes by the bytes of what it is in."""
    if failed and seen.digest == parent.observation.digest:
        return Archived(seen, parent.place, parent.body)
    name = seen.locator.removeprefix(f"{parent.observation.locator}#")
    return Archived(seen, parent.place, replace(parent.body, part=(*parent.body.part, name)))


def outcomes(store: Store, row: Sequence[object], seen: Observation) -> list[Outcome]:
    """What came of one document of an observation: what it is, and beside that why it, or something in it, failed."""
    document, _, container, version, code, detail, *_ = row
    failed: list[Outcome] = [Failure(seen, str(code), str(detail))] if code is not None else []
    if version is not None:
        read = store.document(str(document), seen.digest)
        return [*([read] if read else []), *failed]
    return [Container(seen), *failed] if container or not failed else failed
