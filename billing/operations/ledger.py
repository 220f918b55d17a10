"""What signing a note does to the ledger of worked minutes and to the claim it stands on.

Parts of the operations that sign and take back notes: they write no event of their own.
"""

import datetime as dt
from uuid import UUID

from billing.models import ClaimLine, Coverage, NoteVersion, ServiceNote
from billing.models.notes import BREAK
from billing.queries.notes import stretch_of
from peerworks.accounts.models import Membership
from peerworks.agencies.models import FundingSource
from peerworks.lib.findings import Verdict
from providers.models import Activity, WorkSpan
from providers.operations.work import SpanEntry, record_span, reverse_span


def record(
    note: ServiceNote, version: NoteVersion, verdict: Verdict, *, by: Membership, at: dt.datetime
) -> None:
    """Write the time of a signed version: the visit, and what was set apart from it.

    Each entry has one funding source: the payer's where the visit can be billed at signing, else the
    program's, and always the program's for what is not billed. A group session has one span.
    """
    source, source_id = _source_of(note)
    record_span(
        provider=note.provider,
        period=stretch_of(version),
        site=note.site,
        program=note.program,
        source_kind=source,
        source_id=source_id,
        entries=_entries(note, version, verdict),
        by=by,
        at=at,
    )


def reverse(note: ServiceNote, *, by: Membership, at: dt.datetime) -> None:
    """Reverse the time of an individual note. That of a group session stands: see `reverse_group`."""
    if note.group_session_id is None:
        _reverse(note, by, at)


def reverse_group(note: ServiceNote, *, by: Membership, at: dt.datetime) -> None:
    """Reverse the time of a group session when the last of its notes has left force."""
    if note.group_session_id is None:
        return
    others = ServiceNote.objects.filter(
        group_session=note.group_session_id, version_in_force__isnull=False
    )
    if not others.filter(provider=note.provider_id).exists():
        _reverse(note, by, at)


def flag_claim_line(note: ServiceNote, why: str, *, by: Membership, at: dt.datetime) -> int:
    """Mark the live claim line of a note as in doubt, by reason code; how many there were."""
    lines = ClaimLine.objects.filter(
        line_notes__note=note, line_notes__is_live=True, is_live=True, flagged_at__isnull=True
    )
    ids = list(lines.order_by("pk").values_list("pk", flat=True))
    return ClaimLine.objects.filter(pk__in=ids).update(flagged_at=at, flagged_by=by, flag=why)


def _reverse(note: ServiceNote, by: Membership, at: dt.datetime) -> None:
    source, source_id = _source_of(note)
    reverse_span(provider=note.provider, source_kind=source, source_id=source_id, by=by, at=at)


def _source_of(note: ServiceNote) -> tuple[str, UUID]:
    if note.group_session_id is not None:
        return str(WorkSpan.Source.GROUP_SESSION), note.group_session_id
    return str(WorkSpan.Source.INDIVIDUAL_NOTE), note.pk


def _entries(note: ServiceNote, version: NoteVersion, verdict: Verdict) -> list[SpanEntry]:
    is_group = note.group_session_id is not None
    own = note.program.funding_source
    done = Activity.GROUP_SUPPORT if is_group else Activity.INDIVIDUAL_SUPPORT
    served = SpanEntry(
        activity=done,
        minutes=verdict.minutes,
        funding_source=_payer_of(verdict) or own,
        role_elements=tuple(version.role_elements),
    )
    apart = version.deductions.exclude(activity=BREAK).order_by("activity")
    taken = [
        SpanEntry(activity=each.activity, minutes=each.minutes, funding_source=own)
        for each in apart
    ]
    return [*([served] if verdict.minutes else []), *taken]


def _payer_of(verdict: Verdict) -> FundingSource | None:
    if not verdict.can_bill or verdict.coverage is None:
        return None
    coverage = Coverage.objects.select_related("payer__funding_source").get(pk=verdict.coverage)
    return coverage.payer.funding_source
