"""Readers in processes of their own while commits and rebuilds run: none fails, and none sees two versions at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kilde.model import Document
from tests.index.builders import Part, built, document, writer

DOCUMENTS, VERSIONS, READERS = 12, 8, 2
READER = """
import sys
from pathlib import Path
from search.page import Query
from search.query_tree import Word
from search.ranking import Ranker

ranker, folder, expected = Ranker(Path(sys.argv[1])), Path(sys.argv[1]), int(sys.argv[2])
asked = Query("pulje", Word("pulje"), facets=("theme",), limit=100)


def look():
    ranking = ranker.rank(asked)
    versions = {value.value: value.count for value in ranking.facets["theme"]}
    records = {ranked.record for ranked in ranking.records}
    assert len(versions) == 1 and set(versions.values()) == {expected} == {ranking.total, len(records)}, ranking
    return set(versions)


first = seen = look()
print("ready", flush=True)
while not (folder / "done").exists():
    seen = seen | look()
print(len(seen), look() == first)
"""


def version(number: int) -> list[Document]:
    return [document(f"d{each}", [part(number)], version=f"v{number}") for each in range(DOCUMENTS)]


def part(number: int) -> Part:
    return Part(f"En pulje i udgave {number}", theme=f"UDGAVE {number}")


def test_every_answer_is_of_one_version(tmp_path: Path) -> None:
    folder = built(tmp_path / "index", version(0))
    command = [sys.executable, "-W", "error", "-c", READER, str(folder), str(DOCUMENTS)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    for number in range(1, VERSIONS):
        if number % 3:
            writer(folder).update(version(number), (), number)
        else:
            writer(folder).rebuild(version(number), number)
    (folder / "done").touch()
    for reader in readers:
        with reader:
            answer, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0
        seen, same = answer.split()
        assert int(seen) >= 1
        assert same == "False", "after the last commit its version is read"
