"""Who PostgreSQL runs as when root starts it.

PostgreSQL refuses to run as root. A user namespace gives it an ordinary uid while its files stay
root's: no system user is made and no permission outside our folders changes. Where namespaces are
forbidden (many containers), it runs as `nobody`, if `nobody` can reach the folders at all.
"""

import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from peerworks.local.words import Problem

CLONE_NEWUSER = 0x10000000
ENTER_ONLY = 0o711


@dataclass(frozen=True)
class Identity:
    """Whom a child runs as: the owner of its files, and how to get there between fork and exec."""

    uid: int
    words: str
    popen: dict[str, Any] = field(default_factory=dict)
    before_exec: Callable[[], None] | None = None


def identity_for(data: Path) -> Identity:
    """Whom PostgreSQL with the data folder `data` runs as.

    An existing data folder's owner decides, since a cluster made one way cannot be opened the
    other way. Raises Problem where no way is open.
    """
    if os.geteuid() != 0:
        return Identity(os.geteuid(), "this user")
    if data.exists() and data.stat().st_uid != 0:
        return _other_user(pwd.getpwuid(data.stat().st_uid), data)
    if namespaces_allowed():
        return Identity(0, "root's files, seen through a user namespace", before_exec=leave_root)
    if data.exists():
        raise Problem(
            f"The database in {data} was made with user namespaces, which this machine does not "
            "allow now. Allow them, run as an ordinary user, or start afresh with: make reset"
        )
    return _other_user(pwd.getpwnam("nobody"), data)


def in_words() -> str:
    """Whom a new database would run as; looks only, while `identity_for` opens the way as well."""
    if os.geteuid() != 0:
        return "this user"
    return "root's files in a user namespace" if namespaces_allowed() else "the user nobody"


def leave_root() -> None:
    """Step into a user namespace in which root's uid looks like an ordinary one.

    Runs in the child. The uid seen inside must be a known one: initdb looks up its name.
    """
    inner = min(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid > 0)
    gid = os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER):  # os.unshare exists only from Python 3.12
        raise OSError(ctypes.get_errno(), "no user namespaces")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inner} 0 1")
    Path("/proc/self/gid_map").write_text(f"{inner} {gid} 1")


@cache
def namespaces_allowed() -> bool:
    """Whether a child of this process can make a user namespace: tried once, in a fork."""
    child = os.fork()
    if child == 0:
        try:
            leave_root()
        except BaseException:  # whatever happens in the fork must end in the fork
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _other_user(user: pwd.struct_passwd, data: Path) -> Identity:
    """Run as `user`, after opening our own two folders for passing through, and no others."""
    for folder in (data.parent.parent, data.parent):
        folder.chmod(folder.stat().st_mode | (ENTER_ONLY & 0o011))
    how: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    look = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(data.parent)]
    reached = subprocess.run(look, check=False, cwd="/", **how)  # noqa: S603
    if reached.returncode:
        raise Problem(
            "PostgreSQL does not run as root, this machine allows no user namespaces, and the "
            f"user {user.pw_name} cannot reach {data.parent}. Run as an ordinary user, set "
            "PEERWORKS_STATE_DIR to a folder that others may pass through, or give DATABASE_URL "
            "and DATABASE_OWNER_URL of a PostgreSQL server of your own."
        )
    return Identity(user.pw_uid, f"the user {user.pw_name}", popen=how)
