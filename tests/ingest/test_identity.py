"""Ids: what they depend on, and how records keep them."""

from __future__ import annotations

import pytest

from ingest.identity import document_id, keep_ids, number_records
from kilde.model import Record, RecordKind


def record(heading: str, text: str, kind: RecordKind = RecordKind.ITEM) -> Record:
    """A record without an id."""
    return Record("", "doc", "v", 1, kind, heading, None, 0, len(text), text)


def test_document_ids_depend_on_source_and_locator_alone() -> None:
    """16 characters of base32, and no way to run two parts together."""
    assert document_id("a", "b") == document_id("a", "b")
    assert len({document_id("a", "b"), document_id("ab", ""), document_id("", "ab"), document_id("b", "a")}) == 4
    assert len(document_id("a", "b")) == 16


LONG = (
    "Projektet har fået støtte til ti nye pladser på skolen i byen og går i gang efter ferien til gavn for alle børn. "
)

CASES = [
    ("same heading, other text", [("A", "x"), ("B", "y")], [("A", "x2"), ("B", "y2")], [0, 1]),
    ("order changed", [("A", "x"), ("B", "y")], [("B", "y"), ("A", "x")], [1, 0]),
    ("heading in other case", [("Ny pulje!", "x")], [("NY PULJE", "x")], [0]),
    ("one put in front with the same heading", [("A", "x")], [("A", "new"), ("A", "x")], [None, 0]),
    ("heading changed, text nearly the same", [("A", LONG)], [("Z", LONG + "Også i år.")], [0]),
    ("heading and text changed", [("A", LONG)], [("Z", "Noget helt andet handler om noget nyt.")], [None]),
    ("one gone", [("A", "x"), ("B", "y")], [("B", "y")], [1]),
]


@pytest.mark.parametrize(("old", "new", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_records_keep_their_ids(
    old: list[tuple[str, str]], new: list[tuple[str, str]], expected: list[int | None]
) -> None:
    """Each new record has the id of the one it was, or a fresh one; no id stands twice."""
    before = number_records([record(*it) for it in old])
    after = keep_ids([record(*it) for it in new], before)
    ids = [it.id for it in before]
    assert [ids.index(it.id) if it.id in ids else None for it in after] == expected
    assert len({it.id for it in after}) == len(after)


def test_kinds_do_not_mix() -> None:
    """A row does not become an item, whatever its heading."""
    before = number_records([record("A", "x", RecordKind.ROW)])
    assert keep_ids([record("A", "x")], before)[0].id != before[0].id
