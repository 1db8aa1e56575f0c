"""A real server and a real browser. Only `make test-web` runs these: they take minutes, and need Chromium.

Nothing here waits for a time: each step waits for a state of the page, for as long as a slow machine may take.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT

SHOTS = ROOT / "build" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

PATIENCE = 60_000
"""Milliseconds that a state may be waited for: a limit for what will never come, not for what is slow."""

expect.set_options(timeout=PATIENCE)
collect_ignore_glob = [] if os.environ.get("KILDE_BROWSER") else ["test_*.py"]

NewPage = Callable[..., Page]


class Watch:
    """What a page did that it should not have: dialogs, errors, refusals of the browser."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def over(self, page: Page) -> None:
        page.on("dialog", lambda dialog: (self.wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.wrong.append(f"error {error}"))
        page.on("console", lambda said: self.wrong.append(said.text) if "Content Security" in said.text else None)
        page.on("request", lambda asked: self.wrong.append(asked.url) if is_foreign(asked.url) else None)


def is_foreign(url: str) -> bool:
    """Whether an address is none of ours."""
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    assert CHROMIUM, "expected a Chromium; install it (Debian: apt-get install chromium) or name it in CHROMIUM"
    with sync_playwright() as playwright:
        # A container has little shared memory, and no namespaces for a sandbox; the pages are our own.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, timeout=PATIENCE)
        yield found
        found.close()


@pytest.fixture
def watch() -> Watch:
    """Notes what should not happen."""
    return Watch()


@pytest.fixture
def new_page(browser: Browser, client: httpx.Client, watch: Watch) -> Iterator[NewPage]:
    """Makes pages of a width, light or dark, with or without scripts; at the end nothing wrong must have happened."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1280, scheme: str = "light", scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=str(client.base_url),
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert watch.wrong == []


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where pictures of the pages are kept, to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS
