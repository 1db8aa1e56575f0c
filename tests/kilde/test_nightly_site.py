"""Nightly runs over a newsletter archive on loopback: three years of issues, changed and vanished pages, only 304s."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.fetching.fetch import Fetcher, Manners
from ingest.fetching.pacing import Hosts
from kilde import visits
from kilde.check import check_all
from kilde.folder import DataFolder
from kilde.night import Night
from kilde.nightly import nightly
from kilde.runs import open_run
from kilde.source_runs import SourceReport
from tests.ingest.newsletter_site import START, Archive, issue, page_of
from tests.ingest.site import PLAIN, Reply, Site, World
from tests.kilde.kept import Kept


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """The site, and a world in which its name leads to it."""
    with Site() as served:
        world = World(served)

        def fetcher(manners: Manners, hosts: Hosts) -> Fetcher:
            return Fetcher(manners, hosts=hosts, surroundings=world.surroundings(), tls=PLAIN)

        monkeypatch.setattr(visits, "Fetcher", fetcher)
        yield Archive(served, years=(2022, 2023))


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A data folder that is not there yet."""
    return Kept(DataFolder(tmp_path / "data"), tmp_path)


def night(kept: Kept) -> tuple[Night, SourceReport]:
    """One night over the site."""
    source = {
        "kind": "website", "start": [START], "contact": "arkiv@example.org", "publisher": "Stevnsborg", "pause": 0,
        "exclude": [r"\.pdf$"],
    }  # fmt: skip
    done = nightly(kept.data, kept.settings(sources={"lokalt": source}), (), force=True)
    return done, done.sources[0]


def test_three_nights(kept: Kept, site: Archive) -> None:
    """All is taken in; then nothing but 304s; then a changed, a new, a vanished and a broken page."""
    _, first = night(kept)
    assert (first.new, first.failed, first.failing) == (first.fetched, 0, None)
    assert first.new >= 20
    with kept.store() as store:
        found = [store.document(it.id) for it in store.known_of("lokalt")]
        letters = [it for it in found if it and it.title.startswith("Lokalt Nyt")]
        assert len(letters) == 20
        assert {str(it.published.when) for it in letters if it.published} >= {"2022-01-04", "2023-11-04"}
        assert {it.publisher for it in letters} == {"Stevnsborg"}

    site.site.asked.clear()
    _, second = night(kept)
    assert (second.new, second.fetched, second.unchanged) == (0, 0, first.new)
    answers = [site.answer(it).status for it in site.site.asked if it.target != "/robots.txt"]
    assert set(answers) <= {304, 404}

    pages = list(site.issues())
    site.pages[pages[0]] = issue(2023, "november", 3)
    site.pages["/nyhedsbreve/2023/december"] = issue(2023, "december", 5)
    site.pages[pages[1]] = page_of("Log ind", '<form><input type="password" name="kode"></form>')
    site.gone[pages[2]] = 410
    done, third = night(kept)
    assert (third.new, third.gone, third.failed) == (2, 1, 1)
    assert [it.rpartition("(")[2] for it in third.troubles] == ["login_page)"]
    assert done.in_part
    with kept.store() as store:
        wall = next(it for it in store.known_of("lokalt") if it.locator.endswith(pages[1]))
        document = store.document(wall.id)
        assert document is not None
        assert document.title.startswith("Lokalt Nyt")
    assert check_all(kept.data).findings == ()


def test_a_site_that_is_down_is_failing_and_loses_nothing(kept: Kept, site: Archive) -> None:
    """Every document stays; the next night tells how it went on."""
    _, first = night(kept)
    for path in list(site.site.routes):
        site.site.routes[path] = Reply(b"", 503)
    done, second = night(kept)
    assert second.failing
    assert any("failing" in alarm for alarm in done.alarms)
    with kept.store() as store:
        assert store.counts().documents == first.new


def test_an_address_is_fetched_by_itself(kept: Kept, site: Archive) -> None:
    """One page, and one that is not there."""
    wanted = f"{START}2023/marts"
    with open_run(kept.data, "ingest", 1, lambda _: None) as run:
        urls, before = [wanted, f"{START}2023/juli"], visits.before_of(run, "enkelt")
        unseen = run.ingest(visits.visit_pages("enkelt", urls, "arkiv@example.org", run.started, before))
        assert (run.report.added, [it.code for it in unseen]) == (1, ["dead_links"])
    assert [it.target for it in site.site.asked if it.target != "/robots.txt"] == [
        "/nyhedsbreve/2023/marts",
        "/nyhedsbreve/2023/juli",
    ]
