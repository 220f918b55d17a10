"""Records of the first agency in states that a page is there for, or shows another form for.

Each is called by its model and its state, as in `IN_STATE` and `ALSO_IN_STATE` of `tests.sweep.addresses`.
"""

import datetime as dt
from typing import Any

from django.apps import apps

from billing.models import NoteVersion
from peerworks.participants.models import CareTeamMember, Enrolment, Participant
from tests.factories.accounts import make_invitation, make_membership
from tests.factories.billing_notes import make_note
from tests.factories.providers import make_credential, make_provider
from tests.factories.supervision import make_session, make_session_attendance
from tests.sweep.rows import Bag, make
from tests.world import World


def rows_in_states(world: World, bag: Bag) -> dict[str, Any]:
    """All of them, for the set of somebody who writes notes. Called inside the agency."""
    return (
        _accounts(bag)
        | _person(world, bag)
        | _notes(world)
        | _plan(world, bag)
        | _papers(world, bag)
        | _supervision(world, bag)
    )


def _accounts(bag: Bag) -> dict[str, Any]:
    tomorrow = bag.today + dt.timedelta(days=1)
    return {
        "accounts.Invitation WITHDRAWN": make_invitation(
            by=bag.clerk, withdrawn_at=bag.now, withdrawn_by=bag.clerk
        ),
        "accounts.Membership DISABLED": make_membership(agency=bag.agency, is_active=False),
        "notices.Notice PUT OFF": _made("notices.Notice", bag, step="60", snoozed_until=tomorrow),
    }


def _made(label: str, bag: Bag, **given: Any) -> Any:
    return make(apps.get_model(label), bag, **given)


def _person(world: World, bag: Bag) -> dict[str, Any]:
    """Somebody on Luz's care team who has no plan yet."""
    since = bag.today - dt.timedelta(days=30)
    made = {"agency": bag.agency, "created_by": bag.clerk}
    person = Participant.objects.create(
        **made,
        given_name="Fern",
        family_name=f"{bag.canary} Heath",
        record_number="DEMO-0073",
        born_on=dt.date(1981, 3, 4),
        gender="U",
    )
    program = world.juniper.programs["mesa"]
    Enrolment.objects.create(**made, participant=person, program=program, period=(since, None))
    CareTeamMember.objects.create(
        **made, participant=person, member=bag.author, is_primary=True, period=(since, None)
    )
    return {"participants.Participant NEW": person}


def _notes(world: World) -> dict[str, Any]:
    """A draft with gaps, one that can be signed, and a note that waits for review, on one day."""
    named = {"DRAFT": (13, "DRAFT"), "SIGNED": (15, "SIGNED"), "WHOLE": (17, "DRAFT")}
    notes = {
        name: make_note(world, state=state, hour=hour) for name, (hour, state) in named.items()
    }
    NoteVersion.objects.filter(note=notes["WHOLE"]).update(
        response="Made-up words about how it went.", next_step="A made-up next step."
    )
    return {f"billing.ServiceNote {name}": note for name, note in notes.items()}


def _plan(world: World, bag: Bag) -> dict[str, Any]:
    """A plan of the same person in another program, that is a draft with a goal."""
    plan = _made("billing.PlanOfCare", bag, program=world.juniper.programs["peachtree"])
    version = _made("billing.PlanVersion", bag, plan=plan, period=None)
    _made("billing.Goal", bag, version=version)
    return {"billing.PlanOfCare DRAFT": plan}


def _papers(world: World, bag: Bag) -> dict[str, Any]:
    """A certificate that nobody verified, with a file."""
    luz = world.juniper.providers["peer"]
    since = bag.today - dt.timedelta(days=20)
    credential = make_credential(
        by=bag.author,
        provider=luz,
        kind=world.juniper.kinds["va-prs"],
        since=since,
        until=since + dt.timedelta(days=365),
    )
    file = _made("files.StoredFile", bag)
    return {
        "providers.Provider UNLINKED": make_provider(by=bag.clerk),
        "providers.Credential UNVERIFIED": credential,
        "providers.Evidence UNVERIFIED": _made(
            "providers.Evidence", bag, credential=credential, file=file
        ),
    }


def _supervision(world: World, bag: Bag) -> dict[str, Any]:
    """A session that Andre gave Luz and has not signed."""
    house = world.juniper
    session = make_session(
        by=house.members["supervisor"],
        supervisor=house.providers["supervisor"],
        program=house.programs["mesa"],
        start=bag.now - dt.timedelta(hours=8),
    )
    make_session_attendance(session=session, provider=house.providers["peer"])
    return {"supervision.Session UNSIGNED": session}
