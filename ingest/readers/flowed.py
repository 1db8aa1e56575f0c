"""Plain text of mails whose paragraphs were cut into lines to be put together again: format=flowed, RFC 3676."""

from __future__ import annotations

import re

QUOTES = re.compile(r">*")
SIGNATURE = "-- "


def unflow(text: str, *, delsp: bool = False) -> str:
    """The text with each paragraph on one line.

    A line that ends in a space goes on in the next one of the same depth of quoting. With `delsp` that space belongs
    to the encoding and goes. The line before a signature is never joined.

    >>> unflow("Det er en lang \\nlinje.\\n-- \\nAnne")
    'Det er en lang linje.\\n-- \\nAnne'
    """
    lines: list[tuple[int, list[str]]] = []
    flowing = False
    for line in text.split("\n"):
        depth = len(QUOTES.match(line)[0])  # type: ignore[index]  # the pattern matches everywhere
        content = unstuffed(line[depth:])
        signature = content == SIGNATURE
        if flowing and not signature and lines[-1][0] == depth:
            lines[-1][1].append(content)
        else:
            lines.append((depth, [content]))
        flowing = content.endswith(" ") and not signature
        if flowing and delsp:
            lines[-1][1][-1] = content[:-1]
    return "\n".join(">" * depth + (" " if depth else "") + "".join(pieces) for depth, pieces in lines)


def unstuffed(content: str) -> str:
    """A line without the space that keeps its beginning from being taken for something else."""
    return content[1:] if content.startswith(" ") else content
