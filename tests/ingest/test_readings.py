"""What comes of an original and of all that stands inside of it: how deep is read, and what is too much."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.archiving.archive import Archived, Place
from ingest.parts import DEEPEST
from ingest.reading import MOST_RECORDS, read_document
from ingest.readings import Container, Failure, read_parts
from kilde.errors import UnreadableError
from kilde.model import Document
from tests.conftest import observation
from tests.hostile.archives import zipped
from tests.kilde.kept import letter, mail_with_attachment

LETTER = letter(1).encode()


def in_zips(count: int, body: bytes = LETTER, name: str = "brev.txt") -> bytes:
    """A file with so many zips around it."""
    for number in range(count):
        body = zipped((name, body))
        name = f"{number}.zip"
    return body


def read(body: bytes, name: str) -> list[tuple[str, str]]:
    """What comes of a file, as locator and outcome in a word."""
    media_type = "message/rfc822" if name.endswith(".eml") else "application/zip"
    nowhere = Place("", 0)
    found = read_parts(Archived(observation(body, name, media_type=media_type), nowhere, nowhere), body, 0)
    return [(it.archived.observation.locator, word(it.outcome)) for it in found]


def word(outcome: Document | Failure | Container) -> str:
    """The code of a failure, or what else it is."""
    return outcome.code if isinstance(outcome, Failure) else type(outcome).__name__.lower()


def test_a_document_is_read_in_as_many_containers_as_are_opened() -> None:
    """And its containers are none themselves."""
    found = read(in_zips(DEEPEST), "alt.zip")
    assert [outcome for _, outcome in found] == ["container"] * DEEPEST + ["document"]
    assert found[-1][0].count("#") == DEEPEST


def test_one_container_more_is_not_opened_and_says_so() -> None:
    """The quarantine names the container that has to be unpacked."""
    found = read(in_zips(DEEPEST + 1), "alt.zip")
    assert [outcome for _, outcome in found] == ["container"] * (DEEPEST + 1) + ["too_deep"]
    assert found[-1][0] == found[-2][0]


def test_a_mail_that_stands_too_deep_is_read_without_what_is_attached_to_it() -> None:
    """Its text is there; that its attachment is not is told."""
    mail = mail_with_attachment("Vejle Kommune bygger en bro.", "bilag.txt", "Varde Kommune bygger en vej.")
    inside = [outcome for _, outcome in read(in_zips(DEEPEST, mail, "post.eml"), "alt.zip")]
    assert inside == ["container"] * DEEPEST + ["document", "too_deep"]
    above = [outcome for _, outcome in read(in_zips(DEEPEST - 1, mail, "post.eml"), "alt.zip")]
    assert above == ["container"] * (DEEPEST - 1) + ["document", "document"]


def rows(count: int) -> bytes:
    """A list with a head."""
    return ("Kommune;Beløb\n" + "Vejle;1\n" * count).encode()


def items(count: int) -> bytes:
    """A page of headings with a line each."""
    return ("<main>" + "<h2>Nyt</h2><p>Bro.</p>" * count + "</main>").encode()


@pytest.mark.parametrize(("form", "media_type"), [(rows, "text/csv"), (items, "text/html")])
def test_too_many_records_are_refused_before_they_are_read(
    form: Callable[[int], bytes], media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document of 200,000 rows would run into the limit of time, which says nothing of why."""

    def slow(*_: object) -> None:
        raise AssertionError("the slow part began")

    monkeypatch.setattr("ingest.reading.extract", slow)
    body = form(MOST_RECORDS + 1)
    with pytest.raises(UnreadableError, match=f"at most {MOST_RECORDS:,} of one document") as raised:
        read_document(body, observation(body, "liste", media_type=media_type))
    assert raised.value.code == "too_many_records"
