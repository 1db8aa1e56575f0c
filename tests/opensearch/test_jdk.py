"""Which Java is taken of those that a machine has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.opensearch import jdk


def make_jdk(home: Path, version: str, *, compiler: bool = True) -> Path:
    """A folder that looks like a JDK, or like a JRE without its compiler."""
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n', "utf-8")
    if compiler:
        (home / "bin" / "javac").write_text("", "utf-8")
    return home


@pytest.mark.parametrize(
    ("version", "compiler", "expected"),
    [("25.0.1", True, 25), ("21", True, 21), ("17.0.15", True, 17), ("1.8.0_402", True, 1), ("25.0.1", False, None)],
)
def test_a_version_is_read_from_the_release_file(
    tmp_path: Path, version: str, compiler: bool, expected: int | None
) -> None:
    """Nothing is run for it; a JRE without a compiler is none."""
    assert jdk.jdk_version(make_jdk(tmp_path / "java", version, compiler=compiler)) == expected


def test_the_newest_that_the_system_keeps_is_taken_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one of the path may be too old, which is what Debian 12 gives."""
    old, new, newest = (make_jdk(tmp_path / name, name) for name in ("17.0.1", "21.0.2", "25.0.1"))
    monkeypatch.setattr(jdk, "homes", lambda: iter([new, newest, old]))
    monkeypatch.setattr(jdk, "java_on_path", lambda: old)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert jdk.find_jdk() == newest
    monkeypatch.setenv("JAVA_HOME", str(new))
    assert jdk.find_jdk() == new
    monkeypatch.setattr(jdk, "homes", lambda: iter([old]))
    monkeypatch.setenv("JAVA_HOME", str(old))
    assert jdk.find_jdk() is None
    assert "JAVA_HOME" in str(jdk.find_tools())


def test_maven_is_found_where_the_system_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path comes first, then what its own variables name; without any, what is missing is said."""
    for name in ("bin", "own/bin", "kept/bin"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "mvn").touch(0o755)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("MAVEN_HOME", str(tmp_path / "own"))
    monkeypatch.delenv("M2_HOME", raising=False)
    monkeypatch.setattr(jdk, "MAVENS", (str(tmp_path.relative_to("/") / "kept*"),))
    assert jdk.find_maven() == tmp_path / "bin" / "mvn"
    monkeypatch.setenv("PATH", "")
    assert jdk.find_maven() == tmp_path / "own" / "bin" / "mvn"
    monkeypatch.delenv("MAVEN_HOME")
    assert jdk.find_maven() == tmp_path / "kept" / "bin" / "mvn"
    monkeypatch.setattr(jdk, "MAVENS", ())
    monkeypatch.setattr(jdk, "find_jdk", lambda: tmp_path)
    assert jdk.find_maven() is None
    assert "Maven" in str(jdk.find_tools())
