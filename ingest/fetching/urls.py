"""Web addresses: one form for each (RFC 3986, section 6), and what must not be seen of them.

Two spellings of one address become one, so that a page is not fetched, stored and counted twice; what names a visitor
and not a page is dropped. Secrets are kept for the request alone: messages and stored addresses show REDACTED.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 2_000
"""Characters of an address; longer ones are made by machines, mostly by traps."""
REDACTED = "REDACTED"

VISITOR = re.compile(
    r"(?:utm_\w+|mc_[ce]id|fbclid|gclid|dclid|msclkid|_ga|_gl|_hs\w+|mtm_\w+|pk_(?:campaign|kwd|keyword|source|medium"
    r"|content|cid)|phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cftoken|zenid|oscsid)=",
    re.IGNORECASE,
)
"""Parameters that say who comes, or whence, and not what is asked for."""
VISITOR_IF_RANDOM = re.compile(r"(?:sid|s|session|session_?id|sess)=[A-Za-z0-9]{16,}\Z", re.IGNORECASE)
"""The same by names that may as well be a page's number: only with a value that nobody would type."""
SECRET = re.compile(
    r"(?:(?:[a-z0-9]+[_-])*(?:token|secret|password|passwd|pwd|signature|apikey|jwt|credentials?)"
    r"|(?:[a-z0-9]+[_-])*(?:api|access|private|secret|subscription)[_-]?key|(?:access|auth|id|refresh)token)=.",
    re.IGNORECASE,
)
"""Parameters whose values are keys to something."""
SECRET_IF_RANDOM = re.compile(r"(?:key|code|sig|auth|pw|hash|ticket)=[A-Za-z0-9_%+/.~=-]{20,}\Z", re.IGNORECASE)
"""The same by names that may as well be a kommune's code or a word: only with a value that nobody would type."""
PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]\Z")
IN_PATH = "/:@!$&'()*+,;=-._~%"
IN_QUERY = "/:@!$&'()*+,;=-._~%?"
URL_IN_TEXT = re.compile(r"\b[a-z][a-z0-9+.-]{0,20}://[^\s\"'<>]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """A page's address: `url` as it is asked for, `locator` as it is stored and shown."""

    url: str
    locator: str

    @property
    def secret(self) -> bool:
        """Whether the address holds a secret, so that only the source's definition or a page can give it again."""
        return self.url != self.locator


def parse_address(text: str, base: str | None = None, *, whole: bool = False) -> Address | None:
    """An address from a setting or a link, resolved against the page's; None where it is not one of http or https.

    `whole` keeps the parameters that name a visitor: a server that redirects to one wants it back.

    >>> parse_address("../arkiv/./2020?PHPSESSID=1&side=2#top", "HTTPS://WWW.Example.dk:443/nyt/")
    Address(url='https://www.example.dk/arkiv/2020?side=2', locator='https://www.example.dk/arkiv/2020?side=2')
    """
    try:
        cleaned = re.sub(r"[\t\r\n]", "", text).strip(" \x00\x0b\x0c\x1f").replace("\\", "/")
        url = normalise_url(urljoin(base, cleaned) if base else cleaned, whole=whole)
    except (ValueError, UnicodeError):
        return None
    return Address(url, redact_url(url)) if url else None


def normalise_url(url: str, *, whole: bool = False) -> str | None:
    """The one form of an address, without user and password; None where it is not one of http or https.

    Raises ValueError or UnicodeError for what is no address at all.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not parts.hostname or len(url) > LONGEST:
        return None
    host = host_of(parts)
    port = parts.port
    authority = host if port in {None, PORTS[scheme]} else f"{host}:{port}"
    path = encoded(parts.path if whole else PATH_SESSION.sub("", parts.path), IN_PATH)
    query = encoded(parts.query, IN_QUERY)
    return urlunsplit((scheme, authority, without_dots(path) or "/", query if whole else without_visitor(query), ""))


def host_of(parts: SplitResult) -> str:
    """The host in lower case and ASCII: `Blåbær.dk.` is `xn--blbr-roah.dk`."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    return host if host.isascii() else host.encode("idna").decode("ascii")


def encoded(text: str, safe: str) -> str:
    """Percent-encoding in its one form: unreserved characters bare, capitals in what is encoded, UTF-8 for the rest."""

    def one_form(match: re.Match[str]) -> str:
        bare = unquote(match[0], "latin-1")
        return bare if UNRESERVED.match(bare) else match[0].upper()

    stray = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(ESCAPE.sub(one_form, stray), safe=safe)


def without_dots(path: str) -> str:
    """The path without `.` and `..`."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def without_visitor(query: str) -> str:
    """The query without the parameters that name a visitor, in its own order."""
    return "&".join(part for part in query.split("&") if part and not names_visitor(part))


def names_visitor(part: str) -> bool:
    """Whether a parameter says who comes."""
    return bool(VISITOR.match(part) or VISITOR_IF_RANDOM.match(part))


def redact_url(url: str) -> str:
    """An address that may be shown: no user, no password, no value of a parameter that looks like a key.

    >>> redact_url("https://ida:hemmelig@example.dk/nyt?api_key=123&side=2")
    'https://example.dk/nyt?api_key=REDACTED&side=2'
    """
    parts = urlsplit(url)
    query = "&".join(map(redact_parameter, parts.query.split("&")))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query))


def redact_parameter(part: str) -> str:
    """A parameter of a query, its value hidden where its name says that it is a key."""
    shown = unquote(part)
    if SECRET.match(shown) or SECRET_IF_RANDOM.match(shown):
        return f"{part.partition('=')[0]}={REDACTED}"
    return part


def redact_text(text: str) -> str:
    """A message with every address in it redacted."""

    def shown(match: re.Match[str]) -> str:
        try:
            return redact_url(match[0])
        except ValueError:
            return REDACTED

    return URL_IN_TEXT.sub(shown, text)


def origin_of(url: str) -> str:
    """Scheme, host and port: what credentials and robots.txt hold for.

    >>> origin_of("https://www.example.dk/nyt")
    'https://www.example.dk:443'
    """
    parts = urlsplit(url)
    return (
        f"{parts.scheme}://{parts.netloc}" if parts.port else f"{parts.scheme}://{parts.netloc}:{PORTS[parts.scheme]}"
    )


def site_of(url: str) -> str:
    """The host without `www.`: what one publisher's pages have in common."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def credentials_of(text: str) -> tuple[str, str] | None:
    """User and password of an address, as they stand before the @."""
    parts = urlsplit(text)
    return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
