"""An HTTP answer, or the error in its place, to an Outcome: which statuses, headers and bodies count as an original."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpcore
import httpx

from ingest.fetching.addresses import ForbiddenAddressError
from ingest.fetching.decoding import BodyError, Collector
from ingest.fetching.outcomes import Failed, Fetched, Missing, NotModified, Outcome, Redirect
from ingest.fetching.response_headers import content_length, retry_after, validators_of
from ingest.fetching.urls import redact_url
from ingest.fetching.wire import TlsError, TooSlowError, Watch
from ingest.sources.seen import Validators

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GOOD = frozenset({200, 203})
MOST_HEADERS = 200
LARGEST_HEAD = 64 * 1024
ERRORS = (
    ForbiddenAddressError,
    TooSlowError,
    TlsError,
    BodyError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    ValueError,
)
"""What can be raised between a request and the end of its answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that an answer belongs to."""

    url: str
    redirected: bool
    validators: Validators | None
    most: int
    """Bytes of a body."""
    cut: bool
    """Whether a longer body is cut there, not refused."""
    now: datetime


def read_answer(response: httpx.Response, asked: Asked, watch: Watch) -> Outcome | Redirect:
    """What an answer means; only the body of a good one is read. Raises what ERRORS lists."""
    status = response.status_code
    if len(response.headers.raw) > MOST_HEADERS or len(watch.response_head()) > LARGEST_HEAD:
        return Failed("bad_http", "the answer has too many or too large headers")
    if status in REDIRECTS and "location" in response.headers:
        return Redirect(status, response.headers["location"])
    if status in GOOD:
        return read_body(response, asked, watch)
    return without_body(status, response, asked)


def without_body(status: int, response: httpx.Response, asked: Asked) -> Outcome:
    """What an answer means that brings no page."""
    if status == 304:
        if asked.validators is None:
            return Failed("bad_http", "304 (not modified) to a request that asked for no such thing")
        return NotModified(validators_of(response.headers, asked.now) or asked.validators)
    if status in {404, 410}:
        return Missing(status)
    again = status in AGAIN
    wait = retry_after(response.headers.get("retry-after"), asked.now) if again else None
    return Failed(f"http_{status}", f"the server answers {status}", again=again, wait=wait, status=status)


def read_body(response: httpx.Response, asked: Asked, watch: Watch) -> Outcome:
    """The body of a good answer."""
    length = content_length(response.headers)
    if length is not None and length > asked.most and not asked.cut:
        return Failed("too_large", f"the body has {length:,} bytes; {asked.most:,} are the limit")
    collector = Collector(response.headers.get("content-encoding", ""), asked.most, cut=asked.cut)
    for chunk in response.iter_raw():
        collector.feed(chunk)
        if collector.full:
            break
    if length is not None and not collector.full and watch.surplus(length):
        return Failed("bad_http", f"more than the {length:,} bytes came that the answer announced")
    payload, body = collector.finish()
    return Fetched(
        url=asked.url,
        redirected=asked.redirected,
        content_type=response.headers.get("content-type", ""),
        body=body,
        exchange=watch.exchange(payload, target_of(asked.url), target_of(redact_url(asked.url))),
        validators=validators_of(response.headers, asked.now),
        cut=collector.full,
    )


def target_of(url: str) -> str:
    """The target of a request as its first line has it."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def failure_of(error: Exception, url: str) -> Failed:
    """What an error of ERRORS means; a certificate that is not right is not tried again, least of all without one."""
    match error:
        case TooSlowError():
            return Failed("too_slow", str(error), again=True)
        case TlsError(certificate=certificate):
            return Failed("tls", str(error), again=not certificate)
        case httpcore.ConnectError():
            return Failed("unreachable", str(error), again=True)
        case httpcore.NetworkError() | httpcore.TimeoutException():
            return Failed("unreachable", f"the connection broke: {error}", again=True)
        case httpcore.ProtocolError():
            short = "complete message body" in str(error) or "incomplete chunked" in str(error)
            return Failed("short_body" if short else "bad_http", f"the answer breaks HTTP: {error}", again=True)
        case _:
            return refused(error, url)


def refused(error: Exception, url: str) -> Failed:
    """What we refuse ourselves."""
    match error:
        case ForbiddenAddressError():
            return Failed("forbidden_address", str(error))
        case BodyError(code=code):
            return Failed(code, str(error), again=code == "short_body")
        case _:
            return Failed("bad_address", f"{redact_url(url)} cannot be asked for: {error}")
