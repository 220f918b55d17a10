"""Batches and claims as pages show them.

A file holds every person in it. So a batch is there only for who sees all of its claims: to others,
people whose record is sealed would show as a difference between two figures.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from billing.models import Batch, Claim, ClaimLine, ClaimLineNote, CoSignature, NoteVersion
from billing.queries.worklist import NARRATIVE
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.participants.queries import about_people

_WORDS = tuple(each.removeprefix("version_in_force__") for each in NARRATIVE)


def whole_batches() -> Any:
    """The batches of which the reader sees every claim, the latest first.

    `live` tells how many claims were not taken back; without any, the batch was.
    """
    return (
        Batch.objects.filter(built_at__isnull=False)
        .annotate(
            visible=Count("claims"),
            live=Count("claims", filter=~Q(claims__state=Claim.State.VOIDED)),
        )
        .filter(visible=F("claims_count"))
        .select_related("payer", "built_by__user", "sent_by__user")
        .defer("file")
        .order_by("-built_at", "-pk")
    )


def visible_claims(batch: Batch) -> int:
    """How many of the batch's claims the reader sees."""
    return Claim.objects.filter(batch=batch).count()


def is_withdrawn(batch: Batch) -> bool:
    """Whether it was taken back before it left: every claim of it is void."""
    states = set(Claim.objects.filter(batch=batch).values_list("state", flat=True))
    return batch.state == Batch.State.CREATED and states == {Claim.State.VOIDED}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in the list of its batch."""

    id: UUID
    number: str
    participant_id: UUID
    participant: str
    first_day: dt.date
    last_day: dt.date
    lines: int
    units: int
    total: Decimal
    state: str
    state_words: str
    in_doubt: int


def claims_of(batch: Batch, member: Membership, on: dt.date) -> "QuerySet[Claim]":
    """The claims of a batch that the member may see, by name of the person."""
    claims = Claim.objects.filter(batch=batch).select_related("participant")
    seen = about_people(claims, member, Permission.VIEW_CLAIM, on)
    return seen.order_by("participant__sort_key", "control_number")


def claim_rows(claims: list[Claim]) -> list[ClaimRow]:
    """The rows of a page of claims: one query."""
    lines: dict[UUID, list[ClaimLine]] = {}
    for each in ClaimLine.objects.filter(claim__in=claims).order_by("service_day", "pk"):
        lines.setdefault(each.claim_id, []).append(each)
    return [_claim_row(each, lines[each.pk]) for each in claims]


def _claim_row(claim: Claim, lines: list[ClaimLine]) -> ClaimRow:
    return ClaimRow(
        id=claim.pk,
        number=claim.control_number,
        participant_id=claim.participant_id,
        participant=claim.participant.shown_name,
        first_day=lines[0].service_day,
        last_day=lines[-1].service_day,
        lines=len(lines),
        units=sum(each.units for each in lines),
        total=claim.total,
        state=claim.state,
        state_words=claim.get_state_display(),
        in_doubt=sum(each.flagged_at is not None for each in lines),
    )


def claims_for(member: Membership, on: dt.date) -> "QuerySet[Claim]":
    """The claims that a member may open, with what a claim's page needs: a fixed number of queries.

    Each table is asked by its ids and none is joined to another that the seal guards: the planner
    has no way to go wrong where a database is new.
    """
    claims = Claim.objects.filter(built_at__isnull=False)
    # Any: the type checker's plugin breaks on nested prefetches.
    seen: Any = about_people(claims, member, Permission.VIEW_CLAIM, on)
    return seen.prefetch_related(  # type: ignore[no-any-return]
        "participant",
        "coverage",
        "payer",
        "built_by__user",
        Prefetch("lines", ClaimLine.objects.order_by("number")),
        "lines__rendering_provider",
        Prefetch("lines__line_notes", ClaimLineNote.objects.order_by("created_at", "pk")),
        "lines__line_notes__gate_run",
        "lines__line_notes__note__provider",
        "lines__line_notes__note__site",
        Prefetch("lines__line_notes__version", NoteVersion.objects.defer(*_WORDS)),
        "lines__line_notes__version__signed_by__user",
        Prefetch("lines__line_notes__version__cosignatures", CoSignature.objects.order_by("at")),
        "lines__line_notes__version__cosignatures__provider",
    )
