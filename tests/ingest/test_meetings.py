"""Minutes are dated by the day of their meeting."""

from __future__ import annotations

import pytest

from ingest.reading import read_document
from kilde.model import DocumentKind
from tests.conftest import observation

DATED = [
    ("Referat", "Møde: onsdag d. 12/5-2021", "2021-05-12"),
    ("Referat af møde i Kulturudvalget", "Mødedato: 12. maj 2021", "2021-05-12"),
    ("Dagsorden for Byrådet", "Onsdag den 12. maj 2021 kl. 16.00-18.30", "2021-05-12"),
    ("Dagsorden for Byrådet", "Mødet blev holdt onsdag d. 12.5.2021 kl. 16:30 i Byrådssalen", "2021-05-12"),
    ("Referat fra møde i Økonomiudvalget tirsdag den 18. maj 2010", "Til stede: alle", "2010-05-18"),
    ("Referat af møde i Kulturudvalget", "Næste møde: 9. juni 2021", None),
    ("Referat af møde i Kulturudvalget", "Udvalget besøgte huset den 9. juni 2021", None),
    ("Referat af møde i Kulturudvalget", "Møde: 12. maj 2021, fortsat 13. maj 2021", None),
]


@pytest.mark.parametrize(("title", "line", "day"), DATED, ids=[f"{it[0]} | {it[1]}" for it in DATED])
def test_the_day_of_a_meeting(title: str, line: str, day: str | None) -> None:
    """In the title or in a line of its own; a date that the text is about dates nothing."""
    rest = "Beslutning\n\nUdvalget godkendte indstillingen.\n\nIndstilling\n\nAt sagen udsættes.\n"
    body = f"{title}\n\n{line}\n\n{rest}".encode()
    document = read_document(body, observation(body))
    assert document.kind is DocumentKind.MINUTES
    assert (str(document.published.when) if document.published else None) == day
