"""kill -9 at every call that changes the disk, for every command that writes; then the same command again.

What it must come to: nothing that was archived is lost, searches answer from the old or the new state meanwhile, and
the end is what an undisturbed run makes, to the last mention, with nothing found by `kilde check`.
"""

from __future__ import annotations

import pytest

from tests.crash.cases import CASES, Case, World
from tests.crash.conftest import LONG
from tests.crash.nursery import Nursery
from tests.crash.sweep import kill_everywhere, prepare
from tests.crash.tracing import Point

SHORT = 3
"""Points of each command in the short form."""
EVERY = {"ingest": 1, "nightly": 1}
OTHERS = 3
"""In the long form each so-manieth call: of the two commands that everything goes through, all."""


def chosen(case: Case, points: list[Point]) -> list[Point]:
    """The points to try: in the short form a few that stand apart."""
    if LONG:
        return points[:: EVERY.get(case.name, OTHERS)]
    step = len(points) / SHORT
    return [points[int((number + 0.5) * step)] for number in range(SHORT)]


@pytest.mark.parametrize("case", CASES, ids=lambda it: it.name.replace(" ", "_"))
def test_a_run_that_is_killed_is_made_good(
    case: Case, nursery: Nursery, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """At any call."""
    prepared = prepare(case, world)
    result = kill_everywhere(nursery, prepared, chosen(case, prepared.points))
    with capsys.disabled():
        print(f"\n{result} ({len(prepared.points)} calls change the disk)")
    assert not result.wrong, "\n".join(result.wrong[:20])
