"""Exports: every form holds the same lines; files are whole or not there; manifests tell what they are."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from openpyxl import load_workbook

from kilde.errors import KildeError, MissingError, UsageError
from search.export import FORMS, Export, manifest_path, write_file, write_stream
from search.export_cells import Kind, Line, columns
from search.export_extras import load
from search.export_file import whole_file
from search.export_xlsx import LONGEST_CELL, write_xlsx
from tests.search.payloads import PAYLOADS

COLUMNS = columns("text number ratio list", number=Kind.INTEGER, ratio=Kind.NUMBER, list=Kind.TEXTS)
LINES: list[Line] = [
    {"text": 'Blåbærgrød, "æøå"', "number": 7, "ratio": 0.5, "list": ["a", "b"]},
    {"text": None, "number": -5, "ratio": None, "list": []},
    {"text": "en\nto", "number": 0, "ratio": 1.0, "list": ["c"]},
]


def export(lines: list[Line] | Iterator[Line] | None = None) -> Export:
    return Export(COLUMNS, LINES if lines is None else lines, {"query": "grød"})


def read_jsonl(body: bytes) -> list[Any]:
    return [list(json.loads(line).values()) for line in body.decode().splitlines()]


def read_csv(body: bytes) -> list[Any]:
    return list(csv.reader(io.StringIO(body.decode())))[1:]


def read_xlsx(body: bytes) -> list[Any]:
    return [list(row) for row in load_workbook(io.BytesIO(body))["data"].iter_rows(min_row=2, values_only=True)]


def read_parquet(body: bytes) -> list[Any]:
    table = import_module("pyarrow.parquet").read_table(import_module("pyarrow").BufferReader(body))
    return [list(row.values()) for row in table.to_pylist()]


READ = {
    "jsonl": (read_jsonl, [list(line.values()) for line in LINES]),
    "csv": (read_csv, [['Blåbærgrød, "æøå"', "7", "0.5", "a; b"], ["", "-5", "", ""], ["en to", "0", "1.0", "c"]]),
    "xlsx": (read_xlsx, [['Blåbærgrød, "æøå"', 7, 0.5, "a; b"], [None, -5, None, None], ["en\nto", 0, 1, "c"]]),
    "parquet": (read_parquet, [list(line.values()) for line in LINES]),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_holds_the_lines(form: str, tmp_path: Path) -> None:
    """All of them, in order, read back by a library that did not write them; the file's digest is the manifest's."""
    target = tmp_path / f"svar.{form}"
    about = write_file(export(), form, target)
    read, expected = READ[form]
    body = target.read_bytes()
    assert read(body) == expected
    assert about == json.loads(manifest_path(target).read_text("utf-8"))
    assert (about["query"], about["rows"]) == ("grød", 3)
    assert about["file"] == {
        "name": target.name, "form": form, "bytes": len(body), "sha256": sha256(body).hexdigest()
    }  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == [target.name, manifest_path(target).name]


@pytest.mark.parametrize("form", FORMS)
def test_a_stream_holds_the_same(form: str, tmp_path: Path) -> None:
    """Standard output gets what a file would; the manifest goes where it is told to."""
    stream = io.BytesIO()
    about = write_stream(export(), form, stream, tmp_path / "om.json")
    read, expected = READ[form]
    assert read(stream.getvalue()) == expected
    assert about == json.loads((tmp_path / "om.json").read_text("utf-8"))
    assert about["file"]["sha256"] == sha256(stream.getvalue()).hexdigest()


@pytest.mark.parametrize("form", FORMS)
def test_no_lines_make_a_file_with_a_head(form: str, tmp_path: Path) -> None:
    """None found is an answer."""
    target = tmp_path / f"svar.{form}"
    assert write_file(export([]), form, target)["rows"] == 0
    assert READ[form][0](target.read_bytes()) == []


def test_a_workbook_has_no_formulas() -> None:
    """Opened again, every payload is a text, as it was; and stays one when its cell is edited."""
    stream = io.BytesIO()
    texts = [*PAYLOADS, "#N/A", "#REF!", "\x00\x1b[31m\ufffe", "x" * 40_000]
    write_xlsx([{"a": text} for text in texts], columns("a"), stream, lambda counts: {"query": "=1+1", **counts})
    book = load_workbook(stream)
    cells = [row[0] for row in book["data"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in (*cells, *(cell for row in book["manifest"].iter_rows() for cell in row))} <= {
        "s", "n"
    }  # fmt: skip
    assert all(cell.data_type == "s" for cell in cells)
    assert [cell.value.replace("\r\n", "\n").replace("\r", "\n") for cell in cells[: len(PAYLOADS)]] == [
        text.replace("\r\n", "\n").replace("\r", "\n") for text in PAYLOADS
    ]
    assert all(cell.quotePrefix for cell in cells[:6])
    assert cells[-2].value == "\ufffd\ufffd[31m\ufffd"
    assert len(cells[-1].value) == LONGEST_CELL
    assert book["manifest"]["B1"].data_type == "s"


def test_a_full_sheet_is_followed_by_another() -> None:
    """Each with a head; the manifest says how many."""
    stream = io.BytesIO()
    lines = ({"a": str(number)} for number in range(25))
    counts = write_xlsx(lines, columns("a"), stream, dict, most_rows=11)
    assert counts == {"rows": 25, "sheets": 3}
    book = load_workbook(stream)
    assert book.sheetnames == ["data", "data 2", "data 3", "manifest"]
    values = [cell.value for name in book.sheetnames[:3] for cell in book[name]["A"]]
    assert [value for value in values if value != "a"] == [str(number) for number in range(25)]
    assert values.count("a") == 3


def test_parquet_knows_types_and_manifest() -> None:
    """Columns have the types that the manifest names, and the manifest is in the file."""
    stream = io.BytesIO()
    write_stream(export(), "parquet", stream)
    found = import_module("pyarrow.parquet").ParquetFile(io.BytesIO(stream.getvalue()))
    assert [str(field.type) for field in found.schema_arrow] == ["string", "int64", "double", "list<element: string>"]
    assert json.loads(found.metadata.metadata[b"kilde"]) == {"query": "grød", "rows": 3}


def test_what_is_not_installed_is_asked_for() -> None:
    """One line with the command; another module's absence is a bug, and is shown as one."""
    with pytest.raises(MissingError, match=r"a picture needs no_such_library.*pip install 'kilde\[extra\]'"):
        load("no_such_library.part", "extra", "a picture")


class StoppedError(Exception):
    """Stands for whatever may happen in the middle."""


def failing(error: BaseException) -> Iterator[Line]:
    yield from LINES * 5000
    raise error


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "error", [StoppedError(), KeyboardInterrupt(), OSError(28, "No space left on device")], ids=repr
)
def test_nothing_half_is_left(form: str, error: BaseException, tmp_path: Path) -> None:
    """Whatever ends the lines, the folder is as it was before, the older file included."""
    target = tmp_path / f"svar.{form}"
    target.write_text("gammel")
    with pytest.raises((type(error), KildeError)):
        write_file(export(failing(error)), form, target)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(target.name, "gammel")]


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """In one line, with what became of the file."""
    with pytest.raises(KildeError, match="No space left on device; nothing of it was kept"):
        write_file(export(failing(OSError(28, "No space left on device"))), "csv", tmp_path / "svar.csv")


def limited(form: str, target: Path) -> list[str]:
    """A process that may write no file larger than 200 kB, as on a disk that is full."""
    return [
        sys.executable, "-c",
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "from pathlib import Path\n"
        "from random import Random\n"
        "from search.export import Export, write_file\n"
        "from search.export_cells import columns\n"
        "random = Random(1)\n"
        "lines = ({'a': random.randbytes(500).hex()} for _ in range(3000))\n"
        f"write_file(Export(columns('a'), lines, {{}}), {form!r}, Path({str(target)!r}))",
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_cannot_grow(form: str, tmp_path: Path) -> None:
    """The system itself refuses to write on: an error of ours, and nothing left."""
    result = subprocess.run(limited(form, tmp_path / f"svar.{form}"), capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "KildeError: cannot write" in result.stderr
    assert list(tmp_path.iterdir()) == []


SLOW = """
import signal, sys, time
from pathlib import Path
from search.export import Export
from search.export_cells import columns
from search.export_cli import Target, write_export
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
def lines():
    for number in range(10**9):
        if number == 5000:
            print("on the way", flush=True)
        time.sleep(0 if number < 5000 else 0.01)
        yield {"a": str(number)}
write_export(Export(columns("a"), lines(), {}), Target("csv", Path(sys.argv[1]), None), "lines")
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_run_that_is_stopped_leaves_nothing(how: signal.Signals, tmp_path: Path) -> None:
    """By its user or by the machine that goes down."""
    command = [sys.executable, "-c", SLOW, str(tmp_path / "svar.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on the way\n"
        assert len(list(tmp_path.iterdir())) == 2  # the file and its manifest, both under other names
        process.send_signal(how)
        assert process.wait(timeout=30) != 0
    assert list(tmp_path.iterdir()) == []


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    """Told before anything is done."""
    with pytest.raises(MissingError, match="make it first"):
        write_file(export(failing(StoppedError())), "csv", tmp_path / "nej" / "svar.csv")
    with pytest.raises(UsageError, match="no file that could be replaced"), whole_file(Path("/dev/null")):
        raise AssertionError("the block is not entered")


def test_a_file_is_replaced_at_once(tmp_path: Path) -> None:
    """Until the block ends, who reads sees the old one."""
    target = tmp_path / "a.txt"
    target.write_text("gammel")
    with whole_file(target) as stream:
        stream.write(b"ny")
        stream.flush()
        assert target.read_text() == "gammel"
    assert target.read_text() == "ny"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


class Nowhere(io.RawIOBase):
    """Takes bytes and forgets them."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)


def peak(write: Callable[[Iterator[Line], BinaryIO], object], count: int) -> int:
    """Bytes of Python objects that writing so many lines needs at once."""
    lines = ({"text": f"række {number}", "number": number, "ratio": 0.5, "list": ["a"]} for number in range(count))
    tracemalloc.start()
    try:
        write(lines, io.BufferedWriter(Nowhere()))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", FORMS)
def test_memory_does_not_grow_with_the_lines(form: str) -> None:
    """Ten times as many lines need hardly more."""
    few, many = (1500, 15000) if form != "parquet" else (15000, 60000)

    def write(lines: Iterator[Line], stream: BinaryIO) -> None:
        write_stream(export(lines), form, stream)

    peak(write, 10)
    assert peak(write, many) < 1.5 * peak(write, few) + 100_000
