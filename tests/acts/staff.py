"""Acts about the staff and the agency: files, certifications, supervision, training, what holds for all."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from peerworks.accounts.operations.agency import ON_CLAIMS
from providers.operations import CertificateData, Check, Contact, NewPerson
from providers.queries import offered_kinds
from supervision import operations as supervision
from tests.acts.shared import DAY, Act, by
from tests.factories.accounts import make_membership
from tests.factories.providers import (
    make_credential,
    make_credential_kind,
    make_employment,
    make_placement,
    make_provider,
)
from tests.factories.supervision import make_qualification
from tests.factories.training import make_completion, make_course
from tests.world import World

_PEOPLE, _PAPERS = "providers.operations.people", "providers.operations.credentials"
_LINES, _PROOFS = "supervision.operations.assignments", "supervision.operations.qualifications"
_SESSIONS = "supervision.operations.sessions"
_AGENCY = "peerworks.accounts.operations.agency"


def _clerk(world: World) -> Any:
    return by(world, "administrator")


def _at(world: World, **given: Any) -> dict[str, Any]:
    return {"by": _clerk(world), "at": world.now, **given}


def _for_all(world: World, **given: Any) -> dict[str, Any]:
    return {"by": _clerk(world), "agency": world.juniper.agency, **given}


def _on_claims(world: World) -> dict[str, Any]:
    kept = {name: getattr(world.juniper.agency, name) for name in ON_CLAIMS}
    return _for_all(world, told=kept | {"ein": "987654321", "contact_name": "Billing Office"})


def _worker(world: World) -> Any:
    return make_provider(by=_clerk(world))


def _paper(world: World) -> CertificateData:
    first = world.today - 30 * DAY
    return CertificateData(
        issued_on=first, valid_from=first, expires_on=world.today + 300 * DAY, number="DEMO-77"
    )


def _credential(world: World) -> Any:
    return make_credential(
        by=by(world, "peer"),
        provider=_worker(world),
        kind=make_credential_kind(by=_clerk(world)),
        since=world.today - 400 * DAY,
        until=world.today - 31 * DAY,
    )


def _enter(world: World) -> dict[str, Any]:
    kind = make_credential_kind(by=_clerk(world))
    return _at(world, provider=_worker(world), kind=kind, certificate=_paper(world), on=world.today)


def _check(world: World) -> dict[str, Any]:
    check = Check(method="REGISTRY", source="Made-up registry", checked_on=world.today)
    return _at(world, credential=_credential(world), check=check)


def _stop(world: World) -> dict[str, Any]:
    return _at(world, credential=_credential(world), since=world.today - 40 * DAY)


def _hire(world: World) -> dict[str, Any]:
    person = NewPerson(given_name="Rowan", family_name="Madeup", worker_class="PEER")
    return _at(
        world,
        person=person,
        employment="EMPLOYEE",
        since=world.today,
        programs=[world.juniper.programs["mesa"]],
    )


def _employment(world: World) -> dict[str, Any]:
    worker = make_provider(by=_clerk(world), employed_from=None)
    held = make_employment(by=_clerk(world), provider=worker)
    return _at(world, employment=held, last_day=world.today)


def _placement(world: World) -> dict[str, Any]:
    program = world.juniper.programs["mesa"]
    held = make_placement(by=_clerk(world), provider=_worker(world), program=program)
    return _at(world, placement=held, last_day=world.today)


def _assign(world: World) -> dict[str, Any]:
    return {
        "provider": _worker(world),
        "supervisor": world["supervisor"].provider,
        "starts_on": world.today,
        "by": _clerk(world),
    }


def _line(world: World) -> Any:
    return supervision.assign_supervisor(**_assign(world))


def _proof(world: World) -> dict[str, Any]:
    return _at(
        world,
        supervisor=world["supervisor"].provider,
        atom="TRAINING",
        key="made-up",
        starts_on=world.today,
        last_day=None,
        evidence="Made-up proof on file.",
    )


def _held_proof(world: World) -> Any:
    return make_qualification(
        by=by(world, "trainer"), supervisor=world["supervisor"].provider, at=world.now, key="made-up"
    )  # fmt: skip


def _session_content(world: World) -> dict[str, Any]:
    program = world.juniper.programs["mesa"]
    zone = ZoneInfo(program.site.time_zone)
    day = world.now.astimezone(zone).date() - DAY
    start = dt.datetime.combine(day, dt.time(15), zone)
    return {
        "program": program,
        "starts_at": start,
        "ends_at": start + dt.timedelta(minutes=45),
        "mode": "VIDEO",
        "format": "INDIVIDUAL",
        "topics": ["ROLE"],
        "shared_notes": "Made-up words.",
        "by": by(world, "supervisor"),
        "at": world.now,
    }


def _log(world: World) -> dict[str, Any]:
    return {"supervisee": world["peer"].provider, **_session_content(world)}


def _session(world: World) -> Any:
    agreed = [supervision.AgreedAction("Read the made-up handbook")]
    return supervision.log_session(**_log(world), actions=agreed)


def _change(world: World) -> dict[str, Any]:
    given = _session_content(world) | {"shared_notes": "Other made-up words."}
    return {"session": _session(world), **given}


def _part(world: World, *, is_signed: bool) -> Any:
    session = _session(world)
    if is_signed:
        supervision.sign_session(session=session, by=by(world, "supervisor"), at=world.now)
    return session.attendance.get()


def _complete(world: World) -> dict[str, Any]:
    return {
        "provider": _worker(world),
        "course": make_course(by=by(world, "trainer")),
        "completed_on": world.today,
        "hours": Decimal(8),
        "certificate_number": "DEMO-1",
        "by": by(world, "trainer"),
        "on": world.today,
    }


def _completion(world: World) -> Any:
    course = make_course(by=by(world, "trainer"))
    return make_completion(by=by(world, "trainer"), provider=_worker(world), course=course)


ACTS = {
    f"{_AGENCY}.change_what_claims_say": Act("agency.claims-changed", "administrator", _on_claims),
    f"{_AGENCY}.change_idle_minutes": Act(
        "agency.idle-changed", "administrator", lambda world: _for_all(world, minutes=20)
    ),
    f"{_PEOPLE}.add_provider": Act("provider.added", "administrator", _hire),
    f"{_PEOPLE}.change_contact": Act(
        "provider.changed",
        "administrator",
        lambda world: _at(world, provider=_worker(world), contact=Contact(phone="5550100")),
    ),
    f"{_PEOPLE}.link_member": Act(
        "provider.linked",
        "administrator",
        lambda world: _at(
            world,
            provider=make_provider(by=by(world, "administrator")),
            member=make_membership(agency=world.juniper.agency),
        ),
    ),
    f"{_PEOPLE}.employ": Act(
        "employment.added",
        "administrator",
        lambda world: _at(world, provider=_worker(world), kind="CONTRACTOR", since=world.today),
    ),
    f"{_PEOPLE}.end_employment": Act("employment.ended", "administrator", _employment),
    f"{_PEOPLE}.place": Act(
        "placement.added",
        "administrator",
        lambda world: _at(
            world,
            provider=_worker(world),
            program=world.juniper.programs["mesa"],
            since=world.today,
        ),
    ),
    f"{_PEOPLE}.end_placement": Act("placement.ended", "administrator", _placement),
    "providers.operations.kinds.keep_kind": Act(
        "kind.kept",
        "administrator",
        lambda world: {"named": offered_kinds(world.today)[0], "by": _clerk(world)},
    ),
    f"{_PAPERS}.add_credential": Act("credential.added", "administrator", _enter),
    f"{_PAPERS}.renew_credential": Act(
        "credential.renewed",
        "administrator",
        lambda world: _at(
            world, credential=_credential(world), certificate=_paper(world), on=world.today
        ),
    ),
    f"{_PAPERS}.change_credential": Act(
        "credential.changed",
        "administrator",
        lambda world: _at(
            world, credential=_credential(world), certificate=_paper(world), on=world.today
        ),
    ),
    f"{_PAPERS}.verify_credential": Act("credential.verified", "administrator", _check),
    f"{_PAPERS}.suspend_credential": Act("credential.suspended", "administrator", _stop),
    f"{_PAPERS}.retire_credential": Act("credential.retired", "administrator", _stop),
    "providers.operations.reminders.raise_expiry_reminders": Act(
        "reminders.raised",
        "service",
        lambda world: {"agency_id": world.juniper.agency.pk, "on": world.today},
    ),
    f"{_LINES}.assign_supervisor": Act(
        "supervisor.assigned", "administrator", _assign, "PERMISSION"
    ),
    f"{_LINES}.end_assignment": Act(
        "assignment.ended",
        "administrator",
        lambda world: {"assignment": _line(world), "last_day": world.today, "by": _clerk(world)},
        "PERMISSION",
    ),
    f"{_LINES}.name_delegate": Act(
        "assignment.delegated",
        "administrator",
        lambda world: {
            "assignment": _line(world),
            "delegate": world["trainer"].provider,
            "by": _clerk(world),
        },
        "PERMISSION",
    ),
    f"{_PROOFS}.record_qualification": Act("qualification.recorded", "administrator", _proof),
    f"{_PROOFS}.verify_qualification": Act(
        "qualification.verified",
        "administrator",
        lambda world: _at(world, qualification=_held_proof(world)),
    ),
    f"{_PROOFS}.end_qualification": Act(
        "qualification.ended",
        "administrator",
        lambda world: {
            "qualification": _held_proof(world),
            "last_day": world.today,
            "by": _clerk(world),
        },
    ),
    "supervision.operations.reminders.raise_overdue_reminders": Act(
        "reminders.raised",
        "service",
        lambda world: {"agency_id": world.juniper.agency.pk, "on": world.today},
    ),
    f"{_SESSIONS}.log_session": Act("session.logged", "supervisor", _log),
    f"{_SESSIONS}.change_session": Act("session.changed", "supervisor", _change),
    f"{_SESSIONS}.sign_session": Act(
        "session.signed",
        "supervisor",
        lambda world: {"session": _session(world), "by": by(world, "supervisor"), "at": world.now},
        "SIGN",
    ),
    f"{_SESSIONS}.sign_attendance": Act(
        "attendance.signed",
        "peer",
        lambda world: {
            "attendance": _part(world, is_signed=True),
            "own_words": "Made-up words.",
            "by": by(world, "peer"),
            "at": world.now,
        },
        "SIGN",
    ),
    f"{_SESSIONS}.add_own_words": Act(
        "attendance.words",
        "peer",
        lambda world: {
            "attendance": _part(world, is_signed=False),
            "own_words": "Made-up words.",
            "by": by(world, "peer"),
        },
    ),
    f"{_SESSIONS}.finish_action": Act(
        "action.finished",
        "peer",
        lambda world: {
            "action": _session(world).actions.get(),
            "by": by(world, "peer"),
            "at": world.now,
        },
    ),
    "training.operations.add_course": Act(
        "course.added",
        "trainer",
        lambda world: {
            "key": "made-up-course",
            "title_en": "Made-up course",
            "title_es": "Curso inventado",
            "hours": Decimal(8),
            "minimum_meetings": 2,
            "by": by(world, "trainer"),
        },
    ),
    "training.operations.record_completion": Act("completion.recorded", "trainer", _complete),
    "training.operations.revoke_completion": Act(
        "completion.revoked",
        "trainer",
        lambda world: {
            "completion": _completion(world),
            "by": by(world, "trainer"),
            "at": world.now,
        },
    ),
}
