"""`kilde history`, `kilde diff` and `kilde forget`: the life of one document."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kilde.errors import MissingError, UsageError
from kilde.forgetting import find_document
from kilde.forgetting import forget as forget_document
from kilde.model import Document, Record
from kilde.rereading import difference_of
from kilde.runs import Options
from kilde.settings import Settings
from kilde.store import Store
from kilde.store_tables import Sighting
from search.listing import counted

FORMAT = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
CONSOLE = Console(soft_wrap=True, highlight=False)
MOST_LINES = 20_000
"""Lines of two versions that are compared; beyond that only whole records are."""


@click.command()
@click.argument("id_", metavar="ID")
@FORMAT
@click.pass_obj
def history(settings: Settings, id_: str, form: str) -> None:
    """List when a document was seen, and in which versions."""
    with Store(settings.folder.require().store) as store:
        known = find_document(store, id_)
        sightings = store.history(known.id)
        parts, twins = store.parts(known.id), store.twins(known.id)
    if form == "json":
        seen = [asdict(it) for it in sightings]
        click.echo(json.dumps(asdict(known) | {"parts": parts, "same_text": twins, "history": seen}))
        return
    CONSOLE.print(f"{known.source}/{known.locator} · {known.id}", markup=False)
    CONSOLE.print(history_table(sightings, known.version))
    if known.gone:
        CONSOLE.print(f"gone since {known.gone}; its last version is kept")
    if twins:
        CONSOLE.print(f"the same text stands in {', '.join(twins)}")
    if parts:
        CONSOLE.print(f"with {len(parts)} documents inside of it: {', '.join(parts)}")


def history_table(sightings: Sequence[Sighting], current: str | None) -> Table:
    """The observations of a document, a row each."""
    table = Table(box=None, pad_edge=False)
    for name in ("seen", "version", "bytes", "type", "state", "records", "rules"):
        right = name in {"bytes", "records"}
        table.add_column(name, justify="right" if right else "left", no_wrap=name in {"seen", "version"})
    for it in sightings:
        state = f"{it.state}, current" if it.digest == current else it.state
        seen, media_type = it.observed[:16].replace("T", " "), it.media_type.partition(";")[0]
        table.add_row(seen, it.digest[:12], f"{it.size:,}", media_type, state, str(it.records), (it.rules or "")[:8])
    return table


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that two versions do not share: `lines` begin with + or - or a space."""

    id: str
    heading: str
    change: str
    """added, lost or changed."""
    lines: tuple[str, ...]


@click.command()
@click.argument("id_", metavar="ID")
@click.argument("versions", nargs=-1, metavar="[OLD [NEW]]")
@FORMAT
@click.pass_obj
def diff(settings: Settings, id_: str, versions: Sequence[str], form: str) -> None:
    """Say what changed between two versions of a document: the last two, unless the beginnings of others are given."""
    with Store(settings.folder.require().store) as store:
        known = find_document(store, id_)
        old, new = two_versions(store, known.id, versions)
    changes = list(record_changes(old, new))
    mentions = difference_of(old, new)
    if form == "json":
        values = {
            "document": known.id,
            "old": old.version,
            "new": new.version,
            "records": [asdict(it) for it in changes],
        }
        click.echo(json.dumps(values | {"mentions": asdict(mentions)}, ensure_ascii=False))
        return
    CONSOLE.print(f"{new.title} · {old.version[:12]} to {new.version[:12]}", markup=False)
    for change in changes:
        CONSOLE.print(Text(f"{change.change}: {change.heading or change.id}", style="bold"))
        for line in change.lines:
            CONSOLE.print(Text(line, style={"+": "green", "-": "red"}.get(line[:1], "")))
    if not changes:
        CONSOLE.print("the records are the same")
    CONSOLE.print(f"mentions: {mentions.added} added, {mentions.lost} lost, {mentions.changed} changed")


def two_versions(store: Store, document: str, given: Sequence[str]) -> tuple[Document, Document]:
    """The versions to compare; raises UsageError or MissingError where there are not two."""
    digests = list(dict.fromkeys(it.digest for it in reversed(store.history(document)) if it.state == "read"))
    if len(given) > 2:
        raise UsageError("name at most two versions: `kilde diff ID OLD NEW`")
    chosen = [next((it for it in digests if it.startswith(prefix)), None) for prefix in given]
    if None in chosen:
        raise MissingError(f"document {document} has no such version; `kilde history {document}` lists them")
    known = store.known(document)
    new = chosen[1] if len(chosen) == 2 else known.version if known else None
    old = chosen[0] if chosen else next((it for it in digests if it != new), None)
    found = [store.document(document, it) if it else None for it in (old, new)]
    if found[0] is None or found[1] is None:
        raise MissingError(f"document {document} has one version only")
    return found[0], found[1]


def record_changes(old: Document, new: Document) -> Iterator[RecordChange]:
    """The records that differ, in the order of the new version, lost ones at the end."""
    before = {record.id: record for record in old.records}
    now = {record.id: record for record in new.records}
    for id_, record in now.items():
        if id_ not in before:
            yield RecordChange(id_, record.heading, "added", tuple(f"+ {line}" for line in record.text.split("\n")))
        elif before[id_].text != record.text:
            yield RecordChange(id_, record.heading, "changed", changed_lines(before[id_], record))
    for id_, record in before.items():
        if id_ not in now:
            yield RecordChange(id_, record.heading, "lost", tuple(f"- {line}" for line in record.text.split("\n")))


def changed_lines(old: Record, new: Record) -> tuple[str, ...]:
    """The lines that differ, with one line around them."""
    one, two = old.text.split("\n"), new.text.split("\n")
    if len(one) + len(two) > MOST_LINES:
        return (f"- {len(one):,} lines", f"+ {len(two):,} lines")
    lines = list(difflib.unified_diff(one, two, n=1, lineterm=""))[2:]
    return tuple(f"{line[:1]} {line[1:]}" for line in lines if not line.startswith("@@"))


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--erase", is_flag=True, help="Write the archive anew without it, too.")
@click.option("--reason", help="Why; kept with the tombstone until it is erased.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@FORMAT
@click.pass_obj
def forget(settings: Settings, id_: str, erase: bool, reason: str | None, yes: bool, form: str) -> None:
    """Take a document out of store, index and answers, for good; later runs, rebuilds and restores leave it out."""
    folder = settings.folder.require()
    with Store(folder.store) as store:
        known = find_document(store, id_)
    if not yes:
        what = "forget and erase" if erase else "forget"
        click.confirm(f"{what} {known.source}/{known.locator}?", abort=True, err=True)
    done = forget_document(folder, known.id, reason, erased=erase, options=Options(settings.jobs))
    if form == "json":
        click.echo(json.dumps(asdict(done)))
    click.echo(f"forgot {counted(len(done.documents), 'document')}", err=True)
    for it in done.erased:
        click.echo(
            f"wrote {it.file} anew without {counted(it.observations, 'observation')}:"
            f" {it.before:,} to {it.after:,} bytes",
            err=True,
        )
    if done.shared:
        click.echo(f"the same bytes stay under {', '.join(done.shared)}: forget those too, if they should go", err=True)
    click.echo("backups made before this still hold it", err=True)
