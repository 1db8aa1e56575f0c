"""References: what is known and no more, escaped as each style asks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from kilde.cli import cli
from kilde.folder import DataFolder
from kilde.model import DocumentKind, PartialDate
from search.citation_styles import STYLES, bibtex, citation_key, csl, ris, text
from search.citations import Citation
from tests.index.builders import Part, document
from tests.search.stored import stored

CITATION = Citation(
    id="rjous5dmwew46dqb",
    kind=DocumentKind.NEWSLETTER,
    publisher="Ministeriet for Bøger & Æbler",
    title="Nyt om æbler, december 2019",
    heading="50 % flere æbler i {Årslev}",
    published=PartialDate(2019, 12),
    url="https://eksempel.invalid/nyt_om_æbler?a={1}&b=2",
    accessed=date(2026, 2, 1),
    place="prøver/nyt.html",
    digest="ab" * 32,
    language="da",
)
BARE = replace(
    CITATION, publisher=None, heading=None, published=None, url=None, accessed=None, title="", kind=DocumentKind.OTHER
)


def test_bibtex() -> None:
    """Braces stay balanced, æøå stay letters, the address is not escaped but for what would break it."""
    assert bibtex(CITATION) == (
        """\
@misc{ministeriet2019-rjous5dm,
  author = {{Ministeriet for Bøger \\& Æbler}},
  title = {{50 \\% flere æbler i \\textbraceleft{}Årslev\\textbraceright{}}},
  howpublished = {I: Nyt om æbler, december 2019},
  year = {2019},
  url = {https://eksempel.invalid/nyt_om_æbler?a=%7B1%7D&b=2},
  urldate = {2026-02-01},
  note = {Kilde-id: rjous5dmwew46dqb; sha-256: """
        + "ab" * 32
        + """},
  month = dec,
  langid = {danish},
}
"""
    )


def test_bibtex_of_the_least() -> None:
    """What is not known is left out, not made up."""
    assert re.findall("^  ([a-z]+) =", bibtex(BARE), re.MULTILINE) == ["title", "note", "langid"]
    assert "{{prøver/nyt.html}}" in bibtex(BARE)


def test_ris() -> None:
    """A tag on each line, CRLF, dates with all their slashes."""
    assert ris(CITATION).split("\r\n") == [
        "TY  - NEWS",
        "ID  - rjous5dmwew46dqb",
        "AU  - Ministeriet for Bøger & Æbler",
        "TI  - 50 % flere æbler i {Årslev}",
        "T2  - Nyt om æbler, december 2019",
        "PB  - Ministeriet for Bøger & Æbler",
        "PY  - 2019",
        "DA  - 2019/12//",
        "UR  - https://eksempel.invalid/nyt_om_æbler?a=%7B1%7D&b=2",
        "Y2  - 2026/02/01/",
        "LA  - da",
        f"N1  - Kilde-id: rjous5dmwew46dqb; sha-256: {'ab' * 32}",
        "ER  - ",
        "",
    ]


def test_csl() -> None:
    """Dates have the parts that are known; a publisher is one name, not a person's two."""
    item = csl(CITATION)
    assert (item["issued"], item["accessed"]) == ({"date-parts": [[2019, 12]]}, {"date-parts": [[2026, 2, 1]]})
    assert item["author"] == [{"literal": "Ministeriet for Bøger & Æbler"}]
    assert (item["title"], item["container-title"]) == (CITATION.heading, CITATION.title)
    assert csl(BARE).keys() == {"id", "type", "title", "archive", "language", "note"}


# Of csl-data.json, version 1.0.2 of the schema: `id` and `type` are required; types that it lists.
CSL_TYPES = {"article-magazine", "article-newspaper", "webpage", "report", "document"}
CSL_NAMES = {
    "id", "type", "title", "container-title", "author", "publisher", "issued", "accessed", "URL", "archive", "language",
    "note",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_csl_keeps_to_its_schema(kind: DocumentKind) -> None:
    """For every kind of document, both what is there and what may be."""
    for citation in (replace(CITATION, kind=kind), replace(BARE, kind=kind)):
        item = json.loads(STYLES["csl"]([citation]))[0]
        assert {"id", "type"} <= item.keys() <= CSL_NAMES
        assert item["type"] in CSL_TYPES
        assert all(isinstance(item[name], str) for name in item.keys() - {"author", "issued", "accessed"})


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (
            CITATION,
            "Ministeriet for Bøger & Æbler (2019, december). 50 % flere æbler i {Årslev}."
            " I: Nyt om æbler, december 2019."
            " Lokaliseret 1. februar 2026 på https://eksempel.invalid/nyt_om_æbler?a={1}&b=2",
        ),
        (
            replace(CITATION, heading=None, published=PartialDate(2019, 12, 3), url=None),
            "Ministeriet for Bøger & Æbler (2019, 3. december). Nyt om æbler, december 2019."
            " Arkiveret 1. februar 2026 fra prøver/nyt.html",
        ),
        (
            replace(CITATION, publisher=None, heading="Hvem kan søge?", published=PartialDate(2019)),
            "Hvem kan søge? (2019). I: Nyt om æbler, december 2019. Lokaliseret 1. februar 2026 på ",
        ),
        (replace(BARE, title="Referat"), "Referat (u.å.). Arkiveret fra prøver/nyt.html"),
    ],
)
def test_text(citation: Citation, expected: str) -> None:
    """As Danes write it; the title first where nobody is known to have published it."""
    written = text(citation)
    assert written.startswith(expected)
    assert written.endswith(f" (SHA-256: {'ab' * 32}; Kilde-id: rjous5dmwew46dqb).\n")


WILD = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from('\\{}%$#_&~^"@,=- ')), max_size=40)


@given(WILD, WILD, WILD, WILD)
def test_whatever_texts_hold_the_form_holds(publisher: str, title: str, heading: str, url: str) -> None:
    """BibTeX braces balance in every field, RIS has a tag on each line; nothing raises."""
    one_line = [" ".join(it.split()) for it in (publisher, title, heading)]
    citation = replace(CITATION, publisher=one_line[0] or None, title=one_line[1], heading=one_line[2] or None, url=url)
    depth = 0
    for character in bibtex(citation).split("{", 1)[1]:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= -1
    assert depth == -1
    assert re.fullmatch("[a-z0-9-]+", citation_key(citation))
    assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in ris(citation).split("\r\n")[:-1])
    assert json.loads(STYLES["csl"]([citation]))[0]["id"] == citation.id
    assert len(text(citation).splitlines()) >= 1


NEWS = replace(
    document(
        "nyt",
        [Part("Ny pulje\n\x1b[31mTekst", heading="Ny\n pulje"), "Uden overskrift"],
        title="Nyt\u202e fra",
        publisher="Styrelsen",
    ),
    url="https://eksempel.invalid/nyt",
)
OLD = replace(
    document("nyt", ["En ældre tekst"], version="v0", title="Ældre nyt", published=None),
    url="https://eksempel.invalid/nyt",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return stored(tmp_path_factory.mktemp("cite") / "data", [OLD, NEWS])


def cite(folder: DataFolder, *args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["--data", str(folder.path), "cite", *map(str, args)])


def test_a_record_is_cited_within_its_document(folder: DataFolder) -> None:
    """Its heading and the document's title on one line each; the day of fetching is Denmark's."""
    result = cite(folder, NEWS.records[0].id)
    assert result.stdout == (
        "Styrelsen (2020, januar). Ny pulje. I: Nyt fra. Lokaliseret 1. februar 2026 på https://eksempel.invalid/nyt"
        f" (SHA-256: {NEWS.version}; Kilde-id: {NEWS.records[0].id}).\n"
    )
    assert "Nyt fra. Lokaliseret" in cite(folder, NEWS.records[1].id).stdout


def test_a_version_is_cited_by_its_digest(folder: DataFolder) -> None:
    """Also one that is no longer current; its key tells it from the document's."""
    result = cite(folder, NEWS.id, OLD.version[:12], "--style", "bibtex")
    assert result.exit_code == 0, result.stderr
    assert "Ældre nyt" in result.stdout
    keys = re.findall("@misc{(.*),", result.stdout)
    assert keys == [f"styrelsen2020-{NEWS.id[:8]}", f"styrelsenud-{NEWS.id[:8]}-{OLD.version[:8]}"]


@pytest.mark.parametrize("style", STYLES)
def test_every_style_lists_all(style: str, folder: DataFolder) -> None:
    """One reference for each id, the same one once."""
    result = cite(folder, NEWS.id, NEWS.records[0].id, NEWS.id, "--style", style)
    assert result.stdout.count(NEWS.version) == 2
    assert cite(folder, NEWS.id, NEWS.id, "--style", style).stdout.count(NEWS.version) == 1


def test_wrong_ids(folder: DataFolder) -> None:
    """What is not there, and what is several things, is told in one line."""
    assert (cite(folder, "zzzz").exit_code, cite(folder, NEWS.id[:4]).exit_code) == (1, 2)
    assert "several" in cite(folder, NEWS.id[:4]).stderr
    assert "kilde search" in cite(folder, "zzzz").stderr
