"""The JSON of the API as OpenAPI describes it. Nothing is made with these types: the views' JSON must fit them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """JSON of which no more is promised than what is named."""

    model_config = ConfigDict(extra="allow")


class Problem(BaseModel):
    """An error (RFC 9457); position and suggestion are those of a query that cannot be read."""

    type: str
    title: str
    status: int
    detail: str
    position: int | None = None
    suggestion: str | None = None


class Segment(BaseModel):
    """A piece of a snippet."""

    text: str
    marked: bool


class Hit(Shape):
    """A record that was found; amounts in kroner."""

    id: str
    document: str
    version: str
    title: str
    heading: str
    kind: str
    record_kind: str
    publisher: str | None
    published: str | None
    url: str | None
    score: float
    snippet: list[Segment]
    kommuner: list[str]
    amounts: list[float]


class FacetValue(BaseModel):
    """A value of a facet."""

    value: str
    label: str
    count: int
    selected: bool


class Coverage(BaseModel):
    """What was searched."""

    documents: int
    months: int
    late: list[str]
    failing: list[str]
    quarantined: int


class SearchPage(Shape):
    """A page of hits."""

    query: str
    total: int
    hits: list[Hit]
    facets: dict[str, list[FacetValue]]
    next: str | None
    suggestion: str | None
    coverage: Coverage


class Record(Shape):
    """A record with its mentions, each with its place in the record's text."""

    id: str
    document: str
    version: str
    position: int
    kind: str
    heading: str
    text: str
    kommuner: list[dict[str, Any]]
    dates: list[dict[str, Any]]
    amounts: list[dict[str, Any]]


class Document(Shape):
    """A document with its records."""

    id: str
    version: str
    source: str
    title: str
    text: str
    records: list[dict[str, Any]]


class Kommune(BaseModel):
    """A kommune, and how many records mention it."""

    code: str
    name: str
    official: str
    region: str
    landsdel: str
    records: int
    address: str


class Kommuner(BaseModel):
    """All kommuner."""

    kommuner: list[Kommune]


class Area(Shape):
    """A kommune's mentions, newest first."""

    code: str | None
    name: str
    region: str
    records: int
    years: dict[str, int]
    mentions: list[dict[str, Any]]
    next: str | None


class Source(Shape):
    """A source, and its documents by month."""

    source: str
    documents: int
    records: int
    months: dict[str, int]


class Sources(BaseModel):
    """All sources."""

    sources: list[Source]


class Suggestions(BaseModel):
    """Whole queries, the best first."""

    query: str
    suggestions: list[str]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description, "content": {"application/problem+json": {}}}
    for status, description in (
        (400, "Something in the address is wrong"),
        (401, "A password is needed"),
        (404, "There is none"),
        (410, "It was forgotten"),
        (503, "It takes too long, or the index cannot be read"),
    )
}
