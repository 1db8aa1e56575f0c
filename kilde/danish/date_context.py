"""What is known about a text from outside of it, which a date without a year may need."""

from __future__ import annotations

from dataclasses import dataclass

from kilde.danish.mentions import PartialDate


@dataclass(frozen=True, slots=True)
class DateContext:
    """Headings above the text, the nearest first, the title of its document, and when that was published."""

    headings: tuple[str, ...] = ()
    title: str = ""
    published: PartialDate | None = None
