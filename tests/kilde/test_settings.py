"""Settings: which source of a value wins, and what a person is told about a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kilde.errors import SettingsError
from kilde.settings import load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file."""
    path = tmp_path / "kilde.toml"
    path.write_text('data = "from-file"\njobs = 3\n', "utf-8")
    return path


def test_order(file: Path) -> None:
    """Command line over environment over file over default."""
    assert load_settings(file, {}, {}).data == Path("from-file")
    assert load_settings(file, {}, {"KILDE_DATA": "from-environment"}).data == Path("from-environment")
    given = load_settings(file, {"data": Path("given")}, {"KILDE_DATA": "from-environment"})
    assert (given.data, given.jobs) == (Path("given"), 3)


WRONG = [
    ("unknown key", 'date = "x"\n', "date"),
    ("wrong value", "jobs = 0\n", "jobs"),
    ("no TOML", "jobs = \n", "TOML"),
]


@pytest.mark.parametrize(("text", "named"), [it[1:] for it in WRONG], ids=[it[0] for it in WRONG])
def test_wrong_settings_name_file_and_key(tmp_path: Path, text: str, named: str) -> None:
    """One line that says where and what."""
    path = tmp_path / "kilde.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=named) as error:
        load_settings(path, {}, {})
    assert str(path) in str(error.value)


def test_a_named_file_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default one may be missing."""
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}, {}).data == Path("kilde-data")
    with pytest.raises(SettingsError, match="no settings file"):
        load_settings(tmp_path / "other.toml", {}, {})
