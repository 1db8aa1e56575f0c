"""What tests share: builders of observations, and the folder of real documents where it is there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from kilde.cli import cli
from kilde.model import Observation

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "raw" / "samples"
SEEDS = ROOT.parent / "shared" / "seeds"


def observation(
    body: bytes, locator: str = "a.txt", *, source: str = "test", media_type: str = "text/plain"
) -> Observation:
    """An observation of bytes at a fixed time."""
    digest = hashlib.sha256(body).hexdigest()
    return Observation(source, locator, digest, len(body), media_type, "2026-01-02T03:04:05Z")


@pytest.fixture
def seeds() -> Path:
    """The folder of the real documents.

    They are not part of this project, so a test that needs them is skipped without.
    """
    if not SEEDS.is_dir():
        pytest.skip("the real documents are not here; the samples are held to the same expectations")
    return SEEDS


@pytest.fixture(scope="session")
def samples_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the samples, made once, to read from."""
    data = tmp_path_factory.mktemp("samples") / "data"
    result = CliRunner().invoke(cli, ["--data", str(data), "ingest", str(SAMPLES)])
    assert result.exit_code == 0, result.output
    return data
