"""The page of a document: what it is, its records in their order, and every version that was seen."""

from __future__ import annotations

from dataclasses import dataclass

from kilde.contract import document_json
from kilde.model import Document, Problem, Record, RecordKind
from search.export_cells import Kind, columns
from search.export_cells import Line as Row
from search.web import record as records
from search.web.addresses import document_address
from search.web.danish import told
from search.web.library import Library
from search.web.prose import Cell, Line, body, cells
from search.web.view import Form, Sheet, Task, View
from search.web.words import Wording, day, wording

COLUMNS = columns("id position kind heading theme start end text", position=Kind.INTEGER)
DOUBTS = frozenset({"ambiguous_separator", "malformed_number", "impossible_date", "weekday_mismatch"})
"""Problems whose detail is the text that they are about, in quotation marks."""
QUOTES = "'\""
MOST_SHOWN = 60
"""Records whose text stands on the page; of the others there is the heading."""


@dataclass(frozen=True, slots=True)
class Part:
    """A record on the page of its document; without its text where there are many."""

    record: Record
    heading: str
    lines: tuple[Line, ...]
    cells: tuple[Cell, ...]


def document(library: Library, task: Task) -> View:
    """The view of a document. MissingError where there is none of that id, GoneError where it was forgotten."""
    found = library.document(task.key)
    say = wording(task.language)
    counted = [each for each in found.records if each.kind is not RecordKind.IMPRINT]
    known = library.store.known(found.id)
    return View(
        template="document.html",
        title=" ".join(found.title.split()) or say("untitled"),
        address=document_address(found.id),
        content={
            "document": found,
            "content_parts": [
                _part(each, say, task.language, place < MOST_SHOWN) for place, each in enumerate(counted)
            ],
            "most": MOST_SHOWN,
            "problems": [(each.severity.value, *problem_line(each, say, task.language)) for each in found.problems],
            "history": library.store.history(found.id)[::-1],
            "gone": known.gone if known else None,
            "published": day(str(found.published.when), task.language) if found.published else "",
            "updated": day(found.updated.isoformat(), task.language) if found.updated else "",
        }
        if task.form is Form.HTML
        else {},
        data=document_json(found) if task.form is Form.JSON else None,
        sheet=Sheet(COLUMNS, [record_row(found, place) for place in range(len(found.records))]),
        entries=tuple(records.entry_of(found, each, library) for each in counted) if task.form is Form.ATOM else None,
    )


def problem_line(problem: Problem, say: Wording, language: str) -> tuple[str, str]:
    """What is said of a problem, with the language that it is said in. Of a doubtful mention it is all that is known
    what stands there: its code has a name in `words.tsv`."""
    if problem.code in DOUBTS:
        return language, f"{say(f'problem.{problem.code}')}: {problem.detail.strip(QUOTES)}"
    return told(problem.detail, language)


def _part(each: Record, say: Wording, language: str, whole: bool) -> Part:
    heading = " ".join((each.heading or each.text[:80]).split())
    if not whole:
        return Part(each, heading, (), ())
    inside = cells(each, say, language)
    return Part(each, heading, () if inside else body(each, say, language), inside)


def record_row(found: Document, place: int) -> Row:
    """A record as a row of the CSV."""
    each = found.records[place]
    values = (each.id, each.position, each.kind.value, each.heading, each.theme, each.start, each.end, each.text)
    return dict(zip((column.name for column in COLUMNS), values, strict=True))
