"""`make run`: the whole of PeerWorks in the foreground, from the services to the first page."""

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sys import executable as PYTHON
from typing import Any
from urllib.parse import quote

from peerworks.local import environment, keys, modes, postgres, services, valkey
from peerworks.local.children import Child
from peerworks.local.paths import CHECKOUT, Place, open_place
from peerworks.local.supervisor import Supervisor
from peerworks.local.words import Problem, say

PORTS_TRIED = 50
SECONDS_TO_READY = 60.0
STATIC_FOLDERS = ("static", "*/static", "peerworks/*/static")

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """A command that runs to its end between the services and the web server."""

    words: str
    command: tuple[str, ...]
    needed: Callable[[Environment], bool]
    done: Callable[[Environment], None]
    as_owner: bool = False
    statement_seconds: int = 120


def run(env: Environment) -> None:
    """Start everything, say where it is, and stay until a signal (Stopped) or a Problem."""
    modes.refuse_what_is_unsafe(env)
    modes.port_of(env)
    place = open_place(modes.purpose_of(env), env)
    started = time.monotonic()
    with services.held(place) as lock, Supervisor(place.logs) as supervisor:
        with _listening(_settings(place, env)) as (listener, port):
            address = f"http://localhost:{port}/"
            lock.write(f"{address} (process {os.getpid()})")
            full = _settings(place, env) | {"PEERWORKS_PORT": str(port)}
            with _phase("services"):
                full |= services.start(place, supervisor, full)
            _told_by(full, "check_start")
            _take_steps(supervisor, full)
            with _phase("web, worker and beat"):
                _start_site(place, supervisor, full, listener)
                supervisor.until_ready("The site", lambda: is_ready(port), SECONDS_TO_READY, 0.2)
        _say_ready(address, env, full, time.monotonic() - started)
        supervisor.stay()


def is_ready(port: int) -> bool:
    """Whether `/readyz` of the site on `port` answers 200: database, broker and worker are there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Host": f"localhost:{port}", "X-Forwarded-Proto": "https"}
    try:
        connection.request("GET", "/readyz", headers=headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# What the children are told.


def _settings(place: Place, env: Environment) -> dict[str, str]:
    """The environment with this machine's defaults where nothing is given."""
    defaults = {
        "PEERWORKS_HOST": "127.0.0.1",
        "STATIC_ROOT": str(place.folder / "static"),
        "PEERWORKS_TLS": "1" if modes.has_tls(env) else "0",
    }
    if modes.is_demonstration(env):
        mail = quote(str(place.state / "mail"))
        defaults["EMAIL_URL"] = f"filemail:///{mail}"
    given = {name: value for name, value in env.items() if value or name not in defaults}
    demo = "1" if modes.is_demonstration(env) else "0"
    return defaults | given | {"PEERWORKS_DEMO": demo, "PEERWORKS_PORT": str(modes.port_of(env))}


def _is_own_data(env: Environment) -> bool:
    return not modes.is_demonstration(env)


# The address.


@contextmanager
def _listening(env: Environment) -> Iterator[tuple[socket.socket, int]]:
    """A listening socket on the first free port: bound here, so that no request is lost."""
    host, wanted = env["PEERWORKS_HOST"], modes.port_of(env)
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        if (listener := _bound(host, port)) is not None:
            if port != wanted:
                say(f"Port {wanted} is in use, so this start takes {port}.")
            with listener:
                yield listener, port
            return
    raise Problem(f"No port from {wanted} on is free. Set PEERWORKS_PORT to a free one.")


def _bound(host: str, port: int) -> socket.socket | None:
    """A listening socket, or None where the port is taken, for `localhost` in IPv6 as well."""
    if _is_taken("::1", port):
        return None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except PermissionError:
        raise Problem(f"Port {port} needs root. Set PEERWORKS_PORT to one above 1023.") from None
    except socket.gaierror:
        raise Problem(f"PEERWORKS_HOST is {host}, which is no address of this machine.") from None
    except OSError:
        listener.close()
        return None
    return listener


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


# The steps before the web server.


def _take_steps(supervisor: Supervisor, env: Environment) -> None:
    for step in STEPS:
        if not step.needed(env):
            continue
        with _phase(step.words):
            base = environment.as_owner(env) if step.as_owner else environment.without_owner(env)
            base["STATEMENT_SECONDS"] = str(step.statement_seconds)
            name = step.command[0].replace("_", "-")
            supervisor.run_to_the_end(Child(name, [PYTHON, "manage.py", *step.command], base))
            step.done(env)


def _static_stamp(env: Environment) -> Path:
    return Path(env["STATIC_ROOT"]).with_name("static.stamp")


def _static_inputs() -> str:
    """A digest of all that `collectstatic` depends on: our files, the lock, the settings."""
    folders = [folder for where in STATIC_FOLDERS for folder in CHECKOUT.glob(where)]
    own = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in [CHECKOUT / "requirements.txt", CHECKOUT / "peerworks/settings.py", *own]:
        digest.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _static_files_changed(env: Environment) -> bool:
    stamp = _static_stamp(env)
    there = stamp.exists() and Path(env["STATIC_ROOT"]).is_dir()
    return not there or stamp.read_text() != _static_inputs()


def _always(env: Environment) -> bool:
    return True


def _nothing_more(env: Environment) -> None:
    return None


def _stamp_static_files(env: Environment) -> None:
    keys.write_private(_static_stamp(env), _static_inputs())


#: In this order. Each is harmless when it has nothing to do.
STEPS = (
    Step(
        "migrations",
        ("migrate", "--no-input", "-v", "1"),
        needed=_always,
        done=_nothing_more,
        as_owner=True,
        statement_seconds=3600,
    ),
    Step(
        "static files",
        ("collectstatic", "--no-input", "--clear", "-v", "0"),
        needed=_static_files_changed,
        done=_stamp_static_files,
    ),
    Step(
        "made-up people",
        ("fill_demo",),
        needed=modes.is_demonstration,
        done=_nothing_more,
    ),
    Step(
        "rule packs",
        ("load_rulepacks",),
        needed=_is_own_data,
        done=_nothing_more,
    ),
)


def _told_by(env: Environment, *command: str) -> dict[str, Any]:
    """What a command answers as JSON; Problem with its own sentence where it says no.

    Its output is kept in no file: it may hold the key of the setup page.
    """
    done = subprocess.run(  # noqa: S603
        [PYTHON, "manage.py", *command, "--json"],
        cwd=CHECKOUT,
        env=environment.without_owner(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise Problem(f"{command[0]} did not answer:\n{done.stderr[-2000:]}") from None
    if done.returncode:
        raise Problem(str(told.get("error") or done.stderr[-2000:]))
    return told


# The processes that stay.


def _start_site(
    place: Place, supervisor: Supervisor, env: Environment, listener: socket.socket
) -> None:
    app = environment.without_owner(env)
    slow = app | {"STATEMENT_SECONDS": "120"}
    celery = [PYTHON, "-m", "celery", "-A", "peerworks.celery"]
    worker = [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", "-l", "info"]
    beat = [*celery, "beat", "-s", str(place.folder / "beat"), "--pidfile=", "-l", "info"]
    web = [PYTHON, "-m", "gunicorn", "peerworks.wsgi", "--bind", f"fd://{listener.fileno()}"]
    web += ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    web += ["--no-control-socket", "--graceful-timeout", "8"]
    supervisor.start(Child("worker", worker, slow, patience=30))
    supervisor.start(Child("beat", beat, slow))
    supervisor.start(Child("web", web, app, signal.SIGTERM, 10, descriptors=(listener.fileno(),)))


# What is printed.


@contextmanager
def _phase(words: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"  {words:<22} {time.monotonic() - started:5.1f} s")


def _say_ready(address: str, env: Environment, full: Environment, seconds: float) -> None:
    """The block that a newcomer reads; `env` is the one before the services were added to it."""
    database, broker = "from DATABASE_URL", "from REDIS_URL"
    if services.is_embedded(env, "DATABASE_URL"):
        database = f"PostgreSQL {postgres.version().split('.')[0]} (embedded)"
    if services.is_embedded(env, "REDIS_URL"):
        broker = f"Valkey {valkey.version().split('.')[0]} (embedded)"
    say(f"\nPeerWorks is ready    {address}    (Ctrl-C to stop; {seconds:.1f} s)")
    say(f"  Database  {database}      Worker  running      Broker  {broker}")
    if modes.is_demonstration(full):
        say("  Data      made-up people of two agencies; dates move with today")
        say("Pick a person on the first page; no password.")
        say('Try "Luz, peer specialist" at the width of a phone.')
    else:
        _say_own_data(full)


def _say_own_data(full: Environment) -> None:
    """For an agency's own data: where the agency is set up, while there is none, and what is missing."""
    say("  Data      your agency's own, in " + full["PEERWORKS_STATE_DIR"])
    if not full.get("EMAIL_URL"):
        say("  Mail      not set up: no letter leaves before EMAIL_URL is set (see .env.example)")
    try:
        address = _told_by(full, "open_setup")["url"]
    except Problem as problem:
        say(f"There is no setup page: {problem}")
        return
    if address:
        say("Set up your agency and its first administrator here. The address works once:")
        say(f"  {address}")
    else:
        say("Sign in with your e-mail address and password.")
