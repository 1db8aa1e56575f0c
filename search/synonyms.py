"""Words that mean the same, from a file of the user's own: a query for one finds the others too, and says so.

A line of the file names two or more, parted by `=` (or by tabs, as a spreadsheet writes them); `#` begins a remark:

    igu = integrationsgrunduddannelse
    duå = de utrolige år = DUÅ-programmet

Several words are a phrase. A word of a query stands for its synonyms in any of its forms; `=word`, `word*` and `word~`
stand for themselves, and so do the words of NEAR and of longer phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from index.analysis import ask
from kilde.errors import SettingsError
from search.query_printing import print_query
from search.query_tree import And, FieldIs, FieldName, Node, Not, Or, Phrase, Word
from search.query_words import plain, words_of

LARGEST_FILE = 1_000_000
"""Bytes."""
MOST_LINES = 10_000
MOST_IN_LINE = 16
LONGEST_TERM = 6
"""Words."""
MOST_ADDED = 64
"""Synonyms that one query is widened with."""

Term: TypeAlias = Word | Phrase
Steps: TypeAlias = tuple[tuple[str, ...], ...]
"""What a term is looked up by: equal for all forms of a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Synonyms:
    """For what a term is looked up by, the other terms of its line."""

    others: Mapping[Steps, tuple[Term, ...]] = field(default_factory=dict)

    def of(self, term: Term) -> tuple[Term, ...]:
        """The synonyms of a word or phrase; none for a word that asks for itself."""
        if isinstance(term, Word) and (term.exact or term.prefix or term.fuzzy):
            return ()
        return self.others.get(_steps(term), ()) if self.others else ()


NONE = Synonyms()


def read_synonyms(path: Path) -> Synonyms:
    """Read a file of synonyms; SettingsError names the line that cannot be read and says how to write it."""
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8-sig") if size <= LARGEST_FILE else ""
    except FileNotFoundError as error:
        raise SettingsError(f"there is no file of synonyms {path}; the setting `synonyms` names it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the synonyms in {path} cannot be read as UTF-8: {error}") from error
    if size > LARGEST_FILE:
        raise SettingsError(f"{path}: expected at most {LARGEST_FILE:,} bytes of synonyms, found {size:,}")
    return parse_synonyms(text, str(path))


def synonyms_of(path: Path | None) -> Synonyms:
    """The synonyms of the file that the settings name; none where they name none."""
    return read_synonyms(path) if path else NONE


def parse_synonyms(text: str, name: str = "synonyms") -> Synonyms:
    """Read lines of synonyms.

    >>> parse_synonyms("igu = integrationsgrunduddannelse").of(Word("IGU'en"))
    (Word(text='integrationsgrunduddannelse', exact=False, prefix=False, fuzzy=False),)
    """
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise SettingsError(f"{name}: expected at most {MOST_LINES:,} lines, found {len(lines):,}")
    found: dict[Steps, dict[Term, None]] = {}
    for number, line in enumerate(lines, start=1):
        terms = _terms(line.partition("#")[0], f"{name}, line {number}")
        for term in terms:
            found.setdefault(_steps(term), {}).update(
                dict.fromkeys(other for other in terms if _steps(other) != _steps(term))
            )
    return Synonyms({steps: tuple(others)[:MOST_IN_LINE] for steps, others in found.items()})


def widened(tree: Node | None, synonyms: Synonyms) -> tuple[Node | None, tuple[str, ...]]:
    """The tree with alternatives for each term that has synonyms, and a note that names them."""
    if tree is None or not synonyms.others:
        return tree, ()
    widening = _Widening(synonyms)
    wider = widening.of(tree)
    added = dict.fromkeys(widening.added)
    notes = [f"also searched: {', '.join(map(print_query, added))}"] if added else []
    if widening.left_out:
        notes.append(f"{widening.left_out} synonyms are not searched: a query takes {MOST_ADDED}")
    return wider, tuple(notes)


class _Widening:
    """Walks a tree once; `added` are the synonyms put in, `left_out` counts those beyond the limit."""

    def __init__(self, synonyms: Synonyms) -> None:
        self.synonyms = synonyms
        self.added: list[Term] = []
        self.left_out = 0

    def of(self, tree: Node) -> Node:
        match tree:
            case And(parts):
                return And(tuple(map(self.of, parts)))
            case Or(parts):
                return Or(tuple(map(self.of, parts)))
            case Not(part):
                return Not(self.of(part))
            case Word() | Phrase():
                others = self.others(tree)
                return Or((tree, *others)) if others else tree
            case FieldIs(FieldName.TITLE, Word() | Phrase() as term):
                fields = tuple(FieldIs(FieldName.TITLE, other) for other in self.others(term))
                return Or((tree, *fields)) if fields else tree
            case _:
                return tree

    def others(self, term: Term) -> tuple[Term, ...]:
        found = self.synonyms.of(term)
        kept = found[: MOST_ADDED - len(self.added)]
        self.added += kept
        self.left_out += len(found) - len(kept)
        return kept


def _terms(line: str, where: str) -> tuple[Term, ...]:
    if not line.strip():
        return ()
    written = [plain(cell) for cell in line.replace("\t", "=").split("=")]
    terms = tuple(dict.fromkeys(_term(cell, where) for cell in written if cell))
    if not 2 <= len(terms) <= MOST_IN_LINE:
        expected = f"expected 2 to {MOST_IN_LINE} words or phrases with = between them"
        raise SettingsError(f"{where}: {expected} (igu = integrationsgrunduddannelse), found {line.strip()[:60]!r}")
    return terms


def _term(cell: str, where: str) -> Term:
    words = words_of(cell)
    if not 1 <= len(words) <= LONGEST_TERM:
        raise SettingsError(f"{where}: expected 1 to {LONGEST_TERM} words, found {cell[:60]!r}")
    return Word(words[0]) if len(words) == 1 else Phrase(words)


def _steps(term: Term) -> Steps:
    words: Iterable[str] = (term.text,) if isinstance(term, Word) else term.words
    return ask(" ".join(words).lower()).steps
