"""Finds the Chromium of the browser tests; no Python package brings one."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from peerworks.local.words import Problem, say

#: The shell is the same engine without a window: it takes half of the processor's time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "google-chrome", "google-chrome-stable")
APT_COMMAND = ("apt-get", "install", "-y", "--no-install-recommends")
PACKAGES = (SHELL, "chromium")
HOW = f"sudo {' '.join((*APT_COMMAND, SHELL))}"
INSIDE_PLAYWRIGHT = (
    "chromium_headless_shell-*/chrome-*/*headless*shell",
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
)


def find(env: Mapping[str, str]) -> Path | None:
    """The browser to test with: `CHROMIUM`, then Playwright's own, then one on the path.

    Raises Problem when `CHROMIUM` names no program.
    """
    if given := env.get("CHROMIUM"):
        if found := shutil.which(given, path=env.get("PATH")):
            return Path(found)
        raise Problem(f"CHROMIUM is {given}, which is no program. Correct it or take it away.")
    on_path = (shutil.which(name, path=env.get("PATH")) for name in NAMES)
    return _playwrights_own(env) or next((Path(found) for found in on_path if found), None)


def find_or_install(env: Mapping[str, str]) -> Path:
    """Like `find`; where there is none, root installs Debian's and others read how to.

    Raises Problem with the command to run.
    """
    if (found := find(env)) is not None:
        return found
    if os.geteuid() == 0 and shutil.which(APT_COMMAND[0], path=env.get("PATH")):
        say("No Chromium here; installing Debian's for the browser tests.")
        if (found := _installed(env)) is not None:
            return found
    raise Problem(
        "The browser tests need Chromium, and this machine has none. Run\n"
        f"    {HOW}\n"
        "or  .venv/bin/python -m playwright install --with-deps chromium\n"
        "or set CHROMIUM to the path of the one you have."
    )


def _installed(env: Mapping[str, str]) -> Path | None:
    """The browser of the first package that can be had: older systems have no shell of its own."""
    _run(env, "apt-get", "update", "-qq")
    for package in PACKAGES:
        _run(env, *APT_COMMAND, package)
        if (found := find(env)) is not None:
            return found
    return None


def _run(env: Mapping[str, str], *command: str) -> None:
    quiet = dict(env) | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)  # noqa: S603


def _playwrights_own(env: Mapping[str, str]) -> Path | None:
    home = Path(env.get("HOME") or Path.home())
    given = env.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(given)] if given else [home / ".cache/ms-playwright"]
    folders.append(home / "Library/Caches/ms-playwright")
    for folder in folders:
        for pattern in INSIDE_PLAYWRIGHT:
            for found in sorted(folder.glob(pattern), reverse=True):  # the newest first
                if os.access(found, os.X_OK):
                    return found
    return None
