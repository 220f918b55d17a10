"""The ledger: time is recorded when its source is signed, and reversed when the source goes back.

These are parts of other operations (signing a note, signing a session): they write no event of their
own, since the operation that signs or takes back the source writes it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from peerworks.accounts.models import Membership
from peerworks.agencies.models import FundingSource, Program, Site
from peerworks.lib.periods import Stretch
from providers.models import Provider, WorkEntry, WorkSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanEntry:
    """Minutes of a span: what was done, who pays, and which elements of the peer role it held."""

    activity: str
    minutes: int
    funding_source: FundingSource
    role_elements: Sequence[str] = ()


def record_span(
    *,
    provider: Provider,
    period: Stretch,
    site: Site,
    program: Program,
    source_kind: str,
    source_id: UUID,
    entries: Sequence[SpanEntry],
    by: Membership,
    at: dt.datetime,
) -> WorkSpan:
    """Write a stretch of worked time with its entries into the ledger.

    `source_kind` is one of `WorkSpan.Source`. A span of the same source and time that counts is
    answered as it is, so that a group session has one span however many notes it makes. The
    database refuses, in words: an overlap with other time of the worker, another time for a source
    that has one (reverse it first), and more minutes of entries than the stretch is long.
    """
    standing = _standing(provider, source_kind, source_id)
    if standing is not None and standing.stretch == period:
        return standing
    span = WorkSpan.objects.create(
        agency_id=provider.agency_id,
        created_by=by,
        provider=provider,
        period=(period.start, period.end),
        site=site,
        program=program,
        source_kind=source_kind,
        source_id=source_id,
    )
    WorkEntry.objects.bulk_create(_entry(span, each) for each in entries)
    span.refresh_from_db(fields=["period"])
    return span


def _standing(provider: Provider, source_kind: str, source_id: UUID) -> WorkSpan | None:
    held = WorkSpan.objects.standing().filter(provider=provider)
    return held.filter(source_kind=source_kind, source_id=source_id).first()


def _entry(span: WorkSpan, entry: SpanEntry) -> WorkEntry:
    return WorkEntry(
        agency_id=span.agency_id,
        span=span,
        activity=entry.activity,
        minutes=entry.minutes,
        funding_source=entry.funding_source,
        role_elements=list(entry.role_elements),
    )


def reverse_span(
    *, provider: Provider, source_kind: str, source_id: UUID, by: Membership, at: dt.datetime
) -> bool:
    """Reverse the span of a source: it is kept with who and when, and counts nowhere.

    False where none counts, so that a second call is harmless. The next signing records it anew.
    """
    held = WorkSpan.objects.standing().filter(provider=provider)
    held = held.filter(source_kind=source_kind, source_id=source_id)
    return bool(held.update(reversed_at=at, reversed_by=by))
