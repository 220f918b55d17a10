"""`load_rulepacks`: store the versions of rule packs that are new."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from peerworks.lib.rulepack import PackErrors
from peerworks.rulepacks.operations import load_shipped_packs


class Command(BaseCommand):
    """Exit 0 when all stand in the database, 1 when one was refused; then nothing is stored."""

    help = "Store the rule packs that the program brings and the database does not have yet."

    def add_arguments(self, parser):
        """How to answer."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, as_json, **options):
        """Load all of them, or none. Running it again stores nothing more."""
        try:
            with transaction.atomic():
                loaded = load_shipped_packs()
        except PackErrors as refused:
            self._refuse(refused, as_json)
        new = [each.version for each in loaded if each.is_new]
        if as_json:
            self.stdout.write(_as_json(new, len(loaded) - len(new)))
        names = ", ".join(each.name for each in new) or "none"
        self.stderr.write(f"Loaded: {names}. Already there: {len(loaded) - len(new)}.")

    def _refuse(self, refused, as_json):
        first = refused.errors[0]
        if as_json:
            where = f"{first.file}:{first.line}"
            self.stdout.write(_as_refusal(first.message, where))
        raise CommandError(str(refused))


def _as_json(new, already) -> str:
    named = [{"pack": each.pack, "version": each.version, "sha256": each.sha256} for each in new]
    return json.dumps({"loaded": len(new), "already": already, "packs": named})


def _as_refusal(message, where) -> str:
    return json.dumps({"error": message, "where": where})
