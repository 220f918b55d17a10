"""`judge_notes --agency SLUG [--from D] [--to D] [--on D] [--store]`: what could be billed, and why not."""

import datetime as dt
import json
import time
from collections import Counter
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from billing.gates.engine import judge
from billing.models import ServiceNote
from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.audit import trail
from peerworks.lib.findings import Moment, Outcome, Verdict
from peerworks.lib.money import total

AT_ONCE = 10_000
"""Notes judged together: their facts are held in memory."""

_OUTCOMES = (Outcome.PASS, Outcome.WARN, Outcome.BLOCK, Outcome.UNKNOWN)


class Command(BaseCommand):
    """Acts as the agency's service member, so sealed people are judged and counted, too."""

    help = (
        "Judge at the claim all notes with a service day, void ones left out. Units and charge are "
        "those of the notes that could be billed. Runs are stored only with --store."
    )

    def add_arguments(self, parser):
        """The agency and the days, both included; without them every day."""
        day = {"type": dt.date.fromisoformat, "metavar": "YYYY-MM-DD", "default": None}
        parser.add_argument("--agency", metavar="SLUG", required=True)
        parser.add_argument("--from", dest="first", help="the first service day", **day)
        parser.add_argument("--to", dest="last", help="the last service day", **day)
        parser.add_argument("--on", help="the day of asking, else the agency's local date", **day)
        parser.add_argument("--store", action="store_true", help="store a run of each note")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, agency, first, last, on, store, as_json, **options):
        """Judge in one transaction, and tell."""
        if first and last and last < first:
            raise CommandError("--to comes before --from.", returncode=2)
        found = self._agency(agency, as_json)
        day = on or timezone.localdate(timezone=ZoneInfo(found.time_zone))
        began = time.perf_counter()
        verdicts = _judge(found, first, last, day, store)
        told = {
            "agency": agency,
            "on": day.isoformat(),
            "from": first and first.isoformat(),
            "to": last and last.isoformat(),
            **_told(verdicts),
            "seconds": round(time.perf_counter() - began, 2),
        }
        if as_json:
            self.stdout.write(json.dumps(told))
        self.stderr.write("{notes} notes: {units} units, ${charge} can be billed.".format(**told))

    def _agency(self, slug, as_json):
        found = Agency.objects.filter(slug=slug).first()
        if found is None:
            message = "There is no agency of that name."
            if as_json:
                self.stdout.write(json.dumps({"error": message, "where": slug}))
            raise CommandError(f"{message} ({slug})")
        return found


def _judge(agency, first, last, on, store):
    """The verdicts of all these notes, by id."""
    with acting_for(agency.pk), transaction.atomic():
        member = service_member(agency.pk)
    verdicts: dict[UUID, Verdict] = {}
    with acting_for(agency.pk, member.user_id), transaction.atomic():
        notes = _notes(first, last)
        for start in range(0, len(notes), AT_ONCE):
            some = notes[start : start + AT_ONCE]
            verdicts |= judge(some, on=on, moment=Moment.BATCH, by=member, store=store)
        trail.record("notes.judged", by=member.user, fields=["gate_runs"] if store else [])
    return verdicts


def _notes(first, last):
    notes = ServiceNote.objects.filter(service_day__isnull=False).exclude(
        state=ServiceNote.State.VOID
    )
    if first:
        notes = notes.filter(service_day__gte=first)
    if last:
        notes = notes.filter(service_day__lte=last)
    return list(notes.order_by("service_day", "pk").values_list("pk", flat=True))


def _told(verdicts):
    """Outcomes and reasons of all, units and charge of those that could be billed."""
    judged = verdicts.values()
    outcomes = Counter(each.outcome for each in judged)
    billable = [each for each in judged if each.can_bill]
    reasons = Counter(
        reason
        for each in judged
        for reason in {said.because.reason for said in each.told() if said.because is not None}
    )
    return {
        "notes": len(verdicts),
        "outcomes": {each.value: outcomes[each] for each in _OUTCOMES},
        "reasons": dict(sorted(reasons.items())),
        "units": sum(each.units for each in billable),
        "charge": str(total(each.charge for each in billable if each.charge is not None)),
        "packs": _packs(judged),
    }


def _packs(judged):
    used = {(each.pack, each.version) for verdict in judged for each in verdict.packs}
    return {
        pack: ", ".join(sorted(version for name, version in used if name == pack))
        for pack in sorted({name for name, _ in used})
    }
