"""The vocabulary that every stage shares: frozen values, no I/O.

`Document.text` is fixed when a version is read. All spans are half-open, in code points;
`record.text == document.text[record.start:record.end]`, and a mention's span counts from its record's start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kilde.danish.mentions import (
    AmountMention,
    Basis,
    Bound,
    DateMention,
    Grain,
    GrantMention,
    GroupMention,
    KommuneMention,
    PartialDate,
    Rejected,
    Role,
    Value,
)

__all__ = [
    "NO_HINTS",
    "AmountMention",
    "Basis",
    "Bound",
    "DateMention",
    "Document",
    "DocumentKind",
    "Field",
    "Grain",
    "GrantMention",
    "GroupMention",
    "Hints",
    "KommuneMention",
    "Link",
    "Observation",
    "PartialDate",
    "Problem",
    "Publication",
    "PublishedBasis",
    "Record",
    "RecordKind",
    "Rejected",
    "Role",
    "Severity",
    "Span",
    "Stretch",
]


class DocumentKind(StrEnum):
    """What a document is."""

    NEWSLETTER = "newsletter"
    CATALOGUE = "catalogue"
    GRANTS = "grants"
    MINUTES = "minutes"
    ARTICLE = "article"
    PAGE = "page"
    MAIL = "mail"
    OTHER = "other"


class RecordKind(StrEnum):
    """What a record is in its document."""

    FRONT = "front"
    ITEM = "item"
    SECTION = "section"
    ROW = "row"
    REFERENCE = "reference"
    IMPRINT = "imprint"


class Severity(StrEnum):
    """How much a problem matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class PublishedBasis(StrEnum):
    """What a date of publication rests on, the strongest first."""

    OVERRIDE = "override"
    TEXT = "text"
    INFERRED = "inferred"
    META = "meta"
    SOURCE = "source"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, order=True)
class Span(Value):
    """Half-open, in code points of the document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem(Value):
    """Trouble in the data: a value that is kept, shown and counted."""

    code: str
    severity: Severity
    detail: str
    where: Span | None = None


@dataclass(frozen=True, slots=True)
class Link(Value):
    """A link's text as it stands, and its address where the format gives one."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Field(Value):
    """A named cell of a row; `items` holds the points of a list. The span counts from the record's start."""

    name: str
    value: str
    items: tuple[str, ...] | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch(Value):
    """A part of the text that belongs to no record: boilerplate or structure, and the rule that says so."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Publication(Value):
    """When a document was published, and the words that say so (absent unless the basis is text or inferred)."""

    when: PartialDate
    basis: PublishedBasis
    span: Span | None = None

    @property
    def first(self) -> date:
        """First day."""
        return self.when.first

    @property
    def last(self) -> date:
        """Last day."""
        return self.when.last


@dataclass(frozen=True, slots=True)
class Record(Value):
    """An item, section, row or reference: the unit that is searched."""

    id: str
    document: str
    version: str
    position: int
    """1 for the first record of the document."""
    kind: RecordKind
    heading: str
    """Empty where there is none."""
    theme: str | None
    """The heading that the record stands under."""
    start: int
    end: int
    text: str
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    kommuner: tuple[KommuneMention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    amounts: tuple[AmountMention, ...] = ()
    grants: tuple[GrantMention, ...] = ()
    groups: tuple[GroupMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Document(Value):
    """One version of one document, as read."""

    id: str
    """16 base32 characters of sha-256(source, locator)."""
    version: str
    """The sha-256 of the original bytes, in hexadecimal."""
    source: str
    locator: str
    kind: DocumentKind
    title: str
    publisher: str | None
    published: Publication | None
    updated: date | None
    language: str
    url: str | None
    text: str
    text_sha256: str
    reader: str
    """Name and version of the reader that made the text."""
    records: tuple[Record, ...]
    boilerplate: tuple[Stretch, ...] = ()
    structure: tuple[Stretch, ...] = ()
    problems: tuple[Problem, ...] = ()
    rules: str = ""
    """Fingerprint of the rules that found the records and mentions."""


@dataclass(frozen=True, slots=True)
class Hints(Value):
    """What a source's definition says of how its documents read; None where the defaults do.

    Archived with each observation, so that a document reads the same when it is read again.
    """

    content: str | None = None
    """CSS selector of the part of a page that is content."""
    title: str | None = None
    """CSS selector of the title."""
    date: str | None = None
    """CSS selector of the date of publication."""
    kind: str | None = None
    """A DocumentKind, whatever the text looks like."""


NO_HINTS = Hints()
"""What most sources say."""


@dataclass(frozen=True, slots=True)
class Observation(Value):
    """Bytes seen under a locator at a time, with the facts about them that are not in the bytes."""

    source: str
    locator: str
    digest: str
    """sha-256 of the bytes, in hexadecimal."""
    size: int
    media_type: str
    observed: str
    """UTC, ISO 8601 with seconds."""
    publisher: str | None = None
    published: str | None = None
    """A date given from outside the document: `source:2020-01`, `given:2020-01` or `override:2020-01`."""
    url: str | None = None
    hints: Hints = NO_HINTS
