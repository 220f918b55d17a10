"""`raise_reminders [--on D] [--agency SLUG]`: what the daily tasks do, now and by hand."""

import datetime as dt
import json
from collections import Counter
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.notices.kinds import reminder_kinds
from peerworks.notices.operations import raise_due


class Command(BaseCommand):
    """Raises every kind in each agency, as its service member; again the same day, nothing more."""

    help = "Raise the reminders that are due on a day, the agency's local date when none is given."

    def add_arguments(self, parser):
        """The day and the agency; without them today, and all agencies."""
        parser.add_argument("--on", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", default=None)
        parser.add_argument("--agency", metavar="SLUG", default="")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, on, agency, as_json, **options):
        """Each agency in a transaction of its own."""
        days, results = {on} if on else set(), []
        agencies = self._agencies(agency, as_json)
        for each in agencies:
            day = on or timezone.localdate(timezone=ZoneInfo(each.time_zone))
            days.add(day)
            results.extend(_raise_in(each, day))
        told = _told(days, len(agencies), results)
        if as_json:
            self.stdout.write(json.dumps(told))
        self.stderr.write(
            "{on}: {raised} raised, {superseded} superseded, {already} already there.".format(
                **told
            )
        )

    def _agencies(self, slug, as_json):
        found = Agency.objects.order_by("slug")
        if not slug:
            return list(found)
        chosen = list(found.filter(slug=slug))
        if not chosen:
            message = "There is no agency of that name."
            if as_json:
                self.stdout.write(json.dumps({"error": message, "where": slug}))
            raise CommandError(f"{message} ({slug})")
        return chosen


def _raise_in(agency, day):
    with acting_for(agency.pk), transaction.atomic():
        user_id = service_member(agency.pk).user_id
    with acting_for(agency.pk, user_id), transaction.atomic():
        return [raise_due(kind=each.kind, agency_id=agency.pk, on=day) for each in reminder_kinds()]


def _told(days, agencies, results):
    by_kind: dict[str, Counter[str]] = {}
    for each in results:
        by_kind.setdefault(each.kind, Counter()).update(each.by_step)
    return {
        # Agencies may live on two sides of midnight: then an interval, "2026-03-14/2026-03-15".
        "on": "/".join(sorted(each.isoformat() for each in days)),
        "agencies": agencies,
        "raised": sum(each.raised for each in results),
        "superseded": sum(each.superseded for each in results),
        "already": sum(each.already for each in results),
        "by_kind": {kind: dict(steps) for kind, steps in sorted(by_kind.items()) if steps},
    }
