"""What an answer rests on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kilde.coverage import coverage
from kilde.folder import DataFolder
from kilde.state import State
from kilde.store import Store
from search.page import Coverage


def coverage_of(folder: DataFolder, store: Store, sources: Collection[str] = ()) -> Coverage:
    """What answers from a data folder rest on; quarantine, late and failing ones of these sources, of all for none.

    `documents` and `months` are all that was searched.
    """
    if not folder.state.exists():
        return _narrowed(store, None, sources)
    with State(folder.state, readonly=True) as state:
        return _narrowed(store, state, sources)


def _narrowed(store: Store, state: State | None, sources: Collection[str]) -> Coverage:
    found = coverage(store, state)
    whole = Coverage(found.documents, found.months, found.late, found.failing, found.quarantined)
    if not sources:
        return whole
    dropped = state.dropped() if state else set()
    missing = [it.source for it in store.quarantined() if (it.document, it.digest) not in dropped]
    missing += [it.source for it in state.unreadable()] if state else []
    return replace(
        whole,
        late=tuple(each for each in whole.late if each in sources),
        failing=tuple(each for each in whole.failing if each in sources),
        quarantined=sum(each in sources for each in missing),
    )
