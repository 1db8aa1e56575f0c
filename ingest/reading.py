"""An original to a Document.

Read, cut into records, dated, and searched for mentions. A pure function of bytes and observation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import NamedTuple

from ingest.extract import Findings, Passage, Row, extract, problems_of
from ingest.fingerprint import rules_fingerprint
from ingest.formats import read_layout
from ingest.identity import RecordIds, document_id
from ingest.imprints import Imprint
from ingest.layout import BlockKind, Layout
from ingest.outline import Column, Outline, Structure
from ingest.publication import Given, find_publication
from ingest.publisher import Places, find_publisher
from ingest.structure import Shape, find_structure
from kilde.danish.cpr import mask_cpr
from kilde.danish.dates import DateContext
from kilde.errors import UnreadableError
from kilde.model import (
    Document,
    DocumentKind,
    Field,
    Hints,
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
MOST_RECORDS = 50_000
"""Records of one document, and rows of its tables; a fifth of a minute's work. It is refused before that begins."""
END_OF_TEXT = 2000
FRONTS = {RecordKind.FRONT, RecordKind.SECTION}
FOOTERS = {"page_header", "page_footer", "footer_after_imprint"}
SMALL_PRINT = {"footer_after_imprint", "subscription"}


def read_document(body: bytes, seen: Observation, rejected: list[Rejected] | None = None) -> Document:
    """Read an original; raises UnreadableError with the reason for the quarantine.

    Where `rejected` is given, the candidates that rules refused are added to it, with spans in the document's text.
    """
    layout = masked(read_layout(body, seen.media_type, seen.hints))
    refuse_too_many(sum(block.kind is BlockKind.ROW for block in layout.blocks), "rows")
    shape = find_structure(layout, hinted_kind(seen.hints))
    structure = shape.structure
    refuse_too_many(len(structure.records), "records")
    given = given_dates(seen, layout)
    lead = shape.meeting or shape.lead
    publication, problems = find_publication(
        layout.text, structure.title, lead, shape.imprints, given, dated_title=structure.kind in DATED_TITLES
    )
    title, title_problems = title_of(layout, structure.title, seen.locator)
    context = DateContext(title=title, published=publication.when if publication else None)
    id_ = document_id(seen.source, seen.locator)
    records, found_problems = read_records(layout, shape, Home(id_, seen.digest), context, rejected)
    return Document(
        id=id_,
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
        records=tuple(records),
        boilerplate=tuple(it for it in structure.stretches if it.rule not in STRUCTURE_RULES),
        structure=tuple(it for it in structure.stretches if it.rule in STRUCTURE_RULES),
        problems=(*layout.problems, *told(layout, structure), *problems, *title_problems, *found_problems),
        rules=rules_fingerprint(),
    )


def refuse_too_many(count: int, what: str) -> None:
    """Raise UnreadableError for a document of more records than are read."""
    if count > MOST_RECORDS:
        detail = f"{count:,} {what}; Kilde reads at most {MOST_RECORDS:,} of one document: split it"
        raise UnreadableError("too_many_records", detail)


STRUCTURE_RULES = {"table_head", "theme_row", "table_unit", "rule", "reference_head"}


def told(layout: Layout, structure: Structure) -> list[Problem]:
    """The problems of the structure that the reader has not told already."""
    codes = {problem.code for problem in layout.problems}
    return [problem for problem in structure.problems if problem.code not in codes]


def masked(layout: Layout) -> Layout:
    """The layout with CPR numbers replaced by as many bullets, before anything else reads it."""
    text, spans = mask_cpr(layout.text)
    if not spans:
        return layout
    problems = [Problem("cpr_masked", Severity.WARNING, "a CPR number is masked", Span(*span)) for span in spans]
    return replace(layout, text=text, problems=(*layout.problems, *problems))


def hinted_kind(hints: Hints) -> DocumentKind | None:
    """The kind of document that the source's definition gives; it was checked where the definition was read."""
    return DocumentKind(hints.kind) if hints.kind else None


def given_dates(seen: Observation, layout: Layout) -> Given:
    """What is known of the publication from outside the words of the document."""
    kind, _, value = (seen.published or "").partition(":")
    return Given(
        override=value if kind == "override" else None,
        pointed_out=layout.meta.published if "published" in layout.meta.hinted else None,
        meta=layout.meta.published,
        source=value if kind == "source" else None,
        given=value if kind == "given" else None,
    )


def title_of(layout: Layout, title: Span | None, locator: str) -> tuple[str, list[Problem]]:
    """The title: what the source points out, the document's own, its metadata's; else its file's name, with a note."""
    shown = " ".join(layout.text[title.start : title.end].split()) if title else ""
    own = layout.meta.title if "title" in layout.meta.hinted else shown or layout.meta.title
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
            page_title=layout.meta.title or "",
            footer="\n".join(cut(text, it) for it in structure.stretches if it.rule in FOOTERS),
        )
    )


def cut(text: str, span: Span | Outline | Stretch | None) -> str:
    """The text at a span; nothing where there is none."""
    return text[span.start : span.end] if span else ""


class Home(NamedTuple):
    """Whose records they are: the document's id and version."""

    document: str
    version: str


class Named(NamedTuple):
    """What names a record in its document."""

    id: str
    position: int
    heading: str


def read_records(
    layout: Layout, shape: Shape, home: Home, context: DateContext, rejected: list[Rejected] | None
) -> tuple[list[Record], list[Problem]]:
    """The records with their ids and all that is found in them."""
    records, problems = list[Record](), list[Problem]()
    ids = RecordIds(home.document)
    for position, outline in enumerate(sorted(shape.structure.records, key=lambda it: it.start), start=1):
        heading = heading_of(layout.text, outline)
        cells = tuple(field_of(layout.text, it.name, it.span, outline.start) for it in outline.columns)
        refused: list[Rejected] | None = None if rejected is None else []
        found = extract(passage_of(layout.text, outline, cells, context, heading, refused))
        if rejected is not None:
            rejected += [
                replace(it, start=it.start + outline.start, end=it.end + outline.start) for it in refused or ()
            ]
        problems += problems_of(found, outline.start)
        named = Named(ids.next(outline.kind, heading), position, heading)
        records.append(record_of(layout.text, outline, named, home, cells, found))
    return records, problems


def heading_of(text: str, outline: Outline) -> str:
    """The heading of a record as one line; empty where it has none."""
    heading = outline.heading
    return " ".join(text[heading.start : heading.end].split()) if heading else ""


def passage_of(
    text: str,
    outline: Outline,
    cells: tuple[Field, ...],
    context: DateContext,
    heading: str,
    refused: list[Rejected] | None,
) -> Passage:
    """What the extractors read: the text of a record, its cells or those of the tables in it, and its headings."""
    above = tuple(it for it in (heading, outline.theme) if it)
    whole = Row(0, outline.end - outline.start, cells, shared_cells(outline.columns, outline.start))
    rows = (whole,) if outline.kind is RecordKind.ROW else inner_rows(text, outline)
    dated = DateContext(headings=above, title=context.title, published=context.published)
    return Passage(text[outline.start : outline.end], outline.kind, rows, dated, refused)


def inner_rows(text: str, outline: Outline) -> tuple[Row, ...]:
    """The rows of the tables inside a record; offsets count from the record's start."""
    start = outline.start
    return tuple(
        Row(
            row.start - start,
            row.end - start,
            tuple(field_of(text, it.name, it.span, start) for it in row.columns),
            shared_cells(row.columns, start),
        )
        for row in outline.rows
    )


def shared_cells(columns: Sequence[Column], offset: int) -> frozenset[int]:
    """Where the cells begin that stand beside several rows."""
    return frozenset(column.span.start - offset for column in columns if column.shared)


def record_of(
    text: str, outline: Outline, named: Named, home: Home, cells: tuple[Field, ...], found: Findings
) -> Record:
    """A record with its id and position and what was found in it."""
    return Record(
        id=named.id,
        document=home.document,
        version=home.version,
        position=named.position,
        kind=outline.kind,
        heading=named.heading,
        theme=outline.theme,
        start=outline.start,
        end=outline.end,
        text=text[outline.start : outline.end],
        fields=cells,
        links=outline.links,
        kommuner=found.kommuner,
        dates=found.dates,
        amounts=found.amounts,
        grants=found.grants,
        groups=found.groups,
    )


def field_of(text: str, name: str, span: Span, offset: int) -> Field:
    """A cell of a row; its list items where it has any."""
    value = text[span.start : span.end]
    items = tuple(line[2:].strip() for line in value.split("\n") if line.startswith("• "))
    return Field(name, value, items or None, span.start - offset, span.end - offset)
