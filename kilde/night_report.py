"""A night's report as files: report.json for programs, report.html for people, in a folder of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from ingest.archiving.archive import sync_folder
from kilde.backup import synced
from kilde.folder import DataFolder
from kilde.night import Night, lines_of
from kilde.sources import Source

COUNTS = ("fetched", "unchanged", "new", "failed", "quarantined", "gone", "records")
PART = ".part"
"""The ending of a file that is being written."""


def report_json(night: Night) -> dict[str, Any]:
    """A night as JSON."""
    return asdict(night) | {"alarms": night.alarms}


def folder_of(folder: DataFolder, night: Night) -> Path:
    """Where the report of a night stands."""
    return folder.runs / f"{night.started.replace(':', '')}-{night.run}"


def write_report(folder: DataFolder, night: Night, sources: Mapping[str, Source]) -> Path:
    """Write the report of a night, under the data folder's lock; returns its folder."""
    into = folder_of(folder, night)
    into.mkdir(parents=True, exist_ok=True)
    *_, last = lines_of(night, sources)
    environment = Environment(loader=PackageLoader("kilde"), autoescape=select_autoescape())
    page = environment.get_template("night.html").render(night=night, counts=COUNTS, last=last)
    write(into / "report.json", json.dumps(report_json(night), ensure_ascii=False, indent=1))
    write(into / "report.html", page)
    return into


def tidy_reports(folder: DataFolder) -> None:
    """Take away what a night that was cut short had begun to write, under the data folder's lock."""
    for part in folder.runs.glob(f"*/.*{PART}"):
        part.unlink()
    for into in folder.runs.glob("*"):
        if into.is_dir() and not any(into.iterdir()):
            into.rmdir()


def write(path: Path, text: str) -> None:
    """Write a file at once."""
    part = path.with_name(f".{path.name}{PART}")
    part.write_text(text, "utf-8")
    synced(part)
    part.replace(path)
    sync_folder(path.parent)
