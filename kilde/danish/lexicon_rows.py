"""The lexicon's tables: tab-separated files of one fact a line, read when first asked for and then kept.

A line that starts with `#` says where facts come from or what the columns are; it and blank lines are skipped.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the table `name` ("months.tsv") in the order of the file, each a tuple of its cells."""
    lines = files("kilde.danish").joinpath("lexicon", name).read_text(encoding="utf-8").split("\n")
    return tuple(tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("#"))
