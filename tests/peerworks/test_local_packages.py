"""How the packages of a lock come into the environment: by uv, told what pip is told, or else by pip."""

import hashlib
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from peerworks.local import packages
from peerworks.local.paths import CHECKOUT


@pytest.fixture
def shelf(tmp_path, monkeypatch) -> Path:
    """A folder with one package of ours, the only place where pip and uv are told to look."""
    shelf = tmp_path / "a shelf"
    shelf.mkdir()
    name = "greeting-1.0"
    with ZipFile(shelf / f"{name}-py3-none-any.whl", "w") as wheel:
        about = f"{name}.dist-info"
        wheel.writestr("greeting.py", "WORD = 'hello'\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    settings = tmp_path / "pip.conf"
    settings.write_text(f"[global]\nno-index = true\nfind-links = {shelf.as_uri()}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    return shelf


@pytest.fixture
def lock(tmp_path, shelf) -> Path:
    """A lock that names it, with its hash."""
    (wheel,) = shelf.iterdir()
    lock = tmp_path / "requirements.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock.write_text(f"greeting==1.0 \\\n    --hash=sha256:{digest}\n")
    return lock


@pytest.fixture
def environment(tmp_path, monkeypatch) -> Path:
    """Its Python, with uv beside it and no pip: what is installed there, uv installed."""
    subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True
    )
    python = tmp_path / "env/bin/python"
    python.with_name("uv").symlink_to(CHECKOUT / ".venv/bin/uv")
    monkeypatch.setattr(packages.sys, "executable", str(python))
    return python


def greets(python: Path) -> bool:
    """Whether that environment has our package."""
    done = subprocess.run(  # noqa: S603 - our own Python
        [python, "-c", "import greeting"], capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.fixture
def uv_is_there(monkeypatch):
    """The lock names uv, and pip has installed it."""
    monkeypatch.setattr(packages, "entry_of", lambda *_: "uv==0 --hash=sha256:00")
    monkeypatch.setattr(packages, "pip", lambda *_words, **_given: 0)


@pytest.mark.usefixtures("uv_is_there")
class TestUv:
    def test_it_installs_from_where_pip_was_told_to_look(self, lock, environment):
        assert not greets(environment)

        assert packages.by_uv(lock)

        assert greets(environment)

    def test_what_has_another_hash_is_not_installed(self, lock, environment):
        lock.write_text("greeting==1.0 --hash=sha256:" + "0" * 64)

        assert not packages.by_uv(lock)

        assert not greets(environment)

    def test_what_it_is_told_in_its_own_words_wins(self, lock, environment, monkeypatch):
        monkeypatch.setenv("UV_FIND_LINKS", str(lock.parent / "nowhere"))

        assert not packages.by_uv(lock)


def test_both_locks_name_it():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        entry = packages.entry_of("uv", (CHECKOUT / lock).read_text())
        assert entry.startswith("uv==")
        assert entry.count("==") == 1
        assert "--hash=sha256:" in entry.splitlines()[-1]


def test_a_lock_without_it_is_for_pip(lock):
    assert packages.entry_of("uv", lock.read_text()) == ""
    assert not packages.by_uv(lock)


def test_pips_settings_are_told_by_uvs_names(monkeypatch, tmp_path):
    """More than one value stands as uv reads it; what pip alone knows is left out."""
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nextra-index-url = file:///a file:///b\nfind-links =\n  /c\n  /d\ntimeout = 3\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)

    told = dict(packages.settings())

    assert told["UV_INDEX"] == "file:///a file:///b"
    assert told["UV_FIND_LINKS"] == "/c,/d"
    assert not [name for name in told if "TIMEOUT" in name]


def test_where_uv_cannot_be_had_pip_installs_the_lock(lock, monkeypatch):
    asked = []
    monkeypatch.setattr(packages, "by_uv", lambda _lock: False)
    monkeypatch.setattr(packages, "pip", lambda *words, **_given: asked.append(words) or 3)

    assert packages.install(lock) == 3
    assert asked == [("install", "-qq", *packages.STRICT, "-r", str(lock))]
