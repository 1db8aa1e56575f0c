"""The nightly run: every source that is due, better rules for older documents, the index, a check, and a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from ingest.fingerprint import rules_fingerprint
from ingest.report import Report
from ingest.sources.remote import REMARKS
from ingest.sources.seen import Sight, Unseen
from kilde.alarms import Shape, alarms_of, late_alarms
from kilde.check import check_all
from kilde.check_archive import check_file, torn_tail
from kilde.findings import Finding
from kilde.folder import DataFolder
from kilde.model import Document
from kilde.night import Night
from kilde.night_report import tidy_reports, write_report
from kilde.rereading import reread
from kilde.runs import Run, open_run
from kilde.settings import Settings
from kilde.source_runs import SourceReport, is_due, last_visits, note_source_run
from kilde.sources import Source
from kilde.visits import before_of, visit

MOST_TROUBLES = 20
"""Originals that a source's report names with the reason why they could not be had."""
HISTORY = 200
"""Earlier documents of a source that say what is usual."""


@dataclass(slots=True)
class Tally:
    """What is read of one source in one run; `watch` is told of every outcome."""

    shapes: list[Shape] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)

    def watch(self, outcome: object) -> None:
        """Count a document."""
        if isinstance(outcome, Document):
            self.shapes.append(shape_of(outcome))
            self.documents.add(outcome.id)


def shape_of(document: Document) -> Shape:
    """How a document reads."""
    records = [record for record in document.records if record.kind.value != "imprint"]
    mentions = sum(len(record.kommuner) + len(record.dates) + len(record.amounts) for record in records)
    return Shape(len(records), len(document.text), sum(it.end - it.start for it in records), mentions)


def nightly(folder: DataFolder, settings: Settings, only: Iterable[str], *, force: bool) -> Night:
    """Do a night's work and write its report. Raises LockedError where another run is at work.

    `only` names the sources to visit, all where there are none; with `force` those that are not due, too.
    """
    tally = Tally()
    with open_run(folder, "nightly", settings.jobs, lambda outcome: tally.watch(outcome)) as run:
        tidy_reports(folder)
        night = Night(run.number, run.now())
        names = set(only) or set(settings.sources)
        visits = last_visits(run.state)
        for name, source in settings.sources.items():
            due = force or is_due(visits.get(name), source.check_days, run.started)
            tally.shapes, tally.documents = [], set()
            night.sources.append(visit_source(run, name, source, tally, due=name in names and due))
        renew(run, night, settings.reread_nightly)
        night.indexed = run.update_index()
        night.findings += check_night(folder, run)
        night.totals = run.report
        night.finished = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        write_report(folder, night, settings.sources)
    return night


def visit_source(run: Run, name: str, source: Source, tally: Tally, *, due: bool) -> SourceReport:
    """Visit one source and note what it gave."""
    it = SourceReport(name, source.kind, source.cadence.value, source.check_days, visited=due)
    if not due:
        it.last_published = last_published(run, name)
        it.alarms = late_alarms(it, run.started)
        return it
    counts = Report()
    run.ingest(troubled(visit(name, source, run.started, before_of(run, name)), it), counts)
    add(run.report, counts)
    it.fetched, it.unchanged, it.new = (
        counts.seen - counts.failed - counts.unchanged - counts.gone,
        counts.unchanged,
        counts.added,
    )
    it.failed, it.quarantined, it.gone = counts.failed, counts.quarantined - counts.failed, counts.gone
    it.records, it.forgotten, it.documents = counts.records, counts.forgotten, len(tally.documents)
    it.characters, it.kept = sum(s.characters for s in tally.shapes), sum(s.kept for s in tally.shapes)
    it.mentions = sum(s.mentions for s in tally.shapes)
    it.last_published = last_published(run, name)
    before = [Shape(*row) for row in run.store.shapes(name, HISTORY, tally.documents)]
    it.alarms = alarms_of(it, tally.shapes, before, run.started)
    note_source_run(run.state, run.number, run.now(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", it)
    return it


def troubled(sights: Iterator[Sight], report: SourceReport) -> Iterator[Sight]:
    """Sights, with the first troubles among them noted; remarks on a visit are no troubles."""
    for sight in sights:
        if isinstance(sight, Unseen):
            if sight.code in REMARKS:
                report.remarks.append(sight.detail)
                continue
            if sight.fatal and report.failing is None:
                report.failing = sight.detail
            if len(report.troubles) < MOST_TROUBLES:
                report.troubles.append(f"{sight.locator}: {sight.detail} ({sight.code})")
        yield sight


def last_published(run: Run, name: str) -> str | None:
    """The last day on which any document of a source was published, today at the latest."""
    found = run.store.last_published(name)
    return min(found, f"{run.started:%Y-%m-%d}") if found else None


def renew(run: Run, night: Night, limit: int) -> None:
    """Read a bounded batch of documents by the rules of today: those in quarantine first."""
    rules = rules_fingerprint()
    quarantined = [it.document for it in run.store.quarantined() if it.rules != rules][:limit]
    night.retried = len(quarantined)
    night.differences += reread(run, quarantined, latest=True)
    older = run.store.older_than(rules, limit)
    night.reread = len(older)
    night.differences += reread(run, older)
    night.older = run.store.count_older_than(rules)


def check_night(folder: DataFolder, run: Run) -> list[Finding]:
    """A check that costs little: all but the bodies, and every byte of one archive file, by turns."""
    files = sorted(folder.archive.glob("*.warc.gz"))
    findings = list(check_file(files[run.number % len(files)], torn_tail(folder))) if files else []
    return [*findings, *check_all(folder, quick=True).findings]


def add(total: Report, counts: Report) -> None:
    """Add the counts of one source to the run's."""
    for name, value in asdict(counts).items():
        setattr(total, name, getattr(total, name) + value)
