"""The source of a page as a tree of lxml, within limits; None where lxml gives up.

libxml2 stops at a depth of about 2,000 elements and leaves nothing but a line in its log, and what an element with a
million attributes costs grows with their square: so the log is read, and such attributes are cut before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

MOST_ATTRIBUTES = 2_000
"""Attributes of one element; an element with more keeps none."""
LONGEST_TAG = 20_000
"""Characters of a tag in which nobody counts attributes."""
TAG = re.compile(
    r"""<([a-z][a-z0-9]{0,30}+)[^>=]*+(?:=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+[^>=]*+)*+(?:>|\Z)""", re.IGNORECASE
)
"""A tag with its quoted values. What is not closed reaches to the end, so that nothing is read twice."""
QUOTED = re.compile(r""""[^"]*+"?|'[^']*+'?""")
ATTRIBUTE = re.compile(r"""[\s/]++[^\s/=>]""")

Element = etree._Element
Attributes = etree._Attrib
"""lxml's element and its attributes; its module gives them no public names."""


def parse(source: str) -> tuple[list[Element], bool] | None:
    """The elements at the top in order, mostly one, and whether attributes were cut; None where lxml lost text.

    Comments and processing instructions are no part of the tree.
    """
    cut = source if len(source) <= LONGEST_TAG else TAG.sub(without_crowd, source)
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(cut.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return ([], False) if is_bare(source) else None
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        return None
    return [root, *root.itersiblings()] if root is not None else [], cut != source


def texts(node: Element) -> Iterator[str]:
    """The texts in an element, in order, those of hidden elements too."""
    return map(str, node.itertext())


def is_bare(source: str) -> bool:
    """Whether there is nothing in a source but comments and the like."""
    return not re.sub(r"<!--.*?-->|<[!?][^>]*+>", "", source, flags=re.DOTALL).strip()


def without_crowd(tag: re.Match[str]) -> str:
    """A tag, without its attributes where it has too many."""
    if len(tag[0]) <= LONGEST_TAG or len(ATTRIBUTE.findall(QUOTED.sub('""', tag[0]))) <= MOST_ATTRIBUTES:
        return tag[0]
    return f"<{tag[1]}>"
