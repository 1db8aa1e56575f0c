"""`kilde ingest --shard` and `kilde gather`, as one gives them; `--scheduler` where it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kilde.cli import cli
from tests.conftest import SAMPLES


def kilde(data: Path, *args: str) -> Result:
    """Run a command over a data folder."""
    return CliRunner().invoke(cli, ["--data", str(data), *args])


def report(data: Path, *args: str) -> dict[str, int]:
    """The report of a command that prints one."""
    result = kilde(data, *args, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, int] = json.loads(result.stdout.splitlines()[-1])
    return found


def total(data: Path) -> int:
    """The records that a search for everything finds."""
    found: int = json.loads(kilde(data, "search", "", "--format", "json").stdout)["total"]
    return found


def test_two_machines_and_one_that_joins_them(tmp_path: Path) -> None:
    """Each takes its share; gathered from a folder and from a backup, all is found."""
    alone = report(tmp_path / "alone", "ingest", str(SAMPLES))
    shares = [report(tmp_path / n, "ingest", str(SAMPLES), "--shard", f"{n}/2", "--no-index") for n in ("1", "2")]
    assert [sum(share[name] for share in shares) for name in ("added", "records")] == [alone["added"], alone["records"]]
    assert all(share["added"] for share in shares)
    assert kilde(tmp_path / "2", "backup", str(tmp_path / "copy")).exit_code == 0
    joined = report(tmp_path / "joined", "gather", str(tmp_path / "1"), str(tmp_path / "copy"))
    assert (joined["added"], joined["records"]) == (alone["added"], alone["records"])
    assert total(tmp_path / "joined") == total(tmp_path / "alone")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--shard", "3/2", "x"], "write 2/3"),
        (["--shard", "1/2", "--from-archive"], "leave the paths, --dry-run and --shard out"),
        (["--scheduler", "10.0.0.1:8786", "x"], "write tls://10.0.0.1:8786"),
        (["--scheduler", "tls://10.0.0.1:8786", "x"], "KILDE_DASK_CA"),
    ],
)
def test_a_wrong_call_says_what_to_do(options: list[str], words: str, tmp_path: Path) -> None:
    """In one line, before anything is made."""
    result = kilde(tmp_path / "data", "ingest", *options)
    assert result.exit_code in (2, 78)
    assert words in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "data").exists()
