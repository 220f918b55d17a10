"""Acts about the people served, their records and their seals, and about who signs in."""

import uuid
from typing import Any

from peerworks.participants import operations as people
from tests.acts.shared import DAY, Act, by, wren
from tests.factories import participants as factory
from tests.factories.accounts import make_user
from tests.factories.shared import make_notice
from tests.world import World

_HERE = "peerworks.participants.operations"


def _about(action: str, who: str, ready: Any, kind: str = "CHANGE", seen_by: str = "") -> Act:
    return Act(action, who, ready, kind, is_about_somebody=True, seen_by=seen_by)


def _new(world: World) -> dict[str, Any]:
    return {
        "by": by(world, "administrator"),
        "on": world.today,
        "record_number": "DEMO-NEW",
        **factory.PERSON,
        "worker": by(world, "peer"),
        "program": world.juniper.programs["mesa"],
    }


def _made(world: World) -> Any:
    return factory.person(by(world, "administrator"), world.today - 9 * DAY)


def _care_team(world: World) -> dict[str, Any]:
    return {
        "participant": _made(world),
        "member": by(world, "peer"),
        "is_primary": True,
        "starts_on": world.today,
        "by": by(world, "administrator"),
    }


def _consent(world: World) -> dict[str, Any]:
    return {
        "participant": wren(world),
        "purposes": ["PAYMENT"],
        "recipient": "",
        "signed_on": world.today,
        "starts_on": world.today,
        "last_day": None,
        "by": by(world, "privacy-officer"),
        "on": world.today,
    }


def _status(world: World) -> dict[str, Any]:
    return {
        "participant": wren(world),
        "kind": "INPATIENT",
        "starts_on": world.today - DAY,
        "last_day": None,
        "by": by(world, "supervisor"),
    }


def _ended(world: World, name: str, record: Any, who: str = "administrator") -> dict[str, Any]:
    return {name: record, "last_day": world.today, "by": by(world, who)}


def _sealed(world: World, *also: str) -> Any:
    return factory.sealed_person(world, world.today, listed=("peer", *also))


def _listed(world: World) -> dict[str, Any]:
    return {
        "participant_id": _sealed(world).pk,
        "member": by(world, "biller"),
        "reason": "Bills the visits",
        "by": by(world, "privacy-officer"),
    }


def _unlisted(world: World) -> dict[str, Any]:
    sealed = _sealed(world, "biller")
    with world.acting("privacy-officer"):
        entry = sealed.sealed_access.get(user=world["biller"].user)
    return {"entry": entry, "by": by(world, "privacy-officer"), "at": world.now}


def _seal(world: World) -> dict[str, Any]:
    return {
        "participant": _made(world),
        "listed": [by(world, "peer")],
        "reason": "Works with this person",
        "by": by(world, "privacy-officer"),
        "at": world.now,
    }


def _notice(world: World) -> dict[str, Any]:
    notice = make_notice(recipient=by(world, "peer"), raised_on=world.today)
    return {"notice": notice, "by": by(world, "peer"), "at": world.now}


ACTS = {
    f"{_HERE}.add_participant": _about("participant.added", "administrator", _new),
    f"{_HERE}.change_participant": _about(
        "participant.changed",
        "administrator",
        lambda world: {
            "participant": wren(world),
            "by": by(world, "administrator"),
            "chosen_name": "Sky",
            "city": "Elmwood",
        },
    ),
    f"{_HERE}.enrol": _about(
        "enrolment.added",
        "administrator",
        lambda world: {
            "participant": wren(world),
            "program": world.juniper.programs["dogwood"],
            "starts_on": world.today,
            "by": by(world, "administrator"),
        },
    ),
    f"{_HERE}.end_enrolment": _about(
        "enrolment.ended",
        "administrator",
        lambda world: _ended(world, "enrolment", wren(world).enrolments.get()),
    ),
    f"{_HERE}.add_care_team_member": _about(
        "care-team.added", "administrator", _care_team, "PERMISSION"
    ),
    f"{_HERE}.end_care_team_member": _about(
        "care-team.ended",
        "administrator",
        lambda world: _ended(world, "entry", wren(world).care_team.first()),
        "PERMISSION",
    ),
    f"{_HERE}.record_consent": _about("consent.recorded", "privacy-officer", _consent),
    f"{_HERE}.revoke_consent": _about(
        "consent.revoked",
        "privacy-officer",
        lambda world: {
            "consent": wren(world).consents.get(),
            "on": world.today,
            "by": by(world, "privacy-officer"),
            "at": world.now,
        },
    ),
    f"{_HERE}.record_status": _about("status.recorded", "supervisor", _status),
    f"{_HERE}.end_status": _about(
        "status.ended",
        "supervisor",
        lambda world: _ended(world, "status", people.record_status(**_status(world)), "supervisor"),
    ),
    f"{_HERE}.seal_participant": _about(
        "participant.sealed", "privacy-officer", _seal, "PERMISSION", "peer"
    ),
    f"{_HERE}.let_open_sealed": _about(
        "seal.listed", "privacy-officer", _listed, "PERMISSION", "peer"
    ),
    f"{_HERE}.close_sealed_access": _about(
        "seal.unlisted", "privacy-officer", _unlisted, "PERMISSION", "peer"
    ),
    "peerworks.notices.operations.answering.mark_done": Act("notice.done", "peer", _notice),
    "peerworks.notices.operations.answering.raise_due": Act(
        "reminders.raised",
        "service",
        lambda world: {
            "kind": "credential-expiry",
            "agency_id": world.juniper.agency.pk,
            "on": world.today,
        },
    ),
    "peerworks.accounts.operations.membership.add_member": Act(
        "member.added",
        "administrator",
        lambda world: {
            "agency": world.juniper.agency,
            "user": make_user(email=f"{uuid.uuid4().hex}@people.example"),
            "roles": ["PEER"],
            "by": world["administrator"].user,
        },
        "PERMISSION",
    ),
    "peerworks.accounts.operations.auditing.take_out_events": _about(
        "events.exported",
        "auditor",
        lambda world: {"people": [wren(world).pk], "by": by(world, "auditor")},
        "EXPORT",
    ),
}
