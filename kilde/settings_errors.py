"""Wrong settings told so that a person can mend them: file, line, key, what is wrong and what to write instead.

pydantic says which key is wrong, not where it stands. The line is found by looking for it in the text: tables, dotted
keys and inline tables as people write them. Where it cannot be found, the message goes without a line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from kilde.settings_opensearch import OpenSearchTable
from kilde.sources import KINDS

KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
DOTTED = rf"{KEY}(?:\s*\.\s*{KEY})*"
TABLE = re.compile(rf"\s*\[\[?\s*({DOTTED})\s*\]\]?\s*(?:#.*)?\Z")
PAIR = re.compile(rf"\s*({DOTTED})\s*=")
INNER = re.compile(rf"[{{,]\s*({DOTTED})\s*=")
QUOTED = re.compile(r"'([^']*)'")
EXAMPLES = {
    "addresses": 'addresses = ["https://host:9200"]',
    "contact": 'contact = "you@example.org"',
    "start": 'start = ["https://www.example.dk/nyhedsbreve"]',
    "path": 'path = "/srv/nyhedsbreve"',
}
"""What to write for a key that is missing."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One wrong setting; `line` counts from 1 and is None where the key stands in no line (or not in the file)."""

    key: str
    message: str
    line: int | None = None

    def told(self, file: str) -> str:
        """As one line: kilde.toml:12: sources.uim.cadence: ..."""
        place = file if self.line is None else f"{file}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


def complaints(errors: Iterable[ErrorDetails], text: str, settings: type[BaseModel]) -> list[Complaint]:
    """What pydantic found wrong in settings whose file has this text, in the order of the lines."""
    found = [complaint(error, text, settings) for error in errors]
    return sorted(found, key=lambda it: it.line or 0)


def complaint(error: ErrorDetails, text: str, settings: type[BaseModel]) -> Complaint:
    """One error as a person reads it."""
    path, kind = without_kind(error["loc"])
    if error["type"] == "union_tag_invalid":
        path = (*path, "kind")
    keys = [str(part) for part in path if isinstance(part, str)]
    model = model_of(keys, kind, settings)
    message = message_of(error, keys, kind, model)
    value = error["input"] if isinstance(error["input"], str) else None
    return Complaint(".".join(map(str, path)), message, find_line(text, keys, value))


def model_of(keys: Sequence[str], kind: str | None, settings: type[BaseModel]) -> type[BaseModel]:
    """The model of the table in which a key stands."""
    if keys[:1] == ["sources"]:
        return KINDS.get(kind or "", settings)
    return OpenSearchTable if keys[:1] == ["opensearch"] and len(keys) > 1 else settings


def without_kind(loc: Sequence[int | str]) -> tuple[tuple[int | str, ...], str | None]:
    """The keys as the file has them, and the kind of the source, which pydantic puts between."""
    if len(loc) > 2 and loc[0] == "sources" and loc[2] in KINDS:
        return (*loc[:2], *loc[3:]), str(loc[2])
    return tuple(loc), None


def message_of(error: ErrorDetails, keys: list[str], kind: str | None, model: type[BaseModel]) -> str:
    """What is wrong, and what to write instead."""
    name = keys[-1] if keys else ""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return unknown_key(name, kind, model)
        case "missing":
            return f"{name} is missing; write {EXAMPLES.get(name, f'{name} = ...')}"
        case "union_tag_not_found":
            return f'kind is missing; write kind = "website", or one of {", ".join(KINDS)}'
        case "union_tag_invalid" | "enum" | "literal_error":
            known = list(KINDS) if "tag" in context else QUOTED.findall(str(context.get("expected")))
            return none_of(str(context.get("tag", error["input"])), known)
        case "tuple_type" | "list_type":
            shown = re.sub(r"//[^/@]*@", "//", str(error["input"]))
            return f'it is a list; write {name} = ["{shown}"]'
    return error["msg"].removeprefix("Value error, ")


def unknown_key(name: str, kind: str | None, model: type[BaseModel]) -> str:
    """That there is no such key, and which there are."""
    of = f"a source of kind {kind}" if kind else "[opensearch]" if model is OpenSearchTable else "the settings"
    fields = model.model_fields
    return f"there is no such key{nearest(name, fields)}; the keys of {of} are {', '.join(fields)}"


def none_of(given: str, known: list[str]) -> str:
    """That a word is none of those that there are."""
    return f"{given!r} is none of {', '.join(known)}{nearest(given, known)}"


def nearest(name: str, names: Iterable[str]) -> str:
    """A question for the nearest right name, where there is one."""
    close = difflib.get_close_matches(name.lower(), list(names), 1, 0.6)
    return f"; did you mean {close[0]}?" if close else ""


def find_line(text: str, keys: Sequence[str], value: str | None = None) -> int | None:
    """The line in which a key stands, counted from 1: its own, else that of the nearest table around it.

    `value` is looked for in the lines behind the key, where it may be one of a list over several lines.
    """
    best, best_depth = None, 0
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if head := TABLE.match(line):
            table = split_key(head[1])
            depth = shared(table, keys)
            if depth == len(table) and depth > best_depth:
                best, best_depth = number, depth
            continue
        for path in keys_of(line, table):
            depth = shared(path, keys)
            if depth == len(path) and depth > best_depth:
                best, best_depth = number, depth
    return value_line(text, best, value) if best is not None and best_depth == len(keys) else best


def keys_of(line: str, table: list[str]) -> list[list[str]]:
    """The keys that a line gives values to: its own, and those of an inline table."""
    pair = PAIR.match(line)
    if pair is None:
        return []
    path = table + split_key(pair[1])
    return [path, *(path + split_key(inner[1]) for inner in INNER.finditer(line, pair.end() - 1))]


def value_line(text: str, key_line: int, value: str | None) -> int:
    """The line of a value in a list that begins in a line."""
    lines = text.splitlines()
    for number in range(key_line, len(lines) + 1):
        line = lines[number - 1]
        if number > key_line and (TABLE.match(line) or PAIR.match(line)):
            break
        if value and value in line:
            return number
    return key_line


def split_key(dotted: str) -> list[str]:
    """The parts of a dotted key, without quotes."""
    return [part.strip().strip("\"'") for part in re.findall(KEY, dotted)]


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts two keys have in common from the left."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
