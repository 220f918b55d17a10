"""`build_batch --agency SLUG --payer CODE --out FILE [--through D] [--dry-run]`: one file of claims."""

import datetime as dt
import json
import os
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from billing.models import Payer
from billing.operations.batches import build_batch, send_batch
from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.lib.findings import Refused
from peerworks.web import reasons


class NotBuilt(Exception):
    """Nothing was built: why, and what it is about."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.where = where


class Command(BaseCommand):
    """Acts as the agency's service member: sealed people are left out, and counted as SEALED."""

    help = "Bill what is ready for a payer: create claims and one batch, and write the 837P."

    def add_arguments(self, parser):
        """The agency, the payer and the file."""
        parser.add_argument("--agency", metavar="SLUG", required=True)
        parser.add_argument("--payer", metavar="CODE", required=True)
        parser.add_argument("--out", metavar="FILE", required=True, type=Path)
        parser.add_argument(
            "--through", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", default=None
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would be billed, and write nothing"
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, agency, payer, out, through, dry_run, as_json, **options):
        """Build, hand out the file, tell; exit 1 and no file where nothing is billed."""
        try:
            batch = _build(agency, payer, None if dry_run else out, through)
        except NotBuilt as error:
            if as_json:
                self.stdout.write(json.dumps({"error": str(error), "where": error.where}))
            raise CommandError(f"{error} ({error.where})") from error
        told = _told(agency, payer, batch, None if dry_run else out)
        if as_json:
            self.stdout.write(json.dumps(told))
        self.stderr.write(
            "{claims} claims, {lines} lines, {units} units, ${charge} for {payer}.".format(**told)
        )


def _build(slug, code, out, through):
    """The batch, with its file beside it; without `out` a batch that is not saved."""
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        raise NotBuilt("There is no agency of that name.", slug)
    with acting_for(agency.pk), transaction.atomic():
        member = service_member(agency.pk)
    at = timezone.now()
    on = timezone.localdate(at, ZoneInfo(agency.time_zone))
    with _written(out) as write, acting_for(agency.pk, member.user_id), transaction.atomic():
        payer = Payer.objects.filter(code=code).first()
        if payer is None:
            raise NotBuilt("There is no payer of that code.", code)
        try:
            batch = build_batch(
                payer=payer, through=through, by=member, at=at, on=on, dry_run=out is None
            )
        except Refused as refused:
            because = refused.refusal.because
            raise NotBuilt(reasons.sentence(because), _where(because, code)) from refused
        if out is not None:
            # The file leaves the program here, so the batch can no longer be taken back.
            write(send_batch(batch=batch, by=member, at=at).file)
        return batch


def _where(because, code):
    element = because.params.get("element")
    return f"{code} {element}" if element else code


@contextmanager
def _written(out):
    """Write beside the file and put it in place only when all of it is committed."""
    part = out.with_name(f"{out.name}.part") if out is not None else None
    try:
        yield lambda text: _write(part, text)
        if part is not None:
            part.replace(out)
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _write(part, text):
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.encode("ascii"))
    except OSError as error:
        raise NotBuilt(
            f"The file cannot be written: {error.strerror}.", str(part.parent)
        ) from error


def _told(slug, code, batch, out):
    is_built = out is not None
    return {
        "agency": slug,
        "payer": code,
        "batch": str(batch.pk) if is_built else None,
        "file": str(out) if is_built else None,
        "sha256": batch.sha256 if is_built else None,
        "interchange": batch.interchange if is_built else None,
        "sets": batch.sets_count,
        "claims": batch.claims_count,
        "lines": batch.lines_count,
        "notes": batch.notes_count,
        "units": batch.units,
        "charge": f"{batch.charge:.2f}",
        "left_out": batch.left_out,
    }
