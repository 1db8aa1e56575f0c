"""What the headers of a response say, where what they say can be believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ingest.sources.seen import Validators

LONGEST_WAIT = 24 * 3600.0
"""Seconds that a Retry-After can make us wait."""
ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,512}"\Z')
SKEW = timedelta(minutes=5)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, LONGEST_WAIT at most; None where the header is missing, negative or makes no sense.

    >>> noon = datetime(2024, 1, 1, 12, tzinfo=UTC)
    >>> [retry_after(value, noon) for value in ("120", "-5", "1000000000", "Mon, 01 Jan 2024 12:01:00 GMT")]
    [120.0, None, 86400.0, 60.0]
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,30}", text):
        return min(float(text), LONGEST_WAIT)
    when = http_date(text)
    if when is None:
        return None
    return min(max((when - now).total_seconds(), 0.0), LONGEST_WAIT)


def http_date(text: str) -> datetime | None:
    """A date of an HTTP header (RFC 9110, 5.6.7) in UTC; None where it is none."""
    try:
        when = parsedate_to_datetime(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def validators_of(headers: Mapping[str, str], now: datetime) -> Validators | None:
    """What may be sent back next time to ask whether the page changed.

    An ETag that is not well-formed is dropped, and a Last-Modified that lies ahead of the server's own clock: it would
    make every later version look old (RFC 9110, 8.8.2.1).
    """
    etag = headers.get("etag", "").strip()
    modified = headers.get("last-modified", "").strip()
    when = http_date(modified) if modified else None
    served = http_date(headers.get("date", "")) or now
    good_etag = etag if ETAG.match(etag) else None
    good_modified = modified if when is not None and when <= min(served, now) + SKEW and modified.isascii() else None
    return Validators(good_etag, good_modified) if good_etag or good_modified else None


def content_length(headers: Mapping[str, str]) -> int | None:
    """The length that a body says it has; None where it is chunked or ends with the connection."""
    value = headers.get("content-length", "").strip()
    return int(value) if re.fullmatch(r"[0-9]{1,15}", value) and "transfer-encoding" not in headers else None
