"""The page for the person who keeps Kilde running: how runs went, and what could not be read or archived."""

from __future__ import annotations

from datetime import UTC, datetime

from kilde.source_runs import COPENHAGEN, Visit, last_visits
from search.export_cells import Line, columns
from search.web import ledger
from search.web.addresses import OPERATIONS, Address
from search.web.danish import told
from search.web.errors import ForbiddenError
from search.web.library import Library
from search.web.view import Entry, Role, Sheet, Task, View
from search.web.words import day, number, wording

COLUMNS = columns("source locator document code detail")
SHOWN = ("seen", "added", "unchanged", "records", "quarantined", "problems", "seconds")
VISITED = ("fetched", "unchanged", "new", "failed", "quarantined", "gone")
MOST_LINES = 500
MOST_SAID = 5
"""Alarms and troubles of a source."""


def operations(library: Library, task: Task) -> View:
    """The view of runs and quarantine. ForbiddenError for who is no admin."""
    if task.role is Role.READER:
        raise ForbiddenError("how runs went is shown to an admin only")
    with library.state() as state:
        runs = ledger.runs(state) if state else []
        unreadable = state.unreadable() if state else []
        visits = last_visits(state) if state else {}
    rows: list[Line] = [
        {"source": it.source, "locator": it.locator, "document": it.document, "code": it.code, "detail": it.detail}
        for it in library.store.quarantined()
    ]
    rows += [
        {"source": it.source, "locator": it.locator, "document": None, "code": it.code, "detail": it.detail}
        for it in unreadable
    ]
    return View(
        template="operations.html",
        title=wording(task.language)("operations.title"),
        address=Address(OPERATIONS),
        content={
            "runs": [(it, moment(it.started, task.language)) for it in runs],
            "shown": SHOWN,
            "visited": VISITED,
            "visits": [
                (name, moment(it.started.isoformat(), task.language), it.report, said_of(it, task.language))
                for name, it in visits.items()
            ],
            "quarantine": [(row, told(str(row["detail"]), task.language)) for row in rows[:MOST_LINES]],
            "total": len(rows),
            "counts": library.store.counts(),
        },
        data={
            "runs": [
                {"number": it.number, "command": it.command, "started": it.started, "finished": it.finished,
                 "report": it.report}
                for it in runs
            ],
            "quarantine": rows,
        },
        sheet=Sheet(COLUMNS, rows),
        entries=tuple(entry_of(it, task.language) for it in runs),
        indexed=False,
    )  # fmt: skip


def entry_of(run: ledger.RunLine, language: str) -> Entry:
    """A run as an entry of a feed, told as the table tells it."""
    say = wording(language)
    told_counts = ", ".join(f"{say(f'runs.{name}').lower()} {number(run.report[name], language)}"
                            for name in SHOWN if name in run.report)  # fmt: skip
    title = f"{run.command}, {moment(run.started, language)}"
    return Entry(str(run.number), title, Address(OPERATIONS), run.finished or run.started, None,
                 told_counts or say("runs.unfinished"), None, "run")  # fmt: skip


def moment(text: str, language: str) -> str:
    """A time in UTC as a clock in Copenhagen shows it.

    >>> moment("2026-11-23T03:19:00Z", "da")
    '23. november 2026 kl. 4.19'
    """
    found = datetime.fromisoformat(text)
    local = found.replace(tzinfo=found.tzinfo or UTC).astimezone(COPENHAGEN)
    clock = f"kl. {local.hour}.{local.minute:02}" if language == "da" else f"{local.hour}:{local.minute:02}"
    return f"{day(local.date().isoformat(), language)} {clock}"


def said_of(visit: Visit, language: str) -> list[tuple[str, str]]:
    """Why a source could not be visited, its alarms and its troubles, each once, behind the language of each."""
    report = visit.report
    failing = [report.failing] if report.failing else []
    others = [line for line in (*report.alarms, *report.troubles) if not any(each in line for each in failing)]
    return [told(line, language) for line in list(dict.fromkeys([*failing, *others]))[:MOST_SAID]]
