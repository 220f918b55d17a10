"""The environment of children, and files that hold one."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from peerworks.local import keys
from peerworks.local.paths import Place
from peerworks.local.words import Problem

#: Never inherited: only the steps that migrate are given these, each by name.
OWNERS_ONLY = ("DATABASE_OWNER_URL", "MAY_BYPASS_ISOLATION")


def read_file(file: Path) -> dict[str, str]:
    """The variables of a file with lines `NAME=value`, in the shell's quoting.

    Empty lines, comments and a leading `export` are passed over. Raises Problem naming the line
    that is none of these.
    """
    if not file.exists():
        return {}
    found = {}
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        try:
            words = [word for word in shlex.split(line, comments=True) if word != "export"]
        except ValueError:
            words = [line, "?"]
        if not words:
            continue
        name, equals, value = words[0].partition("=")
        if len(words) != 1 or not equals or not name.isidentifier():
            raise Problem(f"{file}, line {number}: write NAME=value, quoted if it holds spaces.")
        found[name] = value
    return found


def for_children(file: Path, env: Mapping[str, str]) -> dict[str, str]:
    """What everything that we start inherits: the lines of `file`, and over them the variables of this process.

    Some images forbid Python to keep compiled code. A dozen processes of ours would compile all of it at
    every start then, so that one variable is not passed on.
    """
    return {
        name: value
        for name, value in {**read_file(file), **env}.items()
        if name != "PYTHONDONTWRITEBYTECODE"
    }


def as_lines(variables: Mapping[str, str]) -> str:
    """Variables as `export` lines that a shell and `read_file` read."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def with_own_secrets(place: Place, env: Mapping[str, str]) -> dict[str, str]:
    """Variables that name this machine's own signing and field keys, where none are given."""
    made = {}
    for name, make in (("SECRET_KEY", keys.secret_key), ("FIELD_KEYS", keys.field_key)):
        if not env.get(name) and not env.get(f"{name}_FILE"):
            file = place.keys / name.lower().replace("_", "-")
            keys.kept(file, make)
            made[f"{name}_FILE"] = str(file)
    return made


def without_owner(env: Mapping[str, str]) -> dict[str, str]:
    """What web, worker, beat and commands get: all but the owner's way into the database."""
    return {name: value for name, value in env.items() if name not in OWNERS_ONLY}


def as_owner(env: Mapping[str, str]) -> dict[str, str]:
    """What a migration gets: the owner's connection in place of the app's."""
    return without_owner(env) | {
        "DATABASE_URL": env["DATABASE_OWNER_URL"],
        "MAY_BYPASS_ISOLATION": "1",
    }
