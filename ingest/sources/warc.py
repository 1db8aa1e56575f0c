"""WARC files of other crawlers: each response of a page that was found becomes an original under its address."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from ingest.formats import LARGEST
from ingest.sources.seen import Exchange, Seen, Sight, Unseen
from kilde.model import Observation

TEXTS = ("text/", "application/pdf", "application/xhtml", "application/vnd.openxmlformats", "message/rfc822")
LARGEST_HEAD = 65_536
UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def see_warc(path: Path, source: str, now: datetime) -> Iterator[Sight]:
    """The pages and files of a WARC file, in its order; pictures, scripts and failed answers are left out.

    A file that is torn gives what stands before the tear, and says so.
    """
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                sight = see_record(record, source, now)
                if sight is not None:
                    yield sight
    except OSError as error:
        yield Unseen(source, path.name, "unreadable_file", f"{error.strerror or error}; mend it and ingest it again")
    except (ArchiveLoadFailed, zlib.error, EOFError) as error:
        yield Unseen(source, path.name, "damaged_warc", f"cannot be read to its end: {error}")


def see_record(record: ArcWarcRecord, source: str, now: datetime) -> Sight | None:
    """The original of one record; None where the record holds none."""
    if record.rec_type not in {"response", "resource"}:
        return None
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    media_type = media_type_of_record(record)
    if status != "200" or not media_type.startswith(TEXTS):
        return None
    address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    body = record.content_stream().read(LARGEST + 1)
    if len(body) > LARGEST:
        return Unseen(source, address, "too_large_to_archive", f"larger than {LARGEST:,} bytes")
    observation = Observation(
        source=source,
        locator=address,
        digest=hashlib.sha256(body).hexdigest(),
        size=len(body),
        media_type=media_type,
        observed=str(record.rec_headers.get_header("WARC-Date") or f"{now:%Y-%m-%dT%H:%M:%SZ}")[:19].rstrip("Z") + "Z",
        url=address,
    )
    return Seen(observation, body, exchange_of(record, body))


def media_type_of_record(record: ArcWarcRecord) -> str:
    """The media type that the server gave, or the record itself where it is no answer of a server."""
    headers: Any = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "").strip().lower()


def exchange_of(record: ArcWarcRecord, body: bytes) -> Exchange | None:
    """The head of the answer with its body, whose encodings are undone: their headers go by other names."""
    if record.http_headers is None:
        return None
    lines = [
        f"{'X-Archive-Orig-' if name.lower() in UNDONE else ''}{name}: {value}"
        for name, value in record.http_headers.headers
    ]
    head = "\r\n".join([f"{record.http_headers.protocol} {record.http_headers.statusline}", *lines])
    return Exchange(b"", head.encode("latin-1", "replace")[:LARGEST_HEAD] + b"\r\n\r\n", body)
