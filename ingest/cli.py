"""Commands that read: `kilde extract`, `kilde original`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from ingest.archiving.archive import Place
from ingest.candidates import find_candidates, print_candidates
from ingest.parts import reads_as_document
from ingest.reading import read_document
from ingest.readings import Failure, read_bytes, read_original
from ingest.sandbox import run_limited
from ingest.sources.folder import find_targets, see
from ingest.sources.seen import Seen, Unseen
from ingest.summary import print_summary
from kilde.contract import document_json
from kilde.errors import MissingError, UnreadableError, UsageError
from kilde.model import PartialDate, Rejected
from kilde.settings import Settings
from kilde.store import Store


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--published", metavar="DATE", help="Date of publication where the document does not say it.")
@click.option("--source", help="The name of the source (else the folder's name).")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
def extract(file: Path, published: str | None, source: str | None, form: str) -> None:
    """Read one FILE and print what is found in it; nothing is stored."""
    seen = see_file(file, published, source)
    if not reads_as_document(seen.body, seen.observation.media_type):
        raise UnreadableError(
            "container", f"{file} holds other files: `kilde ingest` reads each, unpack it for extract"
        )
    outcome = run_limited(read_bytes, seen.body, seen.observation)
    if isinstance(outcome, Failure):
        raise UnreadableError(outcome.code, f"{file}: {outcome.detail}")
    if form == "json":
        click.echo(json.dumps(document_json(outcome), ensure_ascii=False))
    else:
        print_summary(outcome)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--published", metavar="DATE", help="Date of publication where the document does not say it.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
def explain(file: Path, published: str | None, form: str) -> None:
    """Read one FILE and list every candidate, with the rule that took or refused it."""
    seen = see_file(file, published, None)
    rejected: list[Rejected] = []
    document = read_document(seen.body, seen.observation, rejected)
    candidates = find_candidates(document, rejected)
    if form == "json":
        click.echo(json.dumps([asdict(it) for it in candidates], ensure_ascii=False))
    else:
        print_candidates(document.text, candidates)


def see_file(file: Path, published: str | None, source: str | None) -> Seen:
    """One file of the command line, read; raises UsageError or UnreadableError."""
    if file.is_dir():
        raise UsageError(f"{file} is a folder; name one file (`kilde ingest` takes folders)")
    given = f"given:{checked_date(published)}" if published else None
    seen = see(find_targets([file], source)[0], now=datetime.now(UTC), published=given)
    if isinstance(seen, Unseen):
        raise UnreadableError(seen.code, f"{file}: {seen.detail}")
    return seen


def checked_date(text: str) -> PartialDate:
    """A date of the command line; raises UsageError."""
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
@click.pass_obj
def original(settings: Settings, id_: str, output: Path | None) -> None:
    """Print the bytes of a document as they came; ID is a document's, a record's or a version's."""
    folder = settings.folder.require()
    with Store(folder.store) as store:
        found = store.find(id_)
        document = store.document(found[0][0]) if found else None
        kept = store.original(document.version if document else id_)
    if kept is None:
        raise MissingError(f"nothing has the id {id_!r}; `kilde search` shows ids")
    body = read_original(folder.archive, Place(kept.file, kept.place, kept.part), kept.digest)
    if output:
        output.write_bytes(body)
    else:
        sys.stdout.buffer.write(body)
