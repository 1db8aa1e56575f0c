"""More like this: the documents with the same telling words, never the document itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from kilde.errors import MissingError, UsageError
from kilde.model import Document
from kilde.store import Store
from search.engine import open_engine
from search.page import Filters, Page, Query
from search.similar import MOST_WORDS, similar_to, telling_words
from tests.index.builders import Texts, built, document

DOCUMENTS = [
    document("svømning", ["Svømmehallen og svømmeklubben holder svømmekursus for kvinder.", "Om vejret i dag."]),
    document("svøm", ["Kvinder lærer at svømme: svømmekursus i svømmehallen.", "Et svømmekursus til."], source="siri"),
    document("klub", ["Klubben har kursus for kvinder og mænd."]),
    document("vej", ["Vejen er lang, og vejret er koldt."]),
    document("alene", ["Zyx qwx."]),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return built(tmp_path, DOCUMENTS)


class OneStore(Store):
    """A store of documents in memory: what `similar` asks of one."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents_by_id = {each.id: each for each in documents}

    def find(self, prefix: str) -> list[tuple[str, str]]:
        ids = [(each.id, "") for each in self.documents_by_id.values()]
        ids += [(each.id, record.id) for each in self.documents_by_id.values() for record in each.records]
        return [pair for pair in ids if (pair[1] or pair[0]).startswith(prefix)][:10]

    def document(self, document: str, digest: str | None = None) -> Document | None:  # noqa: ARG002
        return self.documents_by_id.get(document)


def similar(folder: Path, id_: str, **options: object) -> Page:
    engine = open_engine(folder, Texts(DOCUMENTS))
    return similar_to(OneStore(DOCUMENTS), engine, id_, Query(**options))  # type: ignore[arg-type]


def names(page: Page) -> list[str]:
    by_id = {each.id: each.locator for each in DOCUMENTS}
    return [by_id[hit.document] for hit in page.hits]


def test_the_nearest_document_comes_first_and_the_document_itself_never(folder: Path) -> None:
    page = similar(folder, DOCUMENTS[0].records[0].id)
    assert names(page) == ["svøm", "klub"]
    assert page.total == 2
    assert page.notes[0].startswith("by the words ")
    assert any(piece.marked for piece in page.hits[0].snippet)


def test_filters_and_limit_narrow_as_in_a_search(folder: Path) -> None:
    record = DOCUMENTS[0].records[0].id
    assert names(similar(folder, record, limit=1)) == ["svøm"]
    assert names(similar(folder, record, filters=Filters(source=("prøver",)))) == ["klub"]


def test_words_that_nobody_else_has_find_nothing(folder: Path) -> None:
    page = similar(folder, DOCUMENTS[4].records[0].id)
    assert (page.total, page.notes) == (0, ("its words are in no other record",))


def test_the_beginning_of_an_id_is_enough_where_it_is_one(folder: Path) -> None:
    with pytest.raises(UsageError, match="begins several ids"):
        similar(folder, "")
    with pytest.raises(MissingError, match="nothing has the id 'zzz'"):
        similar(folder, "zzz")


def test_telling_words_are_rare_in_the_index_and_frequent_in_the_text(folder: Path) -> None:
    words = telling_words(
        "Kvinder og svømmekursus, svømmekurset i 2020, og svømmekurser.", open_engine(folder, Texts()).lexicon()
    )
    assert words == ("svømmekursus", "Kvinder")
    many = " ".join(record.text for each in DOCUMENTS for record in each.records)
    assert len(telling_words(many, open_engine(folder, Texts()).lexicon())) <= MOST_WORDS
