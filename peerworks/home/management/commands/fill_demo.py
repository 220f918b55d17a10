"""`fill_demo [--today D] [--json]`: the demonstration's agencies and people in an empty database."""

import datetime as dt
import json
import time
import zoneinfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from peerworks.home.demo.cast import AGENCIES
from peerworks.home.demo.filling import NotEmpty, fill


class Command(BaseCommand):
    """Exit 0 when the demonstration stands there, now or before; 1 where real rows do."""

    help = "Fill an empty database with made-up agencies, people and 14 months of records."

    def add_arguments(self, parser):
        """The day that all dates hang on, and how to answer."""
        parser.add_argument(
            "--today", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", default=None
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, today, as_json, **options):
        """Load the packs, then fill; a second time there is nothing to do."""
        if not settings.PEERWORKS_DEMO:
            self._refuse(
                "This is no demonstration: set PEERWORKS_DEMO=1.", "PEERWORKS_DEMO", as_json
            )
        began = time.monotonic()
        call_command("load_rulepacks", stdout=self.stderr, stderr=self.stderr)
        day, now = _day_and_moment(today)
        try:
            filled = fill(day, now)
        except NotEmpty as refused:
            self._refuse(f"The database is not empty: {refused}.", "database", as_json)
        seconds = round(time.monotonic() - began, 1)
        told = {"filled": filled.is_new, "today": day.isoformat(), "seconds": seconds}
        if as_json:
            self.stdout.write(json.dumps(told | {"agencies": filled.counts}))
        self.stderr.write(_words(filled, seconds))

    def _refuse(self, message, where, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": message, "where": where}))
        raise CommandError(message)


def _day_and_moment(today):
    """The agency's local day and the moment: now, or five in the afternoon of the day that is given."""
    zone = zoneinfo.ZoneInfo(AGENCIES[0].time_zone)
    now = timezone.now()
    here = timezone.localdate(now, timezone=zone)
    if today is None or today == here:
        return here, now
    return today, dt.datetime.combine(today, dt.time(17), zone).astimezone(dt.UTC)


def _words(filled, seconds):
    if not filled.is_new:
        return "Already filled."
    sizes = "; ".join(
        f"{slug}: {counts['providers']} providers, {counts['participants']} participants, "
        f"{counts['notes']} notes"
        for slug, counts in filled.counts.items()
    )
    return f"Filled in {seconds} s. {sizes}."
