"""`open_setup [--json]`: the one-time address at which the first agency is set up.

How the parts meet: `accounts.operations.open_setup()` answers a new key, or None where an agency is; the
page is `accounts:setup-open` with that key. This command makes the address of both. Each call makes a new
key and the older unused one is dead, so the address is told once and stands in no file and no log.
"""

import json
from importlib import import_module

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import NoReverseMatch, reverse

PAGE = "accounts:setup-open"


class Command(BaseCommand):
    """JSON {"url": address, or null where an agency is there}; exit 1 in the demonstration."""

    help = "Print the one-time address of the setup page, while there is no agency."

    def add_arguments(self, parser):
        """How to answer."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, as_json, **options):
        """Make a key, and tell the address that it opens."""
        if settings.PEERWORKS_DEMO:
            self._refuse("The demonstration has its agencies.", "PEERWORKS_DEMO", as_json)
        url = self._url(as_json)
        if as_json:
            self.stdout.write(json.dumps({"url": url}))
            return
        self.stderr.write(url or "An agency is there: the setup page is closed for good.")

    def _url(self, as_json):
        try:
            key = import_module("peerworks.accounts.operations").open_setup()
            return None if key is None else _root() + reverse(PAGE, args=[key])
        except (AttributeError, NoReverseMatch):
            self._refuse("this version has none.", "accounts.operations.open_setup", as_json)

    def _refuse(self, message, where, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": message, "where": where}))
        raise CommandError(message)


def _root():
    """Where people find the site, as letters say it."""
    return getattr(settings, "PEERWORKS_ADDRESS", "") or f"http://localhost:{settings.PORT}"
