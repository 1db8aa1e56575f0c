"""Dates in Danish text: a table of cases, the sources of a missing year in their order, and what must always hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from kilde.danish.dates import DateContext, find_dates
from kilde.danish.mentions import DateMention, PartialDate, Rejected

TABLE = Path(__file__).with_name("dates.tsv")


def rows() -> list[tuple[str, str, str, str]]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            text, published, expected, origin = line.split("\t")
            found.append((unescaped(text), published, unescaped(expected), origin))
    return found


def unescaped(text: str) -> str:
    for escape, character in (("\\n", "\n"), ("\\t", "\t"), ("\\u00a0", "\u00a0"), ("\\u00ad", "\u00ad")):
        text = text.replace(escape, character)
    return text


def shown(mention: DateMention) -> str:
    problem = f"!{mention.problem}" if mention.problem else ""
    return f"{mention.surface}={mention.first}..{mention.last}:{mention.grain}:{mention.basis}{problem}"


@pytest.mark.parametrize(("text", "published", "expected", "origin"), rows(), ids=lambda cell: str(cell)[:40])
def test_table(text: str, published: str, expected: str, origin: str) -> None:
    context = DateContext(published=PartialDate.parse(published) if published else None)
    found = find_dates(text, context)
    assert " | ".join(map(shown, found)) == expected.replace("-", "", expected == "-"), origin
    assert all(text[mention.start : mention.end] == mention.surface for mention in found)
