"""A missing or damaged index says so, and names the command that mends it; nothing of it is a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index import fields, storage
from index.snapshot import open_snapshot
from kilde.errors import DamagedError, KildeError, MissingError
from tests.index.builders import built, document, writer

DOCUMENTS = [document("a", ["En indsats for børn og unge."]), document("b", ["En pulje."])]


def _toc(folder: Path) -> Path:
    return max(storage.current(folder).glob("_MAIN_*.toc"))


def _segment(folder: Path) -> Path:
    return next(storage.current(folder).glob("*.seg"))


def _manifest(folder: Path) -> Path:
    return max(storage.current(folder).glob("manifest-*.json"))


def _cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


DAMAGE: dict[str, Callable[[Path], object]] = {
    "segment truncated": lambda folder: _cut(_segment(folder), 100),
    "segment a byte short": lambda folder: _cut(_segment(folder), _segment(folder).stat().st_size - 1),
    "segment empty": lambda folder: _cut(_segment(folder), 0),
    "segment missing": lambda folder: _segment(folder).unlink(),
    "table of contents empty": lambda folder: _cut(_toc(folder), 0),
    "table of contents truncated": lambda folder: _cut(_toc(folder), 40),
    "table of contents missing": lambda folder: _toc(folder).unlink(),
    "manifest missing": lambda folder: _manifest(folder).unlink(),
    "manifest no JSON": lambda folder: _manifest(folder).write_text("{", encoding="utf-8"),
    "manifest a list": lambda folder: _manifest(folder).write_text("[]", encoding="utf-8"),
    "manifest of nothing": lambda folder: _manifest(folder).write_text('{"files": {}}', encoding="utf-8"),
    "pointer empty": lambda folder: (folder / "current").write_text("", encoding="utf-8"),
    "pointer astray": lambda folder: (folder / "current").write_text("g000077", encoding="utf-8"),
    "pointer out of the folder": lambda folder: (folder / "current").write_text("../../etc", encoding="utf-8"),
    "pointer binary": lambda folder: (folder / "current").write_bytes(b"\xff" * 500),
    "table of contents of another commit": lambda folder: _toc(folder).rename(_toc(folder).with_name("_MAIN_99.toc")),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_told_with_the_way_out(damage: Callable[[Path], object], tmp_path: Path) -> None:
    damage(built(tmp_path, DOCUMENTS))
    with pytest.raises(DamagedError, match="kilde index --rebuild"):
        open_snapshot(tmp_path)
    assert storage.verify(tmp_path)
    assert writer(tmp_path).covers() == -1


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_rebuild_mends_any_damage(damage: Callable[[Path], object], tmp_path: Path) -> None:
    damage(built(tmp_path, DOCUMENTS))
    writer(tmp_path).rebuild(DOCUMENTS, 7)
    assert open_snapshot(tmp_path).manifest.records == 2
    assert storage.verify(tmp_path) == ()
    assert writer(tmp_path).covers() == 7


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_an_update_of_a_damaged_index_is_refused(damage: Callable[[Path], object], tmp_path: Path) -> None:
    damage(built(tmp_path, DOCUMENTS))
    with pytest.raises(DamagedError, match="kilde index --rebuild"):
        writer(tmp_path).update([document("c", ["ny"])], (), 2)


def test_no_index_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="kilde index --rebuild"):
        open_snapshot(tmp_path / "none")
    assert writer(tmp_path / "none").covers() == -1


def test_an_index_of_other_rules_must_be_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path, DOCUMENTS)
    monkeypatch.setattr(storage, "fingerprint", lambda: "of another version")
    with pytest.raises(DamagedError, match=r"another version of Kilde: `kilde index --rebuild`"):
        open_snapshot(tmp_path)
    writer(tmp_path).rebuild(DOCUMENTS, 1)
    assert open_snapshot(tmp_path).manifest.records == 2


def test_the_fingerprint_covers_what_the_analyzer_is_made_of() -> None:
    """A module that has a part in the keys of a word is among the rules."""
    import index.analysis
    import kilde.danish.words

    used = {
        value.__module__
        for module in (index.analysis, index.filters, kilde.danish.words, kilde.danish.compounds)
        for value in vars(module).values()
        if getattr(value, "__module__", "").startswith(("index.", "kilde.danish."))
    }
    assert used <= {f"{package}.{name}" for package, names in fields.RULES.items() for name in names}
    assert len(fields.fingerprint()) == 64


# Whoosh leaves files open when it fails on one that is not as it wrote it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.9])
def test_a_flipped_byte_is_found_by_a_check(place: float, tmp_path: Path) -> None:
    path = _segment(built(tmp_path, DOCUMENTS))
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 255
    path.write_bytes(bytes(data))
    assert any(path.name in each for each in storage.verify(tmp_path))
    try:
        open_snapshot(tmp_path)
    except KildeError as error:
        assert "kilde index --rebuild" in str(error)


def test_what_a_broken_write_left_is_cleared_away(tmp_path: Path) -> None:
    built(tmp_path, DOCUMENTS)
    here = storage.current(tmp_path)
    (here / "_MAIN_9.toc.123").write_bytes(b"half")
    (here / "manifest-77.json").write_text("{}", encoding="utf-8")
    (here / "runs-x").mkdir()
    (here / "runs-x" / "000001.run").write_bytes(b"half")
    (here / "MAIN_left.seg").write_bytes(b"half")
    (tmp_path / "g000009").mkdir()
    writer(tmp_path).update([document("c", ["ny"])], (), 2)
    left = {path.name for path in here.iterdir()}
    assert not {"_MAIN_9.toc.123", "manifest-77.json", "runs-x", "MAIN_left.seg"} & left
    assert not (tmp_path / "g000009").exists()
    assert open_snapshot(tmp_path).manifest.records == 3


def test_a_commit_without_its_manifest_did_not_happen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Power fails before the table of contents is renamed: the last commit stands."""
    built(tmp_path, DOCUMENTS)

    def fail(*_: object, **__: object) -> None:
        raise OSError("power failed")

    monkeypatch.setattr(storage._Storage, "rename_file", fail)
    with pytest.raises(OSError, match="power failed"):
        writer(tmp_path).update([document("c", ["ny"])], (), 2)
    monkeypatch.undo()
    assert open_snapshot(tmp_path).manifest.change == 1
    writer(tmp_path).update([document("c", ["ny"])], (), 2)
    assert open_snapshot(tmp_path).manifest.records == 3
