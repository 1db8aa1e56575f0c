"""Addresses in one form, secrets out of sight; media types by bytes."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.sniffing import media_type
from ingest.fetching.urls import parse_address, redact_text, redact_url
from tests.ingest.newsletter_site import PDF

BASE = "https://www.example.dk/nyt/arkiv?side=1"
FORMS = [
    # as written, in its one form
    ("HTTP://WWW.Example.DK:80/", "http://www.example.dk/"),
    ("https://www.example.dk", "https://www.example.dk/"),
    ("https://www.example.dk:443/a", "https://www.example.dk/a"),
    ("https://www.example.dk:8443/a", "https://www.example.dk:8443/a"),
    ("/a/./b/../c", "https://www.example.dk/a/c"),
    ("../../../a", "https://www.example.dk/a"),
    ("a/..", "https://www.example.dk/nyt/"),
    ("?side=2", "https://www.example.dk/nyt/arkiv?side=2"),
    ("#top", "https://www.example.dk/nyt/arkiv?side=1"),
    ("b#top", "https://www.example.dk/nyt/b"),
    ("//cdn.example.dk/a", "https://cdn.example.dk/a"),
    ("/%7Eida/%e6", "https://www.example.dk/~ida/%E6"),
    ("/søg/mødested", "https://www.example.dk/s%C3%B8g/m%C3%B8dested"),
    ("/a b", "https://www.example.dk/a%20b"),
    ("/100%", "https://www.example.dk/100%25"),
    (" /a\n", "https://www.example.dk/a"),
    ("\\a\\b", "https://www.example.dk/a/b"),
    ("https://blåbær.dk./a", "https://xn--blbr-roah.dk/a"),
    ("/a?utm_source=x&side=2&utm_medium=y", "https://www.example.dk/a?side=2"),
    ("/a?fbclid=1", "https://www.example.dk/a"),
    ("/a;jsessionid=0A1B?x=1", "https://www.example.dk/a?x=1"),
    ("/a?PHPSESSID=abc&b", "https://www.example.dk/a?b"),
    ("/a?sid=12", "https://www.example.dk/a?sid=12"),
    ("/a?sid=0123456789abcdef0123", "https://www.example.dk/a"),
    ("/a?b=1&a=2", "https://www.example.dk/a?b=1&a=2"),
    ("/a?kode=0751&code=0751", "https://www.example.dk/a?kode=0751&code=0751"),
    ("mailto:ida@example.dk", None),
    ("javascript:void(0)", None),
    ("tel:12345678", None),
    ("data:text/html,hej", None),
    ("ftp://example.dk/", None),
    ("http://", None),
    ("http://[::1", None),
    ("http://example.dk:99999/", None),
    ("/" + "a" * 3000, None),
]


@pytest.mark.parametrize(("written", "form"), FORMS, ids=[it[0][:30] for it in FORMS])
def test_one_form(written: str, form: str | None) -> None:
    """RFC 3986, section 6.2.2 and 6.2.3."""
    address = parse_address(written, BASE)
    assert (address.url if address else None) == form


@given(st.text(max_size=80))
def test_the_form_of_a_form_is_itself(text: str) -> None:
    """And nothing raises."""
    address = parse_address(text, BASE)
    if address is not None:
        again = parse_address(address.url)
        assert again == address


SECRETS = [
    ("https://ida:hemmelig@example.dk/a", "https://example.dk/a"),
    ("https://example.dk/a?token=hemmelig", "https://example.dk/a?token=REDACTED"),
    ("https://example.dk/a?access_token=hemmelig&b=1", "https://example.dk/a?access_token=REDACTED&b=1"),
    ("https://example.dk/a?api_key=hemmelig", "https://example.dk/a?api_key=REDACTED"),
    ("https://example.dk/a?apiKey=hemmelig", "https://example.dk/a?apiKey=REDACTED"),
    ("https://example.dk/a?X-Amz-Signature=hemmelig", "https://example.dk/a?X-Amz-Signature=REDACTED"),
    ("https://example.dk/a?key=hemmelighemmelighemmelig", "https://example.dk/a?key=REDACTED"),
    ("https://example.dk/a?password=hemmelig", "https://example.dk/a?password=REDACTED"),
    ("https://example.dk/a?key=brev", "https://example.dk/a?key=brev"),
]


@pytest.mark.parametrize(("url", "shown"), SECRETS)
def test_secrets(url: str, shown: str) -> None:
    """In an address, and in the middle of a message."""
    assert redact_url(url) == shown
    assert redact_text(f"no answer from {url} (timeout)") == f"no answer from {shown} (timeout)"


def office(part: str) -> bytes:
    """A zip with a part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, "x")
    return stream.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument"
PAGE = b"<!doctype html><html><body><p>hej</p></body></html>"
TYPES = [
    # body, Content-Type, path, media type
    (PAGE, "text/html; charset=utf-8", "/a", "text/html; charset=utf-8"),
    (PAGE, "text/html; charset=ISO-8859-1", "/a", "text/html; charset=iso-8859-1"),
    (PAGE, "text/html; charset=foo", "/a", "text/html"),
    (PAGE, 'text/html;charset="utf-8"', "/a", "text/html; charset=utf-8"),
    (PAGE, "application/octet-stream", "/a", "text/html"),
    (PAGE, "application/pdf", "/a.pdf", "text/html"),
    (PAGE, "application/xhtml+xml", "/a", "text/html"),
    (PAGE, "", "/a", "text/html"),
    (b"\xef\xbb\xbf\n<!-- hej --><html>", "text/plain", "/a", "text/html"),
    (b"<p>Et stykke af en side</p>", "text/html", "/a", "text/html"),
    (b"<p>Et stykke af en side</p>", "", "/a", "text/html"),
    (b"Bare tekst", "text/html", "/a", "text/plain"),
    (b"Bare tekst", "", "/a", "text/plain"),
    (b"Kommune;Beloeb\nVarde;2\n", "text/plain", "/a.csv", "text/csv"),
    (b"Kommune;Beloeb\nVarde;2\n", "application/vnd.ms-excel", "/a.csv", "text/csv"),
    (b"Kommune;Beloeb\nVarde;2\n", "text/csv; charset=windows-1252", "/a", "text/csv; charset=windows-1252"),
    (PDF, "text/html; charset=utf-8", "/a", "application/pdf"),
    (PDF, "application/octet-stream", "/a", "application/pdf"),
    (b"\n\n" + PDF, "text/plain", "/a", "application/pdf"),
    (office("word/document.xml"), "application/zip", "/a", f"{OFFICE}.wordprocessingml.document"),
    (office("xl/workbook.xml"), "text/html", "/a", f"{OFFICE}.spreadsheetml.sheet"),
    (office("brev.html"), "application/octet-stream", "/a", "application/zip"),
    (gzip.compress(b"hej"), "text/html", "/a", "application/gzip"),
    (b"\x89PNG\r\n\x1a\n", "text/html", "/a", "image/png"),
    (b'<?xml version="1.0"?><rss/>', "text/html", "/a", "application/xml"),
    (b"From: a@b.dk\n\nhej", "message/rfc822", "/a", "message/rfc822"),
    (b"From: a@b.dk\n\nhej", "application/octet-stream", "/a.eml", "message/rfc822"),
    (bytes(range(256)), "", "/a", "application/octet-stream"),
    (bytes(range(256)), "text/plain", "/a.txt", "application/octet-stream"),
]


@pytest.mark.parametrize(("body", "declared", "path", "kind"), TYPES)
def test_media_types(body: bytes, declared: str, path: str, kind: str) -> None:
    """The bytes over the header, the header over the ending."""
    assert media_type(body, declared, f"https://www.example.dk{path}") == kind


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_have_a_type(body: bytes, declared: str) -> None:
    """Nothing raises."""
    assert "/" in media_type(body, declared, BASE) or declared
