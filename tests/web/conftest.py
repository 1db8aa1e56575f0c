"""What the tests of the pages share: one data folder, and one server over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from search.web.login import Door
from search.web.view import Role
from tests.web import site


@pytest.fixture(scope="session")
def web_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder; not to be written to."""
    return site.build(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of a few documents; to be copied by who writes to it."""
    return site.build_small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def client(web_data: Path) -> Iterator[httpx.Client]:
    """A client of a server without passwords, as it is on one's own machine."""
    with site.serving(web_data, Door((), Role.LOCAL)) as found:
        yield found
