"""`open_setup [--json]`: the one-time address at which the first agency is set up.

Each call makes a new key and the older unused one is dead, so the address is told once, to whoever may
read what this prints, and stands in no file and no log.
"""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peerworks.accounts.letters import link_to
from peerworks.accounts.operations import open_setup


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
        key = open_setup()
        url = None if key is None else link_to("accounts:setup-open", key)
        if as_json:
            self.stdout.write(json.dumps({"url": url}))
            return
        self.stderr.write(url or "An agency is there: the setup page is closed for good.")

    def _refuse(self, message, where, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": message, "where": where}))
        raise CommandError(message)
