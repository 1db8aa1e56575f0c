"""The samples are read as a person reads them.

`tests/samples/expectations.json` says how, and was written before any reader ran.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.formats import media_type_of
from ingest.reading import read_document
from kilde.model import Document, RecordKind
from tests.conftest import ROOT, SAMPLES, observation

EXPECTED: dict[str, dict[str, Any]] = json.loads((ROOT / "tests/samples/expectations.json").read_text("utf-8"))["files"]
NAMES = sorted(EXPECTED)


def read(name: str) -> Document:
    """A sample, as ingested."""
    body = (SAMPLES / name).read_bytes()
    return read_document(body, observation(body, name, media_type=media_type_of(name)))


def test_every_sample_is_expected() -> None:
    """No sample without an expectation."""
    assert sorted(path.name for path in SAMPLES.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_head(name: str) -> None:
    """Kind, title, publisher, dates, language."""
    document, expected = read(name), EXPECTED[name]
    published = document.published
    found = {
        "kind": document.kind.value,
        "publisher": document.publisher,
        "published": str(published.when) if published else None,
        "published_basis": published.basis.value if published else None,
        "updated": document.updated.isoformat() if document.updated else None,
        "language": document.language,
    }
    assert found == {key: expected[key] for key in found}
    assert document.title == (expected["title"] or name.rpartition(".")[0])


@pytest.mark.parametrize("name", NAMES)
def test_records(name: str) -> None:
    """The records in order, with heading and theme."""
    found = [[it.kind.value, it.heading, it.theme] for it in read(name).records if it.kind is not RecordKind.IMPRINT]
    assert found == EXPECTED[name]["records"]


@pytest.mark.parametrize("name", NAMES)
def test_mentions(name: str) -> None:
    """Kommuner with their roles, dates, amounts and grants."""
    records, expected = read(name).records, EXPECTED[name]
    amounts = {(value, it.unit) for record in records for it in record.amounts for value in (it.value, it.value_to)}
    dates = [date for record in records for date in record.dates]
    found = {
        "kommuner": sorted({f"{it.code}:{it.role}" for record in records for it in record.kommuner}),
        "dates": sorted({(str(it.first), str(it.last)) for it in dates if it.basis != "relative"}),
        "amounts": sorted((float(value), unit) for value, unit in amounts if value is not None),
        "grants": sorted({(it.code, float(it.value)) for record in records for it in record.grants}),
    }
    assert found == {
        "kommuner": sorted(expected["kommuner"]),
        "dates": sorted({tuple(it) for it in expected["dates"]}),
        "amounts": sorted((float(value), unit) for value, unit in expected["amounts"]),
        "grants": sorted({(code, float(value)) for code, value in expected.get("grants", [])}),
    }


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_accounted_for(name: str) -> None:
    """Records, boilerplate and structure cover the text except for white space, and do not overlap; spans slice."""
    document = read(name)
    covered = [0] * len(document.text)
    for it in (*document.records, *document.boilerplate, *document.structure):
        for position in range(it.start, it.end):
            covered[position] += 1
    assert max(covered) == 1
    assert not "".join(letter for letter, count in zip(document.text, covered, strict=True) if not count).strip()
    for record in document.records:
        assert record.text == document.text[record.start : record.end]
        for mention in (*record.kommuner, *record.dates, *record.amounts, *record.groups, *record.grants):
            assert mention.surface == record.text[mention.start : mention.end]
        for field in record.fields:
            start = record.start + field.start  # a merged cell stands in a row above
            assert field.value == document.text[start : start + len(field.value)]
            assert field.end - field.start == len(field.value)


@pytest.mark.parametrize("name", NAMES)
def test_small_print_is_in_no_record(name: str) -> None:
    """Subscription and consent texts are boilerplate."""
    words = ("samtykke", "dataansvarlig", "afmeld", "abonne", "framelde", "cookie")
    found = [(word, record.heading) for record in read(name).records for word in words if word in record.text.lower()]
    assert found == []
