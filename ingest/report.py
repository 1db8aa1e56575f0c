"""What a run says that it did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Report:
    """What a run did: the counts of CONTRACTS, and what it met beside them."""

    seen: int = 0
    added: int = 0
    unchanged: int = 0
    records: int = 0
    quarantined: int = 0
    problems: int = 0
    seconds: float = 0.0
    gone: int = 0
    """Documents that their source has no more."""
    failed: int = 0
    """Originals that could not be archived."""
    parts: int = 0
    """Documents that came inside of originals: attachments, files of a .zip."""
    forgotten: int = 0
    """Originals that were left out because `kilde forget` said so."""
