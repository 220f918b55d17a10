"""Makes assignments, proofs and sessions in any state, written directly. Called inside the agency.

Each function takes the member who records it (`by`); the rest has made-up defaults.
"""

import datetime as dt

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.lib.canonical import sha256_of
from providers.models import Provider
from supervision.models import Action, Assignment, Qualification, Session, SessionAttendance

LONG_AGO = dt.date(2020, 1, 1)


def make_assignment(
    *,
    by: Membership,
    provider: Provider,
    supervisor: Provider,
    since: dt.date = LONG_AGO,
    until: dt.date | None = None,
    **given,
) -> Assignment:
    """A primary assignment from `since`, up to and not including `until`."""
    return Assignment.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        provider=provider,
        supervisor=supervisor,
        period=(since, until),
        **given,
    )


def make_qualification(
    *,
    by: Membership,
    supervisor: Provider,
    at: dt.datetime,
    atom: str = "LICENCE",
    key: str = "LPHA",
    since: dt.date = LONG_AGO,
    until: dt.date | None = None,
    verified_by: Membership | None = None,
) -> Qualification:
    """A proof recorded by `by`, verified where `verified_by` is given."""
    return Qualification.objects.create(
        agency_id=by.agency_id,
        supervisor=supervisor,
        atom=atom,
        key=key,
        period=(since, until),
        evidence="Made-up proof on file.",
        recorded_by=by,
        recorded_at=at,
        verified_by=verified_by,
        verified_at=at if verified_by is not None else None,
    )


def make_session(
    *, by: Membership, supervisor: Provider, program: Program, start: dt.datetime, **given
) -> Session:
    """An hour of individual supervision that nobody has signed, without anybody in it."""
    told = {
        "ends_at": start + dt.timedelta(hours=1),
        "format": Session.Format.INDIVIDUAL,
        "mode": Session.Mode.IN_PERSON,
        "topics": ["ROLE"],
        "shared_notes": "Made-up words.",
    }
    return Session.objects.create(
        agency_id=by.agency_id,
        supervisor=supervisor,
        program=program,
        site_id=program.site_id,
        starts_at=start,
        logged_by=by,
        **told | given,
    )


def make_session_attendance(*, session: Session, provider: Provider, **given) -> SessionAttendance:
    """A supervisee's part, credited wholly and not signed."""
    told = {"minutes": session.minutes}
    return SessionAttendance.objects.create(
        agency_id=session.agency_id, session=session, provider=provider, **told | given
    )


def make_action(*, session: Session, owner: Provider, **given) -> Action:
    """Something agreed."""
    told = {"text": "Read the made-up handbook"}
    return Action.objects.create(
        agency_id=session.agency_id, session=session, owner=owner, **told | given
    )


def make_credited_session(
    *, by: Membership, supervisor: Provider, worker: Provider, program: Program, start: dt.datetime
) -> Session:
    """An hour that both have signed: it counts for the worker."""
    session = make_session(by=by, supervisor=supervisor, program=program, start=start)
    make_session_attendance(
        session=session, provider=worker, signed_at=session.ends_at, signed_by=by
    )
    session.supervisor_signed_at, session.supervisor_signed_by = session.ends_at, by
    session.sha256 = sha256_of({"session": session.pk})
    session.save()
    return session
