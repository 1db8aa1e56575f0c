"""Draws docs/search.svg, the picture of the README: what `kilde search` and `kilde mentions` print over the samples.

Run from the root of a checkout: `python -m docs.picture`.
"""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ingest.sources.folder import find_targets
from kilde import runs
from kilde.folder import DataFolder
from kilde.store import Store
from search.cli import StoreTexts, coverage_of
from search.engine import open_engine
from search.listing import print_mentions
from search.mentions import Choice, find_mentions
from search.page import Query
from search.query import parse_query
from search.render import print_page

WIDTH = 100
QUERY = "tilskud ELLER støtte"
FACETS = ("kommune", "region", "year")
ROOT = Path(__file__).parent.parent
FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def main() -> None:
    """Ingest the samples into a folder that goes away, and draw."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name) / "data")
        runs.ingest(folder, find_targets([ROOT / "raw" / "samples"], None), runs.Options(jobs=1), lambda _: None)
        with Store(folder.store) as store:
            console.print(Text(f"$ kilde search '{QUERY}' --facet kommune --facet region --facet year", "bold green"))
            query = Query(text=QUERY, tree=parse_query(QUERY), facets=FACETS, limit=2)
            page = open_engine(folder.index, StoreTexts(store)).search(query)
            print_page(replace(page, coverage=coverage_of(folder, store)), console)
            console.print(Text("\n$ kilde mentions Aabenraa", "bold green"))
            print_mentions(find_mentions(store, Choice("0580")), console)
    svg = console.export_svg(title="kilde")
    (ROOT / "docs" / "search.svg").write_text(FONTS.sub("", svg), encoding="utf-8")


if __name__ == "__main__":
    main()
