"""What is said of an error: a status, and a body for a program (RFC 9457) or for a person."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kilde.errors import DamagedError, KildeError, MissingError, QueryError, UsageError
from search.deadline import TooLongError
from search.web.errors import BusyError, ForbiddenError, GoneError, TooManyTriesError, TooSlowError

MEDIA_TYPE = "application/problem+json"
STATUSES: tuple[tuple[type[KildeError], int], ...] = (
    (GoneError, 410),
    (ForbiddenError, 403),
    (TooManyTriesError, 429),
    (TooLongError, 503),
    (TooSlowError, 503),
    (BusyError, 503),
    (MissingError, 404),
    (QueryError, 400),
    (UsageError, 400),
    (DamagedError, 503),
)
RETRIED = (BusyError, DamagedError, TooSlowError)
"""Errors that may be gone in a moment; a question that is too large stays so."""
RETRY_SECONDS = 5
TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    410: "Gone",
    413: "Too large",
    414: "Address too long",
    421: "Misdirected request",
    429: "Too many tries",
    431: "Headers too large",
    500: "Server error",
    503: "Not available",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as it is told; `position` and `suggestion` are of a query that cannot be read."""

    status: int
    detail: str
    position: int | None = None
    suggestion: str | None = None
    retry: int | None = None
    """Seconds after which asking again may help."""
    is_slow: bool = False
    """Whether the question takes longer than it may: asking for less helps."""


def trouble_of(error: KildeError) -> Trouble:
    """What is told of an error; of one that nobody expected nothing but that."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    if isinstance(error, QueryError):
        return Trouble(status, str(error), error.position, error.suggestion)
    retry = RETRY_SECONDS if isinstance(error, RETRIED) else None
    return Trouble(status, str(error), retry=retry, is_slow=isinstance(error, (TooLongError, TooSlowError)))


def problem_json(trouble: Trouble) -> bytes:
    """The trouble as problem+json."""
    values: dict[str, object] = {
        "type": "about:blank",
        "title": "Takes too long" if trouble.is_slow else TITLES[trouble.status],
        "status": trouble.status,
        "detail": trouble.detail,
    }
    if trouble.position is not None:
        values |= {"position": trouble.position, "suggestion": trouble.suggestion}
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
