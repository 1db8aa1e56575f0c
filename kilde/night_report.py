"""A night's report as files: report.json for programs, report.html for people, in a folder of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from ingest.archiving.archive import sync_folder
from kilde.backup import synced
from kilde.folder import DataFolder
from kilde.nightly import Night

COUNTS = ("fetched", "unchanged", "new", "failed", "quarantined", "gone", "records")


def report_json(night: Night) -> dict[str, Any]:
    """A night as JSON."""
    return asdict(night) | {"alarms": night.alarms}


def write_report(folder: DataFolder, night: Night, lines: Sequence[str]) -> Path:
    """Write the report of a night; returns its folder."""
    into = folder.runs / f"{night.started.replace(':', '')}-{night.run}"
    into.mkdir(parents=True, exist_ok=True)
    environment = Environment(loader=PackageLoader("kilde"), autoescape=select_autoescape())
    page = environment.get_template("night.html").render(night=night, counts=COUNTS, last=lines[-1])
    write(into / "report.json", json.dumps(report_json(night), ensure_ascii=False, indent=1))
    write(into / "report.html", page)
    return into


def write(path: Path, text: str) -> None:
    """Write a file at once."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, "utf-8")
    synced(part)
    part.replace(path)
    sync_folder(path.parent)
