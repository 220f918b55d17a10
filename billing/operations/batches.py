"""Building a batch, handing out its file, taking it back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from billing.mapping import (
    ClaimToSend,
    LineToSend,
    batch_reference,
    claim_number,
    file_of,
    interchange_number,
    line_number,
    stands_against,
)
from billing.models import Batch, Claim, ClaimLine, ClaimLineNote, ControlNumber, Payer
from billing.operations.claims import compose, weigh
from billing.policies import batches as policies
from billing.queries.worklist import left_out, unbilled
from billing.states import BATCH, CLAIM
from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.jobs import progress
from peerworks.lib.findings import RecordRef, Refusal, Refused, enforce, ref, refuse
from peerworks.lib.money import total
from peerworks.participants.records import made_before

SEALED = "SEALED"
LINES_AT_ONCE = 200
"""Lines that are written between two words about how far it is."""
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch would hold, before it is built: nothing of it is saved.

    `batch` carries the totals and what is left out; its numbers are those that would come next.
    `refusals` are what the payer would turn away.
    """

    batch: Batch
    claims: tuple[ClaimToSend, ...]
    refusals: tuple[Refusal, ...]
    numbers: "Numbers"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The first of the numbers that a batch takes: of the file, of its group, of its claims."""

    interchange: int
    group: int
    claim: int


def plan_batch(
    *, payer: Payer, through: dt.date | None, by: Membership, at: dt.datetime, on: dt.date
) -> Plan:
    """What `build_batch` would make now. Judges, stores nothing and locks nothing.

    Raises `Refused` (BATCH-BILLER, BATCH-FUTURE).
    """
    enforce(policies.refusal_to_build(through=through, by=by, on=on))
    return _plan(payer, through, by, at, on, store=False)


def build_batch(
    *,
    payer: Payer,
    through: dt.date | None,
    by: Membership,
    at: dt.datetime,
    on: dt.date,
    dry_run: bool = False,
    form_key: UUID | None = None,
) -> Batch:
    """Bill what is ready for a payer, with service days up to `through`, as one file of claims.

    Everything unbilled is judged at BATCH and the runs are stored, then claims, lines and the 837P are
    made in this transaction, or nothing is. Visits of sealed people are there for a listed biller
    only; the service member sees them to count them as SEALED and leaves them out. A repeated form
    answers with the batch it made. With `dry_run` the answer is a batch that is not saved.

    `on` is the agency's local day, `at` the moment. Raises `Refused`: BATCH-BILLER, BATCH-FUTURE,
    BATCH-BUSY (somebody builds for this payer now), BATCH-EMPTY, X12-CLAIM or X12-FILE (what the
    payer would turn away, and whose claim), FORM-CHANGED.
    """
    enforce(policies.refusal_to_build(through=through, by=by, on=on))
    if made := made_before(Batch, by=by, form_key=form_key, payer_id=payer.pk, through=through):
        return made
    if not dry_run:
        _wait_for_nobody(payer)
    plan = _plan(payer, through, by, at, on, store=not dry_run)
    if not plan.claims:
        raise Refused(refuse("BATCH-EMPTY", payer=_named(payer)))
    enforce(next(iter(plan.refusals), None))
    if not dry_run:
        plan.batch.form_key = form_key
        _save(plan, by, at)
    return plan.batch


def _named(payer: Payer) -> RecordRef:
    # A reference and no name: a job may have to keep the reason.
    return ref("billing.payer", payer.pk)


def _wait_for_nobody(payer: Payer) -> None:
    # Two builds at once would read the same visits; the second is told at once instead of failing at
    # the unique index after a long wait.
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"build_batch {payer.pk}"])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise Refused(refuse("BATCH-BUSY", payer=_named(payer)))


def _plan(
    payer: Payer,
    through: dt.date | None,
    by: Membership,
    at: dt.datetime,
    on: dt.date,
    *,
    store: bool,
) -> Plan:
    notes, sealed = _without_sealed(unbilled(payer=payer, through=through), by)
    asked = notes.count()
    progress.tell(0, 2 * asked)
    weighed = weigh(notes, on=on, by=by, store=store)
    progress.tell(asked, 2 * asked)
    claims = compose([each for each in weighed if each.is_ready], payer=payer, by=by)
    numbers = _next_numbers(payer, is_locked=store)
    batch = _batch(payer, through, by, numbers)
    batch.left_out = left_out(weighed) | ({SEALED: sealed} if sealed else {})
    _number(claims, batch, numbers)
    _add_up(batch, claims)
    refusals = stands_against(by.agency, batch, numbers.group, claims, at) if claims else ()
    return Plan(batch, tuple(claims), refusals, numbers)


def _without_sealed(notes: Any, by: Membership) -> tuple[Any, int]:
    # A member who is not listed does not see the rows at all; the service member sees all of them.
    if not by.is_service:
        return notes, 0
    sealed = notes.filter(participant__is_sealed=True)
    return notes.exclude(participant__is_sealed=True), sealed.count()


def _batch(payer: Payer, through: dt.date | None, by: Membership, numbers: Numbers) -> Batch:
    return Batch(
        agency_id=by.agency_id,
        created_by=by,
        payer=payer,
        through=through,
        interchange=interchange_number(numbers.interchange),
        reference=batch_reference(numbers.interchange),
        usage=payer.usage,
    )


def _number(claims: Sequence[ClaimToSend], batch: Batch, numbers: Numbers) -> None:
    for place, each in enumerate(claims):
        each.claim.control_number = claim_number(batch.payer, numbers.claim + place)
        each.claim.batch = batch
        for sent in each.lines:
            sent.line.line_control = line_number(each.claim.control_number, sent.line.number)


def _add_up(batch: Batch, claims: Sequence[ClaimToSend]) -> None:
    lines = [each for claim in claims for each in claim.lines]
    batch.sets_count = -(-len(claims) // batch.payer.claims_per_set)
    batch.claims_count = len(claims)
    batch.lines_count = len(lines)
    batch.notes_count = sum(len(each.notes) for each in lines)
    batch.units = sum(each.line.units for each in lines)
    batch.charge = total(each.claim.total for each in claims)


# ------------------------------------------------------------------- numbers


def _next_numbers(payer: Payer, *, is_locked: bool) -> Numbers:
    if is_locked:
        missing = [
            ControlNumber(agency_id=payer.agency_id, payer=payer, kind=each)
            for each in ControlNumber.Kind
        ]
        ControlNumber.objects.bulk_create(missing, ignore_conflicts=True)
    rows = ControlNumber.objects.filter(payer=payer).order_by("pk")
    rows = rows.select_for_update(of=("self",)) if is_locked else rows
    last = {each.kind: each.last for each in rows}
    return Numbers(*(last.get(kind, 0) + 1 for kind in ControlNumber.Kind))


def _take_numbers(payer: Payer, numbers: Numbers, claims: int) -> None:
    taken: Mapping[str, int] = {
        ControlNumber.Kind.INTERCHANGE: numbers.interchange,
        ControlNumber.Kind.GROUP: numbers.group,
        ControlNumber.Kind.CLAIM: numbers.claim + claims - 1,
    }
    for kind, last in taken.items():
        ControlNumber.objects.filter(payer=payer, kind=kind).update(last=last)


# ------------------------------------------------------------------- saving


def _save(plan: Plan, by: Membership, at: dt.datetime) -> None:
    batch, claims = plan.batch, plan.claims
    file = file_of(by.agency, batch, plan.numbers.group, claims, at)
    _take_numbers(batch.payer, plan.numbers, len(claims))
    batch.sets_count, batch.file, batch.sha256 = file.sets, file.text, file.sha256
    batch.built_at, batch.built_by = at, by
    batch.save(force_insert=True)
    for each, sha256 in zip(claims, file.claim_sha256, strict=True):
        each.claim.sent_sha256 = sha256
    Claim.objects.bulk_create([each.claim for each in claims])
    _save_lines([each for claim in claims for each in claim.lines])
    # Lines are refused once their claim is final, so the claims become final last.
    Claim.objects.filter(batch=batch).update(built_at=at, built_by=by)
    trail.record("batch.built", by=by.user, about=batch, participants=_people(batch))


def _save_lines(lines: Sequence[LineToSend]) -> None:
    # The second half of the work, in parts, so that who waits sees it go on.
    billed, written = sum(len(each.notes) for each in lines), 0
    for start in range(0, len(lines), LINES_AT_ONCE):
        part = lines[start : start + LINES_AT_ONCE]
        ClaimLine.objects.bulk_create([each.line for each in part])
        notes = [note for each in part for note in each.notes]
        ClaimLineNote.objects.bulk_create(notes)
        written += len(notes)
        progress.tell(billed + written, 2 * billed)


def _people(batch: Batch) -> list[UUID]:
    return sorted(set(Claim.objects.filter(batch=batch).values_list("participant", flat=True)))


def send_batch(*, batch: Batch, by: Membership, at: dt.datetime) -> Batch:
    """Hand out the file: the first time the batch and its claims become SENT, later nothing moves.

    Each time the trail says who took it and who is in it. Raises `Refused` (BATCH-BILLER,
    BATCH-WITHDRAWN, BATCH-NOT-WHOLE).
    """
    held = Batch.objects.select_for_update(of=("self",)).select_related("payer").get(pk=batch.pk)
    enforce(policies.refusal_to_send(held, by=by))
    is_first = held.state == Batch.State.CREATED
    if is_first:
        BATCH.enforce(held.state, Batch.State.SENT)
        CLAIM.enforce(Claim.State.CREATED, Claim.State.SENT)
        held.state, held.sent_at, held.sent_by = Batch.State.SENT, at, by
        held.save(update_fields=["state", "sent_at", "sent_by"])
        Claim.objects.filter(batch=held).update(state=Claim.State.SENT)
    action = "batch.sent" if is_first else "batch.downloaded"
    trail.record(action, by=by.user, about=held, participants=_people(held))
    return held


def discard_batch(*, batch: Batch, by: Membership) -> Batch:
    """Take back a batch whose file nobody has: its claims are void, its visits can be billed anew.

    Numbers are not used again. Raises `Refused` (BATCH-BILLER, BATCH-SENT, BATCH-WITHDRAWN,
    BATCH-NOT-WHOLE).
    """
    held = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    enforce(policies.refusal_to_discard(held, by=by))
    CLAIM.enforce(Claim.State.CREATED, Claim.State.VOIDED)
    claims = Claim.objects.filter(batch=held)
    ClaimLineNote.objects.filter(line__claim__in=claims).update(is_live=False)
    ClaimLine.objects.filter(claim__in=claims).update(is_live=False)
    claims.update(state=Claim.State.VOIDED)
    trail.record("batch.discarded", by=by.user, about=held, participants=_people(held))
    return held
