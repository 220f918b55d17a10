"""What is asked before the program starts: settings that protect nobody, and made-up beside real data.

Web, worker and beat ask by themselves, whoever starts them; `manage.py` asks about the settings through
a system check. The answers are for whoever runs the machine, so they are in English.
"""

import logging

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from peerworks.agencies.models import Agency
from peerworks.local.modes import is_loopback

KEY_LENGTH, KEY_VARIETY = 50, 5
#: Beginnings of keys that stand in examples, where everybody can read them.
KNOWN_KEYS = ("django-insecure-", "change-me", "changeme", "secret", "example")

log = logging.getLogger(__name__)


def refuse_wrong_start() -> None:
    """Raise `ImproperlyConfigured` with all that is wrong, in sentences that say what mends it."""
    found = [*problems_of_settings(), *problems_of_data()]
    if found:
        raise ImproperlyConfigured(" ".join(found))


def problems_of_settings() -> list[str]:
    """What is wrong with the settings, as sentences; nothing when they hold (CF-1)."""
    return [
        *_problems_of_key(settings.SECRET_KEY),
        *_problems_of_hosts(settings.ALLOWED_HOSTS),
        *(["DEBUG is on: it shows data and settings to everybody. Turn it off."] * settings.DEBUG),
    ]


def _problems_of_key(key: str) -> list[str]:
    mend = "Set SECRET_KEY or SECRET_KEY_FILE to 50 random characters or more."
    if key.lower().startswith(KNOWN_KEYS):
        return [f"SECRET_KEY is one that stands in an example. {mend}"]
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY:
        return [f"SECRET_KEY is shorter than 50 characters, or too simple. {mend}"]
    return []


def _problems_of_hosts(hosts: list[str]) -> list[str]:
    if any(each.strip() in ("*", ".") for each in hosts):
        return ["ALLOWED_HOSTS holds *: name the hosts under which people ask for the site."]
    outside = [each for each in hosts if not is_loopback(each) and each != "testserver"]
    if not outside:
        return []
    if settings.PEERWORKS_DEMO and not settings.PEERWORKS_DEMO_ANYWHERE:
        return [
            (
                "The demonstration asks for no password, and ALLOWED_HOSTS names hosts beyond this "
                "machine. Set PEERWORKS_DEMO=0, or PEERWORKS_DEMO_ANYWHERE=1 if that is what you want."
            )
        ]
    if not settings.PEERWORKS_DEMO and not settings.PEERWORKS_TLS:
        return [
            (
                "PEERWORKS_TLS is 0 and ALLOWED_HOSTS names hosts beyond this machine: passwords would "
                "go in clear. Put a proxy with https in front and set PEERWORKS_TLS=1."
            )
        ]
    return []


def problems_of_data() -> list[str]:
    """Whether the database holds what does not go with the mode: made-up agencies, or real ones.

    Outside the demonstration a database that is away is no reason not to start: pages answer 503 then.
    """
    try:
        kinds = kinds_of_agencies()
    except DatabaseError:
        if settings.PEERWORKS_DEMO:
            raise
        log.warning("The database is away: whether it holds made-up agencies was not asked.")
        return []
    if settings.PEERWORKS_DEMO and False in kinds:
        return [
            (
                "The database holds an agency that is not made up, and the demonstration asks for no "
                "password: it does not start there. Set PEERWORKS_DEMO=0, or take another database."
            )
        ]
    if not settings.PEERWORKS_DEMO and True in kinds:
        return [
            (
                "The database holds the made-up agencies of the demonstration, and real people's data "
                "do not go beside them. Take another database, or set PEERWORKS_DEMO=1."
            )
        ]
    return []


def kinds_of_agencies() -> set[bool]:
    """Which kinds of agency are there, made up (True) or real (False); none before the first migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [Agency._meta.db_table])
        if cursor.fetchone() == (None,):
            return set()
    return set(Agency.objects.values_list("is_demo", flat=True).distinct())


@register()
def settings_protect(app_configs, **kwargs):
    """The same sentences for every command of `manage.py`: with one of them none but this check runs."""
    return [Error(each, id="peerworks.E001") for each in problems_of_settings()]
