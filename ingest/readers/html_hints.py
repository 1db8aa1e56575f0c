"""What a source's definition says of its pages: the elements that its CSS selectors name.

Selectors are BeautifulSoup's (soupsieve). They choose in a copy of the tree, whose elements carry the numbers of the
originals; this costs a second parse, for sources with selectors only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from lxml import etree
from soupsieve import SelectorSyntaxError

from ingest.readers.html_meta import iso_day
from ingest.readers.html_names import fold
from ingest.readers.html_tree import Element, texts
from kilde.danish.dates import find_dates, parse_date
from kilde.model import DateMention, Grain, Hints, PartialDate, Problem, Severity

NUMBER = "data-kilde-number"
LONGEST = 300
"""Characters of a title or of a text that holds a date."""


@dataclass(slots=True)
class Hinted:
    """What the selectors gave, None or nothing where there was none, and the problems with them."""

    content: list[Element] = field(default_factory=list)
    title: str | None = None
    published: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def miss(self, code: str, detail: str) -> None:
        """Note a selector that gave nothing."""
        self.problems.append(Problem(code, Severity.WARNING, detail))


def apply_hints(roots: Sequence[Element], hints: Hints) -> Hinted:
    """Choose content, title and date; a selector that matches nothing is a Problem."""
    hinted = Hinted()
    if not (hints.content or hints.title or hints.date):
        return hinted
    chooser = Chooser(roots)
    if hints.content:
        hinted.content = outermost(choose(chooser, "content", hints.content, hinted))
    if hints.title:
        titles = map(element_text, choose(chooser, "title", hints.title, hinted))
        hinted.title = next((title for title in titles if title), None)
    if hints.date:
        found = choose(chooser, "date", hints.date, hinted)
        hinted.published = next((day for node in found if (day := element_date(node))), None)
        if found and hinted.published is None:
            shown = element_text(found[0])[:80]
            hinted.miss("hint_without_date", f"the selector of the date ({hints.date}) gives no date: {shown!r}")
    return hinted


def choose(chooser: Chooser, name: str, selector: str, hinted: Hinted) -> list[Element]:
    """The elements of a selector; a Problem where there are none."""
    try:
        found = chooser.select(selector)
    except SelectorSyntaxError as error:
        hinted.miss("hint_without_match", f"the selector of the {name} ({selector}) is none: {str(error)[:200]}")
        return []
    if not found:
        hinted.miss("hint_without_match", f"the selector of the {name} ({selector}) matches nothing on this page")
    return found


class Chooser:
    """A tree to choose from; it owns the numbers of the elements, and the copy that selectors work on."""

    def __init__(self, roots: Sequence[Element]) -> None:
        self.elements = [node for root in roots for node in root.iter()]
        for number, node in enumerate(self.elements):
            node.set(NUMBER, str(number))
        source = b"".join(etree.tostring(root, encoding="utf-8", method="html", with_tail=False) for root in roots)
        self.soup = BeautifulSoup(source, "lxml", from_encoding="utf-8")

    def select(self, selector: str) -> list[Element]:
        """The elements that a selector matches, in the order of the page; raises SelectorSyntaxError."""
        numbers = {int(str(tag[NUMBER])) for tag in self.soup.select(selector) if tag.has_attr(NUMBER)}
        return [self.elements[number] for number in sorted(numbers)]


def outermost(found: Sequence[Element]) -> list[Element]:
    """The elements that stand in no other of them."""
    chosen = set(found)
    return [node for node in found if chosen.isdisjoint(node.iterancestors())]


def element_text(node: Element) -> str:
    """The words of an element, or of a meta element's content."""
    return fold(node.get("content") or "".join(texts(node))).strip()[:LONGEST]


def element_date(node: Element) -> str | None:
    """The date of an element, as ISO: its `datetime` or `content`, else its words."""
    machine = iso_day(node.get("datetime") or node.get("content"))
    if machine is not None:
        return machine
    text = element_text(node)
    whole = parse_date(text)
    return partial(whole) if whole else next((day for it in find_dates(text) if (day := partial(it))), None)


def partial(date: DateMention) -> str | None:
    """A day, month or year as a partial date; None for a period."""
    first = date.first
    if first is None or date.grain not in {Grain.DAY, Grain.MONTH, Grain.YEAR}:
        return None
    month = first.month if date.grain is not Grain.YEAR else 0
    return str(PartialDate(first.year, month, first.day if date.grain is Grain.DAY else 0))
