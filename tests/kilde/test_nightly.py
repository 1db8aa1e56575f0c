"""The nightly run: what is due is visited, what went wrong is an alarm, and what older rules read is read anew."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kilde.alarms import Shape, alarms_of, differences
from kilde.coverage import coverage, missing_months
from kilde.errors import LockedError
from kilde.folder import DataFolder
from kilde.lock import write_lock
from kilde.night import Night, lines_of
from kilde.night_report import folder_of
from kilde.nightly import nightly
from kilde.source_runs import SourceReport, Visit, is_due, late_by
from kilde.sources import Cadence
from kilde.state import State
from kilde.status import source_states
from kilde.store import Store
from tests.kilde.kept import Kept, letter


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A folder of letters, and no data folder yet."""
    kept = Kept(DataFolder(tmp_path / "data"), tmp_path / "breve")
    for number in range(3):
        kept.write(f"{number:02}.txt", letter(number))
    return kept


def night(kept: Kept, *, force: bool = True, **sources: dict[str, Any]) -> Night:
    """Do a night's work over the folder of letters, and other sources."""
    letters = {"kind": "folder", "path": kept.files, "publisher": "Broselskabet"}
    settings = kept.settings(sources={"breve": letters, **sources})
    return nightly(kept.data, settings, (), force=force)


def report_of(done: Night, source: str) -> SourceReport:
    """What one source gave."""
    return next(it for it in done.sources if it.source == source)


def test_a_night_takes_in_what_is_new_and_notes_what_is_gone(kept: Kept) -> None:
    """Then the next one finds it unchanged; a vanished file keeps its last version, until it is there again."""
    first = report_of(night(kept), "breve")
    assert (first.fetched, first.new, first.unchanged, first.documents, first.alarms) == (3, 3, 0, 3, [])
    second = report_of(night(kept), "breve")
    assert (second.fetched, second.new, second.unchanged) == (0, 0, 3)
    text = (kept.files / "01.txt").read_text("utf-8")
    (kept.files / "01.txt").unlink()
    assert report_of(night(kept), "breve").gone == 1
    assert report_of(night(kept), "breve").gone == 0
    id_ = kept.id_of("01.txt")
    with kept.store() as store:
        known, document = store.known(id_), store.document(id_)
        assert known is not None
        assert known.gone is not None
        assert document is not None
        assert document.publisher == "Broselskabet"
    kept.write("01.txt", text)
    assert report_of(night(kept), "breve").new == 1
    with kept.store() as store:
        known = store.known(id_)
        assert known is not None
        assert known.gone is None


def test_a_source_that_fails_is_an_alarm_and_the_others_go_on(kept: Kept, tmp_path: Path) -> None:
    """The last line names it, the answers' coverage too, and it is due again at once."""
    done = night(kept, post={"kind": "mailbox", "path": tmp_path / "ikke-her.mbox"})
    assert report_of(done, "breve").new == 3
    assert report_of(done, "post").failing
    assert done.in_part
    assert "post failing: there is no mailbox" in list(lines_of(done, {}))[-1]
    with Store(kept.data.store) as store, State(kept.data.state, readonly=True) as state:
        assert coverage(store, state).failing == ("post",)
    again = night(kept, force=False, post={"kind": "mailbox", "path": tmp_path / "ikke-her.mbox"})
    assert [it.visited for it in again.sources] == [False, True]


def test_a_report_is_written_for_programs_and_for_people(kept: Kept) -> None:
    """Both name what is late."""
    letters = {"kind": "folder", "path": kept.files, "cadence": "monthly"}
    done = nightly(kept.data, kept.settings(sources={"breve": letters}), (), force=True)
    into = folder_of(kept.data, done)
    values = json.loads((into / "report.json").read_text("utf-8"))
    assert values["sources"][0]["new"] == 3
    assert values["alarms"][0].startswith("breve late: nothing published for")
    assert "breve late: nothing published for" in (into / "report.html").read_text("utf-8")
    with Store(kept.data.store) as store, State(kept.data.state, readonly=True) as state:
        (found,) = source_states(store, state, kept.settings(sources={"breve": letters}).sources, datetime.now(UTC))
        assert (found.state, found.documents, found.last_published) == ("late", 3, "2021-03-31")
        assert found.missing[0] == "2021-04"


def test_what_a_night_that_was_cut_short_left_of_its_report_goes_away(kept: Kept) -> None:
    """The next night takes it away, and leaves whole reports alone."""
    first = folder_of(kept.data, night(kept))
    cut_short, empty = kept.data.runs / "2021-05-01T030000Z-7", kept.data.runs / "2021-05-02T030000Z-8"
    cut_short.mkdir()
    empty.mkdir()
    (cut_short / ".report.json.part").write_text("{", "utf-8")
    second = folder_of(kept.data, night(kept))
    assert sorted(kept.data.runs.iterdir()) == sorted({first, second})


def test_older_rules_are_renewed_in_bounded_batches(kept: Kept) -> None:
    """What they did not find is counted as added."""
    night(kept)
    with sqlite3.connect(kept.data.store) as connection:
        connection.execute("UPDATE version SET rules = 'older'")
        connection.execute("DELETE FROM kommune_mention WHERE code = '0630'")
    connection.close()
    letters = {"kind": "folder", "path": kept.files}
    settings = kept.settings(sources={"breve": letters}, reread_nightly=2)
    done = nightly(kept.data, settings, (), force=True)
    assert (done.reread, done.older, sum(it.added for it in done.differences)) == (2, 1, 2)
    done = nightly(kept.data, settings, (), force=True)
    assert (done.reread, done.older) == (1, 0)


def test_two_nights_at_once_are_one(kept: Kept) -> None:
    """The second is told who is at work."""
    night(kept)
    with write_lock(kept.data.path), pytest.raises(LockedError, match=r"process \d+ .*writes to"):
        night(kept)


SHAPES = [Shape(8 + n % 3, 6_000 + 50 * n, 5_400 + 45 * n, 24 + n % 5) for n in range(30)]
READS = [
    ("as before", Shape(9, 6_100, 5_500, 25), ""),
    ("items no longer cut apart", Shape(1, 6_100, 5_500, 3), "records per document"),
    ("text lost to navigation", Shape(9, 6_100, 900, 25), "share of text kept"),
    ("mentions no longer found", Shape(9, 6_100, 5_500, 2), "mentions per record"),
]


@pytest.mark.parametrize(("what", "shape", "alarm"), READS, ids=[it[0] for it in READS])
def test_reading_differently_is_told(what: str, shape: Shape, alarm: str) -> None:
    """Against a source's own history; too little history says nothing."""
    found = differences([shape], SHAPES)
    assert [alarm in it for it in found] == ([True] if alarm else []), what
    assert differences([shape], SHAPES[:5]) == []


def test_an_empty_visit_is_told() -> None:
    """Nothing found, though nothing failed."""
    report = SourceReport("s", "website")
    assert alarms_of(report, [], [], datetime(2021, 1, 1, tzinfo=UTC)) == ["empty: nothing was found at the source"]
    report.unchanged = 1
    assert alarms_of(report, [], [], datetime(2021, 1, 1, tzinfo=UTC)) == []


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# R10: days are those of Copenhagen, also where the clocks change and over leap days.
DUE = [
    ("2021-03-27T01:00", "2021-03-28T00:30", 1, True),  # the night without the third hour
    ("2021-03-27T23:30", "2021-03-28T21:59", 1, False),  # both are the 28th in Copenhagen
    ("2021-10-30T22:30", "2021-10-31T22:59", 1, False),  # the night with the third hour twice: both are the 31st
    ("2021-10-30T22:30", "2021-10-31T23:00", 1, True),
    ("2020-02-28T12:00", "2020-02-29T02:00", 1, True),
    ("2020-02-28T12:00", "2020-03-01T02:00", 2, True),
    ("2021-12-31T22:30", "2021-12-31T23:30", 1, True),  # a new year in Copenhagen
    ("2021-06-01T00:00", "2021-06-07T12:00", 7, False),
    ("2021-06-01T00:00", "2021-06-08T01:00", 7, True),
    ("2021-06-01T00:00", "2021-06-01T00:01", 0.5, True),
]


@pytest.mark.parametrize(("last", "now", "days", "due"), DUE)
def test_days_are_those_of_copenhagen(last: str, now: str, days: float, due: bool) -> None:
    """A source is due when as many days have passed as a calendar there shows."""
    assert is_due(Visit(at(last), SourceReport("s", "feed")), days, at(now)) is due


LATE = [
    ("monthly", "2021-01-31", "2021-03-10T03:00", None),
    ("monthly", "2021-01-31", "2021-03-25T03:00", 53),
    ("weekly", "2021-01-01", "2021-01-11T03:00", None),
    ("weekly", "2021-01-01", "2021-01-12T03:00", 11),
    ("yearly", "2020-01-01", "2021-06-01T03:00", None),
    ("irregular", "1990-01-01", "2021-06-01T03:00", None),
    ("daily", None, "2021-06-01T03:00", None),
]


@pytest.mark.parametrize(("cadence", "published", "now", "days"), LATE)
def test_late_is_by_the_sources_own_cadence(cadence: str, published: str | None, now: str, days: int | None) -> None:
    """One and a half times its cadence after the last publication."""
    assert late_by(cadence, published, at(now)) == days


MISSING = [
    (["2020-01", "2020-02", "2020-04"], Cadence.MONTHLY, None, "2020-06-20T00:00", ["2020-03", "2020-05"]),
    (["2020-01"], Cadence.MONTHLY, None, "2020-03-10T00:00", []),  # February may still come
    (["2020-02"], Cadence.MONTHLY, "2019-12", "2020-03-30T00:00", ["2019-12", "2020-01"]),
    (["2020-02", "2020-09"], Cadence.QUARTERLY, None, "2021-01-10T00:00", ["2020-04"]),
    (["2018-05"], Cadence.YEARLY, "2017", "2020-09-01T00:00", ["2017-01", "2019-01"]),
    (["2018-05"], Cadence.IRREGULAR, "2017", "2020-09-01T00:00", []),
    ([], Cadence.MONTHLY, None, "2020-09-01T00:00", []),
]


@pytest.mark.parametrize(("months", "cadence", "since", "now", "missing"), MISSING)
def test_missing_months_are_named(
    months: list[str], cadence: Cadence, since: str | None, now: str, missing: list[str]
) -> None:
    """From the first that is there, or from `since`, to the last that should be."""
    assert missing_months(months, cadence, since, at(now)) == missing


def test_a_nightly_run_that_stopped_is_seen_by_answers(kept: Kept) -> None:
    """Nobody visited the source for a week though it was due each day."""
    night(kept)
    with Store(kept.data.store) as store, State(kept.data.state, readonly=True) as state:
        assert coverage(store, state).late == ()
        assert coverage(store, state, datetime.now(UTC) + timedelta(days=7)).late == ("breve",)
