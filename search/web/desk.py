"""A worker's desk: a task goes in, a finished answer comes out; whatever is wrong is an answer too."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from kilde.errors import KildeError, QueryError
from kilde.opensearch import OpenSearch
from search.deadline import LONGEST, within
from search.query import parse_query
from search.web.addresses import Address
from search.web.danish import told_of_query
from search.web.document import document
from search.web.formats import MEDIA_TYPES, next_link, to_atom, to_csv, to_json
from search.web.home import helping, home, programming
from search.web.kommune import all_kommuner, kommune, region
from search.web.library import Library, ready
from search.web.operations import operations
from search.web.originals import ReadOriginal, original
from search.web.pages import Site, environment, shell_of, to_html
from search.web.problem import MEDIA_TYPE as PROBLEM
from search.web.problem import Trouble, problem_json, trouble_of
from search.web.record import record
from search.web.results import results
from search.web.similar import similar
from search.web.sources import sources
from search.web.suggestions import suggestions
from search.web.view import Answer, Form, Task, View
from search.web.words import wording

VIEWS: Mapping[str, Callable[[Library, Task], View]] = {
    "home": home,
    "results": results,
    "record": record,
    "similar": similar,
    "document": document,
    "kommuner": all_kommuner,
    "kommune": kommune,
    "region": region,
    "sources": sources,
    "operations": operations,
    "help": helping,
    "api": programming,
    "suggestions": suggestions,
}
SMALLEST_ZIPPED = 1_000
LEVEL = 2
"""Of compression: a page is a tenth larger than at 5, and takes a third of the time."""
MOST_FAULTS = 8
"""Of a query, that are mended one by one."""
LOG = logging.getLogger("kilde.web")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker is given when it starts."""

    data: Path
    site: Site
    read_original: ReadOriginal | None = None
    seconds: float = LONGEST
    """On the clock, until a question that is not answered is given up."""
    opensearch: OpenSearch | None = None
    """Where the index is, if it is not in the data folder."""


def answer(library: Library, task: Task, desk: Desk) -> Answer:
    """The answer to a task. An error that nobody expected is logged, and told as no more than that."""
    library.deadline = within(desk.seconds)
    try:
        if task.view == "original":
            return original(library, task, desk.read_original)
        if task.view == "ready":
            ready(library)
            return Answer(200, "text/plain; charset=utf-8", b"ready\n")
        view = VIEWS[task.view](library, task)
        found = finished(view.status, printed(view, task, desk.site), task, headers_of(view, task))
        return replace(found, next=dict(view.next.query)["cursor"] if view.next else None)
    except KildeError as error:
        return refusal(trouble_of(error), task, desk.site)
    except Exception:
        LOG.exception("view %s failed", task.view)
        return refusal(Trouble(500, "something went wrong here; it is in the log"), task, desk.site)


def printed(view: View, task: Task, site: Site) -> bytes:
    """The view in the format that was asked for."""
    match task.form:
        case Form.HTML:
            return to_html(view, task, site)
        case Form.JSON:
            return to_json(view)
        case Form.CSV:
            return to_csv(view, head=task.asked.cursor is None)
        case Form.ATOM:
            return to_atom(view, site.base, task.language)


def headers_of(view: View, task: Task) -> tuple[tuple[str, str], ...]:
    """The headers of a view: where it goes on, and a name to keep a CSV by."""
    found: list[tuple[str, str]] = []
    if view.next is not None and task.form is not Form.HTML:
        following = Address(task.api_path, view.next.query) if task.api_path else view.next
        found.append(("Link", next_link(following, "da" if task.api_path else task.language,
                                        Form.HTML if task.api_path else task.form)))  # fmt: skip
    if task.form is Form.CSV:
        stem = view.address.path.strip("/").replace("/", "-") or "kilde"
        found.append(("Content-Disposition", f'attachment; filename="{stem}.csv"'))
    return tuple(found)


def finished(
    status: int,
    body: bytes,
    task: Task,
    headers: tuple[tuple[str, str], ...] = (),
    media_type: str | None = None,
) -> Answer:
    """A body as an answer: with an ETag, compressed where the asker can read that, and left out where it is known."""
    tag = f'W/"{sha256(body).hexdigest()[:24]}"'
    headers = (*headers, ("ETag", tag), ("Cache-Control", "private, no-cache"), ("Vary", "Accept-Encoding, Cookie"))
    media_type = media_type or MEDIA_TYPES[task.form]
    if status == 200 and tag in (each.strip() for each in task.known.split(",")):
        return Answer(304, media_type, b"", headers)
    if task.gzip and len(body) >= SMALLEST_ZIPPED:
        body = gzip.compress(body, LEVEL, mtime=0)
        headers = (*headers, ("Content-Encoding", "gzip"))
    return Answer(status, media_type, body, headers)


def refusal(trouble: Trouble, task: Task, site: Site) -> Answer:
    """An error as an answer, in the way of who asked: a page, or a problem in JSON."""
    headers = (("Retry-After", str(trouble.retry)),) if trouble.retry else ()
    if task.api_path or task.form is not Form.HTML:
        return finished(trouble.status, problem_json(trouble), task, headers, PROBLEM)
    say = wording(task.language)
    address = Address("/soeg" if trouble.position is not None else "/")
    suggestion = mended(trouble.suggestion)
    better = Address("/soeg", (("q", suggestion),)) if suggestion else None
    kind = "slow" if trouble.is_slow else "query" if trouble.position is not None else str(trouble.status)
    text = environment().get_template("error.html").render(
        **shell_of(address, task, site),
        title=say(f"error.{kind}"),
        trouble=trouble,
        detail=told_of_query(trouble.detail, task.language),
        asked=split_at(task.asked.q, trouble.position) if trouble.position is not None else None,
        better=better,
        suggestion=suggestion,
        indexed=False,
        view=None,
    )  # fmt: skip
    return finished(trouble.status, text.encode("utf-8", "replace"), task, headers)


def mended(suggestion: str | None) -> str | None:
    """A suggestion that can be read: of a query with several faults, the first one's mends that one only.

    >>> mended("(bolig")
    '(bolig)'
    """
    for _ in range(MOST_FAULTS):
        if not suggestion:
            return None
        try:
            parse_query(suggestion)
        except QueryError as error:
            suggestion = error.suggestion
        else:
            return suggestion
    return None


def split_at(query: str, position: int) -> tuple[str, str, str]:
    """A query in what stands before a place, the character there, and what follows.

    >>> split_at("a (b", 2)
    ('a ', '(', 'b')
    """
    query = " ".join(query.split())
    return query[:position], query[position : position + 1], query[position + 1 :]
