"""`open_setup [--json]`: the one-time address of the setup page, for whoever may read what this prints."""

import json

from django.core.management.base import BaseCommand

from peerworks.accounts.letters import link_to
from peerworks.accounts.operations import open_setup


class Command(BaseCommand):
    """Exit 0 with the address, and also where the page is closed for good: an agency is there."""

    help = "Print the one-time address of the setup page of an empty installation."

    def add_arguments(self, parser):
        """How to answer."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, as_json, **options):
        """Make a new key; the address of an earlier one, if it was not used, is dead from now on."""
        token = open_setup()
        address = link_to("accounts:setup-open", token) if token else None
        if as_json:
            self.stdout.write(json.dumps({"open": token is not None, "address": address}))
        self.stderr.write(
            f"Set up the agency here, once: {address}"
            if token
            else "An agency is there: the setup page is closed."
        )
