"""What `kilde check` finds, and the commands that mend it."""

from __future__ import annotations

from dataclasses import dataclass

RESTORE = "restore the file from a backup (`kilde restore`)"
REBUILD_STORE = "`kilde ingest --from-archive`"
REBUILD_INDEX = "`kilde index --rebuild`"
NEXT_RUN = "the next `kilde ingest`"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: in which layer, what, and what mends it."""

    layer: str
    what: str
    mend: str
