"""`check_start [--json]`: whether web, worker and beat would start with these settings and this database."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peerworks.home import starting


class Command(BaseCommand):
    """Exit 0 when they would, 1 with all that stands against it. Changes nothing."""

    help = "Say whether the settings and the data in the database go together."
    requires_system_checks = []

    def add_arguments(self, parser):
        """How to answer."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, as_json, **options):
        """Ask, and tell."""
        found = [*starting.problems_of_settings(), *starting.problems_of_data()]
        if found:
            message = " ".join(found)
            if as_json:
                self.stdout.write(json.dumps({"error": message, "where": "settings"}))
            raise CommandError(message)
        if as_json:
            told = {"demonstration": settings.PEERWORKS_DEMO, "tls": settings.PEERWORKS_TLS}
            self.stdout.write(json.dumps(told))
        self.stderr.write("Nothing stands against a start.")
