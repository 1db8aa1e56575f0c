"""The table of terms: Whoosh finds every term in it, and none that is not there."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import Any

import numpy as np
import pytest
from whoosh.filedb.filetables import OrderedHashReader
from whoosh.filedb.structfile import BufferFile

from index.blocks import TERM
from index.terms import TermsTable, TermsWriter


def written(fields: dict[str, list[bytes]]) -> bytes:
    """A table of these terms; each says as its count which of its field's it is."""
    file = BytesIO()
    writer = TermsWriter(file)
    for field, terms in fields.items():
        rows = np.zeros(len(terms), dtype=TERM)
        rows["count"] = np.arange(len(terms))
        half = len(terms) // 2
        writer.add(field, terms[:half], rows[:half])
        writer.add(field, terms[half:], rows[half:])
    assert writer.finish() == len(file.getvalue())
    return file.getvalue()


def random_terms(seed: int, count: int) -> list[bytes]:
    random = Random(seed)
    return sorted({b"%x" % random.getrandbits(random.choice([20, 40])) for _ in range(count)})


@pytest.mark.parametrize("count", [1, 2, 3, 50, 1000, 20_000])
def test_whoosh_finds_every_term_and_no_other(count: int) -> None:
    fields = {"body": random_terms(count, count), "exact": random_terms(count + 1, count)}
    data = written(fields)
    whoosh_reader: Any = OrderedHashReader
    reader = whoosh_reader(BufferFile(memoryview(data)), len(data))
    keys = [bytes([0, number]) + term for number, field in enumerate(fields) for term in fields[field]]
    assert list(reader.keys()) == keys
    for key in Random(1).sample(keys, min(len(keys), 500)):
        assert np.frombuffer(reader[key], dtype=TERM)["count"][0] == keys.index(key) % len(fields["body"]) or key[1]
        assert reader.closest_key(key) == key
        assert key + b"!" not in reader
    assert reader.extras["fieldmap"] == {"body": 0, "exact": 1}


@pytest.mark.parametrize("count", [1, 7, 5000])
def test_the_terms_of_a_field_are_read_in_order(count: int) -> None:
    fields = {"a": random_terms(1, count), "b": [b"x"], "c": random_terms(2, count)}
    table = TermsTable(np.frombuffer(written(fields), dtype=np.uint8))
    for field, terms in fields.items():
        start, stop = table.span(field)
        assert table.terms(start, stop) == terms
        assert table.rows(start, stop)["count"].tolist() == list(range(len(terms)))
        for number, term in enumerate(terms):
            row = table.row(field, term)
            assert row is not None
            assert row["count"] == number
            assert table.row(field, term + b"!") is None
    assert table.row("unknown", b"x") is None
    assert table.span("unknown") == (0, 0)


def test_an_empty_table_can_be_read() -> None:
    data = written({})
    whoosh_reader: Any = OrderedHashReader
    assert list(whoosh_reader(BufferFile(memoryview(data)), len(data)).keys()) == []
    assert TermsTable(np.frombuffer(data, dtype=np.uint8)).span("body") == (0, 0)
