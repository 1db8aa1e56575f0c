"""The API for programs: the same views as JSON, under addresses with a version, described by OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from search.web import schema
from search.web.asked import LONGEST_CURSOR, LONGEST_PAGE, Asked
from search.web.query_string import SEARCH, read_parameters
from search.web.routes import NONE, PAGE
from search.web.view import Form, Task

PREFIX = "/api/v1"
Ask = Callable[[Request, Task], Awaitable[Response]]
Id = Annotated[str, Path(min_length=1, max_length=64, pattern="^[a-z0-9]+$", description="An id.")]
Code = Annotated[str, Path(pattern="^[0-9]{4}$", description="The four digits of a kommune.", examples=["0751"])]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
Cursor = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]
Words = Annotated[str, Query(max_length=512, description="A query as far as it is typed.")]


def strictly(known: frozenset[str]) -> Any:
    """A dependency that refuses what the address should not have."""

    # Not a plain function: that would go through a thread for each request.
    async def check(request: Request) -> None:
        read_parameters(request.scope["query_string"], known)

    return Depends(check)


def add_routes(app: FastAPI, ask: Ask) -> None:
    """The addresses of the API."""

    def task(view: str, request: Request, key: str = "", asked: Asked | None = None) -> Task:
        return Task(view, key=key, asked=asked or Asked(), form=Form.JSON, api_path=request.url.path)

    async def search(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        """Search the records; the query language is that of `kilde search`."""
        return await ask(request, task("results", request, asked=asked))

    async def record(request: Request, id_: Annotated[Id, Path(alias="id")]) -> Response:
        """A record with all that was found in it."""
        return await ask(request, task("record", request, id_))

    async def document(request: Request, id_: Annotated[Id, Path(alias="id")]) -> Response:
        """A document with its text and records."""
        return await ask(request, task("document", request, id_))

    async def kommuner(request: Request) -> Response:
        """The 98 kommuner with the number of records that mention each."""
        return await ask(request, task("kommuner", request))

    async def kommune(request: Request, code: Code, limit: Limit = 20, cursor: Cursor = None) -> Response:
        """The mentions of a kommune, in the records that were published last."""
        return await ask(request, task("kommune", request, code, Asked(limit=limit, cursor=cursor)))

    async def sources(request: Request) -> Response:
        """The sources with the months that they cover."""
        return await ask(request, task("sources", request))

    async def suggestions(request: Request, q: Words = "") -> Response:
        """What a query may go on as."""
        return await ask(request, task("suggestions", request, asked=Asked(q=q)))

    for path, handler, model, known in (
        ("/search", search, schema.SearchPage, SEARCH),
        ("/records/{id}", record, schema.Record, NONE),
        ("/documents/{id}", document, schema.Document, NONE),
        ("/kommuner", kommuner, schema.Kommuner, NONE),
        ("/kommuner/{code}", kommune, schema.Area, PAGE),
        ("/sources", sources, schema.Sources, NONE),
        ("/suggestions", suggestions, schema.Suggestions, frozenset({"q"})),
    ):
        app.add_api_route(
            PREFIX + path,
            handler,
            methods=["GET"],
            response_model=None,
            dependencies=[strictly(known)],
            responses={200: {"model": model}, **schema.PROBLEMS},
            name=handler.__name__,
            tags=["v1"],
        )
