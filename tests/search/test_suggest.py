"""Suggestions: unknown words replaced by near ones, never by words that find nothing."""

from __future__ import annotations

import pytest

from search.query import parse_query, print_query
from search.query_tree import Node, Word
from search.suggest import MOST_TRIES, MOST_UNKNOWN, Speller, suggest

NEAR = {"bolgi": ["bolig", "bold"], "skloe": ["skole"], "xyz": []}
KNOWN = {"bolig", "bold", "skole", "hus", "ny"}
SPELLER = Speller(lambda word: word.text in KNOWN, lambda word: NEAR.get(word, []))


def suggestion(text: str, finds: set[str]) -> str | None:
    tree = parse_query(text)
    assert tree is not None
    better = suggest(tree, SPELLER, lambda node: int(print_query(node) in finds))
    return print_query(better) if better else None


@pytest.mark.parametrize(
    ("text", "finds", "better"),
    [
        ("bolgi", {"bolig"}, "bolig"),
        ("bolgi", {"bold"}, "bold"),
        ("bolgi", {"hus"}, None),
        ("bolgi skloe", {"bold skole"}, "bold skole"),
        ('"ny bolgi"', {'"ny bolig"'}, '"ny bolig"'),
        ("bolgi NEAR/3 ny", {"bolig NEAR/3 ny"}, "bolig NEAR/3 ny"),
        ("titel:bolgi", {"title:bolig"}, "title:bolig"),
        ("bolgi NOT skloe", {"bolig NOT skloe"}, "bolig NOT skloe"),
        ("bolgi OR hus", {"bolig OR hus"}, "bolig OR hus"),
        ("=bolgi", {"bolig", "=bolgi"}, None),
        ("bolgi*", {"bolig*"}, None),
        ("hus", {"hus"}, None),
        ("xyz", {"xyz"}, None),
    ],
)
def test_a_suggestion_finds_something_or_is_none(text: str, finds: set[str], better: str | None) -> None:
    assert suggestion(text, finds) == better


def test_the_work_is_bounded() -> None:
    """Neighbours are looked for once a word and for few words; few queries are tried."""
    looked: list[str] = []
    tried: list[Node] = []

    def nearest(word: str) -> list[str]:
        looked.append(word)
        return [f"{word}{number}" for number in range(50)]

    def hits(tree: Node) -> int:
        tried.append(tree)
        return 0

    speller = Speller(lambda _: False, nearest)
    assert suggest(Word("bolgi"), speller, hits) is None
    assert (looked, len(tried)) == (["bolgi"], MOST_TRIES)
    many = parse_query(" ".join(f"ord{number}" for number in range(MOST_UNKNOWN + 1)))
    assert many is not None
    assert suggest(many, speller, hits) is None
    assert looked == ["bolgi"]
