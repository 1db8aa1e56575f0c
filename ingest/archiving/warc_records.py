"""The WARC records of an observation: `resource`, or `response` and `request`, or `revisit`; and its `metadata`."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ingest.sources.seen import Exchange
from kilde.model import Hints, Observation

METADATA_TYPE = "application/json"
REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
CHUNKED = re.compile(rb"(?im)^(transfer-encoding[ \t]*:)")


class HeadAsItCame(StatusAndHeaders):  # type: ignore[misc]
    """The head of an HTTP message that is written byte for byte."""

    def __init__(self, head: bytes) -> None:
        line, _, rest = head.decode("latin-1").partition("\r\n")
        pairs = [tuple(part.strip() for part in row.split(":", 1)) for row in rest.split("\r\n") if ":" in row]
        super().__init__(line.partition(" ")[2], pairs, protocol=line.partition(" ")[0])
        self.head = head if head.endswith(b"\r\n\r\n") else head.rstrip(b"\r\n") + b"\r\n\r\n"

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 (warcio's signature)
        """Keep the bytes as they came."""
        self.headers_buff = self.head


def body_records(
    writer: WARCWriter, observation: Observation, body: bytes, exchange: Exchange | None, *, revisit: bool
) -> list[ArcWarcRecord]:
    """The record that holds the bytes or says where they are, and the request that brought them.

    The payload of a response is kept in its content encoding; a transfer encoding was undone on the wire, so its
    header goes by another name, as other archives have it.
    """
    target = target_uri(observation.source, observation.locator, observation.url)
    if exchange is None:
        kind, content_type, head, payload = "resource", observation.media_type, None, body
    else:
        kind, content_type, payload = "response", "application/http; msgtype=response", exchange.payload
        head = HeadAsItCame(CHUNKED.sub(rb"X-Archive-Orig-\1", exchange.response_head))
    headers = {"WARC-Payload-Digest": payload_digest(hashlib.sha256(payload).hexdigest())}
    if revisit:
        kind, payload = "revisit", b""
        headers["WARC-Profile"] = REVISIT_PROFILE
        headers["WARC-Payload-Digest"] = payload_digest(observation.digest)
    first = make_record(writer, target, kind, payload, content_type, headers, head)
    if exchange is None or not exchange.request_head:
        return [first]
    about = {"WARC-Concurrent-To": first.rec_headers.get_header("WARC-Record-ID")}
    asked = HeadAsItCame(exchange.request_head)
    return [first, make_record(writer, target, "request", b"", "application/http; msgtype=request", about, asked)]


def make_record(
    writer: WARCWriter, target: str, kind: str, payload: bytes, content_type: str, headers: dict[str, str],
    head: StatusAndHeaders | None,
) -> ArcWarcRecord:  # fmt: skip
    """One record; `head` is what stands before the payload in its block."""
    record = writer.create_warc_record(
        target, kind, io.BytesIO(payload), len(payload), content_type, warc_headers_dict=headers,
        http_headers=head,
    )  # fmt: skip
    record.payload_length = len(payload)
    return record


def metadata_record(writer: WARCWriter, target: str, facts: dict[str, Any], about: str | None) -> ArcWarcRecord:
    """A metadata record of facts in JSON."""
    content = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode("utf-8")
    headers = {"WARC-Concurrent-To": about} if about else {}
    return writer.create_warc_record(
        target, "metadata", io.BytesIO(content), len(content), METADATA_TYPE, warc_headers_dict=headers
    )


def facts_of(observation: Observation) -> dict[str, Any]:
    """What the metadata record says of an observation."""
    return {it.name: getattr(observation, it.name) for it in fields(observation)} | {"hints": _facts(observation.hints)}


@lru_cache(maxsize=256)
def _facts(hints: Hints) -> dict[str, Any]:
    """A source's hints, the same for all that it gave."""
    return asdict(hints)


def target_uri(source: str, locator: str, url: str | None) -> str:
    """The address of what was observed: its URL, or one made of source and locator.

    A colon, a line feed or a space in a file's name is percent-encoded, so that no name can break a header.
    """
    if url:
        return quote(url, safe=":/?#[]@!$&'()*+,;=%-._~")
    return f"kilde:{quote(source, safe='')}/{quote(locator)}"


def payload_digest(digest: str) -> str:
    """A sha-256 as WARC files write it.

    >>> payload_digest("00" * 32)[:15]
    'sha256:AAAAAAAA'
    """
    return "sha256:" + base64.b32encode(bytes.fromhex(digest)).decode("ascii")
