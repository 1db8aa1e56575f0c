"""What a nightly run did, and how a person is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.report import Report
from kilde.findings import Finding
from kilde.rereading import Difference
from kilde.source_runs import SourceReport
from kilde.sources import Source


@dataclass(slots=True)
class Night:
    """What a nightly run did; times are UTC."""

    run: int
    started: str
    finished: str = ""
    sources: list[SourceReport] = field(default_factory=list)
    reread: int = 0
    differences: list[Difference] = field(default_factory=list)
    older: int = 0
    """Documents that are still read by older rules; later nights go on with them."""
    retried: int = 0
    indexed: int = 0
    findings: list[Finding] = field(default_factory=list)
    totals: Report = field(default_factory=Report)

    @property
    def alarms(self) -> list[str]:
        """All alarms, each with its source."""
        found = [f"{it.source} {alarm}" for it in self.sources for alarm in it.alarms]
        return found + [f"{it.layer} {it.what}" for it in self.findings]

    @property
    def in_part(self) -> bool:
        """Whether the night was done in part only."""
        return bool(self.alarms or self.totals.quarantined or self.totals.failed)


def lines_of(night: Night, sources: Mapping[str, Source]) -> Iterator[str]:
    """What a person is told: a line for each source, and the last line with the alarms."""
    for it in night.sources:
        if not it.visited:
            yield f"{it.source}: not due{''.join(f'; {alarm}' for alarm in it.alarms)}"
            continue
        counts = f"{it.fetched} fetched, {it.unchanged} unchanged, {it.new} new, {it.failed} failed"
        gone = f", {it.gone} gone" if it.gone else ""
        yield f"{it.source}: {counts}, {it.quarantined} quarantined, {it.records} records{gone}"
    if not sources:
        yield "no sources: define them in kilde.toml (docs/sources.md)"
    if night.reread or night.older:
        changed = sum(it.any for it in night.differences)
        yield f"{night.reread} read by newer rules, {changed} changed; {night.older} are still read by older ones"
    visited = [it for it in night.sources if it.visited]
    done = f"nightly: {len(visited)} of {len(night.sources)} sources, {night.totals.added} new"
    alarms = night.alarms
    told = f"{len(alarms)} alarm{'s' * (len(alarms) != 1)}: {'; '.join(alarms)}" if alarms else "no alarms"
    yield f"{done}; {told}"
