"""Imports point one way, and each library stays behind its own door.

Read from the syntax trees, nothing is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("kilde", "ingest", "index", "search")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

JOINERS = {
    "kilde",
    "kilde.api",
    "kilde.api_answers",
    "kilde.serve",
    "kilde.serve_cli",
    "kilde.runs",
    "kilde.cli",
    "kilde.ingest_cli",
    "kilde.progress",
    "kilde.fetched",
    "kilde.rereading",
    "kilde.forgetting",
    "kilde.workforce",
    "kilde.gathering",
    "kilde.gather_cli",
    "kilde.store_readings",
    "kilde.check",
    "kilde.check_archive",
    "kilde.backup",
    "kilde.backup_cli",
    "kilde.documents_cli",
    "kilde.quarantine_cli",
    "kilde.quarantine",
    "kilde.status",
    "kilde.night",
    "kilde.nightly",
    "kilde.nightly_cli",
    "kilde.night_report",
    "kilde.visits",
    "kilde.alarms",
    "kilde.sources_cli",
}
"""The modules that know all stages."""

DOORS = {
    "distributed": {"ingest.distributed", "ingest.distributed_worker"},
    "dask": {"ingest.distributed"},
    "bs4": {"ingest.readers.html_hints", "ingest.fetching.webpage"},
    "httpx": {"ingest.fetching.fetch", "ingest.fetching.transport", "ingest.fetching.answers"},
    "httpcore": {"ingest.fetching.transport", "ingest.fetching.wire", "ingest.fetching.answers"},
    "protego": {"ingest.fetching.robots"},
    "feedparser": {"ingest.sources.feed"},
    "lxml": {
        "ingest.readers.html",
        "ingest.readers.html_hints",
        "ingest.readers.html_scope",
        "ingest.readers.html_table",
        "ingest.readers.html_tree",
    },
    "warcio": {
        "ingest.archiving.archive",
        "ingest.archiving.copying",
        "ingest.archiving.reading",
        "ingest.archiving.warc_records",
        "ingest.sources.warc",
        "ingest.archiving.erasing",
    },
    "sqlite3": {"kilde.database", "kilde.store_file", "kilde.state", "kilde.check", "kilde.backup", "kilde.cli"},
    "dateutil": {"ingest.readers.html_meta", "kilde.danish.relative_dates", "kilde.danish.holidays", "kilde.coverage"},
    "pypdfium2": {"ingest.readers.pdf_pages", "ingest.readers.pdf_words"},
    "pdfplumber": {"ingest.readers.pdf_tables"},
    "pdfminer": {"ingest.readers.pdf_tables"},
    "docx": {"ingest.readers.docx"},
    "openpyxl": {"ingest.readers.xlsx", "search.export_xlsx"},
    "opensearchpy": {"index.opensearch.client"},
    "zipfile": {"ingest.parts", "ingest.zip_limits", "ingest.readers.docx", "ingest.readers.xlsx"},
    "csv": {"ingest.readers.table", "search.export_text"},
}
"""A library, and the modules that may import it."""


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer(module: str) -> str:
    """The layer that a module belongs to."""
    if module in JOINERS:
        return "join"
    return "danish" if module.startswith("kilde.danish") else module.split(".")[0]


MAY_IMPORT = {
    "danish": {"danish"},
    "kilde": {"danish", "kilde"},
    "ingest": {"danish", "kilde", "ingest"},
    "index": {"danish", "kilde", "index"},
    "search": {"danish", "kilde", "index", "search"},
    "join": {"danish", "kilde", "ingest", "index", "search", "join"},
}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The modules that a file imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.module or "", node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    """A layer imports itself and the layers below it."""
    allowed = MAY_IMPORT[layer(name_of(path))]
    upward = [
        (name, line)
        for name, line in imports(path)
        if name.split(".")[0] in PACKAGES and (ROOT / Path(*name.split("."))).with_suffix(".py").exists()
        and layer(name) not in allowed
    ]  # fmt: skip
    assert not upward


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_behind_their_doors(path: Path) -> None:
    """Only the door of a library imports it; whoosh has index/ and search/ for its doors."""
    module = name_of(path)
    outside = [
        (name, line)
        for name, line in imports(path)
        if (name.split(".")[0] in DOORS and module not in DOORS[name.split(".")[0]])
        or (name.split(".")[0] == "whoosh" and layer(module) not in {"index", "search"})
    ]
    assert not outside


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    """No function imports: load order is no behaviour."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside
