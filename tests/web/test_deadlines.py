"""A question has two seconds: past them it is given up by itself, and its asker is told what to ask instead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from search.web.asked import Asked
from search.web.desk import Desk, answer
from search.web.library import Library
from search.web.login import Door
from search.web.pages import Site
from search.web.view import Form, Role, Task
from search.web.workers import WORK_SECONDS
from tests.web import site

PAST = -1.0
"""Seconds of a question whose time is over when it begins."""


@pytest.fixture(scope="module")
def hurried(small_data: Path) -> Iterator[httpx.Client]:
    """A server whose questions have no time at all."""
    with site.serving(small_data, Door((), Role.LOCAL), question_seconds=PAST) as found:
        yield found


def test_questions_end_before_their_workers_are_ended() -> None:
    """A page has half the time of its worker, so that the worker goes on for others."""
    desk = Desk(Path(), Site("http://127.0.0.1:8000", protected=False))
    assert (desk.seconds, WORK_SECONDS) == (2.0, 4.0)


@pytest.mark.parametrize(
    ("path", "title", "remedy"),
    [
        ("/soeg?q=tilskud", "Det tager for lang tid", "Skriv færre ord"),
        ("/en/soeg?q=tilskud", "That takes too long", "Write fewer words"),
        ("/soeg?q=til%2A+OR+kom%2A&kommune=0751", "Det tager for lang tid", "Afgræns til en kommune"),
        ("/kommune/0751-aarhus", "Det tager for lang tid", "prøve igen om lidt"),
        ("/", "Det tager for lang tid", "prøve igen om lidt"),
    ],
)
def test_a_person_is_told_what_to_do(hurried: httpx.Client, path: str, title: str, remedy: str) -> None:
    """A page in the language of who asks, with the words still in the field; asking the same again is not proposed."""
    answered = hurried.get(path)
    assert (answered.status_code, "retry-after" in answered.headers) == (503, False)
    assert f"<h1>{title}</h1>" in answered.text
    assert remedy in answered.text
    if "q=tilskud" in path:
        assert 'value="tilskud"' in answered.text


@pytest.mark.parametrize(
    "path", ["/api/v1/search?q=tilskud", "/soeg.json?q=tilskud", "/soeg.csv?q=tilskud", "/soeg.atom?q=tilskud"]
)
def test_a_program_is_told_what_to_do(hurried: httpx.Client, path: str) -> None:
    """problem+json with the same remedy."""
    answered = hurried.get(path)
    problem = answered.json()
    assert (answered.status_code, answered.headers["content-type"]) == (503, "application/problem+json")
    assert problem["title"] == "Takes too long"
    assert "ask for fewer or longer words, or narrow it with filters" in problem["detail"]


def test_no_worker_is_lost(hurried: httpx.Client) -> None:
    """The worker that gave up answers on: what needs no search is answered at once, and none was replaced."""
    assert hurried.get("/soeg?q=tilskud").status_code == 503
    assert hurried.get("/hjaelp").status_code == 200
    assert "kilde_workers_replaced 0.0" in hurried.get("/metrics").text


@pytest.mark.parametrize("view", ["home", "results", "kommuner", "kommune", "region", "similar", "record", "document"])
def test_every_view_looks_at_the_clock(small_data: Path, view: str) -> None:
    """Whatever searches or reads documents."""
    library = Library(small_data)
    in_time, late = site.desk(small_data), site.desk(small_data, PAST)
    found = json.loads(answer(library, Task("results", form=Form.JSON), in_time).body)["hits"][0]
    keys = {"kommune": "0751-aarhus", "region": "midtjylland", "document": found["document"]}
    task = Task(view, key=keys.get(view, found["id"]), asked=Asked(q="tilskud" if view == "results" else ""))
    assert answer(library, task, in_time).status == 200
    assert answer(library, task, late).status == 503
    assert answer(library, task, in_time).status == 200
    library.close()
