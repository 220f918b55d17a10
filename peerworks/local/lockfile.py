"""Compares the hashed locks with `pyproject.toml`, without a network: part of `make check`.

What was added to pyproject.toml and not compiled, and what a lock pins outside the range that
pyproject.toml allows, is named. A lock that names an index or a line without a hash is refused.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from peerworks.local.paths import CHECKOUT
from peerworks.local.words import complain

#: Each lock with the extras of pyproject.toml that it holds.
LOCKS = {"requirements.txt": ("local",), "requirements-dev.txt": ("local", "dev")}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;\\]+)")


def differences(checkout: Path) -> list[str]:
    """One sentence for everything in which the locks do not follow pyproject.toml."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]
    pins = {name: _pins((checkout / name).read_text()) for name in LOCKS}
    found: list[str] = []
    for name, extras in LOCKS.items():
        wanted = list(project["dependencies"])
        for extra in extras:
            wanted += project["optional-dependencies"][extra]
        found += _unmet(name, wanted, pins[name])
        found += _unsafe_lines(name, (checkout / name).read_text())
    return [*found, *_disagreements(*pins.values())]


def _pins(text: str) -> dict[str, Version]:
    matches = (PIN.match(line) for line in text.splitlines())
    return {canonicalize_name(m["name"]): Version(m["version"]) for m in matches if m}


def _unmet(lock: str, wanted: Iterable[str], pins: dict[str, Version]) -> Iterator[str]:
    for requirement in map(Requirement, wanted):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{lock} does not hold {requirement.name}."
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{lock} pins {requirement.name} {version}; wanted is {requirement.specifier}."


def _unsafe_lines(lock: str, text: str) -> Iterator[str]:
    """Every pin must carry a hash, and no line may say where packages come from."""
    entries = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    for entry in entries:
        if entry.lstrip().startswith("#"):
            continue
        if not PIN.match(entry):
            yield f"{lock} holds a line that is no pin: {entry.strip()[:60]}"
        elif "--hash=sha256:" not in entry:
            yield f"{lock} pins {entry.split()[0]} without a hash."


def _disagreements(run: dict[str, Version], dev: dict[str, Version]) -> Iterator[str]:
    for name, version in run.items():
        if dev.get(name) != version:
            yield f"requirements.txt pins {name} {version}, requirements-dev.txt {dev.get(name)}."


if __name__ == "__main__":
    sentences = differences(CHECKOUT)
    for sentence in sentences:
        complain(sentence)
    sys.exit(1 if sentences else 0)
