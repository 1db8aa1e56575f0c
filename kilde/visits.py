"""A source of kilde.toml, visited: what it holds now, as sights; one row of VISITS for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.fetching.fetch import Fetcher, Manners
from ingest.fetching.pacing import Hosts
from ingest.fetching.urls import parse_address
from ingest.identity import document_id
from ingest.sources import feed, mailbox, sitemap, website
from ingest.sources.files import see_files
from ingest.sources.folder import find_targets, utc_text, walk
from ingest.sources.remote import BudgetSpentError, Known, Past, Visit
from ingest.sources.seen import Gone, Seen, Sight, Unseen
from ingest.sources.warc import see_warc
from kilde.fetched import Listings, fetched_locators, validators_of
from kilde.runs import Run
from kilde.sources import Common, Feed, Folder, Local, Mailbox, Remote, Sitemap, Source, Warc, Website

Collect = Callable[[Any, str, Fetcher, Past, datetime], Iterator[Sight]]
Visits = Callable[[str, Any, datetime, "Before"], Iterator[Sight]]
WARC_ENDINGS = (".warc", ".warc.gz")


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a source before it is visited."""

    past: Past
    there: Callable[[], Iterable[str]] = tuple
    """The locators that it had when it was last visited."""
    hosts: Hosts = field(default_factory=Hosts)


class Forgetful:
    """A memory for one visit that keeps nothing."""

    def get(self, key: str) -> str | None:  # noqa: ARG002 (there is nothing under any key)
        """Nothing is known."""
        return None

    def put(self, key: str, value: str) -> None:
        """Nothing is kept."""


def nothing_before() -> Before:
    """As before a first visit."""
    return Before(Past(lambda _: None, tuple, Forgetful()))


def before_of(run: Run, name: str) -> Before:
    """What earlier runs left behind."""

    def known(locator: str) -> Known | None:
        found = run.store.known(document_id(name, locator))
        if found is None or found.forgotten:
            return None
        validators = validators_of(run.state, name, locator)
        return Known(validators, found.version is not None, run.store.text_length(found.id), found.gone is not None)

    def there() -> list[str]:
        return [it.locator for it in run.store.known_of(name) if it.gone is None]

    past = Past(known, lambda: fetched_locators(run.state, name), Listings(run.state))
    return Before(past, there, run.hosts)


def visit(name: str, source: Source, now: datetime, before: Before) -> Iterator[Sight]:
    """All that a source holds now; that it could not be listed is a fatal Unseen, never an exception."""
    try:
        yield from with_facts(VISITS[type(source)](name, source, now, before), source)
    except (OSError, ValueError) as error:
        yield Unseen(name, name, "source_failed", f"{error}", fatal=True)


def visit_folder(name: str, source: Folder, now: datetime, before: Before) -> Iterator[Sight]:
    """The files of a folder, and those that were there before and are gone."""
    if not source.path.is_dir():
        yield missing(name, source)
        return
    targets = find_targets([source.path], name)
    yield from see_files(targets, now)
    here = {target.locator for target in targets}
    for locator in before.there():
        if locator not in here:
            yield Gone(name, locator, utc_text(now), "no longer in the folder")


def visit_mailbox(name: str, source: Mailbox, now: datetime, _: Before) -> Iterator[Sight]:
    """The mails of a mailbox."""
    return mailbox.collect(source, name, now)


def visit_warc(name: str, source: Warc, now: datetime, _: Before) -> Iterator[Sight]:
    """The pages and files in WARC files."""
    if not source.path.exists():
        yield missing(name, source)
        return
    for path in warc_files(source.path):
        yield from see_warc(path, name, now)


def warc_files(path: Path) -> list[Path]:
    """The WARC file that a path is, or those in the folder that it is."""
    found = [path / it for it in walk(path) if it.lower().endswith(WARC_ENDINGS)] if path.is_dir() else [path]
    return sorted(found)


def visit_remote(collect: Collect) -> Visits:
    """A visit over HTTP by the collector of a kind."""

    def visit_one(name: str, source: Remote, now: datetime, before: Before) -> Iterator[Sight]:
        with Fetcher(manners_of(source), hosts=before.hosts) as fetcher:
            yield from collect(source, name, fetcher, before.past, now)

    return visit_one


def manners_of(source: Remote) -> Manners:
    """How a source's sites are met."""
    return Manners(source.contact, source.pause, source.allow_hosts)


def visit_pages(name: str, urls: Sequence[str], contact: str, now: datetime, before: Before) -> Iterator[Sight]:
    """The pages at addresses, nothing else."""
    source = Website.model_validate({"kind": "website", "start": urls, "contact": contact})
    with Fetcher(manners_of(source), hosts=before.hosts) as fetcher:
        visited = Visit(source, name, fetcher, before.past, now)
        try:
            for url in urls:
                address = parse_address(url)
                sight = visited.page(address).sight if address else Unseen(name, url, "bad_address", "no web address")
                if sight is not None:
                    yield sight
        except BudgetSpentError as error:
            yield visited.spent(error)
        yield from visited.remarks()


def missing(name: str, source: Local) -> Unseen:
    """That what a source names is not there."""
    return Unseen(name, name, "missing", f"there is no {source.path}", fatal=True)


def with_facts(sights: Iterable[Sight], source: Common) -> Iterator[Sight]:
    """Sights with what the source's definition says of its documents, where they do not have it yet."""
    kind = source.document_kind.value if source.document_kind else None
    for sight in sights:
        if isinstance(sight, Seen):
            seen = sight.observation
            hints = replace(seen.hints, kind=seen.hints.kind or kind) if kind else seen.hints
            known = replace(seen, publisher=seen.publisher or source.publisher, hints=hints)
            yield replace(sight, observation=known)
        else:
            yield sight


VISITS: dict[type, Visits] = {
    Folder: visit_folder,
    Mailbox: visit_mailbox,
    Warc: visit_warc,
    Website: visit_remote(website.collect),
    Feed: visit_remote(feed.collect),
    Sitemap: visit_remote(sitemap.collect),
}
"""How each kind of source is visited."""
