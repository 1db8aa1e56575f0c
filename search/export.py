"""Lines to a file or a stream in one of the forms, with a manifest beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import file_digest, sha256
from importlib import import_module
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

from search.export_cells import Column, Counts, Line
from search.export_file import check_target, sync, whole_file
from search.export_manifest import Json

FORMS = {
    "jsonl": "search.export_text:write_jsonl",
    "csv": "search.export_text:write_csv",
    "xlsx": "search.export_xlsx:write_xlsx",
    "parquet": "search.export_parquet:write_parquet",
}
"""Where the writer of each form stands: loaded when it is asked for, since some take long to load."""

BINARY = frozenset({"xlsx", "parquet"})


@dataclass(frozen=True, slots=True)
class Export:
    """What is written: lines, once through; their columns; and what is known of them before they are counted."""

    columns: Sequence[Column]
    lines: Iterable[Line]
    manifest: Json
    finish: Callable[[], Json] = dict
    """Called when all lines are written: what became known on the way."""

    def about(self, counts: Counts) -> Json:
        """The manifest of what was written."""
        return self.manifest | self.finish() | counts


def manifest_path(target: Path) -> Path:
    """Where the manifest of a file stands.

    >>> manifest_path(Path("svar.csv")).name
    'svar.csv.manifest.json'
    """
    return target.with_name(f"{target.name}.manifest.json")


def write_file(export: Export, form: str, target: Path, manifest: Path | None = None) -> Json:
    """Write a file and its manifest, both whole or neither; returns the manifest."""
    check_target(target)
    with whole_file(manifest or manifest_path(target)) as beside, whole_file(target) as stream:
        counts = _write(export, form, stream)
        stream.flush()
        with Path(stream.name).open("rb") as written:
            digest, size = file_digest(written, "sha256").hexdigest(), written.seek(0, 2)
        about = export.about(counts) | {"file": {"name": target.name, "form": form, "bytes": size, "sha256": digest}}
        beside.write(_json(about))
        sync(beside)
    return about


def write_stream(export: Export, form: str, stream: BinaryIO, manifest: Path | None = None) -> Json:
    """Write to a stream, and the manifest to a file where one is named; returns the manifest."""
    with ExitStack() as stack:
        beside = stack.enter_context(whole_file(manifest)) if manifest else None
        counted = Counted(stream)
        counts = _write(export, form, cast(BinaryIO, counted))
        stream.flush()
        written = {"name": None, "form": form, "bytes": counted.size, "sha256": counted.digest.hexdigest()}
        about = export.about(counts) | {"file": written}
        if beside:
            beside.write(_json(about))
    return about


class Counted(RawIOBase):
    """A stream that only goes forward, and knows the size and digest of what went through it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.digest = sha256()
        self.size = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Write through; returns the number of bytes, all of them."""
        self.digest.update(data)
        self.size += len(data)
        self.stream.write(data)
        return len(data)


def _write(export: Export, form: str, stream: BinaryIO) -> Counts:
    module, attribute = FORMS[form].split(":")
    counts: Counts = getattr(import_module(module), attribute)(export.lines, export.columns, stream, export.about)
    return counts


def _json(values: Json) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()
