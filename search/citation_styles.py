"""References as BibTeX, RIS, CSL-JSON, and as lines of Danish text. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from kilde.model import DocumentKind, PartialDate
from search.citations import Citation

# BibTeX, as biblatex and BibTeX both read it: UTF-8, every field in braces, names and titles kept as they are.

_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", **{sign: f"\\{sign}" for sign in "&%$#_"},
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(citation: Citation) -> str:
    """A BibTeX entry."""
    when = citation.published
    fields = {
        "author": f"{{{_tex(citation.publisher)}}}" if citation.publisher else None,
        "title": f"{{{_tex(citation.name)}}}",
        "howpublished": _tex(f"I: {citation.whole}") if citation.whole else None,
        "year": str(when.year) if when else None,
        "day": str(when.day) if when and when.day else None,
        "url": _bare_url(citation.url) if citation.url else None,
        "urldate": citation.accessed.isoformat() if citation.url and citation.accessed else None,
        "note": _tex(citation.note if citation.url else f"{_where(citation)}; {citation.note}"),
        "langid": "danish" if citation.language == "da" else None,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value is not None]
    if when and when.month:
        lines.insert(-1, f"  month = {_MONTHS[when.month - 1]},")  # a word that BibTeX knows, so without braces
    return "\n".join([f"@misc{{{citation_key(citation)},", *lines, "}"]) + "\n"


def citation_key(citation: Citation) -> str:
    """A key of ASCII letters and digits: publisher, year, and the beginning of the id, so that it stays the same."""
    words = [word for word in re.findall("[a-z]+", _ascii(citation.publisher or citation.kind.value)) if len(word) > 2]
    year = str(citation.published.year) if citation.published else "ud"
    return f"{words[0] if words else 'kilde'}{year}-{citation.id[:8]}{citation.edition and '-'}{citation.edition}"


def _ascii(text: str) -> str:
    spelt = text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return "".join(it for it in unicodedata.normalize("NFKD", spelt) if it.isascii())


def _tex(text: str | None) -> str:
    return "".join(_BIBTEX.get(character, character) for character in text or "")


def _bare_url(url: str) -> str:
    """An address as `url` fields take it: no braces, backslashes, quotation marks or spaces."""
    return re.sub(r'[\s{}\\"<>^`|]', lambda it: "".join(f"%{byte:02X}" for byte in it[0].encode()), url)


# RIS: a tag, two spaces, a hyphen and a space on each line; CRLF line ends.

_RIS_TYPES = {
    DocumentKind.NEWSLETTER: "NEWS", DocumentKind.ARTICLE: "NEWS", DocumentKind.PAGE: "ELEC",
    DocumentKind.CATALOGUE: "CTLG", DocumentKind.MINUTES: "RPRT", DocumentKind.GRANTS: "RPRT",
}  # fmt: skip


def ris(citation: Citation) -> str:
    """A RIS record."""
    when = citation.published
    fields = [
        ("TY", _RIS_TYPES.get(citation.kind, "GEN")),
        ("ID", citation.key),
        ("AU", citation.publisher),
        ("TI", citation.name),
        ("T2", citation.whole),
        ("PB", citation.publisher),
        ("PY", str(when.year) if when else None),
        ("DA", _ris_date(when.year, when.month, when.day) if when else None),
        ("UR", _bare_url(citation.url) if citation.url else None),
        ("Y2", _ris_date(*citation.accessed.timetuple()[:3]) if citation.accessed else None),
        ("LA", citation.language),
        ("N1", citation.note),
        ("N1", None if citation.url else citation.place),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _ris_date(year: int, month: int | None, day: int | None) -> str:
    """`2020/01/16/`; what is unknown stays empty between its slashes."""
    return f"{year:04}/{f'{month:02}' if month else ''}/{f'{day:02}' if day else ''}/"


# CSL-JSON, version 1.0.2 of the schema: `id` and `type` are required, nothing is added to its names.

_CSL_TYPES = {
    DocumentKind.NEWSLETTER: "article-magazine", DocumentKind.ARTICLE: "article-newspaper",
    DocumentKind.PAGE: "webpage", DocumentKind.CATALOGUE: "report", DocumentKind.MINUTES: "report",
    DocumentKind.GRANTS: "report",
}  # fmt: skip


def csl(citation: Citation) -> dict[str, Any]:
    """An item of CSL-JSON."""
    when, accessed = citation.published, citation.accessed
    item: dict[str, Any] = {
        "id": citation.key,
        "type": _CSL_TYPES.get(citation.kind, "document"),
        "title": citation.name,
        "container-title": citation.whole,
        "author": [{"literal": citation.publisher}] if citation.publisher else None,
        "publisher": citation.publisher,
        "issued": {"date-parts": [[it for it in (when.year, when.month, when.day) if it]]} if when else None,
        "accessed": {"date-parts": [[accessed.year, accessed.month, accessed.day]]} if accessed else None,
        "URL": citation.url,
        "archive": None if citation.url else citation.place,
        "language": citation.language,
        "note": citation.note,
    }
    return {name: value for name, value in item.items() if value is not None}


# A line of Danish text: author, (year, day and month), title, whole, where and when fetched.

_DANISH_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip


def text(citation: Citation) -> str:
    """A reference as Danes write it: "u.å." where no date is known, the title first where no publisher is."""
    name = citation.publisher or citation.name
    parts = [
        f"{name} ({_danish_date(citation.published)}).",
        _stopped(citation.name) if citation.publisher else "",
        _stopped(f"I: {citation.whole}") if citation.whole else "",
        f"{_where(citation)} (SHA-256: {citation.digest}; Kilde-id: {citation.id}).",
    ]
    return " ".join(part for part in parts if part) + "\n"


def _where(citation: Citation) -> str:
    day = f" {_day(citation.accessed)}" if citation.accessed else ""
    return f"Lokaliseret{day} på {citation.url}" if citation.url else f"Arkiveret{day} fra {citation.place}"


def _danish_date(when: PartialDate | None) -> str:
    """`2018`, `2018, oktober` or `2018, 16. oktober`; `u.å.` (uden år) where nothing is known."""
    if when is None:
        return "u.å."
    if not when.month:
        return str(when.year)
    day = f"{when.day}. " if when.day else ""
    return f"{when.year}, {day}{_DANISH_MONTHS[when.month - 1]}"


def _day(day: date) -> str:
    return f"{day.day}. {_DANISH_MONTHS[day.month - 1]} {day.year}"


def _stopped(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


STYLES: dict[str, Callable[[Sequence[Citation]], str]] = {
    "text": lambda citations: "".join(map(text, citations)),
    "bibtex": lambda citations: "\n".join(map(bibtex, citations)),
    "ris": lambda citations: "".join(map(ris, citations)),
    "csl": lambda citations: json.dumps([csl(it) for it in citations], ensure_ascii=False, indent=2) + "\n",
}
"""How a list of references is written."""
