"""The words of `wording.toml`, ready to match the beginning of a line."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def wording() -> dict[str, tuple[str, ...]]:
    """The lists of wording.toml by name."""
    table = tomllib.loads(files("ingest").joinpath("wording.toml").read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in table.items()}


@cache
def opening(name: str) -> re.Pattern[str]:
    """A pattern that matches a line which begins with a word of the list `name`, as a whole word."""
    words = sorted(wording()[name], key=len, reverse=True)
    return re.compile(r"\s*(?:" + "|".join(whole(word) for word in words) + ")", re.IGNORECASE)


@cache
def whole_line(name: str) -> re.Pattern[str]:
    """A pattern that matches a line which is a word of the list `name` and nothing more but a colon."""
    words = sorted(wording()[name], key=len, reverse=True)
    return re.compile(r"\s*(?:" + "|".join(re.escape(word) for word in words) + r")\s*[:.]?\s*", re.IGNORECASE)


def whole(word: str) -> str:
    """A word as a pattern that ends where the word ends."""
    return re.escape(word) + (r"(?!\w)" if word[-1].isalnum() else "")
