"""`kilde sources`: check the definitions in kilde.toml, list them, try one without storing anything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from ingest.archiving.archive import Archived, Place
from ingest.fetching.urls import redact_text
from ingest.fetching.webpage import check_selector
from ingest.readings import Container, Failure, read_parts
from ingest.sources.remote import REMARKS
from ingest.sources.seen import Gone, Seen, Sight, Unchanged, Unseen
from ingest.summary import print_summary
from kilde.errors import MissingError, SettingsError, UsageError
from kilde.model import Document
from kilde.settings import DEFAULT_FILE, Settings
from kilde.settings_errors import Complaint, find_line, nearest
from kilde.sources import SELECTORS, Local, Remote, Source
from kilde.visits import nothing_before, visit

DONE, IN_PART = 0, 3
STDERR = Console(stderr=True, soft_wrap=True, highlight=False)
NOWHERE = Place("", 0)


@click.group()
def sources() -> None:
    """Check, list and try the sources of kilde.toml."""


@sources.command()
@click.pass_obj
def check(settings: Settings) -> int:
    """Check the settings file: each wrong setting with file, line, and what to write instead."""
    file = settings_file()
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    found = [it for name, source in settings.sources.items() for it in complaints_of(name, source, text)]
    if found:
        raise SettingsError("\n".join(it.told(str(file)) for it in found))
    count = len(settings.sources)
    click.echo(f"{file}: {count} source{'s' * (count != 1)}, nothing wrong" if count else f"{file} names no sources")
    return DONE


def settings_file() -> Path:
    """The settings file of this call."""
    given = click.get_current_context().find_root().params.get("config")
    return given if isinstance(given, Path) else DEFAULT_FILE


def complaints_of(name: str, source: Source, text: str) -> Iterator[Complaint]:
    """What cannot be used of a source whose settings have the right form."""
    for key in SELECTORS:
        selector = getattr(source, key, None)
        wrong = check_selector(selector) if selector else None
        if wrong:
            message = f'{selector!r} is no CSS selector: {wrong}; write one such as "main .article"'
            yield Complaint(f"sources.{name}.{key}", message, find_line(text, ["sources", name, key]))
    if isinstance(source, Local) and not source.path.exists():
        message = f"there is no {source.path}; write the path of a file or folder that is there"
        yield Complaint(f"sources.{name}.path", message, find_line(text, ["sources", name, "path"]))


@sources.command(name="list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
@click.pass_obj
def list_sources(settings: Settings, form: str) -> int:
    """List the sources, with what they say of themselves."""
    if form == "json":
        rows = [{"name": name, **source.model_dump(mode="json")} for name, source in settings.sources.items()]
        click.echo(redact_text(json.dumps(rows, ensure_ascii=False)))
        return DONE
    table = Table(box=None, pad_edge=False)
    for column in ("name", "kind", "cadence", "publisher", "from"):
        table.add_column(column, overflow="fold")
    for name, source in settings.sources.items():
        table.add_row(name, source.kind, source.cadence, source.publisher or "", "\n".join(places_of(source)))
    Console(soft_wrap=False, highlight=False).print(table)
    return DONE


def places_of(source: Source) -> list[str]:
    """Where a source's documents come from, without secrets."""
    return [redact_text(start) for start in source.start] if isinstance(source, Remote) else [str(source.path)]


@sources.command(name="try")
@click.argument("name")
@click.option("--documents", type=click.IntRange(1, 100), default=3, show_default=True, help="Documents to read.")
@click.pass_obj
def try_source(settings: Settings, name: str, documents: int) -> int:
    """Visit the source NAME, show how a few of its documents read, and store nothing."""
    source = settings.sources.get(name)
    if source is None:
        known = ", ".join(settings.sources) or "none"
        raise UsageError(
            f"no source is called {name!r}{nearest(name, settings.sources)}; those of the settings: {known}"
        )
    counts: Counter[str] = Counter()
    for sight in visit(name, source, datetime.now(UTC), nothing_before()):
        show_sight(sight, counts)
        if counts["documents"] + counts["unreadable"] >= documents:
            break
    tell(
        f"{counts['documents']} read, {counts['unreadable']} unreadable, {counts['unseen']} not fetched; nothing stored"
    )
    if not counts["documents"] + counts["unreadable"]:
        raise MissingError(f"no document of {name} was found; docs/sources.md says how to point the way")
    return IN_PART if counts["unreadable"] or counts["unseen"] else DONE


def show_sight(sight: Sight, counts: Counter[str]) -> None:
    """Print an original as it reads, or why there is none."""
    match sight:
        case Seen():
            show_original(sight, counts)
        case Unseen(locator=locator, code=code, detail=detail):
            counts["unseen"] += code not in REMARKS
            tell(f"{locator}: {detail} ({code})")
        case Gone(locator=locator, detail=detail):
            tell(f"{locator}: {detail}")
        case Unchanged():
            pass


def show_original(seen: Seen, counts: Counter[str]) -> None:
    """Print the documents of an original: itself, and what stands inside of it."""
    for reading in read_parts(Archived(seen.observation, NOWHERE, NOWHERE), seen.body, 0):
        observation = reading.archived.observation
        click.echo(f"\n{observation.locator}  {observation.media_type}, {observation.size:,} bytes")
        match reading.outcome:
            case Document():
                counts["documents"] += 1
                print_summary(reading.outcome)
                click.echo(counted(reading.outcome))
            case Failure(code=code, detail=detail):
                counts["unreadable"] += 1
                click.echo(f"unreadable: {detail} ({code})")
            case Container():
                click.echo("holds other documents:")


def counted(document: Document) -> str:
    """What was found in a document, in figures."""
    found = {
        "records": len(document.records),
        "mentions of kommuner": sum(len(record.kommuner) for record in document.records),
        "dates": sum(len(record.dates) for record in document.records),
        "amounts": sum(len(record.amounts) for record in document.records),
        "problems": len(document.problems),
    }
    return ", ".join(f"{count} {what}" for what, count in found.items())


def tell(line: str) -> None:
    """Talk, on standard error."""
    STDERR.print(line, markup=False)
