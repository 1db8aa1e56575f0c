"""A Java and what it runs: finds a JDK of 21 or newer and Maven, and keeps OpenSearch's artifacts below build/.

`python -m tests.opensearch.jdk` says in a line which of the two is missing, and nothing where both are there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
OWN = Path(__file__).parent
CACHE = ROOT / "build" / "opensearch"
OLDEST = 21
"""OpenSearch 3 is compiled for this version of Java."""
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
PATIENCE = 900.0
"""Seconds that Maven has: the artifacts are 70 MB."""
HOMES = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/*jdk*",
    "/opt/hostedtoolcache/Java_*/*/*",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)
"""Where systems keep their Java versions."""
MAVENS = ("usr/share/maven", "opt/maven", "opt/apache-maven*", "opt/homebrew/opt/maven")


class BuildError(Exception):
    """The artifacts could not be fetched or the node not compiled; the message holds what the tool said."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a cluster needs of this machine."""

    java_home: Path
    maven: Path


def find_tools() -> Tools | str:
    """The JDK and the Maven to use, or a sentence that says what is missing."""
    home = find_jdk()
    if home is None:
        return f"no JDK of {OLDEST} or newer is here: install one (openjdk-21-jdk, temurin-25-jdk) or set JAVA_HOME"
    maven = find_maven()
    return "no Maven is here: install it (Debian: apt-get install maven)" if maven is None else Tools(home, maven)


def find_jdk() -> Path | None:
    """JAVA_HOME or the java of the path where they are new enough, else the newest of those the system keeps."""
    named = [Path(it) for it in (os.environ.get("JAVA_HOME"), java_on_path()) if it]
    kept = sorted(homes(), key=lambda it: jdk_version(it) or 0, reverse=True)
    return next((home for home in [*named, *kept] if (jdk_version(home) or 0) >= OLDEST), None)


def java_on_path() -> Path | None:
    """The home of the compiler that the path leads to."""
    found = shutil.which("javac")
    return Path(found).resolve().parent.parent if found else None


def homes() -> Iterator[Path]:
    """The folders where systems and their users keep a Java."""
    for pattern in HOMES:
        yield from Path("/").glob(pattern.removeprefix("/"))
    yield from Path.home().glob(".sdkman/candidates/java/*")


def jdk_version(home: Path) -> int | None:
    """The major version of a JDK, from the file that every one has; None where it is none, or has no compiler."""
    try:
        text = (home / "release").read_text("utf-8", "replace")
    except OSError:
        return None
    found = re.search(r'^JAVA_VERSION="(\d+)', text, re.MULTILINE)
    return int(found[1]) if found and (home / "bin" / "javac").is_file() else None


def find_maven() -> Path | None:
    """Maven of the path, of the folder that its own variables name, or of where systems and their users keep it."""
    found = shutil.which("mvn")
    if found:
        return Path(found)
    named = [Path(home) for name in ("MAVEN_HOME", "M2_HOME") if (home := os.environ.get(name))]
    kept = chain(*(Path("/").glob(it) for it in MAVENS), Path.home().glob(".sdkman/candidates/maven/current"))
    return next((mvn for home in chain(named, kept) if (mvn := home / "bin" / "mvn").is_file()), None)


def class_path(tools: Tools) -> str:
    """The class path of the node: artifacts and class, fetched and compiled where pom.xml or Server.java is new."""
    pom, source = OWN / "pom.xml", OWN / "Server.java"
    with locked(CACHE):
        library = CACHE / f"lib-{digest(pom)}"
        if not library.is_dir():
            fetch(tools, pom, library)
        classes = CACHE / f"classes-{digest(pom, source, tools.java_home / 'release')}"
        if not classes.is_dir():
            compile_node(tools, source, library, classes)
    return os.pathsep.join([str(classes), str(library / "*")])


def fetch(tools: Tools, pom: Path, library: Path) -> None:
    """Copy the artifacts of a pom.xml into a folder, all or none."""
    unfinished = fresh(library)
    options = [f"-DoutputDirectory={unfinished}", "-DincludeScope=runtime"]
    run([str(tools.maven), "--batch-mode", "--quiet", "--file", str(pom), PLUGIN, *options])
    unfinished.rename(library)


def compile_node(tools: Tools, source: Path, library: Path, classes: Path) -> None:
    """Compile the node once: a JVM that does so at each start takes a second more."""
    unfinished = fresh(classes)
    compiler = str(tools.java_home / "bin" / "javac")
    run([compiler, "-nowarn", "-cp", str(library / "*"), "-d", str(unfinished), str(source)])
    unfinished.rename(classes)


def fresh(folder: Path) -> Path:
    """An empty folder beside a folder, to be renamed to it."""
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    return unfinished


def run(command: list[str]) -> None:
    """Run a tool; raises BuildError with what it said where it fails."""
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{command[0]} took more than {PATIENCE:.0f} s") from error
    if ended.returncode:
        raise BuildError(f"{command[0]} failed:\n{(ended.stdout + ended.stderr)[-4000:]}")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder alone, so that two test runs do not fetch into it at once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(*files: Path) -> str:
    """A short name for what files hold."""
    return hashlib.sha256(b"".join(it.read_bytes() for it in files)).hexdigest()[:12]


if __name__ == "__main__":
    missing = find_tools()
    if isinstance(missing, str):
        print(missing)
