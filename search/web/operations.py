"""The page for the person who keeps Kilde running: how runs went, and what could not be read or archived."""

from __future__ import annotations

from search.export_cells import Line, columns
from search.web import ledger
from search.web.addresses import OPERATIONS, Address
from search.web.errors import ForbiddenError
from search.web.library import Library
from search.web.view import Role, Sheet, Task, View
from search.web.words import wording

COLUMNS = columns("source locator document code detail")
SHOWN = ("seen", "added", "unchanged", "records", "quarantined", "problems", "seconds")
MOST_LINES = 500


def operations(library: Library, task: Task) -> View:
    """The view of runs and quarantine. ForbiddenError for who is no admin."""
    if task.role is Role.READER:
        raise ForbiddenError("how runs went is shown to an admin only")
    with library.state() as state:
        runs = ledger.runs(state) if state else []
        unreadable = state.unreadable() if state else []
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
            "runs": runs,
            "shown": SHOWN,
            "quarantine": rows[:MOST_LINES],
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
        indexed=False,
    )  # fmt: skip
