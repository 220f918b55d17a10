"""Installs the packages of a lock into the environment: `environment.sh` runs it as a program.

uv does it in a quarter of pip's time. It is itself a package of the lock, which pip installs first. It
reads none of pip's settings, so they are told it. Where uv cannot do it, for whatever reason, pip
does, and says what is wrong. Needs no package, since there is none yet.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

STRICT = ["--require-hashes", "--only-binary", ":all:"]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
#: A lock names each package with its hashes, so that it does not matter which index has it, nor what it needs.
UV = [
    *("pip", "install", "--quiet", "--no-deps", "--system-certs"),
    *("--index-strategy", "unsafe-best-match"),
]
#: What a setting of pip is called for uv, and what stands between several values.
NAMES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "no-index": ("UV_NO_INDEX", " "),
    "cert": ("SSL_CERT_FILE", " "),
}


def install(lock: Path) -> int:
    """Install what `lock` names, by uv or else by pip; the answer is an exit status."""
    return 0 if by_uv(lock) else pip("install", "-qq", *STRICT, "-r", str(lock))


def by_uv(lock: Path) -> bool:
    """Whether uv is in the lock, could be installed, and installed all the rest."""
    if not (itself := entry_of("uv", lock.read_text())):
        return False
    first = Path(sys.prefix, "first.txt")
    first.write_text(itself)
    if pip("install", "-qq", *STRICT, "-r", str(first), quietly=True):
        return False
    command = [str(Path(sys.executable).with_name("uv")), *UV, *STRICT]
    where = ["--python", sys.executable, "--requirement", str(lock)]
    return run([*command, *where], dict(settings()) | dict(os.environ)) == 0


def entry_of(package: str, lock: str) -> str:
    """The lines of a lock that name a package and its hashes; "" without it."""
    lines = iter(lock.splitlines())
    found: list[str] = []
    for line in lines:
        if line.startswith(f"{package}==") or found:
            found.append(line)
            if not line.endswith("\\"):
                break
    return "\n".join(found)


def settings() -> Iterator[tuple[str, str]]:
    """Pip's settings of files and environment by uv's names, those of more weight last."""
    said = subprocess.run(  # noqa: S603 - our own Python
        [*PIP, "config", "list"], capture_output=True, text=True, check=False
    )
    for line in said.stdout.splitlines():
        name, _, value = line.partition("=")
        if (known := NAMES.get(name.rpartition(".")[2])) is not None:
            yield known[0], known[1].join(str(ast.literal_eval(value)).split())


def pip(*words: str, quietly: bool = False) -> int:
    """Run pip; the answer is its exit status."""
    return run([*PIP, *words], os.environ, quietly=quietly)


def run(command: list[str], env: Mapping[str, str], *, quietly: bool = True) -> int:
    """Run a program of the environment; the answer is its exit status, 1 where there is none."""
    kept = subprocess.DEVNULL if quietly else None
    try:
        return subprocess.run(command, env=env, stderr=kept, check=False).returncode  # noqa: S603
    except OSError:
        return 1


if __name__ == "__main__":
    raise SystemExit(install(Path(sys.argv[1])))
