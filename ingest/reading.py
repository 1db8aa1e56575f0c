"""An original to a Document.

Read, cut into records, dated, and searched for mentions. A pure function of bytes and observation.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from ingest.extract import Findings, Passage, extract, problems_of
from ingest.formats import read_layout
from ingest.identity import document_id, number_records
from ingest.imprints import Imprint
from ingest.layout import Layout
from ingest.outline import Outline
from ingest.publication import Given, find_publication
from ingest.publisher import Places, find_publisher
from ingest.structure import Shape, find_structure
from kilde.danish.cpr import mask_cpr
from kilde.danish.dates import DateContext
from kilde.model import (
    Document,
    DocumentKind,
    Field,
    Observation,
    Problem,
    Record,
    RecordKind,
    Rejected,
    Severity,
    Span,
    Stretch,
)

DATED_TITLES = {DocumentKind.NEWSLETTER}
"""Kinds of documents that put their own date into their title."""
LONGEST_TITLE = 200
END_OF_TEXT = 2000
FRONTS = {RecordKind.FRONT, RecordKind.SECTION}
SMALL_PRINT = {"footer_after_imprint", "subscription"}


def read_document(body: bytes, seen: Observation, rejected: list[Rejected] | None = None) -> Document:
    """Read an original; raises UnreadableError with the reason for the quarantine.

    Where `rejected` is given, the candidates that rules refused are added to it, with spans in the document's text.
    """
    layout = masked(read_layout(body, seen.media_type))
    shape = find_structure(layout)
    structure = shape.structure
    given = given_dates(seen, layout)
    lead = shape.lead
    publication, problems = find_publication(
        layout.text, structure.title, lead, shape.imprints, given, dated_title=structure.kind in DATED_TITLES
    )
    title, title_problems = title_of(layout, structure.title, seen.locator)
    context = DateContext(title=title, published=publication.when if publication else None)
    records, found_problems = read_records(layout, shape, seen, context, rejected)
    return Document(
        id=document_id(seen.source, seen.locator),
        version=seen.digest,
        source=seen.source,
        locator=seen.locator,
        kind=structure.kind,
        title=title,
        publisher=seen.publisher or layout.meta.publisher or publisher_of(layout, shape),
        published=publication,
        updated=updated_day(shape.imprints, layout),
        language=layout.meta.language or "da",
        url=seen.url or layout.meta.url,
        text=layout.text,
        text_sha256=hashlib.sha256(layout.text.encode("utf-8")).hexdigest(),
        reader=layout.reader,
        records=tuple(number_records(records)),
        boilerplate=tuple(it for it in structure.stretches if it.rule not in STRUCTURE_RULES),
        structure=tuple(it for it in structure.stretches if it.rule in STRUCTURE_RULES),
        problems=(*layout.problems, *problems, *title_problems, *found_problems),
        rules=rules_fingerprint(),
    )


STRUCTURE_RULES = {"table_head", "theme_row", "rule", "reference_head"}


def masked(layout: Layout) -> Layout:
    """The layout with CPR numbers replaced by as many bullets, before anything else reads it."""
    text, spans = mask_cpr(layout.text)
    if not spans:
        return layout
    problems = [Problem("cpr_masked", Severity.WARNING, "a CPR number is masked", Span(*span)) for span in spans]
    return replace(layout, text=text, problems=(*layout.problems, *problems))


def given_dates(seen: Observation, layout: Layout) -> Given:
    """What is known of the publication from outside the words of the document."""
    kind, _, value = (seen.published or "").partition(":")
    return Given(
        override=value if kind == "override" else None,
        meta=layout.meta.published,
        source=value if kind == "source" else None,
        given=value if kind == "given" else None,
    )


def title_of(layout: Layout, title: Span | None, locator: str) -> tuple[str, list[Problem]]:
    """The title: the document's own, its metadata's, else the name of its file, which is noted."""
    own = " ".join(layout.text[title.start : title.end].split()) if title else (layout.meta.title or "")
    if own:
        return own[:LONGEST_TITLE], []
    name = PurePosixPath(locator).stem or locator
    return name, [
        Problem("no_title", Severity.NOTE, "the document has no title of its own; its file's name stands for it")
    ]


def updated_day(imprints: tuple[Imprint, ...], layout: Layout) -> date | None:
    """The day on which the document says that it was last changed."""
    days = [imprint.date.first for imprint in imprints if imprint.updated and imprint.date.first]
    return days[-1] if days else (date.fromisoformat(layout.meta.updated) if layout.meta.updated else None)


def publisher_of(layout: Layout, shape: Shape) -> str | None:
    """Who the document says publishes it."""
    text, structure = layout.text, shape.structure
    records = sorted(structure.records, key=lambda it: it.start)
    front = next((it for it in records if it.kind in FRONTS), None)
    return find_publisher(
        Places(
            lead=cut(text, shape.lead)[:LONGEST_TITLE],
            imprints=[imprint.line for imprint in shape.imprints],
            title=cut(text, structure.title),
            front=cut(text, front),
            end="\n".join(cut(text, record) for record in records[-2:])[-END_OF_TEXT:],
            small_print="\n".join(cut(text, it) for it in structure.stretches if it.rule in SMALL_PRINT),
        )
    )


def cut(text: str, span: Span | Outline | Stretch | None) -> str:
    """The text at a span; nothing where there is none."""
    return text[span.start : span.end] if span else ""


def read_records(
    layout: Layout, shape: Shape, seen: Observation, context: DateContext, rejected: list[Rejected] | None
) -> tuple[list[Record], list[Problem]]:
    """The records with all that is found in them."""
    records, problems = [], []
    for position, outline in enumerate(sorted(shape.structure.records, key=lambda it: it.start), start=1):
        record = record_of(layout.text, outline, seen, position)
        headings = tuple(heading for heading in (record.heading, record.theme) if heading)
        refused: list[Rejected] | None = None if rejected is None else []
        dated = replace(context, headings=headings)
        found = extract(Passage(record.text, record.kind, rows_of(layout.text, record, outline), dated, refused))
        if rejected is not None:
            rejected += [replace(it, start=it.start + record.start, end=it.end + record.start) for it in refused or ()]
        problems += problems_of(found, record.start)
        records.append(with_findings(record, found))
    return records, problems


def rows_of(text: str, record: Record, outline: Outline) -> tuple[tuple[Field, ...], ...]:
    """The cells of a row record, or of the tables inside a record; offsets count from the record's start."""
    if record.kind is RecordKind.ROW:
        return (record.fields,)
    return tuple(tuple(field_of(text, it.name, it.span, record.start) for it in row) for row in outline.rows)


def with_findings(record: Record, found: Findings) -> Record:
    """A record with its mentions."""
    return replace(
        record,
        kommuner=found.kommuner,
        dates=found.dates,
        amounts=found.amounts,
        groups=found.groups,
        grants=found.grants,
    )


def record_of(text: str, outline: Outline, seen: Observation, position: int) -> Record:
    """A record without mentions and without its id."""
    heading = outline.heading
    return Record(
        id="",
        document=document_id(seen.source, seen.locator),
        version=seen.digest,
        position=position,
        kind=outline.kind,
        heading=" ".join(text[heading.start : heading.end].split()) if heading else "",
        theme=outline.theme,
        start=outline.start,
        end=outline.end,
        text=text[outline.start : outline.end],
        fields=tuple(field_of(text, column.name, column.span, outline.start) for column in outline.columns),
        links=outline.links,
    )


def field_of(text: str, name: str, span: Span, offset: int) -> Field:
    """A cell of a row; its list items where it has any."""
    value = text[span.start : span.end]
    items = tuple(line[2:].strip() for line in value.split("\n") if line.startswith("• "))
    return Field(name, value, items or None, span.start - offset, span.end - offset)


@cache
def rules_fingerprint() -> str:
    """Twelve hexadecimal characters that change when the code or the data of reading change."""
    digest = hashlib.sha256()
    for package in ("ingest", "kilde.danish"):
        for file in sorted(rule_files(files(package)), key=lambda it: it.name):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def rule_files(folder: Traversable) -> list[Traversable]:
    """The code and data files of a package."""
    found: list[Traversable] = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += rule_files(entry)
        elif entry.name.endswith((".py", ".tsv", ".toml", ".json", ".txt")):
            found.append(entry)
    return found
