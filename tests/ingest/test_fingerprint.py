"""The fingerprint of the rules covers what reads, and leaves out what fetches and keeps."""

from __future__ import annotations

import pytest

from ingest.fingerprint import code_of_rules, data_of_rules, imported

INSIDE = [
    "ingest.reading", "ingest.readers.pdf", "ingest.readers.html", "ingest.newsletters", "ingest.extract",
    "ingest.parts", "kilde.danish.dates", "kilde.danish.places", "kilde.danish.cpr",
]  # fmt: skip
OUTSIDE = [
    "ingest.archiving.archive",
    "ingest.fetching.fetch",
    "ingest.pipeline",
    "ingest.sandbox",
    "ingest.cli",
    "ingest.sources.website",
]


@pytest.mark.parametrize("name", INSIDE)
def test_what_reads_counts(name: str) -> None:
    """Every reader and every rule."""
    assert name in code_of_rules()


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_fetches_and_keeps_does_not(name: str) -> None:
    """A change there makes no document older."""
    assert name not in code_of_rules()


def test_words_and_names_count() -> None:
    """The data of the rules."""
    found = set(data_of_rules(code_of_rules()))
    assert {"ingest/wording.toml", "kilde.danish/lexicon/kommuner.tsv", "kilde.danish/lexicon/months.tsv"} <= found
    assert "kilde.danish/lexicon/adjectives.tsv" not in found, "only searching needs it"


def test_imports_are_found_in_every_form() -> None:
    """Over several lines, and of modules by their package."""
    source = "import a.b\nfrom c import d\nfrom e.f import (\n    g,\n    h,\n)\n"
    assert imported(source) == ["a.b", "c", "c.d", "e.f", "e.f.g", "e.f.h"]
