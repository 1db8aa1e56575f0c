"""Settings: which source of a value wins, and what a person is told about a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kilde.errors import SettingsError
from kilde.opensearch import OpenSearch
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


def told(tmp_path: Path, text: str) -> str:
    """What a person is told of these settings."""
    path = tmp_path / "kilde.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(path, {}, {})
    return str(error.value).replace(str(path), "kilde.toml")


CLUSTER = 'engine = "opensearch"\n[opensearch]\n'
WRONG_CLUSTERS = [
    ("nowhere", 'engine = "opensearch"\n', 'kilde.toml: engine = "opensearch" needs to know where that is'),
    ("another engine", 'engine = "solr"\n', "kilde.toml:1: engine: 'solr' is none of whoosh, opensearch"),
    ("no address", f"{CLUSTER}addresses = []\n", 'kilde.toml:2: opensearch: there is no address; write addresses = ["'),
    (
        "misspelt",
        f'{CLUSTER}adresses = ["https://a:9200"]\n',
        "there is no such key; did you mean addresses?; the keys of",
    ),
    (
        "in the open",
        f'{CLUSTER}addresses = ["http://a.dk:9200"]\n',
        "only talked to over https; write https://a.dk:9200",
    ),
    ("password in it", f'{CLUSTER}addresses = ["https://u:hemmelig@a.dk"]\n', "no user or password in an address"),
    ("a path", f'{CLUSTER}addresses = ["https://a.dk/x"]\n', "expected host and port only, like https://a.dk:9200"),
    ("no host", f'{CLUSTER}addresses = ["9200"]\n', "expected https://host:9200"),
    ("no port", f'{CLUSTER}addresses = ["https://a:x"]\n', "is no address"),
    ("a name", f'{CLUSTER}addresses = ["https://a"]\nindex = "Kilde*"\n', "kilde.toml:4: opensearch.index: 'Kilde*'"),
    ("nobody", f'{CLUSTER}addresses = ["https://a"]\npassword_file = "p"\n', "password_file is given and no user"),
    ("none", f'{CLUSTER}addresses = ["https://a"]\nshards = 0\n', "kilde.toml:4: opensearch.shards: "),
]


@pytest.mark.parametrize(("text", "message"), [it[1:] for it in WRONG_CLUSTERS], ids=[it[0] for it in WRONG_CLUSTERS])
def test_a_wrong_cluster_is_told_with_what_to_write(tmp_path: Path, text: str, message: str) -> None:
    """File, line and key where they can be known; never a password."""
    found = told(tmp_path, text)
    assert message in found
    assert "hemmelig" not in found


def test_the_index_is_where_the_engine_keeps_it(tmp_path: Path) -> None:
    """Below the data folder unless another engine is named, whatever table there is."""
    path = tmp_path / "kilde.toml"
    path.write_text(
        'data = "d"\n[opensearch]\naddresses = ["https://a.dk", "http://[::1]:9201"]\nuser = "kilde"\n', "utf-8"
    )
    assert load_settings(path, {}, {}).folder.index == Path("d/index")
    place = load_settings(path, {}, {"KILDE_ENGINE": "opensearch"}).folder.index
    assert place == OpenSearch(("https://a.dk:9200", "http://[::1]:9201"), user="kilde")
    assert str(place) == "kilde at https://a.dk:9200, http://[::1]:9201"
