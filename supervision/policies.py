"""Who may assign, log, sign and verify in supervision: refusals as values."""

import datetime as dt

from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission, Scope
from peerworks.agencies.models import Program
from peerworks.lib.findings import Refusal, refuse
from peerworks.lib.periods import service_day
from providers.models import Placement, Provider
from supervision import queries
from supervision.models import Action, Assignment, Qualification, Session, SessionAttendance


def refusal_to_assign(
    *, provider: Provider, supervisor: Provider, starts_on: dt.date, by: Membership
) -> Refusal | None:
    """An administrator assigns; nobody supervises themselves, and the supervisor works here then."""
    if not by.may(Permission.ASSIGN_SUPERVISOR):
        return refuse("SUPS-NO-ROLE")
    if provider.pk == supervisor.pk:
        return refuse("SUPS-ONESELF")
    here = Provider.objects.employed_on(starts_on).filter(pk=supervisor.pk)
    return None if here.exists() else refuse("SUPS-NOT-HERE", date=starts_on)


def refusal_to_name_delegate(
    *, assignment: Assignment, delegate: Provider | None, by: Membership
) -> Refusal | None:
    """An administrator names who stands in: a third person."""
    if not by.may(Permission.ASSIGN_SUPERVISOR):
        return refuse("SUPS-NO-ROLE")
    taken = (assignment.provider_id, assignment.supervisor_id)
    return refuse("SUPS-THIRD") if delegate is not None and delegate.pk in taken else None


def refusal_to_end_assignment(*, by: Membership) -> Refusal | None:
    """An administrator ends it; on which day is judged by the period itself."""
    return None if by.may(Permission.ASSIGN_SUPERVISOR) else refuse("SUPS-NO-ROLE")


def refusal_to_log_session(
    *,
    supervisee: Provider,
    program: Program,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: Membership,
    at: dt.datetime,
) -> Refusal | None:
    """The supervisor of that day, or the named delegate, logs what has taken place.

    `program` must be one in which the supervisee was placed on that day, since it pays for the time.
    """
    if not by.may(Permission.LOG_SUPERVISION):
        return refuse("SUPS-NOT-SUPERVISOR")
    if ends_at <= starts_at:
        return refuse("SUPS-TIMES")
    if ends_at > at:
        return refuse("SUPS-FUTURE")
    day = service_day(starts_at, program.site.time_zone)
    if not queries.led_by(by, day).filter(provider=supervisee).exists():
        return refuse("SUPS-NOT-YOURS", date=day)
    placed = Placement.objects.in_force_on(day).filter(provider=supervisee, program=program)
    return None if placed.exists() else refuse("SUPS-NOT-PLACED", date=day)


def refusal_to_change_session(*, session: Session, by: Membership) -> Refusal | None:
    """Its supervisor corrects it until it is signed."""
    if session.supervisor.member_id != by.pk:
        return refuse("SUPS-NOT-SUPERVISOR")
    return None if session.supervisor_signed_at is None else refuse("SUPS-SIGNED")


def refusal_to_sign_session(*, session: Session, by: Membership) -> Refusal | None:
    """Its supervisor signs it, once; from then on it never changes."""
    if not by.may(Permission.SIGN_SUPERVISION) or session.supervisor.member_id != by.pk:
        return refuse("SUPS-NOT-SUPERVISOR")
    return None if session.supervisor_signed_at is None else refuse("SUPS-SIGNED")


def refusal_to_sign_attendance(
    *, attendance: SessionAttendance, session: Session, by: Membership
) -> Refusal | None:
    """The supervisee signs for themselves, once, after the supervisor has fixed the text."""
    if not by.may(Permission.SIGN_SUPERVISION) or attendance.provider.member_id != by.pk:
        return refuse("SUPS-NOT-SUPERVISEE")
    if session.supervisor_signed_at is None:
        return refuse("SUPS-SUPERVISOR-FIRST")
    return None if attendance.signed_at is None else refuse("SUPS-SIGNED-BY-YOU")


def refusal_to_add_words(*, attendance: SessionAttendance, by: Membership) -> Refusal | None:
    """Own words are the supervisee's, until their signature."""
    if attendance.provider.member_id != by.pk:
        return refuse("SUPS-NOT-SUPERVISEE")
    return None if attendance.signed_at is None else refuse("SUPS-SIGNED-BY-YOU")


def refusal_to_finish_action(*, action: Action, session: Session, by: Membership) -> Refusal | None:
    """Who agreed to do it, or the supervisor, records that it is done."""
    if by.pk not in (action.owner.member_id, session.supervisor.member_id):
        return refuse("SUPS-NOT-OWNER")
    return None if action.done_at is None else refuse("SUPS-DONE")


def refusal_to_record_qualification(*, supervisor: Provider, by: Membership) -> Refusal | None:
    """An administrator records proof for anybody, others for themselves."""
    scopes = by.scopes(Permission.ADD_CREDENTIAL)
    own = Scope.OWN in scopes and supervisor.member_id == by.pk
    return None if own or Scope.AGENCY in scopes else refuse("SUPS-NO-ROLE")


def refusal_to_verify_qualification(
    *, qualification: Qualification, by: Membership
) -> Refusal | None:
    """Another person verifies, once: nobody verifies what they hold or entered."""
    if not by.may(Permission.VERIFY_CREDENTIAL):
        return refuse("SUPS-NO-ROLE")
    if qualification.supervisor.member_id == by.pk:
        return refuse("SUPS-HOLDER")
    if qualification.recorded_by_id == by.pk:
        return refuse("SUPS-ENTERER")
    return None if qualification.verified_at is None else refuse("SUPS-VERIFIED")
