"""The words of a Word paragraph: text, line breaks, links and notes, without what was deleted or is hidden.

Changes that are tracked are read as if all were accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ingest.layout import normalise
from kilde.model import Link

Element: TypeAlias = Any
"""An element of the tree that python-docx holds (lxml's; untyped there)."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LEFT_OUT = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}delText", f"{W}ruby", FALLBACK}
"""Deleted text, the old place of what was moved, properties, field codes, and the second telling of a drawing."""
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "\xad"}
SPACES = re.compile(" {2,}")
TABS = re.compile(" ?\t ?")
OFF = {"0", "false", "off", "none"}


@dataclass(slots=True)
class Words:
    """What stands in a paragraph."""

    pieces: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """The ids of footnotes and endnotes that are referred to: `footnote 2`."""
    boxes: list[Element] = field(default_factory=list)
    """Text boxes that are anchored in the paragraph."""
    bold: int = 0
    plain: int = 0
    hidden: int = 0

    @property
    def text(self) -> str:
        """The text; single spaces inside lines, and no spaces around tabs."""
        lines = normalise("".join(self.pieces)).split("\n")
        folded = (TABS.sub("\t", SPACES.sub(" ", line)).strip(" \t") for line in lines)
        return "\n".join(line for line in folded if line)


def read_words(paragraph: Element, targets: Mapping[str, str]) -> Words:
    """The words of a paragraph; `targets` are the addresses of links by their relationship."""
    words = Words()
    for node in walk(paragraph):
        if node.tag == f"{W}r":
            read_run(node, words)
        elif node.tag == f"{W}hyperlink":
            text = "".join(piece.text or "" for piece in walk(node) if piece.tag == f"{W}t").strip()
            address = targets.get(node.get(f"{R}id") or "")
            if text and address:
                words.links.append(Link(normalise(text), address))
        elif node.tag == f"{W}txbxContent":
            words.boxes.append(node)
    return words


def walk(element: Element) -> Iterator[Element]:
    """The elements inside a paragraph in order; text boxes as a whole, what is left out not at all."""
    stack = list(reversed(element))
    while stack:
        node = stack.pop()
        if node.tag in LEFT_OUT or not isinstance(node.tag, str):
            continue
        yield node
        if node.tag != f"{W}txbxContent":
            stack.extend(reversed(node))


def read_run(run: Element, words: Words) -> None:
    """Add a run of text of one look."""
    look = run.find(f"{W}rPr")
    if switched_on(look, "vanish"):
        words.hidden += 1
        return
    text = ""
    for node in run:
        if node.tag == f"{W}t":
            text += node.text or ""
        elif node.tag in SIGNS:
            text += SIGNS[node.tag]
        elif node.tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            words.notes.append(f"{node.tag.removeprefix(W).removesuffix('Reference')} {node.get(f'{W}id')}")
    words.pieces.append(text)
    if text.strip():
        bold = switched_on(look, "b")
        words.bold += bold
        words.plain += not bold


def switched_on(properties: Element | None, name: str) -> bool:
    """Whether a property that is either on or off is on."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and (found.get(f"{W}val") or "1").lower() not in OFF
