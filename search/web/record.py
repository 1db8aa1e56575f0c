"""The page of a record: its text with what was found in it, where it comes from, and how to cite it."""

from __future__ import annotations

from dataclasses import dataclass

from kilde.contract import record_json
from kilde.model import Document, Record, RecordKind
from kilde.store_tables import Sighting
from search.citation_styles import bibtex, ris, text
from search.citations import citation_of, fetched
from search.export_cells import Kind, Line, columns
from search.web import ledger
from search.web.addresses import Address, document_address, record_address
from search.web.library import Library
from search.web.prose import body, cells
from search.web.similar import few
from search.web.view import Entry, Form, Sheet, Task, View
from search.web.words import day, wording

MENTION_COLUMNS = columns("kind surface reading rule start end", start=Kind.INTEGER, end=Kind.INTEGER)

STYLES = (("Tekst", text), ("BibTeX", bibtex), ("RIS", ris))
"""The styles of a reference by the names they go by."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The record before or behind this one in its document."""

    heading: str
    address: Address


def record(library: Library, task: Task) -> View:
    """The view of a record. MissingError where there is none of that id."""
    document, found, current = library.record(task.key)
    say = wording(task.language)
    title = " ".join((found.heading or document.title).split()) or say("untitled")
    history = library.store.history(document.id)
    citation = citation_of(document, found, fetched(library.store, document))
    return View(
        template="record.html",
        title=title,
        address=record_address(found.id),
        content={
            "document": document,
            "record": found,
            "current": current,
            "lines": body(found, say, task.language),
            "cells": cells(found, say, task.language),
            "before": neighbour(document, found.position - 1),
            "after": neighbour(document, found.position + 1),
            "document_address": document_address(document.id),
            "citations": [(name, style(citation)) for name, style in STYLES],
            "sighting": sighting_of(history, document.version),
            "similar": few(library, found, document.id, task.language) if task.form is Form.HTML else [],
            "published": day(str(document.published.when), task.language) if document.published else "",
        },
        data={**record_json(found), "document": document.id, "version": document.version, "current": current},
        sheet=Sheet(MENTION_COLUMNS, mention_rows(found)),
        entries=(entry_of(document, found, library),) if task.form is Form.ATOM else None,
    )


def neighbour(document: Document, position: int) -> Neighbour | None:
    """The record in a position, None before the first and behind the last; imprints are passed over."""
    if not 1 <= position <= len(document.records):
        return None
    found = document.records[position - 1]
    if found.kind is RecordKind.IMPRINT:
        return None
    return Neighbour(" ".join((found.heading or found.text[:80]).split()), record_address(found.id))


def sighting_of(history: list[Sighting], version: str) -> Sighting | None:
    """The first observation of a version."""
    return next((sighting for sighting in history if sighting.digest == version), None)


def mention_rows(found: Record) -> list[Line]:
    """What was found in a record, a row a mention, in the order of the text."""
    values = record_json(found)
    rows: list[Line] = []
    for kind, reading in (("kommuner", "code"), ("dates", "date_from"), ("amounts", "value")):
        for mention in values[kind]:
            kept = {name: mention[name] for name in ("surface", "rule", "start", "end")}
            rows.append({"kind": kind, "reading": mention[reading], **kept})
    return sorted(rows, key=lambda row: (row["start"], row["end"]))


def entry_of(document: Document, found: Record, library: Library) -> Entry:
    """A record as an entry of a feed."""
    return Entry(
        id=found.id,
        title=found.heading or document.title,
        address=record_address(found.id),
        updated=ledger.first_observed(library.store, document.id, document.version),
        published=str(document.published.when) if document.published else None,
        summary=found.text[:500],
        author=document.publisher,
    )
