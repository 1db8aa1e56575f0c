"""The inversion gives the same postings however little memory it may use."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Block
from index.inversion import Inversion

DOCUMENTS = st.lists(
    st.dictionaries(st.sampled_from("abcdeå"), st.sampled_from([1.0, 2.0]), max_size=4), min_size=1, max_size=30
)


def inverted(documents: list[dict[str, float]], most: int) -> list[tuple[str, str, Block]]:
    with TemporaryDirectory() as folder:
        inversion = Inversion(Path(folder), most)
        for number, terms in enumerate(documents):
            inversion.add("body", number, [(term, weight, term.encode()) for term, weight in terms.items()])
            inversion.add("kind", number, [(term, 1.0, None) for term in terms])
            inversion.relieve()
        found = list(inversion.sorted())
        assert not list(Path(folder).iterdir())
        return found


@given(DOCUMENTS)
def test_runs_on_disk_change_nothing(documents: list[dict[str, float]]) -> None:
    assert inverted(documents, 3) == inverted(documents, 1_000_000)


@given(DOCUMENTS)
def test_postings_come_by_field_term_and_document(documents: list[dict[str, float]]) -> None:
    found = inverted(documents, 5)
    assert [row[:2] for row in found] == sorted(row[:2] for row in found)
    for field, term, block in found:
        expected = [number for number, terms in enumerate(documents) if term in terms]
        assert list(block.documents) == expected
        assert (block.values is None) == (field == "kind")
