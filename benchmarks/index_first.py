"""The first answer of a fresh process: `python -m benchmarks.index_first FOLDER QUERY` prints its times as JSON."""

import time

START = time.perf_counter()

import json  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from search.engine import open_engine  # noqa: E402
from search.page import Query  # noqa: E402
from search.query_language import parse_query  # noqa: E402

FACETS = ("kommune", "year", "publisher")


class _Plain:
    """Texts of records, which are not what is measured."""

    def text(self, record_id: str, version: str) -> str:
        return f"{record_id} {version}"


def main() -> None:
    """Ask twice and print the seconds of each."""
    imported = time.perf_counter()
    query = Query(sys.argv[2], parse_query(sys.argv[2]), facets=FACETS)
    engine = open_engine(Path(sys.argv[1]), _Plain())
    times = [time.perf_counter()]
    for _ in range(2):
        found = engine.search(query)
        times.append(time.perf_counter())
    rest = {"first": times[1] - imported, "again": times[2] - times[1], "hits": found.total}
    print(json.dumps({"imports": imported - START} | rest))


if __name__ == "__main__":
    main()
