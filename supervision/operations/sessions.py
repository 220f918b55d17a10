"""Logging a supervision session, and the two signatures that make it count."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.audit import trail
from peerworks.lib.canonical import sha256_of
from peerworks.lib.findings import Refused, enforce, ref, refuse
from peerworks.lib.periods import Stretch
from peerworks.notices.operations import close_notices
from peerworks.participants.records import made_before
from providers.models import Activity, Provider, WorkSpan
from providers.operations import SpanEntry, record_span
from supervision import policies
from supervision.models import Action, Session, SessionAttendance
from supervision.notices import KIND
from supervision.queries import SESSION, owed_rows
from supervision.rules import Owed


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """What was agreed in a session: the text, who of the two does it, by when (None: no day)."""

    text: str
    by_supervisor: bool = False
    due_on: dt.date | None = None


def log_session(
    *,
    supervisee: Provider,
    program: Program,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    mode: str,
    format: str = Session.Format.INDIVIDUAL,  # noqa: A002 - the field's name
    topics: Sequence[str] = (),
    shared_notes: str = "",
    actions: Sequence[AgreedAction] = (),
    by: Membership,
    at: dt.datetime,
    form_key: UUID | None = None,
) -> Session:
    """Log an individual session that `by` gave; it counts once both have signed.

    `program` pays for the time and its site says which local day it was; its site must be loaded.
    Raises `Refused` (SUPS-NOT-SUPERVISOR, SUPS-TIMES, SUPS-FUTURE, SUPS-NOT-YOURS, SUPS-NOT-PLACED,
    FORM-CHANGED).
    """
    _enforce_log(supervisee, program, starts_at, ends_at, by, at)
    told: dict[str, Any] = {
        "supervisor_id": Provider.objects.get(member=by).pk,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "site_id": program.site_id,
        "program_id": program.pk,
        "format": format,
        "mode": mode,
        "topics": list(topics),
        "shared_notes": shared_notes,
    }
    if made := made_before(Session, by=by, form_key=form_key, made_by="logged_by", **told):
        return _with_the_same(made, supervisee)
    session = Session.objects.create(
        agency_id=by.agency_id, logged_by=by, form_key=form_key, **told
    )
    _fill(session, supervisee, actions)
    trail.record("session.logged", by=by.user, about=session)
    return session


def _enforce_log(
    supervisee: Provider,
    program: Program,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: Membership,
    at: dt.datetime,
) -> None:
    enforce(
        policies.refusal_to_log_session(
            supervisee=supervisee,
            program=program,
            starts_at=starts_at,
            ends_at=ends_at,
            by=by,
            at=at,
        )
    )


def _with_the_same(made: Session, supervisee: Provider) -> Session:
    if not made.attendance.filter(provider=supervisee).exists():
        raise Refused(refuse("FORM-CHANGED"))
    return made


def _fill(session: Session, supervisee: Provider, actions: Sequence[AgreedAction]) -> None:
    SessionAttendance.objects.create(
        agency_id=session.agency_id,
        session=session,
        provider=supervisee,
        minutes=session.minutes,
    )
    Action.objects.bulk_create(
        Action(
            agency_id=session.agency_id,
            session=session,
            text=each.text,
            owner_id=session.supervisor_id if each.by_supervisor else supervisee.pk,
            due_on=each.due_on,
        )
        for each in actions
    )


def change_session(
    *,
    session: Session,
    program: Program,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    mode: str,
    format: str,  # noqa: A002 - the field's name
    topics: Sequence[str],
    shared_notes: str,
    by: Membership,
    at: dt.datetime,
) -> Session:
    """Correct a session that its supervisor has not signed; who took part stays.

    Raises `Refused` (SUPS-NOT-SUPERVISOR, SUPS-SIGNED and what `log_session` raises).
    """
    held = _locked(session)
    enforce(policies.refusal_to_change_session(session=held, by=by))
    part = held.attendance.select_related("provider").get()
    _enforce_log(part.provider, program, starts_at, ends_at, by, at)
    told: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "site_id": program.site_id,
        "program_id": program.pk,
        "format": format,
        "mode": mode,
        "topics": list(topics),
        "shared_notes": shared_notes,
    }
    changed = [name for name, value in told.items() if getattr(held, name) != value]
    if not changed:
        return held
    for name in changed:
        setattr(held, name, told[name])
    # Credit never exceeds the length: the smaller of the two is written first.
    _credit_at_most(part, held.minutes)
    held.save(update_fields=[name.removesuffix("_id") for name in changed])
    SessionAttendance.objects.filter(pk=part.pk).update(minutes=held.minutes)
    trail.record("session.changed", by=by.user, about=held, fields=changed)
    return held


def _credit_at_most(part: SessionAttendance, minutes: int) -> None:
    SessionAttendance.objects.filter(pk=part.pk, minutes__gt=minutes).update(minutes=minutes)


def sign_session(*, session: Session, by: Membership, at: dt.datetime) -> Session:
    """The supervisor signs: the session is final from now on, with the hash of what was signed.

    Writes the supervisor's time into the ledger. Raises `Refused` (SUPS-NOT-SUPERVISOR,
    SUPS-SIGNED) and whatever the ledger says, for instance of other time that overlaps.
    """
    held = _locked(session)
    enforce(policies.refusal_to_sign_session(session=held, by=by))
    held.supervisor_signed_at, held.supervisor_signed_by = at, by
    held.sha256 = sha256_of(_as_signed(held))
    held.save(update_fields=["supervisor_signed_at", "supervisor_signed_by", "sha256"])
    _write_time(held, held.supervisor, Activity.SUPERVISION_GIVEN, held.minutes, by, at)
    trail.record("session.signed", by=by.user, about=held, fields=["supervisor_signed_at"])
    return held


def _as_signed(session: Session) -> dict[str, Any]:
    """The canonical content of a session: what its hash stands for."""
    parts = session.attendance.order_by("pk").values_list("provider", "minutes")
    actions = session.actions.order_by("pk").values_list("text", "owner", "due_on")
    return {
        "session": session.pk,
        "supervisor": session.supervisor_id,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "site": session.site_id,
        "program": session.program_id,
        "format": session.format,
        "mode": session.mode,
        "topics": session.topics,
        "shared_notes": session.shared_notes,
        "attendance": [{"provider": who, "minutes": minutes} for who, minutes in parts],
        "actions": [{"text": text, "owner": who, "due_on": due} for text, who, due in actions],
        "signed_at": session.supervisor_signed_at,
        "signed_by": session.supervisor_signed_by_id,
    }


def sign_attendance(
    *, attendance: SessionAttendance, own_words: str, by: Membership, at: dt.datetime
) -> SessionAttendance:
    """The supervisee signs, with own words or none: the session counts for them from now on.

    Writes their time into the ledger and closes the reminders that it ends. Raises `Refused`
    (SUPS-NOT-SUPERVISEE, SUPS-SUPERVISOR-FIRST, SUPS-SIGNED-BY-YOU) and whatever the ledger says.
    """
    session, part = _locked_part(attendance)
    enforce(policies.refusal_to_sign_attendance(attendance=part, session=session, by=by))
    part.own_words, part.signed_at, part.signed_by = own_words, at, by
    part.save(update_fields=["own_words", "signed_at", "signed_by"])
    _write_time(session, part.provider, Activity.SUPERVISION_RECEIVED, part.minutes, by, at)
    _close_reminders(part.provider, session, _local_day(at, by), at)
    trail.record("attendance.signed", by=by.user, about=part, fields=["own_words", "signed_at"])
    return part


def add_own_words(
    *, attendance: SessionAttendance, own_words: str, by: Membership
) -> SessionAttendance:
    """The supervisee keeps own words for later, before signing.

    Raises `Refused` (SUPS-NOT-SUPERVISEE, SUPS-SIGNED-BY-YOU).
    """
    _, part = _locked_part(attendance)
    enforce(policies.refusal_to_add_words(attendance=part, by=by))
    if part.own_words == own_words:
        return part
    part.own_words = own_words
    part.save(update_fields=["own_words"])
    trail.record("attendance.words", by=by.user, about=part, fields=["own_words"])
    return part


def finish_action(*, action: Action, by: Membership, at: dt.datetime) -> Action:
    """Record that something agreed is done. Raises `Refused` (SUPS-NOT-OWNER, SUPS-DONE)."""
    rows = Action.objects.select_for_update(of=("self",))
    held = rows.select_related("owner", "session__supervisor").get(pk=action.pk)
    enforce(policies.refusal_to_finish_action(action=held, session=held.session, by=by))
    held.done_at, held.done_by = at, by
    held.save(update_fields=["done_at", "done_by"])
    trail.record("action.finished", by=by.user, about=held, fields=["done_at"])
    return held


def _locked(session: Session) -> Session:
    rows = Session.objects.select_for_update(of=("self",))
    told = ("supervisor", "site", "program__site", "program__funding_source")
    return rows.select_related(*told).get(pk=session.pk)


def _locked_part(attendance: SessionAttendance) -> tuple[Session, SessionAttendance]:
    # The session first, always: two who lock in another order would wait for each other.
    session = _locked(Session(pk=attendance.session_id))
    rows = SessionAttendance.objects.select_for_update(of=("self",))
    return session, rows.select_related("provider").get(pk=attendance.pk)


def _write_time(
    session: Session,
    provider: Provider,
    activity: Activity,
    minutes: int,
    by: Membership,
    at: dt.datetime,
) -> None:
    record_span(
        provider=provider,
        period=Stretch(session.starts_at, session.ends_at),
        site=session.site,
        program=session.program,
        source_kind=WorkSpan.Source.SUPERVISION_SESSION,
        source_id=session.pk,
        entries=[
            SpanEntry(
                activity=activity,
                minutes=minutes,
                funding_source=session.program.funding_source,
            )
        ],
        by=by,
        at=at,
    )


def _local_day(at: dt.datetime, by: Membership) -> dt.date:
    return at.astimezone(ZoneInfo(by.agency.time_zone)).date()


def _close_reminders(provider: Provider, session: Session, on: dt.date, at: dt.datetime) -> None:
    """Close what was raised before, where this session begins a new round or nothing is due."""
    rows = owed_rows(on, Provider.objects.filter(pk=provider.pk))
    if any(row.steps(on) and not _rests_on(session, row.standing) for row in rows):
        return
    close_notices(kind=KIND, subject_ids=[provider.pk], at=at)


def _rests_on(session: Session, standing: Owed | None) -> bool:
    last = None if standing is None else standing.last
    return last is not None and last.record == ref(SESSION, session.pk, session.sha256)
