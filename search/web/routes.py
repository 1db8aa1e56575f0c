"""The addresses: which view stands where, with which parameters, and in which formats."""

from __future__ import annotations

from dataclasses import dataclass

from search.web.query_string import SEARCH
from search.web.view import Form

PAGE = frozenset({"limit", "cursor"})
NONE: frozenset[str] = frozenset()
ALL = (Form.HTML, Form.JSON, Form.CSV, Form.ATOM)


@dataclass(frozen=True, slots=True)
class Route:
    """A page: its path, its view, its formats, and the parameters that it knows."""

    path: str
    view: str
    forms: tuple[Form, ...]
    parameters: frozenset[str] = NONE


ROUTES = (
    Route("/", "home", (Form.HTML,)),
    Route("/soeg", "results", ALL, SEARCH),
    Route("/post/{key}", "record", ALL),
    Route("/post/{key}/lignende", "similar", ALL),
    Route("/dokument/{key}", "document", ALL),
    Route("/kommuner", "kommuner", ALL),
    Route("/kommune/{key}", "kommune", ALL, PAGE),
    Route("/region/{key}", "region", ALL, PAGE),
    Route("/kilder", "sources", ALL),
    Route("/drift", "operations", ALL),
    Route("/hjaelp", "help", (Form.HTML,)),
    Route("/api", "api", (Form.HTML,)),
    Route("/forslag", "suggestions", (Form.JSON,), frozenset({"q"})),
)
ORIGINALS = ("/dokument/{key}/original", "/dokument/{key}/original/{version}")
OPEN = ("/static/", "/health", "/ready", "/login", "/en/login")
"""The beginnings of what is answered without a password."""
