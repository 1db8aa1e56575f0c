"""The application: every address with its handler, around one function that lets a worker answer."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kilde.errors import KildeError
from search.web import api, entrance
from search.web.assets import FOLDER, assets
from search.web.desk import Desk, refusal
from search.web.errors import UnknownVisitorError
from search.web.gate import visitor_of
from search.web.guard import App, Guard
from search.web.login import Door
from search.web.metrics import MEDIA_TYPE as METRICS_TYPE
from search.web.metrics import Metrics, exposition, new_metrics
from search.web.permanent import moved_to
from search.web.problem import Trouble, trouble_of
from search.web.query_string import first_fault, read_asked, read_parameters
from search.web.routes import ORIGINALS, ROUTES, Route
from search.web.view import Answer, Form, Task
from search.web.words import LANGUAGES
from search.web.workers import WORK_SECONDS, Workers

FOR_EVER = "public, max-age=31536000, immutable"
ROWS_AT_ONCE = 500
MOST_PAGES = 200
"""Of a CSV that is sent whole: 100,000 rows."""
LOG = logging.getLogger("kilde.web")


@dataclass(slots=True)
class Office:
    """What the handlers share. `workers` are there from the start of the event loop to its end."""

    desk: Desk
    door: Door
    count: int
    seconds: float
    metrics: Metrics
    workers: Workers | None = None

    async def run(self, task: Task) -> Answer:
        """The answer of a worker, or what stands in its way."""
        assert self.workers is not None, "the application has started"
        begun = time.perf_counter()
        try:
            found = await self.workers.run(task)
        except KildeError as error:
            found = refusal(trouble_of(error), task, self.desk.site)
        self.metrics.requests.labels(task.view, task.form.value, str(found.status)).inc()
        self.metrics.seconds.labels(task.view).observe(time.perf_counter() - begun)
        return found


def new_app(desk: Desk, hosts: frozenset[str], door: Door, workers: int = 1, seconds: float = WORK_SECONDS) -> App:
    """The application, guarded. `hosts` are the names under which it may be asked."""
    office = Office(desk, door, workers, seconds, new_metrics())
    app = FastAPI(
        title="Kilde",
        version="1",
        summary="Danish public-sector documents: who said what about which kommune, when, and for how much money.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=partial(_lifespan, office),
    )
    for route in ROUTES:
        _add_pages(app, route, office)
    for path in ORIGINALS:
        app.add_api_route(path, _original(office), methods=["GET", "HEAD"], include_in_schema=False)
    _add_plain(app, office)
    entrance.add_routes(app, office.door, office.desk)
    api.add_routes(app, partial(ask, office))
    _add_errors(app, office)
    return Guard(app, hosts)


@asynccontextmanager
async def _lifespan(office: Office, _: FastAPI) -> AsyncIterator[None]:
    office.workers = Workers(office.desk, office.count, office.seconds)
    try:
        yield
    finally:
        office.workers.close()


async def task_of(request: Request, office: Office, view: str, form: Form, language: str = "da") -> Task:
    """A request as a task without its parameters. UnknownVisitorError where a password is needed first."""
    visitor = await visitor_of(request, office.door)
    if visitor is None:
        raise UnknownVisitorError("log in first, or send a token: Authorization: Bearer ...")
    return Task(
        view,
        key=request.path_params.get("key", ""),
        language=language,
        form=form,
        role=visitor.role,
        known=request.headers.get("if-none-match", ""),
        gzip="gzip" in request.headers.get("accept-encoding", ""),
        csrf=visitor.session.csrf if visitor.session else "",
    )


async def ask(office: Office, request: Request, task: Task) -> Response:
    """The response to a task of the API; the task's visitor is looked up here."""
    known = await task_of(request, office, task.view, task.form)
    return sent(await office.run(replace(task, role=known.role, known=known.known, gzip=known.gzip)))


def sent(found: Answer) -> Response:
    """An answer as a response."""
    return Response(found.body, found.status, dict(found.headers), found.media_type)


def _add_pages(app: FastAPI, route: Route, office: Office) -> None:
    # `/post/{key}.csv` before `/post/{key}`, which would take it for a key.
    for form in sorted(route.forms, key=lambda form: form is Form.HTML):
        for language in LANGUAGES:
            front = "" if language == "da" else f"/{language}"
            ending = "" if form is Form.HTML else f".{form.value}"
            path = (front + route.path + ending) if route.path != "/" else (front or "/")
            app.add_api_route(
                path, _page(office, route, form, language), methods=["GET", "HEAD"], include_in_schema=False
            )


def _page(office: Office, route: Route, form: Form, language: str) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        task = await task_of(request, office, route.view, form, language)
        try:
            parameters = read_parameters(request.scope["query_string"], route.parameters)
            task = replace(task, asked=read_asked(parameters))
        except KildeError as error:
            return sent(refusal(trouble_of(error), task, office.desk.site))
        place = moved_to(task, request.scope["query_string"])
        if place is not None:
            return Response(status_code=place.status, headers={"Location": place.address})
        found = await office.run(task)
        if form is Form.CSV and found.status == 200 and found.next and not {"limit", "cursor"} & parameters.keys():
            return await _whole(office, task)
        return sent(found)

    return handle


async def _whole(office: Office, task: Task) -> Response:
    """A CSV with all rows, page by page as they are read, each page a question of its own."""
    first = await office.run(_page_of(task, None))
    if first.status != 200:
        return sent(first)

    async def rows() -> AsyncIterator[bytes]:
        found, pages = first, 1
        while True:
            yield found.body
            if found.next is None or pages == MOST_PAGES:
                return
            found, pages = await office.run(_page_of(task, found.next)), pages + 1
            if found.status != 200:
                # The connection breaks, so that nobody takes half of the rows for all of them.
                raise RuntimeError("a later page of a CSV could not be read")

    kept = {name: value for name, value in first.headers if name == "Content-Disposition"}
    return StreamingResponse(rows(), 200, kept, first.media_type)


def _page_of(task: Task, cursor: str | None) -> Task:
    asked = task.asked.model_copy(update={"limit": ROWS_AT_ONCE, "cursor": cursor})
    return replace(task, asked=asked, gzip=False, known="")


def _original(office: Office) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        task = await task_of(request, office, "original", Form.HTML)
        version = request.path_params.get("version")
        return sent(await office.run(replace(task, key=f"{task.key}/{version}" if version else task.key)))

    return handle


def _add_plain(app: FastAPI, office: Office) -> None:
    """What is no page: the style sheet and its like, whether the server is well, and its metrics."""

    async def asset(request: Request) -> Response:
        found = assets().get(FOLDER + request.path_params["name"])
        if found is None:
            raise HTTPException(404, "there is no such file")
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
        headers |= {"Content-Encoding": "gzip"} if zipped else {}
        return Response(found.compressed if zipped else found.body, 200, headers, found.media_type)

    async def health() -> Response:
        return Response("alive\n", media_type="text/plain")

    async def is_ready() -> Response:
        found = await office.run(Task("ready", api_path="/ready"))
        return Response(found.body, found.status, media_type=found.media_type)

    async def metrics(request: Request) -> Response:
        await task_of(request, office, "metrics", Form.HTML)
        assert office.workers is not None
        office.metrics.waiting.set(office.workers.waiting)
        office.metrics.replaced.set(office.workers.replaced)
        return Response(exposition(office.metrics), media_type=METRICS_TYPE)

    for path, handler in ((FOLDER + "{name}", asset), ("/health", health), ("/ready", is_ready), ("/metrics", metrics)):
        app.add_api_route(path, handler, methods=["GET", "HEAD"], include_in_schema=False)


def _add_errors(app: FastAPI, office: Office) -> None:
    """Errors in the way of who asked: for a page a page, for a program a problem."""

    def told(request: Request, trouble: Trouble) -> Response:
        path = request.url.path
        language = "en" if path.startswith("/en/") or path == "/en" else "da"
        form = next((form for form in Form if path.endswith(f".{form.value}")), Form.HTML)
        task = Task("error", language=language, form=form, api_path=path if path.startswith("/api/") else "")
        return sent(refusal(trouble, task, office.desk.site))

    async def http_error(request: Request, error: Any) -> Response:
        return told(request, Trouble(error.status_code, str(error.detail)))

    async def kilde_error(request: Request, error: Any) -> Response:
        if isinstance(error, UnknownVisitorError):
            return entrance.asked_to_log_in(request) or told(request, Trouble(401, str(error)))
        return told(request, trouble_of(error))

    async def invalid(request: Request, error: Any) -> Response:
        return told(request, Trouble(400, first_fault(error.errors())))

    async def broken(request: Request, error: Any) -> Response:
        LOG.error("unexpected", exc_info=error)
        return told(request, Trouble(500, "something went wrong here; it is in the log"))

    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(KildeError, kilde_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, broken)
