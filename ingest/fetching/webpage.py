"""A fetched HTML page as a crawler sees it: where its links lead, and what it says it is.

Reading it as a document is `ingest.readers.html`. Only the first MOST_BYTES are looked at, so that no page can make a
visit hang.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from ingest.fetching.sniffing import charset_of
from ingest.fetching.urls import Address, parse_address
from ingest.readers.encoding import decode
from kilde.errors import UnreadableError

MOST_BYTES = 2_000_000
MOST_LINKS = 20_000
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
ASIDE_TAGS = frozenset({"nav", "header", "footer", "aside", "form"})
ASIDE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
ASIDE_NAMES = re.compile(
    r"(?:^|[-_ ])(?:cookies?|consent|breadcrumbs?|navbar|navigation|nav|menu|topmenu|sidebar|skip-?link|share|social"
    r"|footer|header|topbar)(?:$|[-_ ])",
    re.IGNORECASE,
)
PAGING_NAMES = re.compile(
    r"(?:^|[-_ ])(?:pag(?:er|ing|ination|inator|enav)|page-numbers|sidetal|sideskift)", re.IGNORECASE
)
CAPTCHA = re.compile(r"\b(?:g-recaptcha|h-captcha|cf-turnstile|cf-challenge)\b")
LONGEST_TEXT = 200
MOST_NODES = 40
"""Nodes of a link or heading that are looked at for its text."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link of a page."""

    address: Address
    text: str
    main: bool
    """Whether it stands in the content, not in menus, head or foot of the page."""
    paging: bool
    """Whether the page itself says that it leads to another page of the same list."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a crawler reads of a page."""

    title: str
    heading: str
    """The first heading of the first level."""
    opening: str
    """The first words of its text."""
    letters: int
    """Of its visible text, menus included."""
    password: bool
    """Whether it asks for a password."""
    captcha: bool
    links: tuple[PageLink, ...]
    cut: bool = False
    """Whether the page is longer than what was looked at, or has more links."""


def check_selector(selector: str) -> str | None:
    """What is wrong with a CSS selector; None where it can be used."""
    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        return str(error).partition("\n")[0].rstrip(".")
    return None


@dataclass(slots=True)
class Scan:
    """What one walk over a page's tags found."""

    base: str | None = None
    heading: str | None = None
    password: bool = False
    captcha: bool = False
    main: bool = False
    nofollow: bool = False
    anchors: list[Tag] = field(default_factory=list)
    following: list[Tag] = field(default_factory=list)
    """Elements that say of themselves that they lead to the next page."""
    hidden: list[Tag] = field(default_factory=list)


def read_page(body: bytes, content_type: str, url: str, selector: str | None = None) -> WebPage:
    """Read a page; `selector` names the links to look at. Bytes that are no text have no links."""
    soup = parse(body[:MOST_BYTES], content_type)
    scan = scan_tags(soup)
    links, all_of_them = links_of(soup, scan, url, selector)
    title = text_of(soup.title) if soup.title else ""
    for hidden in scan.hidden:
        hidden.clear()
    text = soup.get_text(" ", strip=True)
    return WebPage(
        title=short(title),
        heading=short(scan.heading or ""),
        opening=text[:1_000],
        letters=sum(map(str.isalnum, text)),
        password=scan.password,
        captcha=scan.captcha,
        links=links,
        cut=len(body) > MOST_BYTES or not all_of_them,
    )


def parse(body: bytes, content_type: str) -> BeautifulSoup:
    """The tree of a page."""
    meta = META_CHARSET.search(body[:4096])
    try:
        text = decode(body, charset_of(content_type) or (meta[1].decode("ascii") if meta else None))[0]
    except UnreadableError:
        text = ""
    return BeautifulSoup(text, "lxml")


def text_of(element: Tag) -> str:
    """The text of a small element; a large one's first words, since links can be nested as deeply as somebody likes.

    Walks by itself: BeautifulSoup looks for the end of an element first, all the way down.
    """
    pieces: list[str] = []
    waiting: list[PageElement] = [element]
    for _ in range(MOST_NODES):
        if not waiting:
            break
        node = waiting.pop()
        if isinstance(node, Tag):
            waiting += reversed(node.contents[:MOST_NODES])
        elif isinstance(node, NavigableString):
            pieces.append(node)
    return " ".join(pieces)


def short(text: str) -> str:
    """A line of a page, as long as a person reads it."""
    return " ".join(text.split())[:LONGEST_TEXT]


def scan_tags(soup: BeautifulSoup) -> Scan:
    """Walk over the tags of a page, once: selecting kind by kind takes ten times as long on a hostile one."""
    scan = Scan()
    for tag in soup.descendants:
        if isinstance(tag, Tag):
            note_tag(tag, scan)
    return scan


def note_tag(tag: Tag, scan: Scan) -> None:
    """Take down what a tag tells."""
    match tag.name:
        case "a" | "area" | "link" if tag.get("href"):
            note_link(tag, scan)
        case "h1" if scan.heading is None:
            scan.heading = text_of(tag)
        case "base" if scan.base is None and tag.get("href"):
            scan.base = str(tag["href"])
        case "input" if str(tag.get("type") or "").strip().lower() == "password":
            scan.password = True
        case "meta" if str(tag.get("name") or "").lower() == "robots":
            scan.nofollow = bool({"nofollow", "none"} & set(re.findall(r"\w+", str(tag.get("content")).lower())))
        case "script" | "style" | "template":
            scan.hidden.append(tag)
    scan.main = scan.main or tag.name == "main" or tag.get("role") == "main"
    scan.captcha = scan.captcha or bool(CAPTCHA.search(names_of(tag)))


def note_link(tag: Tag, scan: Scan) -> None:
    """Take down an element with a link; `link` elements count only as the way to the next page."""
    if "next" in {str(it).lower() for it in tag.get_attribute_list("rel")}:
        scan.following.append(tag)
    if tag.name != "link" and len(scan.anchors) < MOST_LINKS:
        scan.anchors.append(tag)


def links_of(soup: BeautifulSoup, scan: Scan, url: str, selector: str | None) -> tuple[tuple[PageLink, ...], bool]:
    """The links of a page in their order, and whether these are all."""
    if scan.nofollow:
        return (), True
    address = parse_address(scan.base, url, whole=True) if scan.base else None
    base = address.url if address else url
    elements = scan.anchors if selector is None else chosen_elements(soup, selector, scan.anchors)
    elements = list({id(it): it for it in (*elements, *scan.following[:10])}.values())
    asides: dict[int, tuple[bool, bool]] = {}
    found = (page_link(it, base, asides, main_known=scan.main, chosen=selector is not None) for it in elements)
    return tuple(link for link in found if link is not None), len(elements) < MOST_LINKS


def chosen_elements(soup: BeautifulSoup, selector: str, anchors: list[Tag]) -> list[Tag]:
    """The links that a selector names: elements that are links, and the links inside of others."""
    inside = {id(it): True for it in soup.select(selector)}
    return [anchor for anchor in anchors if is_inside(anchor, inside)]


def is_inside(element: Tag, known: dict[int, bool]) -> bool:
    """Whether an element is one that is known to be inside, or has an ancestor that is; what is found out is kept."""
    path: list[int] = []
    here: Tag | None = element
    while here is not None and id(here) not in known:
        path.append(id(here))
        here = here.parent
    answer = here is not None and known[id(here)]
    known.update(dict.fromkeys(path, answer))
    return answer


def page_link(
    element: Tag, base: str, asides: dict[int, tuple[bool, bool]], *, main_known: bool, chosen: bool
) -> PageLink | None:
    """A link, where it is one that a crawler may follow."""
    rel = {str(it).lower() for it in element.get_attribute_list("rel") if it}
    href = str(element["href"]).strip()
    address = None if href.startswith("#") or "nofollow" in rel else parse_address(href, base)
    if address is None:
        return None
    aside, paging = surroundings(element, asides, main_known=main_known)
    text = short(text_of(element) or str(element.get("title") or element.get("aria-label") or ""))
    return PageLink(address, text, main=chosen or not aside, paging=paging or "next" in rel)


def surroundings(element: Tag, known: dict[int, tuple[bool, bool]], *, main_known: bool) -> tuple[bool, bool]:
    """Whether an element stands aside from the content, and whether in a list of pages.

    Walks up to the first ancestor whose answer is known: linear in the size of the page.
    """
    path: list[Tag] = []
    here: Tag | None = element
    while here is not None and id(here) not in known:
        path.append(here)
        here = here.parent
    aside, paging = known[id(here)] if here is not None else (main_known, False)
    for tag in reversed(path):
        aside, paging = stands(tag, aside), paging or names_paging(tag)
        known[id(tag)] = (aside, paging)
    return aside, paging


def stands(tag: Tag, aside: bool) -> bool:
    """Whether what is inside of a tag stands aside; `main` and `article` are content wherever they stand."""
    role = str(tag.get("role") or "").lower()
    if tag.name == "main" or role == "main":
        return False
    return aside or tag.name in ASIDE_TAGS or role in ASIDE_ROLES or bool(ASIDE_NAMES.search(names_of(tag)))


def names_paging(tag: Tag) -> bool:
    """Whether a tag calls itself a list of pages."""
    label = str(tag.get("aria-label") or "")
    return bool(PAGING_NAMES.search(names_of(tag)) or re.match(r"(?:pag|sidenavigation|sider\b)", label, re.IGNORECASE))


def names_of(tag: Tag) -> str:
    """The classes and the id of a tag; those of html and body say what the page is, not what a part is."""
    if tag.name in {"html", "body", "[document]"}:
        return ""
    return " ".join(str(it) for it in (*tag.get_attribute_list("class"), tag.get("id")) if it)
