"""What a view makes: one answer that every format prints in its own way, and the question that a worker is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from search.export_cells import Column, Line
from search.web.addresses import Address
from search.web.asked import Asked

Json = dict[str, Any]


class Form(StrEnum):
    """The formats; each but the page is the end of an address: `/soeg.csv`."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"
    ATOM = "atom"


class Role(StrEnum):
    """Who asks: a reader sees what is public in the archive, an admin also every original and how runs went."""

    READER = "reader"
    ADMIN = "admin"
    LOCAL = "local"
    """Who sits at the machine that serves, where no password is set: a reader who also sees how runs went."""


@dataclass(frozen=True, slots=True)
class Task:
    """One request, ready for a worker: a view by name, what its address says, and how to answer."""

    view: str
    key: str = ""
    """The id, code or name in the address; empty where it has none."""
    asked: Asked = field(default_factory=Asked)
    language: str = "da"
    form: Form = Form.HTML
    role: Role = Role.READER
    api_path: str = ""
    """The path of the API that was asked; errors are then told to a program."""
    known: str = ""
    """The ETags that the asker has: If-None-Match."""
    gzip: bool = False
    csrf: str = ""
    """A token for the form that logs out; empty where nobody is logged in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response."""

    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    next: str | None = None
    """The cursor with which a list goes on."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as a table of cells."""

    columns: Sequence[Column]
    rows: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed. `id` and `updated` are the same as long as what it is about is."""

    id: str
    title: str
    address: Address
    updated: str
    """UTC, ISO 8601."""
    published: str | None
    summary: str
    author: str | None
    kind: str = "record"
    """What `id` is an id of."""


@dataclass(frozen=True, slots=True)
class View:
    """An answer before it has a format."""

    template: str
    title: str
    address: Address
    """Its permanent address, in no language and no format."""
    content: Mapping[str, Any]
    """What the template shows."""
    data: Json | None = None
    sheet: Sheet | None = None
    entries: tuple[Entry, ...] | None = None
    next: Address | None = None
    """Where a list goes on."""
    status: int = 200
    indexed: bool = True
    """Whether it is an answer of its own, for search engines of others to keep."""
