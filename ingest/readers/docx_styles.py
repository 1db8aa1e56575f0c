"""What the styles of a Word document say of its paragraphs: headings and their depth, lists, tables of contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.readers.docx_text import Element, W

HEADING = re.compile(r"(?:heading|overskrift) ?([1-6])")
TITLES = {"title", "titel"}
TITLE_LEVEL = 0
"""The style Title stands above Heading 1."""
LONGEST_CHAIN = 20
BODY_TEXT_LEVEL = 9
"""The outline level by which Word says that a paragraph is no heading."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is by its style: the level of a heading (0 for the title), a list point, a line of contents."""

    level: int | None = None
    point: bool = False
    contents: bool = False


def read_styles(styles: Element) -> dict[str, Look]:
    """The looks of the paragraph styles, by id; "" is the default's."""
    elements = {style.get(f"{W}styleId") or "": style for style in styles.findall(f"{W}style")
                if style.get(f"{W}type") == "paragraph"}  # fmt: skip
    looks = {name: look_of(chain(style, elements)) for name, style in elements.items()}
    default = next((name for name, style in elements.items() if style.get(f"{W}default") == "1"), "")
    return looks | {"": looks.get(default, Look())}


def chain(style: Element, elements: Mapping[str, Element]) -> list[Element]:
    """A style and those that it is based on."""
    found: list[Element] = []
    current: Element | None = style
    while current is not None and len(found) < LONGEST_CHAIN:
        found.append(current)
        base = current.find(f"{W}basedOn")
        current = elements.get(base.get(f"{W}val") or "") if base is not None else None
    return found


def look_of(styles: Iterable[Element]) -> Look:
    """What the nearest style of a chain that says something says."""
    for style in styles:
        name = style.find(f"{W}name")
        words = (name.get(f"{W}val") or "").lower() if name is not None else ""
        heading = HEADING.fullmatch(words)
        if heading or words in TITLES:
            return Look(level=int(heading[1]) if heading else TITLE_LEVEL)
        if re.fullmatch(r"(?:toc|indholdsfortegnelse) ?\d|toc heading", words):
            return Look(contents=True)
        own = own_look(style.find(f"{W}pPr"))
        if own.level is not None or own.point:
            return own
    return Look()


def own_look(properties: Element | None) -> Look:
    """What a paragraph's or a style's own properties say."""
    if properties is None:
        return Look()
    outline = properties.find(f"{W}outlineLvl")
    depth = number_of(outline, BODY_TEXT_LEVEL)
    if depth < min(6, BODY_TEXT_LEVEL):
        return Look(level=depth + 1)
    numbering = properties.find(f"{W}numPr")
    return Look(point=numbering is not None and number_of(numbering.find(f"{W}numId"), 0) != 0)


def look_at(paragraph: Element, looks: Mapping[str, Look]) -> Look:
    """What a paragraph is: by its own properties, else by its style."""
    properties = paragraph.find(f"{W}pPr")
    style = properties.find(f"{W}pStyle") if properties is not None else None
    look = looks.get((style.get(f"{W}val") or "") if style is not None else "", looks[""])
    own = own_look(properties)
    if look.contents or look.level is not None:
        return look
    return own if own.level is not None or own.point else look


def number_of(element: Element | None, otherwise: int) -> int:
    """The number that an element holds as its value."""
    value = (element.get(f"{W}val") or "") if element is not None else ""
    return int(value) if value.isdecimal() and len(value) < 6 else otherwise
