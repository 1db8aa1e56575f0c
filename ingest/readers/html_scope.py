"""Where the content of a page is, and the rules by which the rest of it is furniture: navigation, footers, consent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from ingest.readers.html_names import INVISIBLE
from ingest.readers.html_tree import Attributes, Element

FURNITURE_TAGS = {"nav": "nav", "footer": "page_footer", "aside": "aside", "form": "form"}
FURNITURE_ROLES = {"navigation": "nav", "banner": "page_header", "contentinfo": "page_footer", "search": "form",
    "complementary": "aside"}  # fmt: skip
FURNITURE_NAMES = re.compile(
    r"(?:^|[-_ ])(?:consent|breadcrumbs?|navbar|nav|menu|sidebar|skip-?link|share|social|newsletter-?signup"
    r"|subscribe|onetrust|coi-banner)(?:$|[-_ ])|cookie",
    re.IGNORECASE,
)
ALWAYS_CONTENT = frozenset({"body", "html"})
HIDDEN = re.compile(r"(?:display:none|visibility:hidden)", re.IGNORECASE)
LONGEST_NAMES = 1_000
LEAST_MAIN = 100
"""Characters of text below which an element is not the content."""
MAINS = tuple(map(etree.XPath, ("//main", "//*[@role='main']", "//article", "//*[@id='content']")))
"""The elements that hold the content, where the page has only one of them; the surest first."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The elements that hold the content, and those around them; with neither, a page has no outside."""

    content: frozenset[Element] = frozenset()
    around: frozenset[Element] = frozenset()
    outside: str | None = None
    """The rule of everything that is not in the content; None where only neighbours of the content are outside."""

    def furniture(self, node: Element, attributes: Attributes, above: str | None) -> str | None:
        """The rule by which an element is no content, `above` being that of the element around it."""
        if node in self.content:
            return None
        if above is not None or node.tag in ALWAYS_CONTENT or node in self.around:
            return above
        if node.tag in FURNITURE_TAGS:
            return FURNITURE_TAGS[node.tag]
        if node.tag == "header" and node.find(".//h1") is None and node.find(".//h2") is None:
            return "page_header"
        return named_furniture(attributes) or ("outside_main" if node.getparent() in self.around else None)


def named_furniture(attributes: Attributes) -> str | None:
    """The rule by which an element's role, class or id says that it is no content."""
    if not attributes:
        return None
    rule = FURNITURE_ROLES.get(attributes.get("role", ""))
    if rule is None and is_furniture_name(f"{attributes.get('class', '')} {attributes.get('id', '')}"[:LONGEST_NAMES]):
        return "furniture_name"
    return rule


@lru_cache(maxsize=4096)
def is_furniture_name(names: str) -> bool:
    """Whether an element's classes and id say that it is no content; a site has few of them and repeats them."""
    return FURNITURE_NAMES.search(names) is not None


def is_hidden(attributes: Attributes) -> bool:
    """Whether a page hides an element from its readers."""
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and HIDDEN.search(str(attributes["style"]).replace(" ", "")) is not None)
    )


def find_scope(roots: Sequence[Element]) -> Scope:
    """The scope by what the page itself says."""
    for find in MAINS:
        found = elements(find(roots[0])) if roots else []
        if len(found) == 1 and has_text(found[0]):
            return Scope(frozenset(found), frozenset(found[0].iterancestors()))
    return Scope()


def elements(found: object) -> list[Element]:
    """What an XPath found, where it is elements."""
    return [node for node in found if isinstance(node, Element)] if isinstance(found, list) else []


def chosen_scope(content: Sequence[Element]) -> Scope:
    """The scope where a source's definition says which elements are the content."""
    around = frozenset(above for node in content for above in node.iterancestors())
    return Scope(frozenset(content), around, "outside_content")


def has_text(node: Element) -> bool:
    """Whether there is enough text in an element to be the content of a page."""
    size = 0
    for inside in node.iter():
        if inside.tag not in INVISIBLE:
            size += len((inside.text or "").strip())
        if inside is not node:
            size += len((inside.tail or "").strip())
        if size > LEAST_MAIN:
            return True
    return False
