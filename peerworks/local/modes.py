"""The demonstration or an agency's own data, and what is refused before anything is started."""

from collections.abc import Mapping
from ipaddress import ip_address

from peerworks.local.words import Problem

Environment = Mapping[str, str]
LOOPBACK_NAMES = ("localhost", "ip6-localhost")


def is_demonstration(env: Environment) -> bool:
    """Whether made-up people are wanted: unless PEERWORKS_DEMO is 0. Problem for another word."""
    given = env.get("PEERWORKS_DEMO", "").strip() or "1"
    if given not in ("0", "1"):
        raise Problem(
            f"PEERWORKS_DEMO is {given}. Write 1 for the demonstration with made-up people, or 0 "
            "for an agency's own data."
        )
    return given == "1"


def purpose_of(env: Environment) -> str:
    """The subfolder of the state folder: made-up people and real ones never share a database."""
    return "run" if is_demonstration(env) else "agency"


def is_loopback(host: str) -> bool:
    """Whether a name or address leads to this machine only."""
    name = host.strip().strip("[]").lower()
    try:
        return name in LOOPBACK_NAMES or ip_address(name).is_loopback
    except ValueError:
        return False


def hosts(env: Environment) -> list[str]:
    """The names under which people ask for the site."""
    return [each.strip() for each in env.get("ALLOWED_HOSTS", "").split(",") if each.strip()]


def has_tls(env: Environment) -> bool:
    """Whether people come through https: said by PEERWORKS_TLS, else by a name beyond this machine."""
    given = env.get("PEERWORKS_TLS", "").strip()
    if given not in ("", "0", "1"):
        raise Problem(
            f"PEERWORKS_TLS is {given}. Write 1 behind https, or 0 on this machine alone."
        )
    return given == "1" if given else not all(is_loopback(each) for each in hosts(env))


def refuse_what_is_unsafe(env: Environment) -> None:
    """A Problem where strangers could reach the demonstration, or where passwords would go in clear."""
    host = env.get("PEERWORKS_HOST", "") or "127.0.0.1"
    outside = [each for each in hosts(env) if not is_loopback(each)]
    if is_demonstration(env):
        if env.get("PEERWORKS_DEMO_ANYWHERE") != "1":
            _refuse_open_demonstration(host, outside)
    elif not has_tls(env) and (outside or not is_loopback(host)):
        raise Problem(
            f"PEERWORKS_HOST is {host}, beyond this machine, and nothing says that people come "
            "through https. Put a proxy with https in front and set PEERWORKS_TLS=1 and "
            "ALLOWED_HOSTS to its name, or leave PEERWORKS_HOST as 127.0.0.1."
        )


def _refuse_open_demonstration(host: str, outside: list[str]) -> None:
    if not is_loopback(host):
        raise Problem(
            f"The demonstration asks for no password and would listen on {host}, beyond this "
            "machine. Set PEERWORKS_DEMO_ANYWHERE=1 if that is what you want."
        )
    if outside:
        raise Problem(
            f"The demonstration asks for no password, and ALLOWED_HOSTS names {outside[0]}, where "
            "real people could be. Take that name away, run with PEERWORKS_DEMO=0, or set "
            "PEERWORKS_DEMO_ANYWHERE=1 if that is what you want."
        )


def port_of(env: Environment) -> int:
    """The port that is tried first. Problem for what is no port."""
    given = env.get("PEERWORKS_PORT", "").strip() or "8000"
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise Problem(f"PEERWORKS_PORT is {given}: give a number from 1 to 65535.")
    return int(given)
