"""Service notes in their author's hands: begun, saved, signed, taken back, corrected, added to.

Locks are taken in one order: the worker, the note, its version. The worker comes first, so that two
signings of one worker wait for each other instead of meeting in the exclusion constraint, where
most of them would die of a deadlock.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max

from billing.gates import engine
from billing.gates.facts import VisitDraft
from billing.models import Addendum, Deduction, GroupSession, NoteGoal, NoteVersion, ServiceNote
from billing.operations import ledger
from billing.policies import notes as policies
from billing.queries import note_times
from billing.queries import notes as queries
from billing.queries.notes import Content, ServiceRule
from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.audit import trail
from peerworks.lib.canonical import sha256_of
from peerworks.lib.findings import Moment, Refusal, Refused, Stop, Verdict, enforce, refuse
from peerworks.participants.models import Participant
from peerworks.participants.records import made_before
from providers.models import Provider

State = ServiceNote.State
Opened = NoteVersion.Opened


class DraftConflict(Exception):
    """Another window saved since; `kept` is what the server has, `number` its draft number."""

    def __init__(self, kept: Content, number: int) -> None:
        super().__init__(f"draft {number} is newer")
        self.kept, self.number = kept, number


def start_note(
    *,
    participant: Participant,
    provider: Provider,
    program: Program,
    service_key: str,
    by: Membership,
    group_session: GroupSession | None = None,
    form_key: UUID | None = None,
) -> ServiceNote:
    """Begin a visit's note with an empty first version; the same form again answers with that note.

    Raises `Refused` (NOTE-NO-FILE, NOTE-SELF, FORM-CHANGED).
    """
    enforce(policies.refusal_to_start(participant, provider, by))
    whose: dict[str, Any] = {"participant_id": participant.pk, "provider_id": provider.pk}
    if made := made_before(ServiceNote, by=by, form_key=form_key, **whose):
        return made
    setting = ServiceNote.Setting.GROUP if group_session else ServiceNote.Setting.INDIVIDUAL
    note = ServiceNote.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        form_key=form_key,
        participant=participant,
        provider=provider,
        program=program,
        site=program.site,
        service_key=service_key,
        setting=setting,
        group_session=group_session,
    )
    NoteVersion.objects.create(
        agency_id=by.agency_id, note=note, participant=participant, number=1, opened_by=by
    )
    trail.record("note.started", by=by.user, about=note, participants=[participant.pk])
    return note


def keep_draft(
    *,
    note: ServiceNote | None,
    participant: Participant,
    provider: Provider,
    program: Program | None,
    service_key: str,
    content: Content,
    draft_number: int,
    by: Membership,
    at: dt.datetime,
    day: dt.date | None = None,
    form_key: UUID | None = None,
) -> NoteVersion:
    """Begin the note where there is none yet, and save the draft: what the writing page does.

    Raises as `start_note` and `save_draft`, and `Refused` (NOTE-NO-PROGRAM) for a worker who is
    placed in no program.
    """
    if program is None:
        raise Refused(refuse("NOTE-NO-PROGRAM"))
    held = note or start_note(
        participant=participant,
        provider=provider,
        program=program,
        service_key=service_key,
        by=by,
        form_key=form_key,
    )
    return save_draft(
        note=held,
        content=content,
        draft_number=draft_number,
        by=by,
        at=at,
        program=program,
        service_key=service_key,
        day=day,
    )


def save_draft(
    *,
    note: ServiceNote,
    content: Content,
    draft_number: int,
    by: Membership,
    at: dt.datetime,
    program: Program | None = None,
    service_key: str = "",
    day: dt.date | None = None,
) -> NoteVersion:
    """Keep what was written so far; writes no event. Before the first signing the service may change.

    `draft_number` is the one that the window saw last. Where another window saved since, nothing is
    written and `DraftConflict` carries its text; the same text twice is no conflict. Raises
    `Refused` (NOTE-NOT-YOURS, NOTE-CLOSED).
    """
    locked = _locked(note)
    enforce(policies.refusal_to_write(locked, by))
    version = _open_version(locked)
    kept, given = queries.content_of(version), _own_goals_only(content, locked)
    if version.draft_number != draft_number and kept != given:
        raise DraftConflict(kept, version.draft_number)
    _change_visit(locked, program, service_key, day)
    if kept != given:
        _write(version, given)
        version.draft_number += 1
        version.saved_at = at
        version.save(update_fields=["draft_number", "saved_at", *given.columns()])
    return version


def discard_draft(*, note: ServiceNote, by: Membership, at: dt.datetime) -> ServiceNote:
    """Throw away a draft that was never signed; it is kept as discarded, out of every list.

    Raises `Refused` (NOTE-NOT-YOURS, NOTE-CLOSED, NOTE-KEPT).
    """
    locked = _locked(note)
    if locked.discarded_at is not None and locked.discarded_by_id == by.pk:
        return locked
    enforce(policies.refusal_to_discard(locked, by))
    locked.discarded_at, locked.discarded_by = at, by
    locked.save(update_fields=["discarded_at", "discarded_by"])
    trail.record("note.discarded", by=by.user, about=locked, participants=[locked.participant_id])
    return locked


def sign_note(
    *,
    note: ServiceNote,
    by: Membership,
    at: dt.datetime,
    on: dt.date,
    draft_number: int | None = None,
) -> ServiceNote:
    """Freeze the open version, judge it at SIGNING, and write its minutes into the ledger.

    `draft_number` is the text that the author read: another one is refused (NOTE-CHANGED). `on` is
    the day of asking. A correction takes the place of the version in force, and flags the live claim
    line of the old one. Signed already, the note is answered as it is. Raises `Refused` with the
    first thing that makes the record unsafe, TIME-OVER among them.
    """
    Provider.objects.select_for_update(of=("self",), no_key=True).get(pk=note.provider_id)
    locked = _locked(note)
    if locked.state == State.SIGNED and locked.provider.member_id == by.pk:
        return locked
    enforce(policies.refusal_to_write(locked, by))
    version = _open_version(locked)
    if draft_number is not None and version.draft_number != draft_number:
        raise Refused(refuse("NOTE-CHANGED"))
    rule = _rule(locked, version, on)
    enforce(policies.refusal_to_sign(locked, version, rule, by=by, at=at))
    enforce(refusal_by_gates(verdict_before_signing(locked, queries.content_of(version), on)))
    _take_back(locked, by, at)
    _freeze(version, rule, by, at)
    _put_in_force(locked, version, at)
    verdict = engine.judge([locked.pk], on=on, moment=Moment.SIGNING, by=by)[locked.pk]
    ledger.record(locked, version, verdict, by=by, at=at)
    ledger.flag_claim_line(locked, "NOTE-CORRECTED", by=by, at=at)
    trail.record("note.signed", by=by.user, about=locked, participants=[locked.participant_id])
    return locked


def visit_of(
    content: Content,
    *,
    participant_id: UUID,
    provider_id: UUID,
    program: Program,
    service: str,
    note_id: UUID | None,
    zone: str,
    group_session: UUID | None = None,
) -> VisitDraft:
    """Content as the gates take it, for `preview`, without times that the clocks of `zone` skipped."""
    return VisitDraft(
        participant_id=participant_id,
        provider_id=provider_id,
        program_id=program.pk,
        site_id=program.site_id,
        service=service,
        note_id=note_id,
        start=note_times.real(content.starts_at, zone),
        end=note_times.real(content.ends_at, zone),
        deductions=content.deductions,
        mode=content.mode,
        place=content.place,
        goal_ids=content.goals,
        group_session=group_session,
    )


def verdict_before_signing(note: ServiceNote, content: Content, on: dt.date) -> Verdict:
    """What the gates would say of a note if it were signed as it stands; stores nothing."""
    draft = visit_of(
        content,
        participant_id=note.participant_id,
        provider_id=note.provider_id,
        program=note.program,
        service=note.service_key,
        note_id=note.pk,
        zone=note.site.time_zone,
        group_session=note.group_session_id,
    )
    return engine.preview([draft], on=on, moment=Moment.SIGNING)[0]


def refusal_by_gates(verdict: Verdict) -> Refusal | None:
    """The first finding that makes the record unsafe, as a refusal in the gate's own words."""
    for finding in verdict.findings:
        if Stop.SIGN in finding.stops and finding.because is not None:
            because = finding.because
            return Refusal(because.reason, because, finding.remedy)
    return None


def withdraw_note(*, note: ServiceNote, by: Membership, at: dt.datetime) -> ServiceNote:
    """Undo a signature before a reviewer opened the note: the signed version stays, the next opens.

    Raises `Refused` (NOTE-NOT-YOURS, NOTE-CLOSED, NOTE-OPENED, NOTE-BILLED).
    """
    locked = _locked(note)
    enforce(policies.refusal_to_withdraw(locked, by))
    open_again(locked, State.DRAFT, Opened.WITHDRAWN, str(Opened.WITHDRAWN), by=by, at=at)
    trail.record("note.withdrawn", by=by.user, about=locked, participants=[locked.participant_id])
    return locked


def correct_note(*, note: ServiceNote, reason: str, by: Membership, on: dt.date) -> ServiceNote:
    """Open a correction: the next version as a copy, while the old one stays in force until it is signed.

    Raises `Refused` (NOTE-NOT-YOURS, NOTE-CLOSED, NOTE-IN-REVIEW).
    """
    locked = _locked(note)
    in_force = locked.version_in_force
    rule = None if in_force is None else _rule(locked, in_force, on)
    enforce(policies.refusal_to_correct(locked, rule, by=by))
    _copy_of(locked, Opened.CORRECTION, reason, by)
    locked.state = State.CORRECTING
    locked.save(update_fields=["state"])
    trail.record("note.correcting", by=by.user, about=locked, participants=[locked.participant_id])
    return locked


def add_addendum(
    *,
    note: ServiceNote,
    text: str,
    reason: str,
    by: Membership,
    at: dt.datetime,
    form_key: UUID | None = None,
) -> Addendum:
    """Add signed text to the version in force; times and units stay as they are.

    Raises `Refused` (NOTE-NOT-YOURS, NOTE-CLOSED, FORM-CHANGED).
    """
    values = {"text": text, "reason": reason}
    if made := made_before(Addendum, by=by, form_key=form_key, **values):
        return made
    locked = _locked(note)
    enforce(policies.refusal_to_add(locked, by))
    version = locked.version_in_force
    if version is None:
        raise ValueError("a note in force has a version in force")
    last = Addendum.objects.filter(version=version).aggregate(last=Max("n"))["last"] or 0
    told = {"version": version.pk, "n": last + 1, "signed_at": at, **values}
    added = Addendum.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        form_key=form_key,
        version=version,
        participant_id=locked.participant_id,
        n=last + 1,
        signed_at=at,
        sha256=sha256_of(told | {"author": by.pk}),
        **values,
    )
    trail.record("note.added-to", by=by.user, about=locked, participants=[locked.participant_id])
    return added


def open_again(
    note: ServiceNote, state: str, kind: str, reason: str, *, by: Membership, at: dt.datetime
) -> NoteVersion:
    """Take the version in force out of it, with its time, and open the next one as a copy.

    Part of a return and of a withdrawal; the caller holds the note's lock and writes the event.
    """
    copy = _copy_of(note, kind, reason, by)
    ledger.reverse(note, by=by, at=at)
    note.state, note.version_in_force, note.in_force_period = state, None, None
    note.save(update_fields=["state", "version_in_force", "in_force_period"])
    ledger.reverse_group(note, by=by, at=at)
    return copy


def locked_note(note: ServiceNote) -> ServiceNote:
    """The note as it stands now, locked until the transaction ends. Every operation asks it again."""
    return _locked(note)


def _locked(note: ServiceNote) -> ServiceNote:
    rows = queries.shown_notes().select_for_update(of=("self",))
    return rows.get(pk=note.pk)


def _open_version(note: ServiceNote) -> NoteVersion:
    rows = NoteVersion.objects.select_for_update(of=("self",))
    version = rows.get(note=note, signed_at__isnull=True)
    version.note = note
    return version


def _own_goals_only(content: Content, note: ServiceNote) -> Content:
    # A goal of another person's plan cannot be cited: it is left out as if it were not there.
    return queries.with_goals_of(content, note.participant_id)


def _change_visit(
    note: ServiceNote, program: Program | None, service_key: str, day: dt.date | None
) -> None:
    """Before the first signing program, service and day may change; afterwards the visit stays."""
    if note.first_signed_at is not None:
        return
    told = (program or note.program, service_key or note.service_key, day or note.service_day)
    if (note.program, note.service_key, note.service_day) == told:
        return
    note.program, note.service_key, note.service_day = told
    note.site = note.program.site
    note.save(update_fields=["program", "site", "service_key", "service_day"])


def _write(version: NoteVersion, content: Content) -> None:
    for name, value in content.columns().items():
        setattr(version, name, value)
    whose = {"agency_id": version.agency_id, "participant_id": version.participant_id}
    version.note_goals.exclude(goal__in=content.goals).delete()
    there = set(version.note_goals.values_list("goal_id", flat=True))
    NoteGoal.objects.bulk_create(
        NoteGoal(version=version, goal_id=goal, **whose) for goal in sorted(content.goals - there)
    )
    version.deductions.all().delete()
    Deduction.objects.bulk_create(
        Deduction(version=version, activity=activity, minutes=minutes, **whose)
        for activity, minutes in sorted(content.deductions.items())
    )


def _rule(note: ServiceNote, version: NoteVersion, on: dt.date) -> ServiceRule | None:
    day = queries.day_of(note, version.starts_at) if version.starts_at else on
    return queries.rule_of(note, day)


def _take_back(note: ServiceNote, by: Membership, at: dt.datetime) -> None:
    # A signed correction replaces the span of the version that it corrects.
    if note.state == State.CORRECTING:
        ledger.reverse(note, by=by, at=at)


def _freeze(
    version: NoteVersion, rule: ServiceRule | None, by: Membership, at: dt.datetime
) -> None:
    note = version.note
    accepted = () if rule is None else rule.service.credentials.accepted.members
    version.signed_at, version.signed_by = at, by
    version.signer_title = note.provider.title
    day = queries.day_of(note, queries.stretch_of(version).start)
    version.signer_credential = queries.credential_number(note.provider, day, accepted)
    version.sha256 = queries.hash_of(version)
    signature = ("signed_at", "signed_by", "signer_title", "signer_credential", "sha256")
    version.save(update_fields=signature)


def _put_in_force(note: ServiceNote, version: NoteVersion, at: dt.datetime) -> None:
    note.state, note.version_in_force = State.SIGNED, version
    note.in_force_period = DateTimeTZRange(version.starts_at, version.ends_at)
    note.service_day = queries.day_of(note, queries.stretch_of(version).start)
    note.first_signed_at = note.first_signed_at or at
    note.save(
        update_fields=[
            *("state", "version_in_force", "in_force_period", "service_day", "first_signed_at")
        ]
    )


def _copy_of(note: ServiceNote, kind: str, reason: str, by: Membership) -> NoteVersion:
    latest = note.versions.order_by("-number").first()
    if latest is None:
        raise ValueError("a note has a version from its beginning")
    content = queries.content_of(latest)
    copy = NoteVersion.objects.create(
        agency_id=note.agency_id,
        note=note,
        participant_id=note.participant_id,
        number=latest.number + 1,
        opened_kind=kind,
        opened_by=by,
        reason=reason,
        **content.columns(),
    )
    _write(copy, content)
    return copy
