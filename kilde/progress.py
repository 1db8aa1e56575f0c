"""What a person sees of a run: a bar on a terminal, plain lines where the output goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ingest.readings import Failure, Outcome
from ingest.sources.seen import Sight, Unseen

EVERY = 500
"""Originals between two plain lines."""

Watch = Callable[[Outcome | Sight | None], None]


@contextmanager
def watching(total: int | None, what: str, console: Console) -> Iterator[Watch]:
    """A watcher for a run over `total` originals (None where nobody knows how many)."""
    if console.is_terminal:
        with bar(console) as progress:
            task = progress.add_task(what, total=total)

            def advance(outcome: Outcome | Sight | None) -> None:
                trouble(progress.console, outcome)
                progress.advance(task)

            yield advance
        return
    done = 0

    def watch(outcome: Outcome | Sight | None) -> None:
        nonlocal done
        done += 1
        trouble(console, outcome)
        if done % EVERY == 0:
            console.print(f"{what}: {done:,}{f' of {total:,}' if total else ''}", markup=False)

    yield watch


def bar(console: Console) -> Progress:
    """A progress bar that goes away when it is done."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console,
        transient=True,
    )  # fmt: skip


def trouble(console: Console, outcome: Outcome | Sight | None) -> None:
    """One line for an original that could not be read, with the reason."""
    if isinstance(outcome, Failure):
        where = f"{outcome.observation.source}/{outcome.observation.locator}"
        console.print(f"quarantined {where}: {outcome.detail} ({outcome.code})", markup=False, soft_wrap=True)
    elif isinstance(outcome, Unseen):
        where = f"{outcome.source}/{outcome.locator}"
        console.print(f"not archived {where}: {outcome.detail} ({outcome.code})", markup=False, soft_wrap=True)
