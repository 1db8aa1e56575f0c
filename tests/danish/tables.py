"""Tables of cases: one row, one case, tab between columns, `#` before a remark."""

from __future__ import annotations

from pathlib import Path

_SIGNS = {"\\n": "\n", "\\t": "\t", "\\_": "\u00a0", "\\~": "\u2009", "\\-": "\u00ad"}


def read_cases(name: str) -> list[tuple[str, ...]]:
    """The rows of the table beside this file, with the signs for white space still as they are written."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def spaced(text: str) -> str:
    r"""The text with its line breaks, tabs, no-break and thin blanks and soft hyphens in place of `\n \t \_ \~ \-`."""
    for sign, character in _SIGNS.items():
        text = text.replace(sign, character)
    return text
