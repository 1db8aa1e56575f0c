"""`kilde ingest`: originals into the archive, the store and the index."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console

from ingest.fetching.urls import parse_address
from ingest.fingerprint import rules_fingerprint
from ingest.report import Report
from ingest.scheduler import find_scheduler
from ingest.sources.folder import Target, find_targets
from ingest.sources.seen import Sight
from ingest.sources.shards import Shard, parse_shard, shared_targets
from kilde import rereading, runs
from kilde.errors import UsageError
from kilde.folder import DataFolder
from kilde.model import PartialDate
from kilde.progress import watching
from kilde.settings import Settings
from kilde.visits import before_of, visit_pages

DONE, IN_PART = 0, 3
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
MOST_SHOWN = 50
"""Documents that read differently which are named on standard error; all are in the JSON."""
STDERR = Console(stderr=True, soft_wrap=True, highlight=False)


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH|URL...")
@click.option("--source", help="The name of the source (else the folder's name).")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes that read documents.")
@click.option("--scheduler", metavar="ADDRESS", help="Have the workers of a dask scheduler read: tls://host:8786.")
@click.option("--shard", metavar="I/N", help="Take the share of the I-th of N machines; `kilde gather` joins them.")
@click.option("--no-index", is_flag=True, help="Keep originals and records, leave the index as it is.")
@click.option("--dry-run", is_flag=True, help="Read everything and store nothing.")
@click.option("--from-archive", is_flag=True, help="Make store and index anew from the raw archive.")
@click.option("--reread", is_flag=True, help="Read anew what older rules read, and say what changed.")
@click.option("--limit", type=click.IntRange(1), help="With --reread: documents to read at most.")
@click.option("--published", metavar="DATE", help="Date of publication where the documents do not say it.")
@click.option("--published-override", metavar="DATE", help="Date of publication, whatever the documents say.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print the report."
)
@click.pass_obj
def ingest(
    settings: Settings,
    paths: Sequence[str],
    source: str | None,
    jobs: int | None,
    scheduler: str | None,
    shard: str | None,
    no_index: bool,
    dry_run: bool,
    from_archive: bool,
    reread: bool,
    limit: int | None,
    published: str | None,
    published_override: str | None,
    form: str,
) -> int:
    """Add files, folders and web pages to the archive, read them into records, and index them."""
    options = runs.Options(
        jobs or settings.jobs, not no_index, given_date(published, published_override),
        find_scheduler(scheduler, os.environ) if scheduler else None, parse_shard(shard) if shard else None,
    )  # fmt: skip
    folder = settings.folder
    if from_archive:
        if paths or dry_run or shard:
            raise UsageError("--from-archive reads the archive alone: leave the paths, --dry-run and --shard out")
        with watching(None, "read", STDERR) as watch:
            report = runs.ingest_from_archive(folder, options, watch)
        return finish(report, form)
    if reread:
        if paths or dry_run or shard:
            raise UsageError("--reread reads what is archived: leave the paths, --dry-run and --shard out")
        return renew(folder, options, limit, form)
    if not paths:
        raise UsageError("name the files or folders to ingest: `kilde ingest PATH...`")
    targets, urls = named(paths, source, options.shard)
    if dry_run:
        if urls:
            raise UsageError("--dry-run reads files: leave the addresses out, or see `kilde sources try`")
        with watching(len(targets), "read", STDERR) as watch:
            return finish(runs.dry_run(targets, options, watch), form)
    if folder.make():
        say(f"made the data folder {folder.path}")
    with (
        watching(len(targets) + len(urls), "ingest", STDERR) as watch,
        runs.open_run(folder, "ingest", options.jobs, watch, options.scheduler) as run,
    ):
        pages = see_pages(run, urls, source, settings.contact) if urls else ()
        report, left = runs.ingest_sights(run, chain(runs.see_share(run, targets, options), pages), options)
    if left:
        say(f"read {left} originals that an interrupted run had archived")
    return finish(report, form)


def named(paths: Sequence[str], source: str | None, shard: Shard | None) -> tuple[list[Target], list[str]]:
    """The files and the addresses that are named, or this machine's share of them."""
    urls = [path for path in paths if ADDRESS.match(path)]
    targets = find_targets([Path(path) for path in paths if not ADDRESS.match(path)], source)
    if shard is None:
        return targets, urls
    return shared_targets(targets, shard), [url for url in urls if shard.holds(locator_of(url))]


def locator_of(url: str) -> str:
    """What a page is kept under; the text itself where it is no address."""
    address = parse_address(url)
    return address.locator if address else url


def see_pages(run: runs.Run, urls: Sequence[str], source: str | None, contact: str | None) -> Iterator[Sight]:
    """Pages named by their addresses; raises UsageError where nobody says who asks."""
    if contact is None:
        raise UsageError("say who asks: set KILDE_CONTACT, or `contact` in kilde.toml, to an e-mail address")
    by_name: dict[str, list[str]] = {}
    for url in urls:
        by_name.setdefault(source or urlsplit(url).hostname or "web", []).append(url)
    return chain.from_iterable(
        visit_pages(name, found, contact, run.started, before_of(run, name)) for name, found in by_name.items()
    )


def renew(folder: DataFolder, options: runs.Options, limit: int | None, form: str) -> int:
    """Read anew what older rules read; print the difference that it makes."""
    rules = rules_fingerprint()
    with (
        watching(None, "reread", STDERR) as watch,
        runs.open_run(folder.require(), "ingest --reread", options.jobs, watch, options.scheduler) as run,
    ):
        older = run.store.older_than(rules, limit)
        differences = rereading.reread(run, older)
        left = run.store.count_older_than(rules)
        if options.index:
            run.update_index()
    for it in differences[:MOST_SHOWN]:
        counts = f"{it.added} mentions added, {it.lost} lost, {it.changed} changed"
        records = f", {it.records_before} records became {it.records}" if it.records != it.records_before else ""
        say(f"{it.source}/{it.locator}: {counts}{records}: {', '.join(it.examples)}")
    added, lost, changed = (sum(getattr(it, name) for it in differences) for name in ("added", "lost", "changed"))
    say(
        f"{len(older)} documents read anew, {len(differences)} read differently: {added} mentions added, {lost} lost,"
        f" {changed} changed; {left} are still read by older rules"
    )
    if form == "json":
        values = {"reread": len(older), "left": left, "differences": [asdict(it) for it in differences]}
        click.echo(json.dumps(values, ensure_ascii=False))
    return IN_PART if run.report.quarantined else DONE


def given_date(published: str | None, override: str | None) -> str | None:
    """The date given on the command line as an observation keeps it."""
    for name, value in (("override", override), ("given", published)):
        if value:
            try:
                return f"{name}:{PartialDate.parse(value)}"
            except ValueError as error:
                raise UsageError(str(error)) from error
    return None


def say(line: str) -> None:
    """Talk, on standard error."""
    STDERR.print(line, markup=False)


def finish(report: Report, form: str) -> int:
    """Print a run's report; exit code 3 where something could not be read."""
    inside = f" with {report.parts:,} inside of them" if report.parts else ""
    say(
        f"{report.seen:,} seen, {report.added:,} added{inside}, {report.unchanged:,} unchanged;"
        f" {report.records:,} records, {report.quarantined:,} quarantined,"
        f" {report.problems:,} problems"
        f"{f', {report.forgotten:,} forgotten' if report.forgotten else ''}; {report.seconds} s"
    )
    if form == "json":
        click.echo(json.dumps(asdict(report)))
    return IN_PART if report.quarantined else DONE
